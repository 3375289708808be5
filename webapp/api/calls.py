"""`/calls`, `/handoff-state`: what happened to a call, what agents tell of it, and handing it over while it lives."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

from pydantic import Field, JsonValue, field_validator

from handoff_rules.atoms import HIDDEN
from handoff_rules.explain import explain
from handoff_rules.headers import MAX_HEADERS
from handoff_rules.model import Value, VariableName
from handoff_rules.outcomes import Ends, Outcome
from handoff_rules.saved_tests import SID_OF_A_CALL
from handoff_rules.trace import Trace
from webapp.api.endpoint import Asked, Endpoint, Given, Paged, Strict
from webapp.api.problem import ApiFault, Fault
from webapp.api.shapes import Answer, PageOf
from webapp.calls.handoff import Wish, live_call
from webapp.calls.handoff_state import State, handoff_state
from webapp.calls.plain import Clean, masked, plain_call, plain_record, revealed
from webapp.calls.reader import UnknownCallError
from webapp.calls.record import CallRecord
from webapp.configurations import Published, VersionId
from webapp.people.roles import Role

SID = rf"^{SID_OF_A_CALL}$"
LONGEST_CONTEXT = 16_384
CURSOR = rf"^[0-9]{{1,15}}:{SID_OF_A_CALL}$"


class CallAnswer(Answer):
    """`ends` is null while the call goes on. A viewer's token sees numbers masked."""

    call_sid: str
    started_at: str | None
    from_: str = Field(alias="from")
    to: str
    over: str
    environment: str
    version: str
    rule: str | None
    reason: str
    path: list[str]
    ends: Ends | None
    duration_seconds: int | None


class AttemptAnswer(Answer):
    number: int
    destination: str
    verb: str
    note: str | None
    outcome: Outcome | None
    raw: dict[str, Any]
    dropped_headers: dict[str, str]


class EventAnswer(Answer):
    at: str | None
    kind: str
    attempt: int
    detail: dict[str, Any]


class CallWhole(CallAnswer):
    """`trace` is null when the version of the call is not kept any more."""

    variables: dict[str, str]
    attempts: list[AttemptAnswer]
    timeline: list[EventAnswer]
    trace: Trace | None


class VariablesBody(Strict):
    """Null removes a variable. What Twilio, the caller or the flow says cannot be set."""

    variables: dict[VariableName, Value | None] = Field(min_length=1, max_length=64)


class VariablesAnswer(Answer):
    call_sid: str
    variables: dict[str, str]


class HandoffBody(Strict):
    """An agent's transfer_call. Without a destination the rules decide, with the variables."""

    destination: str | None = Field(default=None, max_length=63)
    reason: str = Field(default="", max_length=100)
    utterance: str | None = Field(default=None, max_length=1000)
    headers: dict[str, str] = Field(default={}, max_length=MAX_HEADERS)
    variables: dict[VariableName, Value] = Field(default={}, max_length=64)
    context: dict[str, JsonValue] = Field(default={}, description="Kept, and given back by handoff-state.")

    @field_validator("context")
    @classmethod
    def _is_short(cls, context: dict[str, Any]) -> dict[str, Any]:
        if len(str(context)) > LONGEST_CONTEXT:
            raise ValueError(f"the context is longer than {LONGEST_CONTEXT} characters")
        return context


class HandoffAnswer(Answer):
    """Twilio has taken the order. Where the call ends up is told by handoff-state."""

    call_sid: str
    number: int = Field(description="Counts the transfers of this call.")
    destination: str | None
    state: Literal["redirected"]
    handoff_state: str = Field(description="The path that tells what became of it.")


class StateQuery(Strict):
    id: str | None = Field(default=None, pattern=SID)
    shared_id: str | None = Field(default=None, min_length=1, max_length=1000)


class RequestedAnswer(Answer):
    number: int
    destination: str | None
    state: Literal["asking", "redirected", "taken", "refused", "uncertain"]


class StateData(Answer):
    state: State
    handoff: bool
    handoff_reason: str
    handoff_destination: str | None
    outcome: Outcome | None
    ends: Ends | None
    attempts: list[dict[str, Any]]
    variables: dict[str, str]
    context: dict[str, Any]
    requested: RequestedAnswer | None = Field(description="The latest handoff that the API asked for, null for none.")


class StateAnswer(Answer):
    id: str
    shared_id: str | None
    data: StateData


def record_of(asked: Asked, call_sid: str) -> CallRecord:
    """The call, as far as the token reaches: a sandbox token does not learn of production calls."""
    try:
        record = asked.house.calls.get(call_sid)
    except ValueError:
        record = None
    if record is None or not asked.token.reaches(record.environment):
        raise UnknownCallError(call_sid)
    return record


def _clean(asked: Asked) -> Clean:
    return revealed if asked.token.role.may_act_as(Role.OPERATOR) else masked


def began_with(asked: Asked, record: CallRecord) -> Published | None:
    try:
        return asked.house.services.live.version(VersionId.parse(record.version))
    except ValueError:
        return None


def _secrets(published: Published | None) -> Collection[str]:
    return published.compiled.secret_variables if published else ()


def page(asked: Asked) -> Given:
    found = asked.house.calls.page(
        asked.query.cursor, asked.query.limit, shown=lambda record: asked.token.reaches(record.environment)
    )
    return Given({"data": [plain_call(one, _clean(asked)) for one in found.calls], "next_cursor": found.next_cursor})


class CallsQuery(Paged):
    cursor: str | None = Field(default=None, pattern=CURSOR)


def read(asked: Asked) -> Given:
    record = record_of(asked, asked.path["call_sid"])
    published = began_with(asked, record)
    whole: dict[str, Any] = plain_record(record, _clean(asked))
    for name in _secrets(published):
        if name in whole["variables"]:
            whole["variables"][name] = HIDDEN
    trace = explain(published.compiled, record.facts, record.asked_for) if published and record.facts else None
    return Given(whole | {"trace": _clean(asked)(trace.as_document()) if trace else None})


def tell(asked: Asked) -> Given:
    record = record_of(asked, asked.path["call_sid"])
    live_call(asked.house.calls, record.call_sid)
    told = asked.house.told.tell(record.call_sid, asked.body.variables)
    secrets = _secrets(began_with(asked, record))
    shown = {name: HIDDEN if name in secrets else value for name, value in told.items()}
    return Given({"call_sid": record.call_sid, "variables": shown})


def hand_over(asked: Asked) -> Given:
    call_sid, body = asked.path["call_sid"], asked.body
    record_of(asked, call_sid)
    wish = Wish(body.destination, body.reason, body.utterance, body.headers, body.variables, body.context)
    made = asked.house.handoffs.ask(call_sid, wish)
    return Given(
        {"call_sid": call_sid, "number": made.number, "destination": made.destination, "state": "redirected",
         "handoff_state": f"/api/v1/handoff-state?id={call_sid}"},
        status=202,
    )  # fmt: skip


def state(asked: Asked) -> Given:
    wanted, shared = asked.query.id, asked.query.shared_id
    if shared is not None:
        wanted = asked.house.told.call_of(shared)  # The shared id wins, as in PolyAI's API.
    elif wanted is None:
        fix = "Send ?id= with the CallSid, or ?shared_id= with yours."
        named = Fault(parameter="id", detail="id or shared_id is needed.", fix=fix)
        raise ApiFault("malformed", "Name the call.", [named])
    if wanted is None:
        raise ApiFault("not_found", "No call has this shared id.")
    record = record_of(asked, wanted)
    requested = asked.house.handoffs.kept(record.call_sid)
    found = handoff_state(record, requested, _secrets(began_with(asked, record)))
    return Given(found if asked.token.role.may_act_as(Role.OPERATOR) else masked(found))


ENDPOINTS = (
    Endpoint(
        method="GET", path="/calls", role=Role.VIEWER, query=CallsQuery, answer=PageOf[CallAnswer], handle=page,
        summary="The calls, newest first", faults=("store_away",),
    ),
    Endpoint(
        method="GET", path="/calls/{call_sid}", role=Role.VIEWER, answer=CallWhole, handle=read,
        summary="One call: variables, decision trace, attempts, timeline", faults=("not_found", "store_away"),
    ),
    Endpoint(
        method="PATCH", path="/calls/{call_sid}/variables", role=Role.OPERATOR, body=VariablesBody,
        answer=VariablesAnswer, handle=tell, summary="Tell call variables", idempotent=True,
        faults=("not_found", "call_over", "store_away"),
    ),
    Endpoint(
        method="POST", path="/calls/{call_sid}/handoff", role=Role.OPERATOR, body=HandoffBody, body_optional=True,
        answer=HandoffAnswer, status=202, handle=hand_over, idempotent=True, summary="Hand a live call over",
        faults=("not_found", "call_over", "handoff_running", "refused", "not_connected", "twilio_refused",
                "twilio_away", "twilio_uncertain", "store_away"),
    ),
    Endpoint(
        method="GET", path="/handoff-state", role=Role.VIEWER, query=StateQuery, answer=StateAnswer, handle=state,
        summary="What became of a handoff", faults=("not_found", "store_away"),
    ),
)  # fmt: skip
