"""What became of a save, told on the page that follows."""

from __future__ import annotations

from webapp.configurations.conflicts import ConflictError
from webapp.configurations.tests_on_save import failing_tests_of
from webapp.configurations.versions import Saved
from webapp.console.conflict import conflict_of_all
from webapp.console.editing import Attempt
from webapp.console.frame import tell

MOST_TESTS, MOST_CHANGES, LONGEST_CHANGE = 3, 3, 160
"""Of the saved tests that fail after a save, and of another person's changes, so many are told: messages travel in a
cookie of 4 kB."""


def tell_saved(saved: Saved, what: str) -> None:
    durable = "" if saved.durable else f" {saved.why}"
    tell(f"{what} Saved as v{saved.version.number} in the sandbox. Callers get it when you promote it.{durable}",
         "ok" if saved.durable else "warn")  # fmt: skip
    failing = failing_tests_of(saved.problems)
    for problem in failing[:MOST_TESTS]:
        tell(f"{problem.message} {problem.fix}", "warn")
    if more := len(failing[MOST_TESTS:]):
        fail = "saved tests fail" if more > 1 else "saved test fails"
        tell(f"{more} more {fail} now. Run all of them under Test a call, Saved tests.", "warn")


def tell_warnings(saved: Saved, root: str) -> None:
    """On the next page: what the check found in the thing that was saved (`destinations/3`), and let pass."""
    for problem in saved.problems:
        if problem.path == root or problem.path.startswith(f"{root}/"):
            tell(f"{problem.message} {problem.fix}", "warn")


def tell_refused(attempt: Attempt) -> None:
    """Why nothing was saved, on the next page, which shows how things stand now."""
    faults = " ".join(f"{problem.message} {problem.fix}" for problem in attempt.problems if problem.severity == "error")
    tell(_conflict(attempt.conflict) if attempt.conflict else attempt.refusal or faults, "bad")


def _conflict(conflict: ConflictError) -> str:
    """A button has no typed text to compare: what the other person did, and that it can be pressed again."""
    theirs = conflict_of_all(conflict)
    changes, more = theirs.changes[:MOST_CHANGES], len(theirs.changes) > MOST_CHANGES
    said = f" ({'; '.join(change.rstrip('.')[:LONGEST_CHANGE] for change in changes)}{'; …' if more else ''})"
    return (
        f"Nothing was changed: {theirs.who} saved v{theirs.theirs} while this page was open{said if changes else ''}. "
        "You see it as it stands now. Do it again if you still want it."
    )


def tell_outcome(attempt: Attempt, what: str) -> None:
    """On the next page: `what` was done and saved, or why it was not."""
    if attempt.saved is None:
        tell_refused(attempt)
    else:
        tell_saved(attempt.saved, what)
