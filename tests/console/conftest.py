"""The real app with somebody signed in, and a browser window at an app that has lived a little."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.application import Application
from tests.console.browser import Running
from tests.console.document import DOCUMENT
from tests.console.windows import Window, a_window
from tests.redis_server import RedisServer
from webapp.console.needs import EXTENSION, Needs
from webapp.people.roles import Role

PASSWORD = "correct horse battery staple"
TOKEN = re.compile(r'name="_token" value="([^"]+)"')
FIELD = re.compile(r'<input type="hidden" name="(_[a-z]+)" value="([^"]*)"')


class Person:
    """Somebody with a browser that has no JavaScript."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def sees(self, path: str, status: int = 200) -> str:
        answer = self.get(path)
        assert answer.status_code == status, f"{path}: {answer.status_code}\n{answer.text[:2000]}"
        return answer.text

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, base_url="https://handoff.example.com", buffered=True)

    def posts(self, path: str, data: dict[str, Any], *, page: str | None = None) -> TestResponse:
        """Send a form as a browser would: with the token of the page that it stands on."""
        text = self.get(page or path).text
        token = TOKEN.search(text)
        assert token is not None, f"no form on {page or path}:\n{text[:800]}"
        hidden = dict(FIELD.findall(text))
        return self.client.post(
            path,
            data={"_version": hidden.get("_version", "")} | data | {"_token": token[1]},
            base_url="https://handoff.example.com",
            headers={"Sec-Fetch-Site": "same-origin"},
        )


@pytest.fixture
def house(redis_url: str, tmp_path: Path) -> Iterator[Application]:
    with Application(redis_url, tmp_path, DOCUMENT) as application:
        application.at = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
        yield application


@pytest.fixture
def needs(house: Application) -> Needs:
    found = house.app.extensions[EXTENSION]
    assert isinstance(found, Needs)
    return found


def person(house: Application, role: Role) -> Person:
    needs: Needs = house.app.extensions[EXTENSION]
    email = f"{role.value}@example.com"
    if needs.people.users.by_email(email) is None:
        needs.people.users.add(email=email, name=role.value.capitalize(), role=role, password=PASSWORD)
    somebody = Person(house.app.test_client())
    answer = somebody.posts("/sign-in", {"_email": email, "_password": PASSWORD})
    assert answer.status_code == 302, answer.text
    return somebody


@pytest.fixture
def admin(house: Application) -> Person:
    return person(house, Role.ADMIN)


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    """One for each module: its tests go on where the one before left the house."""
    with tempfile.TemporaryDirectory() as directory, RedisServer() as redis, Running(redis.url, Path(directory)) as one:
        one.live_a_little()
        with a_window(one) as found:
            yield found
