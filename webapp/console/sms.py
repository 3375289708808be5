"""SMS registration: may each number text the US, and if not, why, who must act and what is the next step."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from flask import Response, abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.console import times
from webapp.console.export import safe_cell
from webapp.console.frame import show, tell
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.pagination import Pager
from webapp.console.telephony import said_by, telephony
from webapp.console.twin import Twin, call_api, command
from webapp.messaging.a2p.report import RefreshRunningError, Report, read_report, refresh_report
from webapp.messaging.a2p.senders import SenderKind
from webapp.messaging.a2p.verdicts import Readiness, Verdict, Who
from webapp.messaging.sms_log import Text, TextLog
from webapp.people.roles import Role
from webapp.people.store_away import STORE_AWAY
from webapp.twilio_rest.errors import TwilioRequestError

pages = Pages("sms", __name__)
SECTION = "sms"
NEVER_READ = Report(None)
SIGNS = {
    Readiness.READY: "ok",
    Readiness.LIKELY_READY: "ok",
    Readiness.WAITING: "warn",
    Readiness.BLOCKED: "bad",
    Readiness.NOT_NEEDED: "",
    Readiness.UNKNOWN: "warn",
}
WORDS = {
    Readiness.READY: "Ready",
    Readiness.LIKELY_READY: "Likely ready",
    Readiness.WAITING: "Waiting",
    Readiness.BLOCKED: "Blocked",
    Readiness.NOT_NEEDED: "Not needed",
    Readiness.UNKNOWN: "Unknown",
}
ORDER = (Readiness.BLOCKED, Readiness.UNKNOWN, Readiness.WAITING, Readiness.LIKELY_READY, Readiness.READY)
"""What needs somebody comes first; what needs nothing comes last."""
KINDS = {
    SenderKind.LONG_CODE: "Local number",
    SenderKind.TOLL_FREE: "Toll-free number",
    SenderKind.SHORT_CODE: "Short code",
    SenderKind.ELSEWHERE: "Number outside the US and Canada",
}
WHO = {
    Who.NOBODY: "Nobody",
    Who.YOU: "You",
    Who.TWILIO: "Twilio and the carriers",
    Who.SUPPORT: "You, with Twilio Support",
}
TEXT_WORDS = {
    "delivered": ("ok", "Delivered"),
    "read": ("ok", "Read"),
    "undelivered": ("bad", "Not delivered"),
    "failed": ("bad", "Could not be sent"),
    "canceled": ("warn", "Canceled"),
    "sent": ("", "Sent, not confirmed yet"),
    "sending": ("", "Being sent"),
    "queued": ("", "Waits at Twilio"),
    "accepted": ("", "Waits at Twilio"),
}
MOST_TEXTS = 20
COLUMNS = (
    "number", "verdict", "reason", "twilio_value", "code", "since", "who_must_act", "next_step", "service",
    "checked_at",
)  # fmt: skip


@pages.page("/sms", Role.VIEWER)
def index() -> ResponseReturnValue:
    line = telephony()
    report, is_away = _report()
    verdicts = _wanted(report.verdicts)
    return show(
        "sms.html",
        section=SECTION,
        is_connected=line is not None,
        is_away=is_away,
        report=report,
        needed=[one for one in report.verdicts if one.readiness is not Readiness.NOT_NEEDED],
        pager=Pager.of(verdicts, request, size=25),
        readiness=request.args.get("readiness", ""),
        text=_text(),
        signs=SIGNS,
        words=WORDS,
        kinds=KINDS,
        who_acts=WHO,
        is_filtered=bool(_text() or request.args.get("readiness")),
        texts=_latest_texts(),
        text_words=TEXT_WORDS,
        read=datetime.fromisoformat,
        waited=lambda since: times.ago(since, needs().clock()),
        twin=Twin(command("sms", "status"), call_api("sms-registration"), url_for(".as_json")),
    )


@pages.page("/sms/refresh", Role.OPERATOR, post=True)
def refresh() -> ResponseReturnValue:
    """Reads the account at Twilio again; a large one takes some seconds. What cannot be read keeps its older copy."""
    line = telephony()
    if line is None:
        abort(409, description="No Twilio account is connected.")
    try:
        report = refresh_report(line.patient_client, line.memory, needs().clock())
    except RefreshRunningError:
        tell("The account is being read at this moment. Load the page again in a few seconds.", "warn")
    except TwilioRequestError as error:
        tell(f"Nothing was read. {said_by(error)}", "bad")
    except STORE_AWAY:
        tell("The store does not answer, so what Twilio says could not be kept. Try again when it is back.", "bad")
    else:
        if report.unreadable:
            tell("Twilio did not show everything. What is missing stands below with its age.", "warn")
        else:
            tell(f"Read: {len(report.verdicts)} numbers.")
    return redirect(url_for(".index"))


@pages.page("/sms.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    report, is_away = _report()
    return jsonify(report.to_document() | {"store_away": is_away})


@pages.page("/sms.csv", Role.VIEWER)
def as_csv() -> ResponseReturnValue:
    report, _ = _report()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for verdict in _wanted(report.verdicts):
        writer.writerow([safe_cell(cell) for cell in _cells(verdict)])
    name = f"attachment; filename=sms-registration-{needs().clock():%Y-%m-%d}.csv"
    return Response(out.getvalue(), mimetype="text/csv", headers={"Content-Disposition": name})


def _cells(verdict: Verdict) -> tuple[str, ...]:
    return (
        verdict.sender, verdict.readiness.value, verdict.reason, verdict.twilio_value, verdict.code,
        verdict.since.isoformat() if verdict.since else "", WHO[verdict.who], verdict.next_step, verdict.service_name,
        verdict.checked_at.isoformat() if verdict.checked_at else "",
    )  # fmt: skip


def _report() -> tuple[Report, bool]:
    """What is remembered; the page never waits for Twilio. True when the store, where it lies, does not answer."""
    line = telephony()
    if line is None:
        return NEVER_READ, False
    try:
        return read_report(line.memory, needs().clock()), False
    except STORE_AWAY:
        return NEVER_READ, True


def _latest_texts() -> tuple[Text, ...]:
    try:
        return TextLog(needs().configurations.store.client).page(count=MOST_TEXTS).texts
    except STORE_AWAY:
        return ()


def _wanted(verdicts: Sequence[Verdict]) -> list[Verdict]:
    readiness, text = request.args.get("readiness", ""), _text().casefold()
    digits = "".join(sign for sign in text if sign.isdigit())
    taken = [
        one
        for one in verdicts
        if readiness in ("", one.readiness.value)
        and (not text or (digits and digits in one.sender) or text in one.service_name.casefold())
    ]
    places = {kind: place for place, kind in enumerate(ORDER)}
    return sorted(taken, key=lambda one: places.get(one.readiness, len(places)))


def _text() -> str:
    return request.args.get("q", "").strip()[:60]
