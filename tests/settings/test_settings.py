"""Settings: all faults at once, each with its fix; nothing needed in development, enough demanded in production."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from webapp.setting_sources import kept_secret
from webapp.settings import AppEnv, Settings, SettingsError, load_settings, settings_of_this_process

SECRET = "q8J3-vZ0xk2WmT7rNcY5hLbE9sUaGdPf1oRi4tQy"
ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
PRODUCTION = {
    "APP_ENV": "production",
    "SECRET_KEY": SECRET,
    "PUBLIC_BASE_URL": "https://handoff.example.com",
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": TOKEN,
}


def faults(environ: dict[str, str]) -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ)
    return {fault.name: fault.message for fault in caught.value.faults}


def test_development_works_with_nothing_set(tmp_path: Path) -> None:
    settings = load_settings({"HANDOFF_DATA_DIR": str(tmp_path)})
    assert settings.app_env is AppEnv.DEVELOPMENT
    assert settings.base_url == "http://127.0.0.1:8000"
    assert len(settings.secret_keys) == 1
    assert len(settings.signing_tokens) == 1, "signatures are never skipped"
    assert settings.has_own_store
    assert settings.store_url == f"unix://{tmp_path}/redis.sock"


def test_in_development_a_configuration_file_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    found = faults({"HANDOFF_CONFIG": str(tmp_path / "nope.yaml")})
    assert "nope.yaml" in found["HANDOFF_CONFIG"]


def test_in_production_it_does_not_because_store_or_disk_may_hold_sound_versions(tmp_path: Path) -> None:
    assert load_settings(PRODUCTION | {"HANDOFF_CONFIG": str(tmp_path / "nope.yaml")}).is_production


def test_generated_secrets_are_kept_and_readable_by_the_owner_alone(tmp_path: Path) -> None:
    first = load_settings({"HANDOFF_DATA_DIR": str(tmp_path)})
    second = load_settings({"HANDOFF_DATA_DIR": str(tmp_path)})
    assert first.secret_keys == second.secret_keys
    assert first.signing_tokens == second.signing_tokens
    assert first.secret_keys != first.signing_tokens
    for name in ("secret_key", "signing_token"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_processes_that_start_together_agree_on_a_generated_secret(tmp_path: Path) -> None:
    found: set[str] = set()
    gate = threading.Barrier(8)

    def read() -> None:
        gate.wait()
        found.add(kept_secret(tmp_path / "secret_key").get_secret_value())

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret_key"]


def test_a_data_directory_that_cannot_be_written_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    assert "cannot be written" in faults({"HANDOFF_DATA_DIR": str(tmp_path / "file" / "var")})["HANDOFF_DATA_DIR"]


def test_production_names_everything_that_it_lacks() -> None:
    found = faults({"APP_ENV": "production"})
    assert set(found) == {"SECRET_KEY", "PUBLIC_BASE_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"}
    assert "token_urlsafe" in found["SECRET_KEY"]


def test_production_starts_with_what_it_needs_and_writes_no_secrets(tmp_path: Path) -> None:
    settings = load_settings(PRODUCTION | {"HANDOFF_DATA_DIR": str(tmp_path)})
    assert settings.is_production
    assert [key.get_secret_value() for key in settings.secret_keys] == [SECRET]
    assert [token.get_secret_value() for token in settings.signing_tokens] == [TOKEN]
    assert list(tmp_path.iterdir()) == []


def test_a_setup_token_replaces_the_credentials_that_the_console_will_take() -> None:
    environ = {name: text for name, text in PRODUCTION.items() if not name.startswith("TWILIO")}
    settings = load_settings(environ | {"SETUP_TOKEN": "k3J-vZ0xk2WmT7rNcY5h"})
    assert settings.signing_tokens == (), "with no token no webhook is believed"


def test_all_faults_are_reported_at_once_and_secrets_are_not_repeated() -> None:
    environ = {
        "APP_ENV": "prod",
        "PUBLIC_BASE_URL": "https://handoff.example.com/voice",
        "PORT": "eighty",
        "SECRET_KEY": "hunter2-too-short",
        "TWILIO_ACCOUNT_SID": "SK123",
        "TWILIO_AUTH_TOKEN": "short",
        "TWILIO_API_KEY_SID": "SK" + "0" * 32,
        "REDIS_URL": "http://user:hunter2-password@redis",
        "EMERGENCY_DESTINATION": "911",
        "CALL_LOG_DAYS": "0",
        "LOG_LEVEL": "loud",
        "HANDOFF_CONFG": "x.yaml",
        "SETUP_TOKEN": "aaaaaaaaaaaaaaaaaaaaaaaa",
    }
    with pytest.raises(SettingsError) as caught:
        load_settings(environ)
    names = {fault.name for fault in caught.value.faults}
    assert names == (set(environ) | {"TWILIO_API_KEY_SECRET"}) - {"TWILIO_API_KEY_SID"}
    text = str(caught.value)
    assert text.startswith("13 problems with the settings:\n")
    assert "hunter2" not in text
    assert "Did you mean HANDOFF_CONFIG?" in text
    assert all(fault.message.rstrip().endswith((".", "?")) for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("https://handoff.example.com", "https://handoff.example.com"),
        ("https://handoff.example.com/", "https://handoff.example.com"),
        ("https://Handoff.Example.com:443", "https://handoff.example.com"),
        ("https://handoff.example.com:8443", "https://handoff.example.com:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_base_url_is_cleaned_to_an_origin(tmp_path: Path, given: str, clean: str) -> None:
    assert load_settings({"PUBLIC_BASE_URL": given, "HANDOFF_DATA_DIR": str(tmp_path)}).base_url == clean


@pytest.mark.parametrize(
    "given",
    [
        "handoff.example.com",
        "ftp://handoff.example.com",
        "https://",
        "https://handoff.example.com/voice",
        "https://handoff.example.com//",
        "https://handoff.example.com?x=1",
        "https://handoff.example.com/?",
        "https://handoff.example.com#x",
        "https://user:password@handoff.example.com",
        "https://handoff.example.com:70000",
        "https://handoff.example.com:x",
        "https://hándoff.example.com",
        "https://hand off.example.com",
        "https://-handoff.example.com",
        "https://[::1",
    ],
)
def test_what_is_not_an_origin_is_refused(given: str) -> None:
    assert "PUBLIC_BASE_URL" in faults({"PUBLIC_BASE_URL": given})


def test_production_wants_https() -> None:
    assert "https" in faults(PRODUCTION | {"PUBLIC_BASE_URL": "http://handoff.example.com"})["PUBLIC_BASE_URL"]


@pytest.mark.parametrize(
    "given", ["+14155550100", "sip:desk@pbx.example.com", "sips:desk@pbx.example.com:5061;transport=tls"]
)
def test_the_emergency_destination_is_a_number_or_a_sip_uri(given: str) -> None:
    assert load_settings(PRODUCTION | {"EMERGENCY_DESTINATION": given}).emergency_destination == given


@pytest.mark.parametrize(
    "given", ["911", "4155550100", "+1415555010٣", "sip:desk", "sip:desk@x\n", "desk@pbx", "+0123456789"]
)
def test_any_other_emergency_destination_is_refused(given: str) -> None:
    found = load_or_faults(PRODUCTION | {"EMERGENCY_DESTINATION": given})
    assert isinstance(found, set) != given.endswith("\n"), "white space around a value is no part of it"


def load_or_faults(environ: dict[str, str]) -> Settings | set[str]:
    try:
        return load_settings(environ)
    except SettingsError as error:
        return {fault.name for fault in error.faults}


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    settings = load_settings({"HANDOFF_DATA_DIR": str(tmp_path), "PORT": "", "REDIS_URL": "  ", "LOG_LEVEL": ""})
    assert settings.port is None
    assert settings.has_own_store


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SECRET + "\n")
    environ = {name: text for name, text in PRODUCTION.items() if name != "SECRET_KEY"}
    settings = load_settings(environ | {"SECRET_KEY_FILE": str(tmp_path / "key")})
    assert settings.secret_keys[0].get_secret_value() == SECRET
    assert set(faults(environ | {"SECRET_KEY_FILE": str(tmp_path / "none")})) == {"SECRET_KEY_FILE"}


def test_both_tokens_and_both_keys_are_accepted_while_they_rotate() -> None:
    settings = load_settings(PRODUCTION | {"TWILIO_AUTH_TOKEN_NEXT": TOKEN[::-1], "SECRET_KEY_NEXT": SECRET[::-1]})
    assert [token.get_secret_value() for token in settings.signing_tokens] == [TOKEN, TOKEN[::-1]]
    assert [key.get_secret_value() for key in settings.secret_keys] == [SECRET, SECRET[::-1]]


def test_a_second_key_without_the_first_is_a_fault() -> None:
    assert set(faults({"SECRET_KEY_NEXT": SECRET, "TWILIO_AUTH_TOKEN_NEXT": TOKEN})) == {
        "SECRET_KEY",
        "TWILIO_AUTH_TOKEN",
    }


def test_renders_own_address_is_used_when_ours_is_not_set() -> None:
    environ = {name: text for name, text in PRODUCTION.items() if name != "PUBLIC_BASE_URL"}
    assert (
        load_settings(environ | {"RENDER_EXTERNAL_URL": "https://x.onrender.com"}).base_url == "https://x.onrender.com"
    )


def test_herokus_self_signed_redis_is_served_and_any_other_is_verified() -> None:
    heroku = {"REDIS_URL": "rediss://:p@ec2-1-2-3-4.compute-1.amazonaws.com:6380"}
    assert load_settings(PRODUCTION | heroku | {"DYNO": "web.1"}).store_url.endswith("?ssl_cert_reqs=none")
    assert "ssl_cert_reqs" not in load_settings(PRODUCTION | heroku).store_url
    assert (
        "ssl_cert_reqs" not in load_settings(PRODUCTION | heroku | {"DYNO": "web.1", "REDIS_TLS": "verify"}).store_url
    )
    assert "ssl_cert_reqs=none" in load_settings(PRODUCTION | heroku | {"REDIS_TLS": "self_signed"}).store_url


def test_secrets_do_not_show_in_the_text_of_settings() -> None:
    settings = load_settings(PRODUCTION | {"REDIS_URL": "redis://:hunter2@localhost"})
    assert SECRET not in repr(settings)
    assert TOKEN not in repr(settings)
    assert "hunter2" not in repr(settings)


def test_everything_secret_is_known_to_the_log(tmp_path: Path) -> None:
    settings = load_settings(PRODUCTION | {"REDIS_URL": "redis://:hunter2@localhost", "SETUP_TOKEN": SECRET[:20]})
    known = {secret.get_secret_value() for secret in settings.secrets}
    assert known == {SECRET, TOKEN, "redis://:hunter2@localhost", SECRET[:20]}


def test_a_file_env_stands_below_the_environment(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"PORT=8123\nLOG_LEVEL=DEBUG\nHANDOFF_DATA_DIR={tmp_path / 'var'}\n")
    settings = settings_of_this_process(tmp_path, {"LOG_LEVEL": "ERROR"})
    assert (settings.port, settings.log_level) == (8123, "ERROR")
