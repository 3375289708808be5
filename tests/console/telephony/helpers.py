"""What the tests of more than one of these pages read."""

from __future__ import annotations

import re

from tests.application import Application
from tests.console.conftest import Person
from webapp.console.needs import EXTENSION, Needs


def needs_of(house: Application) -> Needs:
    found: Needs = house.app.extensions[EXTENSION]
    return found


def seen_on(admin: Person, path: str) -> str:
    found = re.search(r'name="_seen" value="([0-9a-f]+)"', admin.sees(path))
    assert found is not None
    return found[1]


def row_of(page: str, e164: str) -> str:
    rows: list[str] = re.findall("<tr>.*?</tr>", page, re.S)
    return next(row for row in rows if f"/numbers/{e164}" in row.replace("%2B", "+"))
