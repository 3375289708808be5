"""Passwords: scrypt hashes, one cost for known and unknown people, and the one rule that helps: length."""

from __future__ import annotations

from functools import cache

from werkzeug.security import check_password_hash, generate_password_hash

SHORTEST, LONGEST = 12, 256
"""NIST SP 800-63B: length counts, composition rules do not; an upper bound keeps one sign-in from costing a minute."""


class WeakPasswordError(ValueError):
    """The message says what to change."""


def hash_password(password: str) -> str:
    """The scrypt hash (N=32768, r=8, p=1), salted. Raises WeakPasswordError."""
    if len(password) < SHORTEST:
        raise WeakPasswordError(f"Use at least {SHORTEST} characters: a few unrelated words are easy to remember.")
    if len(password) > LONGEST:
        raise WeakPasswordError(f"Use at most {LONGEST} characters.")
    if len(set(password)) < 5:
        raise WeakPasswordError("Use more than a few different characters.")
    return generate_password_hash(password, method="scrypt")


def is_right(password_hash: str | None, password: str) -> bool:
    """True when it matches. Somebody unknown (no hash) costs the same time, so that names do not leak."""
    matches = check_password_hash(password_hash or _nobodys_hash(), password[:LONGEST])
    return matches and password_hash is not None


@cache
def _nobodys_hash() -> str:
    return generate_password_hash("nobody has this password", method="scrypt")
