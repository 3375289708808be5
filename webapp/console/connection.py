"""For an empty list of calls: is this installation connected at all, did Twilio ever ask it, and what comes next?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import url_for

from webapp import urls
from webapp.console.masking import readable
from webapp.console.needs import needs
from webapp.console.number_words import sign_of
from webapp.console.telephony import telephony
from webapp.console.times import ago
from webapp.numbers.listing import NumberList, list_numbers
from webapp.numbers.recommended import NotPublicError, check_is_public
from webapp.numbers.states import Leads
from webapp.people.store_away import STORE_AWAY
from webapp.webhook_log import PASSED, Webhook, lately

NAMED = 3
"""Numbers whose calls do not come here that are named one by one."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at: `ok`, `bad` or not known, in a sentence, and where it can be seen or mended."""

    sign: str
    text: str
    link: str
    url: str


def connection(*, of_tests: bool) -> list[Line]:
    """In the order in which things must be right. `of_tests`: calls to the sandbox are waited for."""
    lines = [_account(), _address(), *_numbers()]
    return [*lines, *([_sandbox()] if of_tests else []), _webhook()]


def _account() -> Line:
    account, link = needs().account, url_for("console.twilio.index")
    if not account.account_sid():
        return Line("bad", "No Twilio account is connected.", "Connect one", link)
    if not account.signs_for_twilio:
        return Line("bad", "The Auth Token is not known, so calls are refused.", "Enter it", link)
    return Line("ok", "A Twilio account is connected.", "See it", link)


def _address() -> Line:
    link = url_for("console.numbers.index")
    try:
        check_is_public(needs().base_url())
    except NotPublicError as error:
        return Line("bad", str(error), "How to point a number here", link)
    return Line("ok", f"The public address is {needs().base_url()}.", "Check it", link)


def _numbers() -> list[Line]:
    """Asked of Twilio aside: a page does not wait for it."""
    line, house = telephony(), needs()
    link = url_for("console.numbers.index")
    if line is None:
        return []
    key = ("numbers", line.access.account_sid, house.base_url(), int(house.clock().timestamp()) // 60)
    work = partial(_listed, partial(
        list_numbers, line.numbers, line.memory, house.live.deployment, house.base_url(), house.clock()
    ))  # fmt: skip
    job = house.jobs.of(key, work)
    if not job.found:
        text = "Twilio could not be asked." if job.is_over else "Twilio is being asked which numbers come here."
        return [Line("", text, "See the numbers", link)]
    return _told(job.found[0], link)


def _listed(work: partial[NumberList]) -> Iterator[NumberList]:
    yield work()


def _told(listed: NumberList, link: str) -> list[Line]:
    if listed.trouble:
        return [Line("", f"{listed.trouble} {listed.trouble_fix}", "See the numbers", link)]
    here = [row for row in listed.rows if row.state.leads is Leads.HERE]
    away = [row for row in listed.rows if row.state.leads is not Leads.HERE]
    if here:
        worst = "bad" if all(sign_of(row.state) == "bad" for row in here) else "ok"
        return [Line(worst, f"{len(here)} of {len(listed.rows)} numbers of the account come here.", "See them", link)]
    if not away:
        return [Line("bad", "The account has no number.", "See the numbers", link)]
    return [
        Line(
            "bad",
            f"{readable(row.state.number.phone_number)}: {row.state.sentence}",
            "Connect it",
            url_for("console.number.index", e164=row.state.number.phone_number),
        )
        for row in away[:NAMED]
    ]


def _sandbox() -> Line:
    deployment, link = needs().live.deployment, url_for("console.settings.index", _anchor="numbers")
    own = sum(number.environment == "sandbox" for number in deployment.numbers.values())
    if not own and not deployment.test_callers:
        return Line("bad", "No number and no caller is set to meet the sandbox.", "Set one", link)
    met = f"calls to {_counted(own, 'number')} and calls of {_counted(len(deployment.test_callers), 'test caller')}"
    return Line("ok", f"The sandbox is met by {met}.", "See them", link)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count != 1 else ''}"


def _webhook() -> Line:
    link = url_for("console.webhooks.index")
    try:
        found = lately(needs().configurations.store.client)
    except STORE_AWAY:
        return Line("", "Whether a webhook came in is not known while the store does not answer.", "Look again", link)
    if not found:
        return Line("bad", "No webhook has come in yet: call one of your numbers.", "See the webhook log", link)
    last = next((one for one in found if one.path == urls.CALL), found[0])
    return _asked(last, link)


def _asked(last: Webhook, link: str) -> Line:
    when = ago(datetime.fromisoformat(last.at), needs().clock())
    text = f"The latest webhook came in {when}: {last.method} {last.path}, "
    if last.signature != PASSED:
        return Line("bad", f"{text}refused. {last.signature}", "See the webhook log", link)
    return Line(
        "ok" if last.status < 400 else "bad", f"{text}answered with {last.status}.", "See the webhook log", link
    )
