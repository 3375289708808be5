"""What one plain predicate says about another on the same variable, and whether it holds for a value."""

from __future__ import annotations

from collections.abc import Callable, Collection

from handoff_rules.comparison import order_key
from handoff_rules.glob import compile_glob
from handoff_rules.predicates import Family, Literal, Predicate

ORDERS = (Family.BELOW, Family.ABOVE)


def predicate_holds(predicate: Predicate, value: str) -> bool:
    """The predicate for one value, read plainly."""
    return _HOLDS[predicate.family](predicate, value)


def implies(one: Predicate, other: Predicate) -> bool:
    """True when it is proven that every value for which `one` is true makes `other` true."""
    if one == other or other.family is Family.PRESENT:
        return True
    if one.family is Family.EXACT:
        return all(predicate_holds(other, value) for value in one.operands)
    if one.family in ORDERS:
        return one.family is other.family and _is_tighter(one, other)
    if other.family is Family.PART and one.family in (Family.PREFIX, Family.SUFFIX):
        return all(any(part in text for part in other.operands) for text in one.operands)
    if other.family is one.family and one.family in _FITS:
        return all(any(_FITS[one.family](text, wider) for wider in other.operands) for text in one.operands)
    return False


def excludes(one: Predicate, other: Predicate) -> bool:
    """True when it is proven that no value makes both true."""
    if other.family is Family.EXACT:
        return not any(predicate_holds(one, value) for value in other.operands)
    if one.family is Family.EXACT:
        return excludes(other, one)
    if one.family in ORDERS and other.family in ORDERS:
        return _are_apart(one, other)
    if one.family is other.family and one.family in (Family.PREFIX, Family.SUFFIX):
        fits = _FITS[one.family]
        return not any(fits(text, end) or fits(end, text) for text in one.operands for end in other.operands)
    return False


def plainer(predicate: Predicate) -> Predicate:
    """A pattern whose only stars are at its ends, as what it says: a beginning, an end, a part or the whole value. What
    every text begins with, ends with or contains says only that there is one."""
    if predicate.family in _FITS and "" in predicate.operands:
        return Predicate(predicate.variable, Family.PRESENT)
    if predicate.family is not Family.LIKE:
        return predicate
    found = {_kind_of(pattern) for pattern in predicate.operands}
    family = found.pop() if len(found) == 1 else None
    if family is None:
        return predicate
    return Predicate(predicate.variable, family, tuple(pattern.strip("*") for pattern in predicate.operands))


def _kind_of(pattern: str) -> Family | None:
    core = pattern.strip("*")
    if not core or "*" in core or "?" in core:
        return None
    return {
        (False, False): Family.EXACT,
        (False, True): Family.PREFIX,
        (True, False): Family.SUFFIX,
        (True, True): Family.PART,
    }[pattern.startswith("*"), pattern.endswith("*")]


def other_sides(settled: Collection[Literal]) -> set[Literal]:
    """What else is true of a value of which all this is settled: where it is known to be a number, and is not below 5,
    it is 5 or above. Of a value that may be a text nothing follows: a text is neither below nor above a number."""
    kinds = {one.limit[0] for one, held in settled if held and one.limit is not None}
    return {(_other_side(one), True) for one, held in settled if not held and one.limit and one.limit[0] in kinds}


def _other_side(order: Predicate) -> Predicate:
    family = Family.ABOVE if order.family is Family.BELOW else Family.BELOW
    return order._replace(family=family, inclusive=not order.inclusive)


def _is_tighter(one: Predicate, other: Predicate) -> bool:
    if one.limit is None or other.limit is None or one.limit[0] != other.limit[0]:
        return False
    if one.limit == other.limit:
        return other.inclusive or not one.inclusive
    return (one.limit < other.limit) is (one.family is Family.BELOW)


def _are_apart(one: Predicate, other: Predicate) -> bool:
    """Two ranges with nothing in both: numbers and texts, or an upper end before a lower one."""
    if one.limit is None or other.limit is None:
        return False
    if one.limit[0] != other.limit[0]:
        return True
    if one.family is other.family:
        return False
    upper, lower = (one, other) if one.family is Family.BELOW else (other, one)
    if upper.limit == lower.limit:
        return not (upper.inclusive and lower.inclusive)
    return bool(upper.limit < lower.limit)  # type: ignore[operator]  # neither is None here


def _order(predicate: Predicate, value: str) -> bool:
    key, limit = order_key(value), predicate.limit
    if limit is None or key[0] != limit[0]:
        return False
    if key == limit:
        return predicate.inclusive
    return (key < limit) is (predicate.family is Family.BELOW)


_FITS: dict[Family, Callable[[str, str], bool]] = {
    Family.PREFIX: str.startswith,
    Family.SUFFIX: str.endswith,
    Family.PART: lambda text, part: part in text,
}
"""Whether a value with this beginning, end or part has that shorter one as well."""

_HOLDS: dict[Family, Callable[[Predicate, str], bool]] = {
    Family.PRESENT: lambda _, __: True,
    Family.EXACT: lambda predicate, value: value in predicate.operands,
    Family.PREFIX: lambda predicate, value: value.startswith(predicate.operands),
    Family.SUFFIX: lambda predicate, value: value.endswith(predicate.operands),
    Family.PART: lambda predicate, value: any(part in value for part in predicate.operands),
    Family.LIKE: lambda predicate, value: any(compile_glob(pattern)(value) for pattern in predicate.operands),
    Family.BELOW: _order,
    Family.ABOVE: _order,
}
