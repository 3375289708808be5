"""A house of the size that the page bench promises for: 1,000 destinations, 1,000 rules and 100,000 stored calls."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from tests.application import Application
from webapp.calls.log import CallLog
from webapp.calls.timeline import Event, Kind
from webapp.console.needs import EXTENSION, Needs
from webapp.people.roles import Role
from webapp.store import keys
from webapp.webhook_log import Noted

DESTINATIONS, RULES, CALLS, TOLD = 1_000, 1_000, 100_000, 2_500
"""Of the newest TOLD calls everything is stored, of the older ones what lists and counts look at."""
PEOPLE, NUMBERS, AUDITED, WEBHOOKS = 20, 50, 300, 500
PASSWORD = "correct horse battery staple"


def document() -> dict[str, Any]:
    """Half of the destinations are phones: their numbers are parsed wherever they are shown."""
    destinations = [
        {
            "id": f"desk-{number}", "name": f"Billing Support New York {number}",
            "description": f"Payment problems and refunds, branch {number}",
            "method": "INVITE",
            "route": f"sip:desk{number}@pbx.example.com" if number % 2 else f"+1415555{number:04}",
            "fallback": [{"destination": f"desk-{(number + 1) % DESTINATIONS}"}, {"voicemail": {}}],
        }
        for number in range(DESTINATIONS)
    ]  # fmt: skip
    rules = [
        {
            "id": f"rule-{number}", "name": f"Billing calls of branch {number}",
            "destination": f"desk-{number % DESTINATIONS}",
            "when": {"all": [{"variable": "intent", "is": f"case-{number}"}, {"hours": "open", "is": "open"}]},
        }
        for number in range(RULES)
    ]  # fmt: skip
    return {
        "schema": 1, "name": "Large", "default_destination": "desk-0", "destinations": destinations, "rules": rules,
        "hours": [
            {"id": "open", "name": "Open", "weekly": {"mon-sun": ["00:00-24:00"]}},
            {"id": "desk", "name": "Desk", "weekly": {"mon-fri": ["09:00-17:30"]}, "holidays": {"country": "US"}},
        ],
        "variables": {"intent": {"sample": "case-1"}},
    }  # fmt: skip


def sid_of(number: int) -> str:
    return f"CA{number:032x}"


def furnish(house: Application) -> None:
    """Everything beside the configuration: calls, webhooks, people with sessions, numbers, the audit log."""
    _calls(house)
    _webhooks(house)
    needs: Needs = house.app.extensions[EXTENSION]
    for number in range(PEOPLE):
        email = f"person{number}@example.com"
        user = needs.people.users.add(email=email, name=f"Person {number}", role=Role.OPERATOR, password=PASSWORD)
        needs.people.sessions.begin(user, agent="Mozilla/5.0 (X11) Firefox/133.0", address="203.0.113.7")
    numbers = {f"+1415555{9000 + number}": {"environment": "production"} for number in range(NUMBERS)}
    needs.configurations.deployments.save({"numbers": numbers}, expected=None, author="bench", note="Numbers")
    for number in range(AUDITED):
        needs.configurations.editor.record(actor="bench", action="revealed a caller", subject=sid_of(number))


def _calls(house: Application) -> None:
    client, now = house.services.configurations.store.client, int(house.services.clock().timestamp() * 1000)
    version = str(house.services.live.environment("production").version)
    for start in range(0, CALLS, 5_000):
        with client.pipeline(transaction=False) as pipe:
            for number in range(start, start + 5_000):
                stored = {"environment": "production", "version": version, "destination:1": f"desk-{number % 1_000}"}
                facts = {"version": version, "over": "phone", "decision": {"variables": _variables(number)}}
                stored |= {"ends": ("answered", "voicemail", "hung_up")[number % 3], "facts": json.dumps(facts)}
                if number >= TOLD:
                    pipe.hset(keys.call(sid_of(number)), mapping=stored)
                    pipe.zadd(keys.calls(), {sid_of(number): now - number * 1_000})
            pipe.execute()
    for number in range(TOLD):
        _told(house, version, number, now - number * 1_000)
    house.services.voice_store.flush()


def _variables(number: int) -> dict[str, str]:
    return {
        "caller_id": f"+1212555{number % 10_000:04}", "called_number": f"+1415555{9000 + number % NUMBERS}",
        "intent": f"case-{number % RULES}",
    }  # fmt: skip


def _told(house: Application, version: str, number: int, at_ms: int) -> None:
    """One call as the voice path leaves it: it was rung, nobody answered, the next one did."""
    log = CallLog(house.services.voice_store, 30)
    at = house.services.clock() - timedelta(seconds=number)
    decision = {"variables": _variables(number), "at": at.isoformat(), "votes": [], "failing": [], "conditions": {}}
    facts = {"version": version, "environment": "production", "over": "phone", "decision": decision}
    desk = f"desk-{number % DESTINATIONS}"
    summary = {"version": version, "environment": "production", "destination:1": desk, "rule": f"rule-{number % RULES}"}
    rung = {"destination": desk, "verb": "dial", "note": "", "routes": []}
    refused = {
        "destination": desk,
        "outcome": "failed",
        "raw": {"DialCallStatus": "failed", "DialSipResponseCode": "486"},
    }
    events = [
        Event("decided", Kind.DECIDED, detail={"destination": desk, "rule": f"rule-{number % RULES}", "reason": ""}),
        Event("handed_off:1", Kind.HANDED_OFF, 1, detail=rung),
        Event("outcome:1", Kind.OUTCOME, 1, detail=refused),
        Event("ended", Kind.ENDED, 99, detail={"raw": {"CallStatus": "completed"}}),
    ]
    log.open(sid_of(number), facts, summary | {"ends": ("answered", "voicemail", "hung_up")[number % 3]}, events, at_ms)


def _webhooks(house: Application) -> None:
    client, now = house.services.configurations.store.client, house.services.clock()
    for number in range(WEBHOOKS):
        at = now - timedelta(seconds=number)
        noted = Noted(at, "POST", "/voice/call", "200 OK", 0.0042, "valid", sid_of(number))
        client.zadd(keys.webhooks(), {noted.member(f"bench-{number}"): noted.score()})
