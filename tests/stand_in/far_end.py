"""What the far end of each attempt does: a script, one answer for every attempt, in the field's words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

WORDS = frozenset({
    "answered", "busy", "no_answer", "failed", "declined", "machine", "canceled", "caller_hung_up", "referred",
    "unconfirmed", "unconfirmed_and_gone",
})  # fmt: skip
SIP_ANSWER = re.compile(r"sip:([3-6][0-9]{2})")
TAKES_IT = frozenset({"answered", "referred"})
"""Words for a dialled leg that picks up. Only a REFER can stay unconfirmed: a dialled leg given that word fails."""


class ScriptError(ValueError):
    """The script of a call says something that the stand-in cannot play."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How one attempt ends. `members`: one word for each line of a ring group. `presses`: what the person who
    answered presses at each question (None: "1" when answered, "2" when declined, nothing for a machine).
    `transfers_to`: after the answer, the far end sends this REFER target. `seconds`: how long they talk."""

    word: str = "answered"
    members: tuple[str, ...] = ()
    presses: tuple[str, ...] | None = None
    transfers_to: str | None = None
    seconds: int = 35
    first_to_hang_up: str = "callee"
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for word in (self.word, *self.members):
            if word not in WORDS and not SIP_ANSWER.fullmatch(word):
                raise ScriptError(f"{word!r} is not an answer: say one of {', '.join(sorted(WORDS))} or sip:CODE")

    def of_member(self, index: int) -> str:
        """The word for one line of a group; the group's own word counts for the lines that have none."""
        return self.members[index] if index < len(self.members) else self.word

    def keys_for(self, word: str) -> tuple[str, ...]:
        if self.presses is not None:
            return self.presses
        return {"declined": ("2",), "machine": ()}.get(word, ("1",))


ANSWERED = Answer()


def read_answer(written: str | Sequence[Any] | Mapping[str, Any] | Answer) -> Answer:
    """`busy`, a list of words for a ring group, or a mapping with the fields of `Answer`."""
    if isinstance(written, Answer):
        return written
    if isinstance(written, str):
        return Answer(written)
    if isinstance(written, Mapping):
        fields: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in written.items()
        }
        if "seconds" in fields:
            fields["seconds"] = int(fields["seconds"])
        return Answer(**fields)
    return Answer(members=tuple(written))


@dataclass(slots=True)
class FarEnd:
    """Hands out the answers in order; attempts beyond the script are answered."""

    script: tuple[Answer, ...]
    used: int = 0

    def next(self) -> Answer:
        answer = self.script[self.used] if self.used < len(self.script) else ANSWERED
        self.used += 1
        return answer


SIP_CODES = {
    "answered": 200, "busy": 486, "no_answer": 487, "failed": 503, "declined": 603, "canceled": 487,
    "caller_hung_up": 487, "machine": 200, "unconfirmed": 503, "unconfirmed_and_gone": 503,
}  # fmt: skip


def sip_code(word: str) -> int:
    """The final response to the INVITE that goes with the word."""
    found = SIP_ANSWER.fullmatch(word)
    return int(found[1]) if found else SIP_CODES.get(word, 200)


def dial_status(word: str) -> str:
    """`DialCallStatus` for the word; the codes that Twilio documents, and the common practice for the others."""
    by_word = {
        "busy": "busy", "no_answer": "no-answer", "failed": "failed", "declined": "busy", "canceled": "canceled",
        "caller_hung_up": "canceled", "unconfirmed": "failed", "unconfirmed_and_gone": "failed",
    }  # fmt: skip
    if word in by_word:
        return by_word[word]
    found = SIP_ANSWER.fullmatch(word)
    if not found:
        return "completed"
    return {486: "busy", 600: "busy", 603: "busy", 487: "no-answer", 480: "no-answer", 408: "no-answer"}.get(
        int(found[1]), "failed"
    )
