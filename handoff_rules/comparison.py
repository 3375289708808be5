"""Comparing two texts for order: as numbers when both are numbers, as text when neither is, otherwise not at all."""

from __future__ import annotations

import re
from decimal import Decimal

NUMBER = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?")
"""No exponent: `1e999999999` as a decimal would cost seconds. ASCII digits alone, so that `٣` is not a number."""

OrderKey = tuple[int, Decimal | str]
"""(0, number) or (1, text): only keys with the same first part can be compared."""


def order_key(text: str) -> OrderKey:
    """How a text sorts. Numbers of at most 40 digits before and after the point are numbers, all else is text."""
    return (0, Decimal(text)) if NUMBER.fullmatch(text) else (1, text)


def is_less(left: str, right: str) -> bool:
    """`left < right`; False when one is a number and the other is not, because neither answer would be true."""
    left_key, right_key = order_key(left), order_key(right)
    return left_key[0] == right_key[0] and left_key < right_key


def is_between(value: str, low: str, high: str) -> bool:
    """Both ends included."""
    key, low_key, high_key = order_key(value), order_key(low), order_key(high)
    return low_key[0] == key[0] == high_key[0] and low_key <= key <= high_key
