"""What a page offers to press: its links, and its forms with a button that works."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"input", "meta", "link", "br", "img", "hr", "use", "circle", "rect", "path", "line"}


class Doors(HTMLParser):
    """`found` holds (method, address) of every link and every form that can be sent from the page as it stands."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self._form: tuple[str, str] | None = None
        self._named: dict[str, tuple[str, str]] = {}
        self._open: list[tuple[str, bool]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and (values.get("href") or "").startswith("/"):
            self.found.add(("GET", values["href"] or ""))
        if tag == "form":
            self._form = ((values.get("method") or "get").upper(), values.get("action") or "")
            if values.get("id"):
                self._named[values["id"] or ""] = self._form
        if tag not in VOID:
            self._open.append((tag, "disabled" in values))
        if tag == "button" and values.get("type") != "button" and not any(disabled for _, disabled in self._open):
            self._press(values)

    def _press(self, values: dict[str, str | None]) -> None:
        form = self._named.get(values["form"] or "") if values.get("form") else self._form
        if form is not None:
            self.found.add((form[0], values.get("formaction") or form[1]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if not any(name == tag for name, _ in self._open):
            return
        # What has no end tag of its own ends with what it stands in.
        last = max(place for place, (name, _) in enumerate(self._open) if name == tag)
        del self._open[last:]
