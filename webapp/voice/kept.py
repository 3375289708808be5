"""What the call log keeps of a webhook, so that a repeated one decides on the same and gets the same document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from handoff_rules.decide import Facts
from handoff_rules.outcomes import Ends
from handoff_rules.stored_facts import facts_from_store, facts_to_store
from webapp.calls.log import DESTINATION_OF
from webapp.calls.timeline import Event, Kind
from webapp.voice import flow
from webapp.voice.methods import Verb
from webapp.voice.state import CallState
from webapp.voice.steps import HandOff, HangUp, Speak, Turn


def facts_of(context: flow.Context) -> dict[str, Any]:
    return {
        "version": context.version,
        "environment": context.environment,
        "over": context.over,
        "decision": facts_to_store(context.compiled, context.facts),
    }


def first_facts(stored: Mapping[str, Any]) -> Facts | None:
    try:
        return facts_from_store(stored["decision"])
    except (KeyError, ValueError, TypeError):
        return None


def summary_of(turn: Turn, context: flow.Context) -> dict[str, str]:
    """What lists show of a call. Each attempt has a field of its own, so that an old webhook that comes again sets
    nothing back; the highest one is where the call is."""
    summary = {"version": context.version, "environment": context.environment}
    if isinstance(turn.step, HandOff):
        summary[f"{DESTINATION_OF}{turn.state.attempt}"] = turn.step.destination.id
    if isinstance(turn.step, Speak):
        summary["ends"] = Ends.MESSAGE.value
    if isinstance(turn.step, HandOff) and turn.step.plan.verb is Verb.HANG_UP:
        summary["ends"] = Ends.RETURNED.value
    if isinstance(turn.step, HangUp):
        summary["ends"] = turn.step.ends.value
    if turn.state.rule:
        summary["rule"] = turn.state.rule
    return summary


TOLD = (Kind.OUTCOME, Kind.AGENT_ENDED, Kind.GATHERED)


def only_told(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """What Twilio reported of a call that was taken elsewhere, without what we would have done next."""
    return tuple(
        replace(event, detail={**event.detail, "taken_elsewhere": True}) for event in events if event.kind in TOLD
    )


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def ended(state: CallState) -> str:
    """The claim of the webhook that tells how an attempt ended; one that was dialled again ends twice."""
    return f"ended:{state.attempt}" + (":own-caller-id" if state.own_caller_id else "")


def claim_of(context: flow.Context) -> str:
    """What a step depends on beside its webhook and the version: the instant, and who was failing then."""
    return json.dumps([milliseconds(context.at), sorted(context.failing)])


def as_claimed(context: flow.Context, claim: str) -> flow.Context:
    try:
        at_ms, failing = json.loads(claim)
        return replace(context, at=datetime.fromtimestamp(int(at_ms) / 1000, UTC), failing=frozenset(failing))
    except (ValueError, TypeError, OverflowError):
        return context
