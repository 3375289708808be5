"""Cells of a CSV export that no spreadsheet takes for a formula, and back without loss."""

from __future__ import annotations

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\0", "'")
"""What spreadsheets take for a formula (OWASP, CSV injection); and the quote itself, so that nothing is lost."""


def safe_cell(text: str) -> str:
    return f"'{text}" if text.startswith(TRIGGERS) else text


def read_cell(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(TRIGGERS) else text
