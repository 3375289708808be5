"""The states of the console that no address alone shows, by the names of their pictures: how each is reached stands in
`reaching` and `reaching_production`."""

from __future__ import annotations

from tests.console import reaching_production as production
from tests.console.browser import sid_of
from tests.console.document import DOCUMENT
from tests.console.reaching import (
    SUPPORT_HOURS,
    At,
    Reach,
    deleted,
    filled,
    forged,
    history_read,
    hours_both_changed,
    more_of_a_row,
    not_written,
    own_numbers_conflict,
    person_with_faults,
    saved_first,
    settings_with_faults,
    too_much,
    webhook_again,
)

LOOKED_AT: dict[str, Reach] = {
    "destination-more": more_of_a_row,
    "destination-faults": filled("/destinations/front-desk", {"Name": "", "Route": "(415) 555-0100"}, "Save to"),
    "rule-faults": filled("/rules/new", {"Name": ""}, "Save to sandbox"),
    "hours-faults": filled("/hours/new", {"Name": ""}, "Save to sandbox"),
    "hours-text-faults": filled(SUPPORT_HOURS, {"Hours as text": "Mo-Fr 08:00-sunset; Dec 24 off"}, "Fill the grid"),
    "hours-both-changed": hours_both_changed,
    "settings-faults": settings_with_faults,
    "test-closed": At("/test?destination=billing-support&at=2026-11-22T12:00"),
    "test-faults": At("/test?from=abc&at=tomorrow&run=1"),
    "token-shown": filled("/developers/tokens", {"Name": "Nightly import"}, "Create the token"),
    "webhooks": At("/developers/webhooks"),
    "webhook-again": webhook_again,
    "import-faults": filled("/developers", {"The document": "schema: 1\nname: Hotel\nrules: [{id: x}]"}, "Show"),
    "person-faults": person_with_faults,
    "promote-tick": production.looked_over,
    "promote-refused": production.promote_refused,
    "promote-unconfirmed": filled("/changes", {}, "Promote v"),
    "changes-side": At("/changes?view=side"),
    "changes-yaml": At("/changes?view=yaml"),
    "compare": At("/versions/compare?from=1&to=3"),
    "roll-back": At("/versions/1/roll-back"),
    "roll-back-refused": production.roll_back_refused,
    "destination-changed-by": history_read,
    "replay": At(f"/calls/{sid_of(3)}/replay"),
    "page-is-not": At("/nowhere"),
    "destination-is-not": At("/destinations/none"),
    "method-is-not-allowed": At("/changes/promote"),
    "forged": forged,
    "failure": At("/failing"),
    "too-much": too_much,
    "not-written": not_written,
}
"""Nothing is changed on the way to these."""

CHANGED: dict[str, Reach] = {
    "destination-conflict": saved_first("Reception", "+14155550178"),
    "destination-saved": filled("/destinations/billing-support", {"Name": "Billing"}, "Save and test"),
    "promoted": production.promote,
    "nothing-to-promote": At("/changes"),
    "promote-words": production.words_only,
    "rolled-back": filled("/versions/1/roll-back", {}, "Roll back to v1"),
    "destination-added": filled("/destinations/new", {"Name": "Spa", "Route": "+14155550188"}, "Save to sandbox"),
    "destination-deleted": deleted,
    "promote-hours": production.hours_exchanged,
    "promote-typed": production.many_move,
    "promote-untyped": filled("/changes", {}, "Promote v"),
    "closure-on": production.closure_switched,
    "closure-off-among-others": production.closure_among_others,
    "own-numbers-conflict": own_numbers_conflict,
}
"""One after the other: each begins where the one before left the house."""

EMPTY = {**DOCUMENT, "rules": [], "hours": [], "tests": [], "destinations": [DOCUMENT["destinations"][1]]}
"""A house in which nothing was made yet besides the place where every call goes."""
EMPTY_PAGES = (
    "/", "/destinations", "/rules", "/rules/map", "/hours", "/test", "/test/saved", "/calls", "/changes", "/versions",
    "/numbers", "/sms", "/errors", "/doctor", "/developers/tokens", "/developers/webhooks", "/settings/twilio",
    "/settings/audit", "/search?q=zzzz",
)  # fmt: skip
AWAY_PAGES = (
    "/", "/destinations", "/destinations/front-desk", "/rules", "/hours", "/test", "/calls", "/changes", "/versions",
    "/numbers", "/sms", "/doctor", "/developers/tokens", "/settings", "/settings/people", "/settings/twilio",
    "/settings/audit",
)  # fmt: skip
VIEWER_PAGES = ("/destinations/front-desk", "/changes", "/settings/people", "/numbers", "/calls")
