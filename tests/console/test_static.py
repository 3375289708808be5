"""What the console ships: no forbidden pattern in a template, the vendored files as they were, the size budget."""

from __future__ import annotations

import gzip
import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from tests.console.conftest import Person

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "webapp/console/templates").rglob("*.html"))
STATIC = ROOT / "webapp/static"
BANNED = {
    r"hx-on": "compiles a string, which the policy refuses",
    r"\bjs:": "compiles a string, which the policy refuses",
    r'hx-trigger="[^"]*\[': "a trigger filter compiles a string",
    r"\sstyle=": "inline styles are refused by the policy",
    r"\son[a-z]+=": "inline handlers are refused by the policy",
    r"<script(?![^>]*\bsrc=)": "inline scripts are refused by the policy",
    r"<style": "inline styles are refused by the policy",
    r"\|\s*safe\b": "nothing is trusted to be markup in a template",
    r"autoescape\s+false": "everything is escaped",
    r"https?://(?!console\.twilio\.com)": "nothing is loaded from, or led to, another site",
}


@pytest.mark.parametrize("pattern", list(BANNED))
def test_no_template_holds_a_banned_pattern(pattern: str) -> None:
    found = [path.name for path in TEMPLATES if re.search(pattern, path.read_text(encoding="utf-8"))]
    assert found == [], BANNED[pattern]


@pytest.mark.parametrize("folder", [STATIC / "vendor", ROOT / "tests/console/vendor"])
def test_vendored_files_are_what_their_authors_published(folder: Path) -> None:
    listed = tomllib.loads((folder / "VENDOR.toml").read_text(encoding="utf-8"))["file"]
    for entry in listed:
        assert hashlib.sha256((folder / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]
        assert (folder / entry["licence_file"]).is_file()
    known = {entry["path"] for entry in listed} | {entry["licence_file"] for entry in listed} | {"VENDOR.toml"}
    assert {path.name for path in folder.iterdir()} == known


def test_styles_and_scripts_stay_under_twenty_kilobytes() -> None:
    files = [*STATIC.rglob("*.css"), *STATIC.rglob("*.js")]
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in files) <= 20_000


def test_a_static_file_is_kept_for_ever_under_its_hash_and_not_without(admin: Person) -> None:
    page = admin.sees("/")
    address = re.search(r'href="(/static/console\.css\?v=[0-9a-f]{8})"', page)
    assert address is not None
    assert "immutable" in admin.get(address[1]).headers["Cache-Control"]
    assert admin.get("/static/console.css?v=00000000").headers["Cache-Control"] == "no-cache"


def test_the_stylesheet_loads_nothing() -> None:
    assert "url(" not in (STATIC / "console.css").read_text(encoding="utf-8")
    assert "@import" not in (STATIC / "console.css").read_text(encoding="utf-8")
