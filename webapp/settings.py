"""All settings of a process, from environment variables: one model, all faults at once, each with its fix."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from webapp import setting_checks as checks
from webapp.setting_faults import SettingFault, SettingsError, faults_in
from webapp.setting_sources import completions, needs, read_values
from webapp.store.embedded import embedded_url

__all__ = ["AppEnv", "LogLevel", "SettingFault", "Settings", "SettingsError", "TLSTrust", "load_settings"]


class AppEnv(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


class LogLevel(StrEnum):
    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class TLSTrust(StrEnum):
    VERIFY = "verify"
    SELF_SIGNED = "self_signed"


def _setting(default: Any, description: str, example: str, group: str) -> Any:
    return Field(default=default, description=description, json_schema_extra={"example": example, "group": group})


class Settings(BaseSettings):
    """Field names are the variables' names in small letters; descriptions are the documentation."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    app_env: AppEnv = _setting(
        AppEnv.DEVELOPMENT,
        "`development` works with nothing set; `production` refuses to start without what it needs.",
        "production",
        "Basics",
    )
    public_base_url: str | None = _setting(
        None,
        "The origin under which Twilio reaches this app, without a path; `https` in production. "
        "In development the default is ngrok's tunnel to our port while its agent runs, else `http://127.0.0.1:PORT`.",
        "https://handoff.example.com",
        "Basics",
    )
    secret_key: SecretStr | None = _setting(
        None,
        "Signs sessions and call state, seals stored versions, encrypts stored credentials. At least 32 characters; "
        "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'` prints one.",
        "",
        "Basics",
    )
    secret_key_next: SecretStr | None = _setting(
        None,
        "A second key that is accepted as well, so that SECRET_KEY can be changed while calls are running.",
        "",
        "Basics",
    )
    port: int | None = _setting(None, "The port to listen on. Default: the next free one from 8000.", "8000", "Basics")
    setup_token: SecretStr | None = _setting(
        None,
        "Typed once at `/setup` to create the first user of a new deployment. At least 16 characters, random ones.",
        "",
        "Basics",
    )
    twilio_account_sid: str | None = _setting(
        None, "The one account that this deployment serves.", "ACxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "Twilio"
    )
    twilio_auth_token: SecretStr | None = _setting(
        None,
        "Twilio signs its webhooks with this token. In development a generated one is used while this is not set.",
        "your_auth_token",
        "Twilio",
    )
    twilio_auth_token_next: SecretStr | None = _setting(
        None, "The secondary token: accepted as well while you rotate.", "your_secondary_auth_token", "Twilio"
    )
    twilio_api_key_sid: str | None = _setting(
        None,
        "An API key for our own requests to Twilio; with none, the auth token is used.",
        "SKxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "Twilio",
    )
    twilio_api_key_secret: SecretStr | None = _setting(
        None, "The secret that belongs to TWILIO_API_KEY_SID.", "your_api_key_secret", "Twilio"
    )
    emergency_destination: str | None = _setting(
        None,
        "Where every call goes when no configuration can be read at all: an E.164 number or a SIP URI.",
        "+14155550100",
        "Calls",
    )
    handoff_config: Path | None = _setting(
        None,
        "The configuration file that an empty store begins with. Default: `handoff.yaml`, and in development "
        "`handoff.example.yaml` when there is none.",
        "handoff.yaml",
        "Calls",
    )
    call_log_days: int = _setting(30, "How long the data of a call is kept: 1 to 400 days.", "30", "Calls")
    redis_url: SecretStr | None = _setting(
        None,
        "`redis://`, `rediss://`, `unix://` or `redis+sentinel://host:26379,host:26379/service`. Default: the private "
        "Redis that `handoff run` starts in HANDOFF_DATA_DIR.",
        "redis://localhost:6379/0",
        "Store",
    )
    redis_tls: TLSTrust | None = _setting(
        None,
        "`verify` (default), or `self_signed` to accept any certificate. On Heroku the default is `self_signed`, "
        "because its Redis shows one that no authority has signed.",
        "verify",
        "Store",
    )
    handoff_data_dir: Path = _setting(
        Path("var"), "Sealed copies of the configuration, generated secrets, the private Redis.", "var", "Store"
    )
    log_level: LogLevel = _setting(LogLevel.INFO, "`DEBUG`, `INFO`, `WARNING` or `ERROR`.", "INFO", "Watching")
    sentry_dsn: SecretStr | None = _setting(
        None,
        "Where faults are reported to, when the package `sentry-sdk` is installed as well.",
        "https://key@sentry.example.com/1",
        "Watching",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What `load_settings` was given and nothing else: tests pass a dictionary, no value comes in unseen."""
        return (init_settings,)

    _check_base_url = field_validator("public_base_url")(checks.origin)
    _check_keys = field_validator("secret_key", "secret_key_next")(checks.secret_of_at_least(32))
    _check_setup_token = field_validator("setup_token")(checks.secret_of_at_least(16))
    _check_token = field_validator("twilio_auth_token", "twilio_auth_token_next", "twilio_api_key_secret")(
        checks.secret_of_at_least(8)
    )
    _check_account = field_validator("twilio_account_sid")(checks.sid("AC"))
    _check_api_key = field_validator("twilio_api_key_sid")(checks.sid("SK"))
    _check_port = field_validator("port")(checks.between(1, 65535))
    _check_days = field_validator("call_log_days")(checks.between(1, 400))
    _check_redis = field_validator("redis_url")(checks.redis_address)
    _check_emergency = field_validator("emergency_destination")(checks.number_or_sip_uri)

    @property
    def is_production(self) -> bool:
        return self.app_env is AppEnv.PRODUCTION

    @property
    def has_own_store(self) -> bool:
        """No REDIS_URL: the private Redis of `handoff run`."""
        return self.redis_url is None

    @property
    def store_url(self) -> str:
        """REDIS_URL, else where the private Redis of this data directory listens."""
        return self.redis_url.get_secret_value() if self.redis_url else embedded_url(self.handoff_data_dir)

    @property
    def base_url(self) -> str:
        return self.public_base_url or f"http://127.0.0.1:{self.port or 8000}"

    @property
    def secret_keys(self) -> tuple[SecretStr, ...]:
        """The key that signs, then one that is accepted too."""
        return tuple(key for key in (self.secret_key, self.secret_key_next) if key is not None)

    @property
    def secrets(self) -> tuple[SecretStr, ...]:
        """Everything that must never stand in a log line."""
        values = [getattr(self, name) for name in type(self).model_fields]
        return tuple(value for value in values if isinstance(value, SecretStr))

    @property
    def signing_tokens(self) -> tuple[SecretStr, ...]:
        """The tokens under which a webhook's signature is accepted."""
        return tuple(token for token in (self.twilio_auth_token, self.twilio_auth_token_next) if token is not None)


def load_settings(environ: Mapping[str, str]) -> Settings:
    """The settings in these variables, complete for their environment. Raises SettingsError with every fault."""
    values, faults = read_values(environ, Settings.model_fields)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        found = faults_in(error)
        bad = {fault.name for fault in found}
        usable = {name: value for name, value in values.items() if name.upper() not in bad}
        missing = [fault for fault in needs(Settings.model_validate(usable)) if fault.name not in bad]
        raise SettingsError(faults + found + missing) from None
    named = {fault.name.removesuffix("_FILE") for fault in faults}
    faults += [fault for fault in needs(settings) if fault.name not in named]
    if faults:
        raise SettingsError(faults)
    return settings.model_copy(update=completions(settings, on_heroku="DYNO" in environ))


def settings_of_this_process(directory: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """From the environment, and below it from a file `.env` in the working directory, for development."""
    file = {name: text for name, text in dotenv_values((directory or Path()) / ".env").items() if text is not None}
    return load_settings(file | dict(environ))
