"""One call: what happened and why, the same call against the sandbox, and the same call as a saved test."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NoReturn

from flask import abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from handoff_rules.explain import explain
from handoff_rules.outcomes import Ends, Outcome
from handoff_rules.stored_facts import facts_from_store
from webapp.calls.failure_codes import failure_codes
from webapp.calls.lasting import lasting
from webapp.calls.reading import Call
from webapp.calls.record import CallRecord
from webapp.calls.timeline import Event, Kind
from webapp.configurations.published import Environment, Published
from webapp.configurations.version_id import VersionId
from webapp.console import call_words, editing, told
from webapp.console.access import author
from webapp.console.call_names import names_of
from webapp.console.difference_words import in_words
from webapp.console.frame import show, tell
from webapp.console.masking import Show, hidden, revealed
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.played import headline
from webapp.console.saved_tests import address_of
from webapp.console.shown import leads_to
from webapp.console.trace_rows import TraceGroup, trace_groups
from webapp.console.twin import Twin, call_api, command
from webapp.messaging.catalogue import Explanation
from webapp.messaging.explain import explain as explain_code
from webapp.people.roles import Role
from webapp.simulator.keeping import (
    FAILS_AT_ONCE,
    THERE_ALREADY,
    kept_already,
    name_of,
    saved_test_of,
    why_last_fails,
    with_test,
)
from webapp.simulator.replay import NotReplayableError, Replay, call_of, replay

pages = Pages("call", __name__)
SECTION = "calls"


@pages.page("/calls/<call_sid>", Role.VIEWER)
def index(call_sid: str) -> ResponseReturnValue:
    return _page(call_sid, hidden)


@pages.page("/calls/<call_sid>/reveal", Role.OPERATOR, post=True)
def reveal(call_sid: str) -> ResponseReturnValue:
    """The caller in full, once the audit log holds who looked: without the entry nothing is shown."""
    found = _get(call_sid)
    needs().configurations.editor.record(actor=author(), action="revealed a caller", subject=found.summary.call_sid)
    return _page(call_sid, revealed)


@pages.page("/calls/<call_sid>.json", Role.VIEWER)
def as_json(call_sid: str) -> ResponseReturnValue:
    found = _get(call_sid)
    events = [
        {"kind": event.kind.value, "attempt": event.attempt, "at_ms": event.at_ms, "detail": hidden(event.detail)}
        for event in found.events
    ]
    return jsonify(call=hidden(found.summary.to_plain()), timeline=events)


@pages.page("/calls/<call_sid>/replay", Role.VIEWER)
def play_again(call_sid: str) -> ResponseReturnValue:
    """The same call against the sandbox: would the change have helped this caller? Only the SID is in the address."""
    record, played = _replayed(call_sid)
    sandbox = editing.sandbox()
    production = needs().live.environment("production")
    names = names_of(production, sandbox)
    return show(
        "replay.html",
        section=SECTION,
        record=record,
        played=played,
        headline=headline(played.simulation, names),
        differences=[in_words(one, production, sandbox) for one in played.differences],
        trace=trace_groups(played.simulation.trace, sandbox.compiled.configuration, hidden),
        rule_page=leads_to("rules", "sandbox"),
        version=sandbox.version.number,
        name=name_of(record),
        twin=Twin(command("calls", "replay", record.call_sid), call_api("calls", record.call_sid)),
    )


@pages.page("/calls/<call_sid>/save-test", Role.OPERATOR, post=True)
def save_test(call_sid: str) -> ResponseReturnValue:
    """What the sandbox does with this call now becomes what it must do from now on."""
    record, played = _replayed(call_sid)
    assert record.facts is not None, "a call without facts cannot be played again"
    name = request.form.get("_name", "").strip()[:100] or name_of(record)
    test = saved_test_of(call_of(record, record.facts, _began_with(record.version)), played.simulation, name)
    before = editing.document_at(editing.opened_at())
    document = with_test(before, test)
    services, deployment = needs().services, needs().live.deployment
    if why := why_last_fails(
        document, deployment=deployment, code_rules=services.code_rules,
        words=lambda difference: f"{in_words(difference, editing.sandbox())}.",
    ):  # fmt: skip
        tell(" ".join([FAILS_AT_ONCE, *why]), "bad")
        return redirect(url_for(".play_again", call_sid=record.call_sid))
    if kept := kept_already(before, test):
        tell(THERE_ALREADY.format(name=kept), "ok")
        return redirect(url_for("console.saved_tests.index"))
    attempt = editing.save(document, note=f"Saved test from call {record.call_sid}")
    if attempt.saved is None:
        told.tell_refused(attempt)
        return redirect(url_for(".play_again", call_sid=record.call_sid))
    told.tell_saved(attempt.saved, f"Saved as the test \u201c{name}\u201d, with the caller\u2019s number.")
    return redirect(address_of(len(document["tests"]) - 1))


def _replayed(call_sid: str) -> tuple[CallRecord, Replay]:
    try:
        record = needs().records.get(call_sid)
    except ValueError:
        record = None
    if record is None:
        _no_such_call()
    try:
        return record, replay(
            record, editing.sandbox(), began_with=_began_with(record.version), deployment=needs().live.deployment
        )
    except NotReplayableError as fault:
        abort(404, description=str(fault))


def _page(call_sid: str, see: Show) -> str:
    found = _get(call_sid)
    published = _began_with(found.summary.version)
    names = names_of(needs().live.environment("production"), editing.sandbox(), published)
    rules = {rule.id: rule.name for rule in published.compiled.configuration.rules} if published else {}
    secret = published.compiled.secret_variables if published else frozenset()
    summary = found.summary
    met: Environment = "production" if summary.environment == "production" else "sandbox"
    return show(
        "call.html",
        section=SECTION,
        view=met,
        destination_page=leads_to("destinations", met),
        rule_page=leads_to("rules", met),
        took=lasting(found.events),
        call=found,
        summary=summary,
        caller=see(summary.caller, "caller_id"),
        called=see(summary.called, "called_number"),
        told=[call_words.tell(event, names, rules, see) for event in found.events],
        names=names,
        words=call_words.ends_words(_ends(found)),
        ended=bool(_ends(found)),
        sign=call_words.ENDS_SIGNS.get(_ends(found), ""),
        trace=_trace(found, published, see),
        meaning=_meaning(found.events),
        revealed=see is revealed,
        sandbox=editing.sandbox().version.number,
        variables={
            name: "\u2022" * 6 if name in secret else see(value, name)
            for name, value in sorted(found.variables.items())
        },
        instant=lambda milliseconds: datetime.fromtimestamp(milliseconds / 1000, UTC),
        twin=Twin(
            command("calls", "show", summary.call_sid),
            call_api("calls", summary.call_sid),
            url_for(".as_json", call_sid=summary.call_sid),
        ),
    )


def _ends(found: Call) -> str:
    """How it ended; where no summary says so yet, the last outcome that ends a call."""
    if found.summary.ends:
        return found.summary.ends
    outcomes = found.outcomes
    if outcomes and outcomes[-1] in (Outcome.ANSWERED, Outcome.REFERRED, Outcome.UNCONFIRMED, Outcome.CALLER_HUNG_UP):
        return outcomes[-1].value
    kinds = {event.kind for event in found.events}
    if Kind.VOICEMAIL in kinds:
        return Ends.VOICEMAIL.value
    return Ends.MESSAGE.value if Kind.SPOKEN in kinds else ""


def _trace(found: Call, published: Published | None, see: Show) -> list[TraceGroup]:
    """Why it went there, worked out again from the stored facts and the version that the call kept."""
    if published is None:
        return []
    try:
        facts = facts_from_store(found.facts["decision"])
        return trace_groups(
            explain(published.compiled, facts, _asked_for(found)), published.compiled.configuration, see
        )
    except (KeyError, ValueError, TypeError):
        return []


def _asked_for(found: Call) -> str | None:
    decided = [event.detail.get("asked_for") for event in found.events if event.kind is Kind.DECIDED]
    return str(decided[-1]) if decided and decided[-1] else None


def _began_with(version: str) -> Published | None:
    try:
        return needs().live.version(VersionId.parse(version))
    except ValueError:
        return None


def _meaning(events: tuple[Event, ...]) -> list[Explanation]:
    """What each failure of this call means, each code once."""
    return [explain_code(code) for code in dict.fromkeys(code for event in events for code in failure_codes(event))]


def _get(call_sid: str) -> Call:
    try:
        found = needs().calls.get(call_sid)
    except ValueError:
        found = None
    return found or _no_such_call()


def _no_such_call() -> NoReturn:
    abort(404, description=f"There is no such call. Details are kept for {needs().settings.call_log_days} days.")
