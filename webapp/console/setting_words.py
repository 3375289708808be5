"""A changed setting of the configuration in the words of its page, one line for each part of it that differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from handoff_rules.diff import plain
from webapp.console.call_settings_form import INTAKES, MISSED, NUMBER_TYPES

TITLES = {
    "policy": "numbers that may be dialled",
    "text_back": "text after a missed call",
    "intake": "how a call is met",
    "ending": "when nobody could take the call",
    "sip_host": "SIP host",
    "default_destination": "default destination",
}
PARTS = {
    "allowed_regions": "countries", "allowed_number_types": "kinds of numbers",
    "max_steps": "places that one call may try", "body": "the text", "on": "when", "kind": "before the rules decide",
    "prompt": "what the caller hears", "retry_prompt": "when nothing fits", "input": "takes", "num_digits": "keys",
    "timeout_seconds": "waits (seconds)", "attempts": "asks (times)", "hints": "words to expect",
    "choices": "what each key means", "url": "web socket of the agent", "welcome_greeting": "greeting",
    "parameters": "what the agent is told", "route": "SIP address of the agent", "ring_seconds": "rings (seconds)",
    "say": "callers hear", "hang_up": "end the call",
}  # fmt: skip
VALUES: Mapping[str, Mapping[str, str]] = {"allowed_number_types": NUMBER_TYPES, "on": MISSED, "kind": INTAKES}
EMPTY = {"allowed_regions": "the site\u2019s own", "on": "never"}


def lines_of(before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    """What of a setting, what it was and what it is. Both are mappings, or None for one that is not there."""
    old, new = before or {}, after or {}
    for name in [*old, *(name for name in new if name not in old)]:
        was, now = _value(name, old.get(name)), _value(name, new.get(name))
        if was != now:
            yield PARTS.get(name, name.replace("_", " ")), was, now


def _value(name: str, value: Any) -> str:
    words = VALUES.get(name)
    if not value:
        return EMPTY.get(name, plain(value))
    if not words:
        return plain(value)
    return ", ".join(words.get(one, str(one)) for one in ([value] if isinstance(value, str) else value))
