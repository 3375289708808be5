"""What strangers say, on every page that shows it: names, SIP headers and speech never become markup."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser

from tests.application import Application
from tests.console.conftest import Person
from webapp.calls.log import CallLog
from webapp.calls.timeline import Event, Kind

HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'-alert(1)-'", "</title><svg onload=alert(1)>",
    "{{7*7}}", "${7*7}", "javascript:alert(1)", "\u202eevil", "<!--", "]]>", "&lt;b&gt;", "=1+1", "@SUM(1)", "`x`",
    "</textarea><script>x</script>", "<a href=x>", "\x00", "%3Cscript%3E", "<style>*{}</style>", "' onmouseover='x",
    "</pre><iframe srcdoc=x>", "-->", "<![CDATA[", "\\u003cscript\\u003e", "</option></select><b>", "&#60;b&#62;",
)  # fmt: skip
SID = "CA" + "7" * 32
PAGES = ("/calls", f"/calls/{SID}", f"/calls/{SID}/replay")
STRINGS, AT_ONCE = 3_000, 50


def hostile_strings(count: int) -> list[str]:
    """So many strings, each another one, made of the pieces above in any order."""
    pick = random.Random(5)
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(pick.choice(HOSTILE) for _ in range(pick.randint(1, 4)))] = None
    return list(found)


class Skeleton(HTMLParser):
    """The elements and attribute names of a page, which markup from outside would change; and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(f"{tag} {' '.join(name for name, _ in attrs)}")

    def handle_data(self, data: str) -> None:
        self.text += data


def test_three_thousand_hostile_strings_leave_the_structure_of_every_page_that_shows_them_alone(
    house: Application, admin: Person
) -> None:
    strings = hostile_strings(STRINGS)
    benign = [page.found for page in drawn(house, admin, ["plain"] * AT_ONCE)]
    for start in range(0, STRINGS, AT_ONCE):
        some = strings[start : start + AT_ONCE]
        pages = drawn(house, admin, some)
        assert [page.found for page in pages] == benign
        shown = sum(text.strip("\x00") in pages[1].text for text in some)
        assert shown >= AT_ONCE - 10, "the strings did not reach the page that they were sent to"


def drawn(house: Application, admin: Person, strings: list[str]) -> list[Skeleton]:
    """The pages when every field that comes from outside holds one of these strings."""
    client = house.services.configurations.store.client
    for key in client.scan_iter(f"*{SID}*"):
        client.delete(key)
    next_text = iter(strings)
    _call(house, next_text)
    assert next(next_text, None) is None, "a string was left over"
    return [Skeleton(admin.sees(path)) for path in PAGES]


def _call(house: Application, text: Iterator[str]) -> None:
    variables = {name: next(text) for name in ("caller_id", "called_number", "caller_name", "speech", "caller_city")}
    variables |= {f"sip_x_h{number}": next(text) for number in range(30)}
    version = str(house.services.live.environment("production").version)
    decision = {"variables": variables, "at": "2026-11-20T12:00:00+00:00", "votes": [], "failing": [], "conditions": {}}
    facts = {"version": version, "environment": "production", "over": next(text), "decision": decision}
    summary = {"version": version, "environment": "production", "destination:1": next(text), "rule": next(text)}
    raw = {
        "DialCallStatus": next(text),
        "SipHeader_X-A": next(text),
        "SpeechResult": next(text),
        "ErrorUrl": next(text),
    }
    decided = {"destination": next(text), "rule": next(text), "reason": next(text)}
    handed = {"destination": next(text), "verb": "dial", "note": next(text), "routes": []}
    events = [
        Event("decided", Kind.DECIDED, detail=decided),
        Event("handed_off:1", Kind.HANDED_OFF, 1, detail=handed),
        Event("outcome:1", Kind.OUTCOME, 1, detail={"destination": next(text), "outcome": "failed", "raw": raw}),
        Event("passed_over:1", Kind.PASSED_OVER, 1, detail={"destination": "vip-host", "why": next(text)}),
        Event("spoken", Kind.SPOKEN, 2, detail={"text": next(text)}),
        Event("ended", Kind.ENDED, 99, detail={"raw": {}}),
    ]
    at = house.services.clock() - timedelta(minutes=1)
    CallLog(house.services.voice_store, 30).open(SID, facts, summary, events, int(at.timestamp() * 1000))
