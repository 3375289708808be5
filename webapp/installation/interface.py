"""What a command may ask of an installation, wherever that is. Plain data in the shapes of the API's answers.

A refusal is an exception: of the use case for this machine's store, `RemoteRefusal` for a server. Both end in the same
exit code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # most commands need no simulator
    from webapp.simulator import SimulatedCall, Simulation

Plain = Mapping[str, Any]
Watch = Callable[[Iterator[Any], int], Iterator[Any]]


class Versions(Protocol):
    """Versions are named by number, or as `sandbox` or `production`. `author` counts on this machine alone: a server
    knows who its token belongs to."""

    def page(self, *, before: int | None, limit: int) -> Plain:
        """`{data, lost, next_before}`, newest first."""

    def whole(self, wanted: str) -> Plain:
        """One version: `{version, digest, environments, author, at, note, parent, document}`."""

    def difference(self, before: str, after: str) -> Plain:
        """`{before, after, changes: [{…, sentence}], yaml}`."""

    def bring_in(self, document: Plain, *, expected: int | None, author: str, note: str, dry_run: bool) -> Plain:
        """A document of ours or PolyAI's as a new version: `{format, mapped, changed, without_meaning,
        unchanged, saved}`. `unchanged`: the sandbox holds it already, no version is made.

        `expected` is the version that it was made from (None: whatever is newest).
        """

    def promote(self, number: int, *, expected_production: int, author: str, note: str) -> Plain:
        """Put a version in production, after its checks: what was saved."""

    def roll_back(self, number: int | None, *, expected_production: int | None, author: str, note: str) -> Plain:
        """Put an older version (None: the one before) back in production: what was saved."""


class Deployment(Protocol):
    def read(self) -> tuple[Plain, int]:
        """The document as it may be shown, and the serial of its last change."""

    def save(self, document: Plain, *, expected: int, author: str, note: str) -> Plain:
        """Replace all but the Twilio credentials: `{serial, durable, why, problems: [{path, message, fix, …}]}`."""


class Tokens(Protocol):
    def all(self) -> Sequence[Plain]:
        """Every token, the newest first: `{id, name, role, environment, prefix, …, last_used_at}`."""

    def create(self, *, name: str, role: str, environment: str, days: int | None, author: str) -> Plain:
        """The token with its secret as `token`, which is shown this one time."""

    def revoke(self, wanted: str, *, author: str) -> Plain:
        """By id, or by name where one token has it: `{id, everywhere}`."""


class Calls(Protocol):
    @property
    def of_the_sandbox_alone(self) -> bool:
        """True for a token that learns nothing of production's calls."""

    def page(self, cursor: str | None, limit: int) -> Plain:
        """`{data, next_cursor}`, newest first. A server shows numbers as its token may see them.

        Raises ValueError for a cursor of no list.
        """

    def whole(self, call_sid: str) -> Plain:
        """One call with variables, attempts, timeline and `trace` (null when its version is not kept any more)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What calls are played against: a version by its number, or with `version` None a document that is not saved.

    `name` says in words what it is.
    """

    document: Plain
    name: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """A stored call played again. `differences` (`{what, then, now}`) compare with what it really did.

    `saved_test` would keep it; `fails_at_once` says why the newest version does not pass that test. `unknown` are
    secrets that were never stored: with their values the call could go another way.
    """

    simulation: Simulation
    differences: Sequence[Plain]
    saved_test: Plain
    fails_at_once: Sequence[str]
    unknown: Sequence[str] = ()


class Player(Protocol):
    def simulate(self, choice: Choice, call: SimulatedCall, far_end: Sequence[str]) -> Simulation:
        """A whole call, with nothing dialled. The code rules are those of the installation."""

    def run_tests(self, choice: Choice) -> Iterator[Plain]:
        """`{name, passed, required, ends, path, differences: [{what, expected, actual}]}`, one after another."""

    def replay(self, call_sid: str, wanted: str) -> Replayed:
        """A stored call against a version, by number or as `sandbox` or `production`."""

    def impact(self, before: str, after: str, hours: int, watch: Watch) -> Plain:
        """Which of the last calls would go another way: `{compared, left_out, moved: [{call_sid, before, after}]}`,
        with `{path, ends, rings}` of both. `watch` may show the progress of a long walk; a server shows none."""


class Installation(Protocol):
    @property
    def versions(self) -> Versions: ...

    @property
    def deployment(self) -> Deployment: ...

    @property
    def tokens(self) -> Tokens: ...

    @property
    def calls(self) -> Calls: ...

    @property
    def player(self) -> Player: ...

    def close(self) -> None: ...
