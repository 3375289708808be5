"""A destination's history: the versions that changed it, with who saved them, when, and what."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import SecretStr

from tests.console.conftest import Person
from webapp.configurations.backup import Backups
from webapp.console.destination_history import LOOKED_AT
from webapp.console.needs import Needs

PAGE = "/destinations/front-desk/history"


def save(needs: Needs, note: str, *, author: str = "kim", site: str = "", **changes: Any) -> None:
    """A further version in which the front desk has these values."""
    newest = needs.versions.pointers().newest
    document = json.loads(json.dumps(needs.versions.get(newest).document))
    next(item for item in document["destinations"] if item["id"] == "front-desk").update(changes)
    document |= {"name": site} if site else {}
    needs.versions.save(document, expected=newest, author=author, note=note)
    needs.live.refresh()


def entries(page: str) -> dict[str, str]:
    """Version to what is said of it, without the marks."""
    found = re.findall(r"<li><div class=\"grow stack tight\">.*?<strong>v(\d+)</strong>(.*?)</li>", page, re.DOTALL)
    return {number: " ".join(re.sub(r"<[^>]+>", " ", text).split()) for number, text in found}


def whole(admin: Person, address: str = PAGE) -> str:
    """The page when all of it is read: longer work goes on behind it, and the page is asked for again."""
    for _ in range(200):
        page = admin.sees(address)
        if "Look again" not in page:
            return page
    raise AssertionError("the versions are still being read")


def test_only_the_versions_that_changed_the_destination_are_listed(admin: Person, needs: Needs) -> None:
    save(needs, "Longer", ring_seconds=45)
    save(needs, "Renamed the site", site="Hotel")
    save(needs, "Other number", route="+14155550177")
    assert list(entries(whole(admin))) == ["4", "2", "1"]


def test_a_version_that_a_restore_took_away_is_not_in_the_history(admin: Person, needs: Needs) -> None:
    backups = Backups(needs.versions.editor, [SecretStr("a key of this test")])
    backup = backups.make()
    save(needs, "Longer", ring_seconds=45)
    backups.restore(backup, author="kim", over=True)
    restored = needs.versions.get("sandbox")
    needs.versions.save({**restored.document, "name": "Hotel"}, expected=restored.number, author="kim")
    needs.live.refresh()
    assert list(entries(whole(admin))) == ["1"]


def test_a_version_says_what_it_changed_and_who_saved_it_with_which_note(admin: Person, needs: Needs) -> None:
    save(needs, "Longer", ring_seconds=45)
    said = entries(whole(admin))["2"]
    assert "ring time in seconds: 20 → 45" in said
    assert re.search(r"Longer · kim · \S", said)


def test_the_version_that_brought_the_destination_says_added(admin: Person) -> None:
    assert "added" in entries(whole(admin))["1"]


def test_older_versions_than_are_looked_at_are_said_not_to_be_looked_at(admin: Person, needs: Needs) -> None:
    for number in range(LOOKED_AT):
        save(needs, f"Ring {number}", ring_seconds=30 + number)
    page = whole(admin)
    assert list(entries(page))[-1] == "2"
    assert f"Looked at v{LOOKED_AT + 1} to v2, not at older versions." in page
    older = re.search(rf'href="({PAGE}\?older=\d+)">Look at older versions', page)
    assert older is not None
    assert list(entries(whole(admin, older[1]))) == ["1"]


def test_the_form_of_a_destination_leads_to_its_history(admin: Person) -> None:
    assert f'<a href="{PAGE}">History</a>' in admin.sees("/destinations/front-desk")


def test_a_destination_that_is_nowhere_has_no_history(admin: Person) -> None:
    assert "There is no destination none" in admin.sees("/destinations/none/history", status=404)
