"""`handoff tokens`: created once shown, listed without the secret, revoked by id or name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.api.asking import Api
from tests.application import BASE_URL, Application
from webapp.api.routes import ENDPOINTS
from webapp.cli import main
from webapp.commands._answers import Exit
from webapp.commands.tokens import IN_PRODUCTION


def environment(application: Application, folder: Path) -> dict[str, str]:
    settings = application.settings
    return {
        "PUBLIC_BASE_URL": BASE_URL, "REDIS_URL": settings.store_url, "LOG_LEVEL": "ERROR",
        "SECRET_KEY": settings.secret_keys[0].get_secret_value(), "HANDOFF_DATA_DIR": str(settings.handoff_data_dir),
        "HANDOFF_CONFIG": str(settings.handoff_config),
    }  # fmt: skip


def test_a_token_from_the_command_line_opens_the_api_until_it_is_revoked(redis_url: str, tmp_path: Path) -> None:
    with Application(redis_url, tmp_path) as application:
        runner, variables = CliRunner(), environment(application, tmp_path)

        def run(*arguments: str) -> tuple[int, str]:
            result = runner.invoke(main, ["tokens", *arguments], env=variables)
            return result.exit_code, result.stdout

        code, out = run("create", "agent", "--role", "operator")
        secret = out.strip()
        assert (code, secret.startswith("hf_sandbox_")) == (0, True)
        api = Api(application)
        api.secret = secret
        assert api.ask("GET", "/configuration").status_code == 200
        listed = json.loads(run("list", "--json")[1])
        assert secret not in json.dumps(listed)
        assert next(one for one in listed if one["name"] == "agent")["role"] == "operator"
        assert run("revoke", "agent")[0] == Exit.OK
        assert api.ask("GET", "/configuration").status_code == 401
        assert run("revoke", "agent")[0] == Exit.NOT_FOUND


@pytest.mark.parametrize(
    ("role", "environment_of_it", "told"),
    [("releaser", "sandbox", "To promote and roll back it needs --environment production."),
     ("admin", "sandbox", "it needs --environment production."), ("admin", "production", ""),
     ("operator", "sandbox", "")],
)  # fmt: skip
def test_a_role_that_the_sandbox_has_no_use_for_is_told_when_it_is_given(
    redis_url: str, tmp_path: Path, role: str, environment_of_it: str, told: str
) -> None:
    with Application(redis_url, tmp_path) as application:
        command = ["tokens", "create", "one", "--role", role, "--environment", environment_of_it]
        result = CliRunner().invoke(main, command, env=environment(application, tmp_path))
    assert told in result.stderr
    assert ("it needs" in result.stderr) is bool(told)


def test_what_only_production_tokens_may_is_what_the_api_says() -> None:
    beyond = {endpoint.role for endpoint in ENDPOINTS if endpoint.production and endpoint.method != "GET"}
    assert {role.value for role in beyond} == set(IN_PRODUCTION)
