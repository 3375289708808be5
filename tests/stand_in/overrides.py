"""Connection overrides in a URL's fragment (docs/usage/webhooks/webhooks-connection-overrides)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

RANGES = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}
POLICIES = frozenset({"4xx", "5xx", "ct", "rt", "all"})
EDGES = frozenset({"ashburn", "dublin", "frankfurt", "sao-paulo", "singapore", "sydney", "tokyo", "umatilla"})


class OverrideError(ValueError):
    """The fragment says something that Twilio's page does not describe."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """Times in milliseconds; the defaults are Twilio's: one more try, and only when no connection was made."""

    ct: int = 5_000
    rt: int = 15_000
    tt: int = 15_000
    rc: int = 1
    rp: frozenset[str] = frozenset({"ct"})

    def retries(self, kind: str) -> bool:
        return kind in self.rp or "all" in self.rp


@lru_cache(maxsize=256)
def overrides_of(url: str) -> Overrides:
    """Read `#rc=2&rp=ct,rt`; unknown keys and values out of range are errors."""
    settings: dict[str, int | frozenset[str]] = {}
    for pair in filter(None, url.partition("#")[2].split("&")):
        key, _, value = pair.partition("=")
        if key in RANGES:
            settings[key] = number(key, value)
        elif key == "rp":
            settings[key] = policies(value)
        elif not (key == "sni" and value in {"y", "n"}) and not (key == "e" and edges(value)):
            raise OverrideError(f"{pair!r} is not a connection override")
    return Overrides(**settings)  # type: ignore[arg-type]


def number(key: str, value: str) -> int:
    low, high = RANGES[key]
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise OverrideError(f"{key}={value} must be a whole number from {low} to {high}")
    return int(value)


def policies(value: str) -> frozenset[str]:
    words = frozenset(value.split(","))
    if not words <= POLICIES:
        raise OverrideError(f"rp={value} must be a list of {', '.join(sorted(POLICIES))}")
    return words


def edges(value: str) -> bool:
    return all(edge.removesuffix("-ix") in EDGES for edge in value.split(","))
