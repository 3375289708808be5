"""Long lists in pages, with the page in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Request

from webapp.console.asked import whole_number

SIZE = 40


@dataclass(frozen=True, slots=True)
class Pager:
    shown: Sequence[Any]
    page: int
    pages: int
    total: int
    path: str
    query: tuple[tuple[str, str], ...]
    size: int = SIZE

    @classmethod
    def of(cls, items: Sequence[Any], asked: Request, size: int = SIZE, *, path: str = "") -> Pager:
        """`path` is where the other pages are, when it is not the page that was asked for."""
        pages = max((len(items) + size - 1) // size, 1)
        page = min(whole_number(asked.args.get("page", "")) or 1, pages)
        query = tuple((name, value) for name, value in asked.args.items(multi=True) if name != "page")
        return cls(items[(page - 1) * size : page * size], page, pages, len(items), path or asked.path, query, size)

    @property
    def first(self) -> int:
        return min((self.page - 1) * self.size + 1, self.total)

    @property
    def last(self) -> int:
        return self.first + len(self.shown) - 1 if self.shown else self.first

    def url(self, page: int) -> str:
        return f"{self.path}?{urlencode([*self.query, ('page', str(page))])}"
