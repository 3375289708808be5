"""The API of a staged deployment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.asking import Api
from tests.application import DOCUMENT
from tests.scenario_app import Stage, staged


@pytest.fixture
def stage(redis_url: str, tmp_path: Any) -> Iterator[Stage]:
    with staged(DOCUMENT, redis_url, tmp_path, owned_numbers=["+14155550198"]) as stage:
        yield stage


@pytest.fixture
def api(stage: Stage) -> Api:
    return Api(stage.application)
