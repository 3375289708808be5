"""What happened in a call, in order, as data for the checks and as text for people who read a failure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tests.stand_in.grammar import Violation
from tests.stand_in.wire import Received, Webhook


@dataclass(frozen=True, slots=True)
class Exchange:
    """One webhook and its answer."""

    at: float
    webhook: Webhook
    received: Received

    @property
    def body(self) -> str:
        return self.received.response.body.decode("utf-8", "replace") if self.received.response else ""

    @property
    def status(self) -> int | None:
        return self.received.response.status if self.received.response else None


@dataclass(frozen=True, slots=True)
class Member:
    """One line that an attempt rang: the target without headers, and the headers decoded."""

    kind: Literal["phone", "sip", "client"]
    target: str
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Attempt:
    """One `<Dial>` or `<Refer>`: whom it rang, with which attributes, and how each line ended."""

    verb: Literal["Dial", "Refer"]
    members: tuple[Member, ...]
    attributes: Mapping[str, str]
    document: str
    outcome: str = ""
    outcomes: list[str] = field(default_factory=list)
    bridged: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the first line: every line of a group carries the same."""
        return dict(self.members[0].headers) if self.members else {}

    @property
    def targets(self) -> tuple[str, ...]:
        return tuple(member.target for member in self.members)


@dataclass(slots=True)
class Transcript:
    lines: list[tuple[float, str]] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    heard_by_far_end: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    faults: list[Violation] = field(default_factory=list)
    warnings: list[Violation] = field(default_factory=list)

    def note(self, at: float, text: str) -> None:
        self.lines.append((at, text))

    def violation(self, at: float, code: str, message: str) -> None:
        self.violations.append(Violation(code, message))
        self.note(at, f"!! {code}: {message}")

    def fault(self, at: float, code: str, message: str) -> None:
        """A webhook that brought no document: Twilio's retries and the fallback URL may still save the call."""
        self.faults.append(Violation(code, message))
        self.note(at, f"!! {code}: {message}")

    def warning(self, at: float, code: str, message: str) -> None:
        self.warnings.append(Violation(code, message))
        self.note(at, f"?? {code}: {message}")

    def text(self) -> str:
        return "\n".join(f"{at:8.1f}s  {line}" for at, line in self.lines)
