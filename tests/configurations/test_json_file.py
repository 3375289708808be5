"""JSON is read under the same limits as YAML."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.configurations.json_file import read_json
from webapp.configurations.strict_text import TextError

BOMBS = {
    "100,000 open brackets": '{"a":' + "[" * 100_000,
    "depth that closes again": '{"a":' + "[" * 40 + "]" * 40 + "}",
    "a million keys": '{"a":[' + "1," * 1_000_000 + "1]}",
    "a number of 5,000 digits": '{"a":' + "9" * 5000 + "}",
    "a fraction of 5,000 digits": '{"a":0.' + "9" * 5000 + "}",
    "a number beyond all": '{"a":1e999}',
    "NaN": '{"a": NaN}',
    "Infinity": '{"a": -Infinity}',
    "the same key twice": '{"a": 1, "a": 2}',
    "the same key twice below": '{"b": [{"a": 1, "a": 2}]}',
    "a list": "[1]",
    "nothing": "",
    "something behind it": '{"a": 1} x',
    "an open string of escapes": '{"a": "' + '\\"' * 50_000,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_what_could_hurt_is_refused_quickly_with_a_sentence(bomb: str) -> None:
    started = time.process_time()
    with pytest.raises(TextError):
        read_json(bomb.encode())
    assert time.process_time() - started < 0.2


def test_brackets_inside_a_string_are_not_depth() -> None:
    assert read_json('{"a": "' + "[" * 100 + '"}') == {"a": "[" * 100}


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=100) | st.binary(max_size=100))
def test_any_text_is_read_or_refused_and_nothing_else(text: str | bytes) -> None:
    with suppress(TextError):
        assert isinstance(read_json(text), dict)
