"""Where the values of settings come from, what an environment needs, and what is filled in when it is missing."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import SecretStr

from webapp.setting_faults import SettingFault, SettingsError, unknown_settings

if TYPE_CHECKING:
    from webapp.settings import Settings

PLATFORM_NAMES: Final[Mapping[str, str]] = {"public_base_url": "RENDER_EXTERNAL_URL"}
"""What a platform sets by itself (https://render.com/docs/environment-variables); our own name wins."""

GENERATE: Final = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


def read_values(environ: Mapping[str, str], known: Mapping[str, object]) -> tuple[dict[str, str], list[SettingFault]]:
    """An empty variable is one that is not set; any value may come from the file that `NAME_FILE` names."""
    values: dict[str, str] = {}
    faults = unknown_settings(environ, known)
    for name in known:
        variable = name.upper()
        text = _text(environ, variable) or _text(environ, PLATFORM_NAMES.get(name, ""))
        path = _text(environ, f"{variable}_FILE")
        if text:
            values[name] = text
        elif path:
            try:
                values[name] = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                faults.append(SettingFault(f"{variable}_FILE", "names a file that cannot be read. Correct the path."))
    return values, faults


def _text(environ: Mapping[str, str], name: str) -> str:
    return environ.get(name, "").strip()


def needs(settings: Settings) -> list[SettingFault]:
    """What settings of this environment lack, or what does not fit together."""
    return [SettingFault(name, message) for name, message in _needs(settings)]


def _needs(settings: Settings) -> Iterable[tuple[str, str]]:
    if settings.twilio_api_key_sid and not settings.twilio_api_key_secret:
        yield "TWILIO_API_KEY_SECRET", "is missing beside TWILIO_API_KEY_SID. Set both or neither."
    if settings.twilio_api_key_secret and not settings.twilio_api_key_sid:
        yield "TWILIO_API_KEY_SID", "is missing beside TWILIO_API_KEY_SECRET. Set both or neither."
    if settings.twilio_auth_token_next and not settings.twilio_auth_token:
        yield "TWILIO_AUTH_TOKEN", "is missing beside TWILIO_AUTH_TOKEN_NEXT. Set it to the primary token."
    if settings.secret_key_next and not settings.secret_key:
        yield "SECRET_KEY", "is missing beside SECRET_KEY_NEXT. Set it to the key in use."
    elif settings.is_production and not settings.secret_key:
        yield "SECRET_KEY", f"is missing, and production needs it. Set it to what this prints: {GENERATE}"
    if settings.is_production:
        yield from _needs_of_production(settings)
    elif settings.handoff_config and not settings.handoff_config.is_file():
        # Not in production: there the store or the disk may hold sound versions, and calls go on with those.
        yield "HANDOFF_CONFIG", f"names no file ({settings.handoff_config}). Correct the path, or remove it."


def _needs_of_production(settings: Settings) -> Iterable[tuple[str, str]]:
    """REDIS_URL is not among them: calls are answered without it, and `/readyz` says that edits cannot be."""
    if not settings.public_base_url:
        yield "PUBLIC_BASE_URL", "is missing, and production needs it. Set it to the https origin that Twilio calls."
    elif not settings.public_base_url.startswith("https://"):
        yield "PUBLIC_BASE_URL", "is not https, and production needs it. Put TLS in front and write https://."
    if settings.setup_token:
        return  # Whoever knows it enters the Twilio credentials in the console.
    for name in ("twilio_account_sid", "twilio_auth_token"):
        if getattr(settings, name) is None and not (name == "twilio_auth_token" and settings.twilio_auth_token_next):
            way = "Copy it from Twilio's console, or set SETUP_TOKEN to enter it later."
            yield name.upper(), f"is missing, and production needs it. {way}"


def completions(settings: Settings, *, on_heroku: bool) -> dict[str, Any]:
    """Values for what was left out: TLS trust on Heroku, secrets of a development machine."""
    found: dict[str, Any] = {}
    if settings.redis_url is not None:
        found["redis_url"] = _with_trust(settings.redis_url, settings.redis_tls, on_heroku=on_heroku)
    if not settings.is_production:
        try:
            found["secret_key"] = settings.secret_key or kept_secret(settings.handoff_data_dir / "secret_key")
            found["twilio_auth_token"] = settings.twilio_auth_token or kept_secret(
                settings.handoff_data_dir / "signing_token"
            )
        except OSError as error:
            message = f"cannot be written ({error.strerror}). Choose a directory that can, or set the secrets."
            raise SettingsError([SettingFault("HANDOFF_DATA_DIR", message)]) from None
    return found


def _with_trust(url: SecretStr, trust: str | None, *, on_heroku: bool) -> SecretStr:
    """Heroku's Redis is reached over TLS with a certificate that it signed itself
    (https://devcenter.heroku.com/articles/connecting-heroku-redis#connecting-in-python)."""
    text = url.get_secret_value()
    unverified = trust == "self_signed" or (trust is None and on_heroku and ".amazonaws.com" in text)
    if not (unverified and text.startswith("rediss") and "ssl_cert_reqs" not in text):
        return url
    return SecretStr(text + ("&" if "?" in text else "?") + "ssl_cert_reqs=none")


def kept_secret(path: Path) -> SecretStr:
    """The secret in this file, made at the first need. Whoever comes first wins; all others read the same."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(temporary, path)
        temporary.unlink()
    return SecretStr(path.read_text(encoding="ascii").strip())
