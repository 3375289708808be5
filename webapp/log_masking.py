"""What may stand in a log line: personal fields masked, then a net over everything that looks personal or secret."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final

PERSONAL_PREFIX: Final = "pii_"
MAXIMUM_TEXT: Final = 2000
MAXIMUM_DEPTH: Final = 6
MAXIMUM_ITEMS: Final = 100
_SHORTEST_SECRET: Final = 8

PHONE_NUMBER = re.compile(
    r"(?:\+|%2[Bb])[1-9](?:[ ().-]{0,2}[0-9]){6,14}"  # E.164, also percent-encoded, also with spaces and brackets
    r"|(?<![0-9A-Za-z.:-])[0-9]{10,15}(?![0-9A-Za-z])"  # bare digits; a SID's digits have letters around them
    r"|(?<![0-9A-Za-z])\(?[2-9][0-9]{2}\)?[ .-][0-9]{3}[ .-][0-9]{4}(?![0-9])"  # 415-555-0100, (415) 555-0100
)
E_MAIL = re.compile(r"(?<![A-Za-z0-9._%+-])(?<!sip:)(?<!sips:)[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_SECRET = re.compile(
    r"(?<=://)[^/\s@]*:[^/\s@]*(?=@)"  # user and password inside a URL
    r"|(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z])"  # a Twilio auth token; SIDs begin with two capitals
    r"|(?i:(?<=bearer )|(?<=basic ))[A-Za-z0-9._~+/=-]{8,}"
)
# Most texts of a line are of these forms, which cannot hold any of the above; a line costs a quarter because of it.
_HARMLESS = re.compile(
    r"[A-Za-z_.:-]{1,24}(?: [A-Za-z_.:-]{1,24}){0,15}"  # words without a digit, none as long as a token
    r"|[A-Z]{2}[0-9a-f]{32}"  # a SID
    r"|[0-9]{1,6}-[0-9a-f]{8}"  # a version
    r"|"
)
# Left as they are by JSON, and able to move a cursor, end a line or turn the reading direction.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def mask_number(text: str) -> str:
    """The last two digits stay, so that people can tell two callers apart."""
    return "*" * 6 + text[-2:]


def mask_personal(value: Any) -> Any:
    """A field whose name says that it is personal: nothing of it but the last two characters of a long value."""
    if isinstance(value, Mapping):
        return {str(key): mask_personal(item) for key, item in list(value.items())[:MAXIMUM_ITEMS]}
    if isinstance(value, list | tuple | set | frozenset):
        return [mask_personal(item) for item in list(value)[:MAXIMUM_ITEMS]]
    text = "" if value is None else str(value)
    return mask_number(text) if len(text) > 7 else "*" * 6


class Net:
    """Every text of an event goes through here last, whatever field it stands in, keys included."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        self._secrets = sorted({text for text in secrets if len(text) >= _SHORTEST_SECRET}, key=len, reverse=True)

    def clean_event(self, event: Mapping[str, Any]) -> dict[str, Any]:
        return self._clean_mapping(event, 0)

    def clean(self, value: Any, depth: int = 0) -> Any:
        if isinstance(value, str):
            return self.clean_text(value)
        if value is None or isinstance(value, bool | float):
            return value
        if isinstance(value, int):
            return value if -(10**9) < value < 10**9 else self.clean_text(str(value))
        return self._clean_nested(value, depth)

    def _clean_nested(self, value: Any, depth: int) -> Any:
        if depth >= MAXIMUM_DEPTH:
            return "…"
        if isinstance(value, Mapping):
            return self._clean_mapping(value, depth + 1)
        if isinstance(value, list | tuple | set | frozenset):
            return [self.clean(item, depth + 1) for item in list(value)[:MAXIMUM_ITEMS]]
        return self.clean_text(_as_text(value))

    def _clean_mapping(self, value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        cleaned: dict[str, Any] = {}
        for key, item in islice(value.items(), MAXIMUM_ITEMS):
            name = str(key)
            personal = name.startswith(PERSONAL_PREFIX)
            cleaned[self.clean_text(name[:80])] = mask_personal(item) if personal else self.clean(item, depth)
        return cleaned

    def clean_text(self, text: str) -> str:
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, "[secret]")
        if _HARMLESS.fullmatch(text):
            return text
        text = _SECRET.sub("[secret]", text)
        text = PHONE_NUMBER.sub(lambda match: mask_number(match.group()), text)
        text = E_MAIL.sub("[e-mail]", text)
        text = _UNPRINTABLE.sub(_escaped, text)
        return text if len(text) <= MAXIMUM_TEXT else text[:MAXIMUM_TEXT] + "…"


def _escaped(match: re.Match[str]) -> str:
    return f"\\x{ord(match.group()):02x}"


def _as_text(value: object) -> str:
    """An object whose own text cannot be had must not take the log line with it."""
    try:
        return str(value)
    except Exception as error:  # noqa: BLE001, RUF100 (whatever a foreign __str__ raises)
        return f"<{type(value).__name__}: {type(error).__name__}>"
