"""A deployment that may text."""

import pytest

from tests.messaging.texting_desk import Desk


@pytest.fixture
def desk(redis):
    return Desk(redis)
