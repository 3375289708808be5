"""The time that the demo's server takes for now: what stands in a file, so that a night call can be played by day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from webapp.store.sealed import write_whole

FILE = "demo-clock"


def set_clock(data_directory: Path, at: datetime) -> None:
    write_whole(data_directory / FILE, at.astimezone(UTC).isoformat().encode())


def clock_of(data_directory: Path) -> Callable[[], datetime]:
    def now() -> datetime:
        try:
            return datetime.fromisoformat((data_directory / FILE).read_text(encoding="ascii"))
        except OSError:
            return datetime.now(UTC)

    return now
