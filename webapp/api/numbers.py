"""`/numbers`: the Twilio numbers of the account, where their calls go, and how one is connected here."""

from __future__ import annotations

from typing import Any

import structlog
from pydantic import Field

from webapp.api.endpoint import Asked, DryRun, Endpoint, Given, Paged, Strict
from webapp.api.shapes import Answer, PageOf
from webapp.numbers.connecting import Change
from webapp.numbers.noted import CONNECTED, DISCONNECTED, note_number
from webapp.numbers.states import FLAWS, Flaw, Leads, NumberState, state_of
from webapp.people.roles import Role

log = structlog.get_logger(__name__)
TWILIO_FAULTS = ("not_connected", "twilio_refused", "twilio_away", "twilio_uncertain", "store_away")


class NumberAnswer(Answer):
    """Where a number's calls go. `flaws` are what is wrong with one that is connected here."""

    sid: str
    phone_number: str
    friendly_name: str
    environment: str = Field(description="sandbox or production: what its calls meet.")
    leads: Leads
    sentence: str
    fine: bool
    flaws: list[Flaw]
    problems: list[str]


class SettingChange(Answer):
    parameter: str
    label: str
    before: str
    after: str


class ConnectAnswer(Answer):
    """`changed` false: nothing had to be changed, or it is a dry run."""

    phone_number: str
    changed: bool
    dry_run: bool
    differences: list[SettingChange]


class Connection(Strict):
    fallback_url: str = Field(
        default="", max_length=500, pattern=r"^(https://.*)?$",
        description="A place that does not share our fate, such as a TwiML Bin. Default: our own route.",
    )  # fmt: skip


def page(asked: Asked) -> Given:
    house = asked.house
    base_url, deployment = house.services.base_url(), house.services.live.deployment
    states = sorted((state_of(one, base_url) for one in house.numbers.all()), key=lambda one: one.number.phone_number)
    after = [one for one in states if one.number.phone_number > (asked.query.cursor or "")]
    shown = after[: asked.query.limit]
    following = shown[-1].number.phone_number if len(after) > len(shown) else None
    data = [_plain(one, deployment.environment_of(one.number.phone_number, "")) for one in shown]
    return Given({"data": data, "next_cursor": following})


def _plain(state: NumberState, environment: str) -> dict[str, Any]:
    number = state.number
    return {
        "sid": number.sid, "phone_number": number.phone_number, "friendly_name": number.friendly_name,
        "environment": environment, "leads": state.leads.value, "sentence": state.sentence, "fine": state.is_fine,
        "flaws": [flaw.value for flaw in state.flaws], "problems": [FLAWS[flaw][0] for flaw in state.flaws],
    }  # fmt: skip


def connect(asked: Asked) -> Given:
    numbers, base_url = asked.house.numbers, asked.house.services.base_url()
    change = numbers.plan_connect(asked.path["e164"], base_url, fallback_url=asked.body.fallback_url)
    if not asked.query.dry_run:
        numbers.connect(change)
        _note(asked, CONNECTED, change)
    return _changed(asked, change)


def disconnect(asked: Asked) -> Given:
    numbers = asked.house.numbers
    change = numbers.plan_disconnect(asked.path["e164"])
    if not asked.query.dry_run:
        numbers.disconnect(change)
        _note(asked, DISCONNECTED, change)
    return _changed(asked, change)


def _note(asked: Asked, action: str, change: Change) -> None:
    """Twilio has made the change, so the answer is that; what the audit log misses stands in our own."""
    if why := note_number(asked.house.services.configurations.editor, action, change, actor=asked.author):
        log.warning("a change was not audited", action=action, why=why)


def _changed(asked: Asked, change: Change) -> Given:
    differences = [
        {"parameter": one.parameter, "label": one.label, "before": one.before, "after": one.after}
        for one in change.differences
    ]
    dry_run = asked.query.dry_run
    return Given({
        "phone_number": change.number.phone_number, "changed": bool(differences) and not dry_run, "dry_run": dry_run,
        "differences": differences,
    })  # fmt: skip


ENDPOINTS = (
    Endpoint(
        method="GET", path="/numbers", role=Role.VIEWER, query=Paged, answer=PageOf[NumberAnswer], handle=page,
        summary="The numbers of the account and where their calls go", faults=TWILIO_FAULTS,
    ),
    Endpoint(
        method="POST", path="/numbers/{e164}/connect", role=Role.ADMIN, query=DryRun, body=Connection,
        body_optional=True, answer=ConnectAnswer, production=True, idempotent=True, handle=connect,
        summary="Point a number at this deployment", faults=("not_found", "refused", "conflict", *TWILIO_FAULTS),
    ),
    Endpoint(
        method="POST", path="/numbers/{e164}/disconnect", role=Role.ADMIN, query=DryRun, answer=ConnectAnswer,
        production=True, idempotent=True, handle=disconnect, summary="Give a number back as it was",
        faults=("not_found", "refused", "conflict", *TWILIO_FAULTS),
    ),
)  # fmt: skip
