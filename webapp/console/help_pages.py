"""Help: the documents that ship with the app, rendered here, so that they work offline."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import abort
from flask.typing import ResponseReturnValue
from markdown_it import MarkdownIt
from markupsafe import Markup

from webapp.console.frame import show
from webapp.console.pages import Pages
from webapp.people.roles import Role

pages = Pages("help", __name__)
SHIPPED = Path(__file__).parent.parent / "docs" / "help"
NAME = re.compile(r"[a-z0-9-]{1,60}")


@dataclass(frozen=True, slots=True)
class Article:
    name: str
    title: str
    summary: str
    body: Markup


@pages.page("/help", Role.VIEWER)
def index() -> ResponseReturnValue:
    return show("help.html", section="help", help="", articles=articles())


@pages.page("/help/<name>", Role.VIEWER)
def page(name: str) -> ResponseReturnValue:
    found = next((article for article in articles() if article.name == name), None)
    if found is None:
        abort(404, description=f"There is no help page called {name[:40]}.")
    return show("article.html", section="help", help="overview", article=found, articles=articles())


@cache
def articles() -> tuple[Article, ...]:
    """In the order of the file names' numbers; the first line is the title, the first paragraph the summary."""
    return tuple(_read(path) for path in sorted(SHIPPED.glob("*.md")) if NAME.fullmatch(_name(path)))


def _name(path: Path) -> str:
    return re.sub(r"^[0-9]+-", "", path.stem)


def _read(path: Path) -> Article:
    """Our own text, with raw HTML switched off, so that what is rendered holds no markup but Markdown's."""
    title, _, text = path.read_text(encoding="utf-8").partition("\n")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    summary = text.strip().partition("\n\n")[0].replace("\n", " ")
    return Article(_name(path), title.removeprefix("#").strip(), summary, Markup(markdown.render(text)))  # noqa: S704
