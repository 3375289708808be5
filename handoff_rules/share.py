"""`share`: which part of the calls a call belongs to, the same each time it is asked, and independent between rules."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

_64_BITS = (1 << 64) - 1

Salt = tuple[int, int]


def call_number(call_sid: str) -> int:
    """64 evenly spread bits for a call, computed once per decision."""
    return int.from_bytes(blake2b(call_sid.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def rule_salt(rule_id: str) -> Salt:
    """What makes the draw of one rule independent of another's: an odd factor and a summand."""
    digest = blake2b(rule_id.encode(), digest_size=16, person=b"handoff-share").digest()
    return int.from_bytes(digest[:8], "big") | 1, int.from_bytes(digest[8:], "big")


def draw(call: int, salt: Salt) -> int:
    """0 to 99 for this call and rule. Multiply-shift hashing (Dietzfelbinger et al. 1997): one hash of the call
    serves any number of rules, so that ten thousand shares cost ten thousand multiplications, not hashes."""
    factor, summand = salt
    return ((((call * factor + summand) & _64_BITS) >> 32) * 100) >> 32


LANES = 64
_LANE_BITS = 128
_LANE_BYTES = _LANE_BITS // 8


def _in_every_lane(value: int) -> int:
    return _packed([value] * LANES)


def _packed(values: Sequence[int]) -> int:
    return int.from_bytes(b"".join(value.to_bytes(_LANE_BYTES, "little") for value in values), "little")


_UPPER_HALF = _in_every_lane(((1 << 32) - 1) << 32)
_WHOLE_PART = _in_every_lane(0x7F)
_CARRY = 0x80
_AS_DIGITS = bytes(ord("1") if value & _CARRY else ord("0") for value in range(256))


class Draws:
    """The draws of up to 64 rules, made at once: `draw` for each of them as one lane of one large number.

    A lane has 128 bits, which the product of two 64-bit numbers and a summand never exceed because
    (2^64 - 1)^2 + 2^64 - 1 < 2^128: no lane disturbs its neighbour.
    """

    __slots__ = ("_factors", "_highs", "_lows", "_summands")

    def __init__(self, ranges: Sequence[tuple[Salt, int, int]]) -> None:
        """For each lane: the salt of its rule, and the draw that it wants, from `low` to below `high` (0 to 100)."""
        everything: tuple[Salt, int, int] = ((0, 0), 0, 100)
        lanes = [*ranges, *[everything] * (LANES - len(ranges))]
        self._factors = _packed([salt[0] for salt, _, _ in lanes])
        self._summands = _packed([salt[1] for salt, _, _ in lanes])
        # A draw plus (128 - limit) carries into the eighth bit exactly when the draw reaches the limit.
        self._lows = _packed([_CARRY - low for _, low, _ in lanes])
        self._highs = _packed([_CARRY - high for _, _, high in lanes])

    def agreeing(self, call: int) -> int:
        """The lanes whose draw for this call is in range, as 64 bits."""
        hashed = (self._factors * call + self._summands & _UPPER_HALF) >> 32
        draws = (hashed * 100 >> 32) & _WHOLE_PART
        inside = (draws + self._lows) & ~(draws + self._highs)
        digits = inside.to_bytes(LANES * _LANE_BYTES, "little")[::_LANE_BYTES].translate(_AS_DIGITS)
        return int(digits[::-1], 2)
