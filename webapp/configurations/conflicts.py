"""Why an edit was not made, in sentences: somebody was first, the version is missing, or it may not be promoted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import redis

from handoff_rules.problems import Problem
from webapp.configurations.version_id import VersionId
from webapp.store.connection import reason_behind
from webapp.store.unavailable import EXPLANATIONS, CommandError, Reason, StoreUnavailableError, error_from_answer

STORE_FAULTS = (redis.RedisError, StoreUnavailableError, CommandError, OSError)
"""Every way in which Redis can fail to do what was asked."""


class EditRefusedError(Exception):
    """An edit that was not made. The text says why and what to do."""


class ConflictError(EditRefusedError):
    """Somebody changed the document meanwhile: `yours` was refused, `theirs` is what stands now.

    `expected` and `current` are the version numbers (of the deployment document: serials) of both sides' ground.
    """

    def __init__(
        self, message: str, *, expected: int, current: int, theirs: Mapping[str, Any], yours: Mapping[str, Any]
    ) -> None:
        self.expected = expected
        self.current = current
        self.theirs = theirs
        self.yours = yours
        super().__init__(message)


class VersionNotFoundError(EditRefusedError):
    def __init__(self, wanted: int | str) -> None:
        self.wanted = wanted
        super().__init__(f"There is no version {wanted}.")


class PromotionRefusedError(EditRefusedError):
    """The version may not go to production: its errors and the required saved tests that failed."""

    def __init__(self, problems: Sequence[Problem], failed_tests: Sequence[str]) -> None:
        self.problems = tuple(problems)
        self.failed_tests = tuple(failed_tests)
        said = [str(problem) for problem in problems] + [f"Saved test failed: {name}." for name in failed_tests]
        super().__init__("Not promoted. " + " ".join(said))


class NeverInProductionError(EditRefusedError):
    """A roll back to a version that callers never had: only a promote, with its saved tests, may put it there."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Version {number} was never in production, so there is nothing to go back to. "
            "Promote it instead: its saved tests then decide."
        )


class RolledBackAlreadyError(EditRefusedError):
    """A roll back that names no version, after another one: it would bring back what was just left."""

    def __init__(self, *, now: int, left: int, author: str, at: str, earlier: Sequence[int]) -> None:
        named = ", ".join(map(str, earlier))
        super().__init__(
            f"Nothing was changed: {author} rolled production back from version {left} to {now} at {at} already. "
            + (f"To go further back, name the version; in production before it: {named}." if earlier else
               "No earlier version was in production.")
        )  # fmt: skip


class StoreNotTrustedError(EditRefusedError):
    """The store holds something that is not ours, or lost what it had acknowledged: edits wait for an operator."""


class StoreEmptyError(EditRefusedError):
    def __init__(self) -> None:
        super().__init__("The store holds no configuration yet. Start the app once, or run: handoff release")


class StoreRefusedError(EditRefusedError):
    """Redis answered that it does not take the edit: nothing was changed, and the reason is known."""

    def __init__(self, fault: Exception) -> None:
        super().__init__(f"The edit was not saved. {in_words(fault)}")


def in_words(fault: Exception) -> str:
    return " ".join(explained(fault))


def explained(fault: Exception) -> tuple[str, str]:
    """What one of STORE_FAULTS means and what to do, for people: no name of a class, no address, no value."""
    known = reason_of(fault)
    if known is not None:
        return EXPLANATIONS[known]
    answer = error_from_answer(str(fault))
    if isinstance(answer, StoreUnavailableError):
        return answer.message, answer.fix
    return f"Redis answered {answer.code}.", "See the log of the Redis server."


def reason_of(fault: Exception) -> Reason | None:
    """None for an answer that stands in no table of ours.

    redis-py gives some refusals a class of their own and takes the code away; others keep it as first word.
    """
    if isinstance(fault, StoreUnavailableError):
        return fault.reason
    known = next((reason for kind, reason in _CLASSES if isinstance(fault, kind)), None)
    if known is not None or not isinstance(fault, (redis.ConnectionError, OSError)):
        return known
    behind = fault if isinstance(fault, OSError) else fault.__cause__ or fault.__context__
    return reason_behind(behind) if isinstance(behind, OSError) else Reason.CLOSED


_CLASSES: tuple[tuple[type[Exception], Reason], ...] = (
    (redis.ReadOnlyError, Reason.READ_ONLY),
    (redis.OutOfMemoryError, Reason.OUT_OF_MEMORY),
    (redis.exceptions.NoPermissionError, Reason.DENIED),
    (redis.AuthenticationError, Reason.DENIED),
    (redis.BusyLoadingError, Reason.LOADING),
    (redis.TimeoutError, Reason.TIMED_OUT),
    (redis.InvalidResponse, Reason.GARBAGE),
    (redis.exceptions.MaxConnectionsError, Reason.CROWDED),
)


class EditUncertainError(EditRefusedError):
    """Redis went away between the edit and its answer: it may or may not have been made."""

    def __init__(self) -> None:
        super().__init__("Redis went away during the edit, and whether it was made is not known. Look, then repeat it.")


class AlreadyDoneError(Exception):
    """The edit stands already: an earlier attempt of it made it, and the answer was lost."""

    def __init__(self, version: VersionId) -> None:
        self.version = version
        super().__init__(str(version))
