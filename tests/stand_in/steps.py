"""What a verb leads to: another request, a document that is here, or the end of the call. None: the next verb."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.stand_in.finished import Ended
from tests.stand_in.live_call import Document


@dataclass(frozen=True, slots=True)
class Fetch:
    url: str
    method: str = "POST"
    extra: Mapping[str, str] = field(default_factory=dict)
    base: str = ""


@dataclass(frozen=True, slots=True)
class Play:
    document: Document


@dataclass(frozen=True, slots=True)
class End:
    how: Ended


Step = Fetch | Play | End | None
