"""Reading what Twilio sent, strictly: one value per name, exact content type, nothing guessed.

The signature does not cover where a name ends and its value begins (reliability M5a), so text can move between them
and keep a valid signature. A request in which a parameter that Twilio sends seems to have been swallowed is refused.
A real call must never be: only what the sorted order of the signed text allows counts as swallowed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import takewhile
from urllib.parse import unquote

FORM = "application/x-www-form-urlencoded"
LARGEST = 262_144
"""Bytes. Above what Twilio can send: a chatty SIP peer must not cause a refusal (reliability T-41)."""
MOST_FIELDS = 400

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.!%*+`'~-]{0,199}")

KNOWN = (
    "AccountSid", "AnsweredBy", "ApiVersion", "ApplicationSid", "CallDuration", "CallSid", "CallStatus", "CallToken",
    "CallbackSource", "Called", "CalledCity", "CalledCountry", "CalledState", "CalledVia", "CalledZip", "Caller",
    "CallerCity", "CallerCountry", "CallerName", "CallerState", "CallerZip", "Confidence", "DialBridged",
    "DialCallDuration", "DialCallSid", "DialCallStatus", "DialSipCallId", "DialSipResponseCode", "Digits", "Direction",
    "Duration", "ErrorCode", "ErrorMessage", "ErrorUrl", "FinishedOnKey", "ForwardedFrom", "From", "FromCity",
    "FromCountry", "FromState", "FromZip", "HandoffData", "Language", "NotifySipResponseCode", "ParentCallSid",
    "RecordingDuration", "RecordingSid", "RecordingStatus", "RecordingUrl", "ReferCallStatus", "ReferSipResponseCode",
    "ReferTransferTarget", "SequenceNumber", "SessionDuration", "SessionId", "SessionStatus", "SipCallId", "SipDomain",
    "SipDomainSid", "SipResponseCode", "SipSourceIp", "SpeechResult", "StirPassportToken", "StirVerstat", "Timestamp",
    "To", "ToCity", "ToCountry", "ToState", "ToZip",
)  # fmt: skip
"""Names that Twilio's voice requests carry. A new one is not refused: Twilio adds some at any time."""

_KNOWN = frozenset(KNOWN)

IN_CALLBACKS_ALONE = frozenset({
    "AnsweredBy", "CallDuration", "CallbackSource", "Confidence", "DialBridged", "DialCallDuration", "DialCallSid",
    "DialCallStatus", "DialSipCallId", "DialSipResponseCode", "Digits", "Duration", "ErrorCode", "ErrorMessage",
    "ErrorUrl", "FinishedOnKey", "HandoffData", "NotifySipResponseCode", "RecordingDuration", "RecordingSid",
    "RecordingStatus", "RecordingUrl", "ReferCallStatus", "ReferSipResponseCode", "ReferTransferTarget",
    "SequenceNumber", "SessionDuration", "SessionId", "SessionStatus", "SipResponseCode", "SpeechResult", "Timestamp",
})  # fmt: skip
"""A call that comes in carries none of these, so nothing of it can have swallowed one."""

ORDINARY_WORDS = frozenset({"Timestamp", "Digits", "Duration", "Language", "Confidence", "Caller", "Called"})
"""A SIP peer's header or a caller's sentence may well hold these: they never make a real call look altered."""


_PLACE, _ADDRESS = r"[A-Z]{2}", r"(?:sips?|client):.*"
SHAPES = {
    name: re.compile(shape, re.DOTALL)
    for shape, names in (
        (_PLACE, ("FromState", "CallerState", "ToState", "CalledState")),
        (_PLACE, ("FromCountry", "CallerCountry", "ToCountry", "CalledCountry")),
        (_ADDRESS, ("From", "Caller", "To", "Called")),
        (r"(?:No-)?TN-Validation.*", ("StirVerstat",)),
    )
    for name in names
}
"""What these hold begins like a name, so all of it, or its end, can be moved into a name behind them. Free text can as
well (a caller's sentence), and looks like anything: that is not told from a name that Twilio adds."""


class MalformedError(ValueError):
    """Not a request that Twilio would send; the text says why, for the log, never for the sender."""


def read_form(body: bytes) -> dict[str, str]:
    """Names and values exactly as sent, decoded once. Raises MalformedError."""
    if len(body) > LARGEST:
        raise MalformedError("body too large")
    try:
        text = body.decode("ascii")
    except UnicodeDecodeError as error:
        raise MalformedError("body is not ASCII") from error
    if text.count("&") >= MOST_FIELDS:
        raise MalformedError("too many fields")
    numbers = text.replace("+", " ").replace("%2B", "+")  # no sign of these separates a name, a value or a pair
    fields = _decoded_each(_split(text)) if "%" in numbers else _split(numbers)
    if not _KNOWN.issuperset(fields) and not all(name in _KNOWN or _NAME.fullmatch(name) for name in fields):
        raise MalformedError("not a name that Twilio sends")
    return fields


def _split(text: str) -> dict[str, str]:
    pairs = [pair.split("=", 1) for pair in text.split("&")] if text else []
    try:
        fields = dict(pairs)
    except ValueError as error:
        raise MalformedError("not a pair that Twilio sends") from error
    return _each_once(fields, len(pairs))


def _decoded_each(fields: dict[str, str]) -> dict[str, str]:
    return _each_once({_decoded(name): _decoded(value) for name, value in fields.items()}, len(fields))


def _each_once(fields: dict[str, str], told: int) -> dict[str, str]:
    if len(fields) != told:
        raise MalformedError("a name was sent twice")
    return fields


def form_of(document: object) -> dict[str, str]:
    """The fields of a JSON object that stands for a form: Twilio's page on ConversationRelay shows its callback so.
    What is no text becomes JSON again (a hand-over that is an object), and null is a field that was not sent."""
    if not isinstance(document, dict) or len(document) > MOST_FIELDS:
        raise MalformedError("not a JSON object that Twilio sends")
    if not all(_NAME.fullmatch(name) for name in document):
        raise MalformedError("not a name that Twilio sends")
    told = {name: value for name, value in document.items() if value is not None}
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in told.items()}


_ASCII = {f"{number:02{case}}": chr(number) for number in range(128) for case in "xX"}


def _decoded(text: str) -> str:
    """Escapes undone: phone numbers at once, other plain ASCII by one table look-up each, the rest by the library."""
    if "%" not in text and "+" not in text:
        return text
    spaced = text.replace("+", " ")
    numbers = spaced.replace("%2B", "+")
    if "%" not in numbers:
        return numbers
    first, *escaped = spaced.split("%")
    letters = [_ASCII.get(part[:2]) for part in escaped]
    if None in letters:
        return _decoded_by_the_library(spaced)
    return first + "".join([letter + part[2:] for letter, part in zip(letters, escaped, strict=True) if letter])


def _decoded_by_the_library(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise MalformedError("not UTF-8 after decoding") from error


def refuse_shifted_boundaries(fields: dict[str, str], *, call_comes_in: bool = False) -> None:
    """Raise MalformedError when a known name that is absent seems to be inside another name or value, or a value to
    have become a name.

    Only the combination counts: a new name from Twilio that merely begins like a known one is fine, because the known
    one is then there as well. In the signed text names stand in their order, so what a value has swallowed lies between
    its own name and the following one.
    """
    absent = _absent_from(frozenset(fields), call_comes_in)
    if absent.name_is_shifted:
        raise MalformedError("a name looks shifted")
    for name, strangers in absent.followed:
        if _has_lost_its_value(name, strangers, fields):
            raise MalformedError("a value looks like a name")
    if not absent.inside.search("\n".join(fields.values())):
        return
    names = sorted(fields)
    for name, following in zip(names, [*names[1:], _BEHIND_ALL_NAMES], strict=True):
        value = fields[name]
        if any(name < gone < following and gone in value for gone in absent.telling) and not _is_json(value):
            raise MalformedError("a value looks shifted")


def _has_lost_its_value(name: str, strangers: tuple[str, ...], fields: dict[str, str]) -> bool:
    """Whether the value has its shape only together with the unknown names behind it."""
    shape, value = SHAPES[name], fields[name]
    joined = value + "".join([stranger + fields[stranger] for stranger in strangers])
    return not shape.fullmatch(value) and shape.fullmatch(joined) is not None


def _is_json(value: str) -> bool:
    """What an agent hands over may hold any word; behind the end of its JSON nothing has been swallowed."""
    try:
        return value.startswith(("{", "[")) and json.loads(value) is not None
    except (ValueError, RecursionError):
        return False


_BEHIND_ALL_NAMES = "~"


class _Absent:
    """The known names that a request with these names lacks, prepared once for each shape of request.

    `followed`: names of SHAPES with the unknown names that stand directly behind them.
    """

    __slots__ = ("followed", "inside", "name_is_shifted", "telling")

    def __init__(self, names: frozenset[str], known: Iterable[str]) -> None:
        absent = [name for name in known if name not in names]
        self.telling = tuple(name for name in absent if name not in ORDINARY_WORDS)
        self.inside = re.compile("|".join(self.telling) or r"(?!)")
        unknown = names.difference(KNOWN)
        self.name_is_shifted = any(
            name.startswith(gone) or gone.startswith(name) for name in unknown for gone in absent
        )
        self.followed = tuple((name, behind) for name in SHAPES if name in names and (behind := _behind(name, names)))


def _behind(name: str, names: frozenset[str]) -> tuple[str, ...]:
    """The unknown names between this one and the next known one, in the order of the signed text."""
    return tuple(takewhile(lambda one: one not in _KNOWN, sorted(one for one in names if one > name)))


@lru_cache(maxsize=512)
def _absent_from(names: frozenset[str], call_comes_in: bool) -> _Absent:
    return _Absent(names, [name for name in KNOWN if not (call_comes_in and name in IN_CALLBACKS_ALONE)])
