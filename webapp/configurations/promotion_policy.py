"""What a promote needs besides its checks, as an admin decided for this deployment."""

from __future__ import annotations

from handoff_rules.problems import Problem
from webapp.configurations.conflicts import PromotionRefusedError
from webapp.configurations.deployment import PromotionPolicy


def keep_to(policy: PromotionPolicy, *, saved_by: str, author: str, note: str) -> None:
    """Raises PromotionRefusedError with everything that is missing. A roll back is never kept waiting by it."""
    problems = []
    if policy.note_required and not note.strip():
        problems.append(Problem("note", "A promote needs a note here.", "Say why callers get this now."))
    if policy.two_people and saved_by.casefold() == author.casefold():
        problems.append(Problem("version", "You saved this version yourself.", "Ask somebody else to promote it."))
    if problems:
        raise PromotionRefusedError(problems, ())
