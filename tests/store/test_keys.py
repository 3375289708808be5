"""Keys: every one documented, none shaped by what comes from outside."""

from __future__ import annotations

import inspect
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from webapp.store import keys

CALL = "CA" + "0123456789abcdef" * 2
BUILDERS = {
    name: function
    for name, function in vars(keys).items()
    if inspect.isfunction(function)
    and not name.startswith("_")
    and function.__module__ == keys.__name__
    and name != "call_log_seconds"
}
TYPES = "string|hash|set|sorted set|stream|list"
EXAMPLES = {
    "call_sid": CALL,
    "account_sid": "AC" + "0" * 32,
    "message_sid": "SM" + "0" * 32,
    "number": "+14155550100",
    "destination": "front-desk",
    "identity": "job-1",
    "process": "worker-1",
    "name": "sandbox",
    "day": "2026-11-21",
}


def example(function: Callable[..., str]) -> str:
    arguments: list[object] = []
    for name, parameter in inspect.signature(function).parameters.items():
        arguments.append(12 if parameter.annotation == "int" else EXAMPLES.get(name, "anything at all"))
    return function(*arguments)


@pytest.mark.parametrize("name", BUILDERS)
def test_every_key_says_its_type_and_its_lifetime(name: str) -> None:
    assert re.match(rf"({TYPES}), [a-z -]+( \([a-z ]+\))?: \S", BUILDERS[name].__doc__ or ""), name


def test_every_key_has_the_prefix_of_its_layout_and_no_two_are_alike() -> None:
    built = [example(function) for function in BUILDERS.values()]
    assert all(key.startswith("handoff:1:") for key in built)
    assert len(set(built)) == len(built)
    assert all(key.isascii() and key.isprintable() and " " not in key for key in built)


def test_all_keys_of_one_call_share_its_hash_tag() -> None:
    own = [
        example(function) for name, function in BUILDERS.items() if "call_sid" in inspect.signature(function).parameters
    ]
    assert len(own) >= 5
    assert {re.findall(r"\{(.*?)\}", key)[0] for key in own} == {CALL}


HOSTILE = [
    "",
    "CA",
    CALL.upper(),
    CALL + "\n",
    CALL + "0",
    CALL[:-1],
    " " + CALL,
    CALL[:-1] + "٣",
    CALL[:-1] + "*",
    "CA" + "g" * 32,
    "SM" + CALL[2:],
    CALL[:10] + "}:call",
    "CA\x00" + CALL[3:],
    f"{CALL}}}:call{{{CALL}",
]


@pytest.mark.parametrize("sid", HOSTILE)
def test_a_key_of_a_call_is_built_from_nothing_but_its_sid(sid: str) -> None:
    for function in BUILDERS.values():
        if "call_sid" in inspect.signature(function).parameters:
            with pytest.raises(ValueError, match="SID"):
                function(sid)


def test_other_parts_are_checked_or_hashed() -> None:
    for function, bad in (
        (keys.job, "a:b"),
        (keys.message, CALL),
        (keys.a2p, CALL),
    ):
        with pytest.raises(ValueError, match="not"):
            function(bad)
    with pytest.raises(ValueError, match="from 1"):
        keys.version(0)
    assert "*" not in keys.shared_id("*:{x}\r\n")
    assert keys.session("a") != keys.session("b")
    assert "secret-token" not in keys.session("secret-token")


def test_distinct_identities_have_distinct_keys() -> None:
    chance = random.Random(7)
    texts = {"".join(chance.choices("ab:{}*?[]\\ \n\u202e٣", k=chance.randint(0, 12))) for _ in range(20_000)}
    assert len({keys.shared_id(text) for text in texts}) == len(texts)
    pairs = {(text[: len(text) // 2], text[len(text) // 2 :]) for text in texts}
    assert len({keys.idempotency(*pair) for pair in pairs}) == len(pairs)


def test_call_data_lives_as_long_as_the_log_and_never_shorter_than_a_call() -> None:
    assert keys.call_log_seconds(30) == 30 * 86400
    assert keys.call_log_seconds(1) == keys.LIVE_CALL_SECONDS > 86400


def test_no_other_file_builds_a_key() -> None:
    webapp = Path(keys.__file__).parent.parent
    offenders = [
        str(path.relative_to(webapp))
        for path in webapp.rglob("*.py")
        if path.name != "keys.py" and re.search(r"[\"']handoff:1:|f[\"'][^\"']*\{(keys\.)?PREFIX\}", path.read_text())
    ]
    assert offenders == []
