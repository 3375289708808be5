"""One application over an empty store for each test, and a token that may do everything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.asking import Api
from tests.application import Application


@pytest.fixture
def application(redis_url: str, tmp_path: Path) -> Iterator[Application]:
    with Application(redis_url, tmp_path) as application:
        yield application


@pytest.fixture
def api(application: Application) -> Api:
    return Api(application)
