"""The doctor's page: everything that could make calls or texts fail, each with what was found and one fix."""

from __future__ import annotations

from dataclasses import asdict

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue

from webapp.console.frame import show
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.twin import Twin, command, look_alive
from webapp.numbers.doctor.examine import examine
from webapp.numbers.doctor.findings import Result, Status
from webapp.numbers.doctor.look_around import look_around
from webapp.numbers.public_address import PublicAddress, public_address
from webapp.people.roles import Role

pages = Pages("doctor", __name__)
SECTION = "doctor"
SIGNS = {Status.OK: "ok", Status.WARN: "warn", Status.FAIL: "bad", Status.SKIPPED: ""}
WORDS = {Status.OK: "Fine", Status.WARN: "Look at it", Status.FAIL: "Mend it", Status.SKIPPED: "Not looked at"}
WORST_FIRST = (Status.FAIL, Status.WARN, Status.OK, Status.SKIPPED)


@pages.page("/doctor", Role.VIEWER)
def index() -> ResponseReturnValue:
    """At once with what is at hand; Twilio and our own public address are asked on request, as that takes seconds."""
    results = _results()
    found = {status: [result for result in results if result.status is status] for status in WORST_FIRST}
    return show(
        "doctor.html",
        section=SECTION,
        found=found,
        everything=_everything(),
        count=len(results),
        signs=SIGNS,
        words=WORDS,
        twin=Twin(
            command("doctor"),
            look_alive(),
            url_for(".as_json", all="1" if _everything() else None),
        ),
    )


@pages.page("/doctor.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    return jsonify([asdict(result) for result in _results()])


def _results() -> tuple[Result, ...]:
    configurations, settings = needs().configurations, needs().settings
    seen = look_around(
        settings,
        configurations.store.client,
        configurations,
        access=needs().account.access(),
        address=_address(),
        now=needs().clock(),
        offline=not _everything(),
    )
    return examine(seen)


def _address() -> PublicAddress:
    """This process knows the address that its webhooks are checked against; how it came by it is looked up."""
    found = public_address(needs().settings)
    return found if found.url == needs().base_url() else PublicAddress(needs().base_url(), "ngrok", found.tunnel)


def _everything() -> bool:
    return request.args.get("all") == "1"
