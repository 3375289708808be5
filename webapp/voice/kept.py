"""What the call log keeps of a webhook, so that a repeated one decides on the same and gets the same document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from handoff_rules.decide import Facts
from handoff_rules.destinations import Header
from handoff_rules.outcomes import Ends, Outcome
from handoff_rules.stored_facts import facts_from_store, facts_to_store
from webapp.calls.log import DESTINATION_OF, Remembered
from webapp.calls.summary import PRESUMED
from webapp.calls.timeline import GENERATION, Event, Kind
from webapp.configurations import Published
from webapp.voice import flow
from webapp.voice.methods import Verb
from webapp.voice.state import CallState
from webapp.voice.steps import HandOff, HangUp, Speak, Turn
from webapp.voice.variables import ARRIVED_OVER, is_reserved


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


def as_first(context: flow.Context, stored: Mapping[str, Any], published: Published) -> flow.Context | None:
    """The context as it was for the first webhook of the call, in the version of that one; None when that is not known
    any more."""
    first = first_facts(stored)
    if first is None:
        return None
    return context._replace(
        compiled=published.compiled, version=str(published.version), environment=str(stored["environment"]),
        at=first.at, votes=first.votes, failing=first.failing,
        variables={**first.variables, **context.variables}, kept=first.kept,
    )  # fmt: skip


def summary_of(turn: Turn, context: flow.Context) -> dict[str, str]:
    """What lists show of a call. Each attempt has a field of its own, so that an old webhook that comes again sets
    nothing back; the highest one is where the call is. Closing words and a BYE are presumed to end the call: the API
    may take it elsewhere meanwhile, and a tester's phone may have rung."""
    summary = {"version": context.version, "environment": context.environment}
    if isinstance(turn.step, HandOff):
        summary[f"{DESTINATION_OF}{turn.state.attempt}"] = turn.step.destination.id
    if isinstance(turn.step, Speak):
        summary[PRESUMED] = Ends.MESSAGE.value
    if isinstance(turn.step, HandOff) and turn.step.plan.verb is Verb.HANG_UP:
        summary[PRESUMED] = Ends.RETURNED.value
    if isinstance(turn.step, HangUp):
        summary["ends"] = turn.step.ends.value
    if turn.state.rule:
        summary["rule"] = turn.state.rule
    return summary


TOLD = (Kind.OUTCOME, Kind.AGENT_ENDED, Kind.GATHERED)


def only_told(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """What Twilio reported of a call that was taken elsewhere, without what we would have done next."""
    return tuple(
        event._replace(detail={**event.detail, "taken_elsewhere": True}) for event in events if event.kind in TOLD
    )


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def ended(state: CallState) -> str:
    """The claim of the webhook that tells how an attempt ended; one that was dialled again ends twice."""
    return f"ended:{state.attempt}" + (":own-caller-id" if state.own_caller_id else "")


def told_from_outside(found: Remembered) -> dict[str, str]:
    """What an agent or the API has set; what only Twilio, the caller or the flow may say is not believed of them."""
    return {name: value for name, value in found.variables.items() if not is_reserved(name)}


def as_remembered(context: flow.Context, found: Remembered, state: CallState) -> flow.Context:
    """The context with what the store knew of the call; for a repeated webhook as it was for the first."""
    if not found.is_first and found.claim is not None:
        context = as_claimed(context, found.claim)
    first = first_facts(found.facts)
    over = str(found.facts.get("over", context.over))
    variables = {
        **(first.variables if first else {}), **told_from_outside(found), **context.variables, ARRIVED_OVER: over,
    }  # fmt: skip
    return context._replace(
            variables=variables, over=over, votes=first.votes if first else (),
        taken_elsewhere=found.transfers > state.attempt // GENERATION, said=read_wish(found.wish),
    )  # fmt: skip


def claim_of(context: flow.Context, outcome: Outcome | None = None) -> str:
    """What a step depends on beside its webhook and the version: the instant, who was failing then, and what came of
    the attempt, for the fallback URL that asks again without saying so."""
    return json.dumps([milliseconds(context.at), sorted(context.failing), *([outcome.value] if outcome else ())])


def claimed_outcome(claim: str | None) -> Outcome | None:
    try:
        return Outcome(json.loads(claim or "")[2])
    except (ValueError, TypeError, IndexError):
        return None


def as_claimed(context: flow.Context, claim: str) -> flow.Context:
    try:
        at_ms, failing, *_ = json.loads(claim)
        return context._replace(at=datetime.fromtimestamp(int(at_ms) / 1000, UTC), failing=frozenset(failing))
    except (ValueError, TypeError, OverflowError):
        return context


def wished_again(context: flow.Context, state: CallState) -> int:
    """The number of the transfer whose wish goes into a second document, 0 for none."""
    return state.attempt // GENERATION if context.refused_caller_id else 0


def read_wish(wish: Mapping[str, Any] | None) -> flow.Said | None:
    """What was wished beside the destination. The API has checked it; a lying store must still not lose the call."""
    if not wish:
        return None
    headers, utterance = wish.get("headers"), wish.get("utterance")
    pairs = headers.items() if isinstance(headers, dict) else ()
    return flow.Said(
        utterance if isinstance(utterance, str) else None,
        tuple(
            # An agent's words are literal: `$` in them names no variable.
            Header.model_construct(name=name, value=value.replace("$", "$$"), if_missing="drop", user_to_user=None)
            for name, value in pairs
            if isinstance(name, str) and isinstance(value, str)
        ),
    )
