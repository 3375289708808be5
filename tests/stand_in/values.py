"""What an attribute's value may look like, as patterns that the verb table names."""

from __future__ import annotations

import re
from collections.abc import Callable

Check = Callable[[str], bool]


def one_of(words: str) -> Check:
    return frozenset(words.split()).__contains__


def some_of(words: str) -> Check:
    """A list separated by single spaces, as `statusCallbackEvent` wants it."""
    allowed = frozenset(words.split())
    return lambda value: bool(value) and all(word in allowed for word in value.split(" "))


def whole(low: int, high: int) -> Check:
    return lambda value: value.isascii() and value.isdigit() and len(value) < 9 and low <= int(value) <= high


def matching(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def at_most(characters: int) -> Check:
    return lambda value: 0 < len(value) <= characters


BOOLEAN = one_of("true false")
METHOD = one_of("GET POST")
TEXT = at_most(4096)
LANGUAGE = matching(r"[a-zA-Z]{2,3}(-[A-Za-z0-9]{2,8})*|multi")
VOICE = matching(r"[A-Za-z0-9._\-]{1,100}")
URL = matching(r"(https?://[^\s/?#\"<>]+)?[^\s\"<>]*")  # a relative one is resolved against the document
WEB_SOCKET = matching(r"wss://[^\s?#\"<>]+")
CALL_EVENTS = some_of("initiated ringing answered completed")
RECORDING_EVENTS = some_of("in-progress completed absent")
RING_TONES = one_of(
    "at au bg br be ch cl cn cz de dk ee es fi fr gr hu il in it lt jp mx my nl no nz ph pl pt ru se sg th uk us "
    "us-old tw ve za"
)
DIGITS_TO_SEND = matching(r"[0-9A-D*#wW]{1,32}")
CALLER_ID = matching(r"\+?[0-9]{3,15}|client:[^\s\"<>&]{1,120}|[A-Za-z0-9+\-_.]{1,100}")
