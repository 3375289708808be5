"""The API asked as a program asks it: tokens of any role and environment, JSON in and out."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from tests.application import Application
from webapp.configurations.published import Environment
from webapp.people.roles import Role
from webapp.tokens.register import Tokens, open_tokens


def tokens_of(application: Application) -> Tokens:
    services, settings = application.services, application.settings
    return open_tokens(
        services.configurations.store.client, services.configurations.editor, settings.handoff_data_dir,
        settings.secret_keys, services.clock,
    )  # fmt: skip


class Api:
    """`ask("GET", "/calls")`; `secret` is the token's."""

    def __init__(
        self, application: Application, role: Role = Role.ADMIN, environment: Environment = "production"
    ) -> None:
        self.application = application
        made = tokens_of(application).create(name=f"{role} of a test", role=role, environment=environment, author="t")
        self.secret, self.token = made.secret, made.token

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Header names with `_` for `-`. `body` as JSON; bytes as they are, with a Content_Type of the caller's."""
        given = {"Authorization": f"Bearer {self.secret}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        content = {"data": body} if isinstance(body, bytes) else {} if body is None else {"json": body}
        return self.application.app.test_client().open(f"/api/v1{path}", method=method, headers=given, **content)

    def get(self, path: str, **headers: str) -> Any:
        """The JSON of a GET that must succeed."""
        answer = self.ask("GET", path, **headers)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.json
