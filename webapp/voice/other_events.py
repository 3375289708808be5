"""What Twilio tells us beside the handoffs: recordings, the progress of legs, and that it could not use our answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlsplit

from handoff_rules.destinations import Destination, Voicemail
from handoff_rules.ladder import message_asked_for
from handoff_rules.outcomes import STARTS_NO_STEP, Ends, Outcome
from twiml.spoken import hang_up
from webapp import urls
from webapp.calls import leg_words
from webapp.calls.log import Remembered
from webapp.calls.recordings import is_message
from webapp.calls.summary import IS_OVER, PRESUMED
from webapp.calls.timeline import AFTER_ALL, GENERATION, LOST, Event, Kind
from webapp.voice import agents, attempts, flow, screening, transfer
from webapp.voice.conversation import Conversation
from webapp.voice.documents import goodbye
from webapp.voice.kept import claimed_outcome
from webapp.voice.outcomes import (
    CALL_OVER,
    SIP_RESPONSE,
    Attempted,
    caller_is_there,
    dial_outcome,
    raw_fields,
    refer_outcome,
    refused_caller_id,
    refused_document,
)
from webapp.voice.state import CallState
from webapp.voice.webhook import LostStateError, Webhook

Answers = Callable[[Conversation, Webhook, CallState], str]

MESSAGE = {PRESUMED: Ends.VOICEMAIL.value}
NO_MESSAGE = {PRESUMED: Ends.HUNG_UP.value}


def recorded(conversation: Conversation, webhook: Webhook, state: CallState) -> str:
    """The caller left a message, or nothing: note it and close the call kindly."""
    _note_recorded(conversation, webhook, state.attempt)
    return _goodbye(conversation, webhook, state)


def recorded_plainly(conversation: Conversation, webhook: Webhook) -> str:
    """The same without the state of the call: whoever has left a message is not put through to anybody after it."""
    context = conversation.first_context(webhook)
    conversation.appeared(webhook, context)
    _note_recorded(conversation, webhook, LOST)
    speaker = context.configuration.destination_by_id[context.configuration.default_destination]
    return goodbye(speaker.language, speaker.voice)


def _note_recorded(conversation: Conversation, webhook: Webhook, attempt: int) -> None:
    raw = raw_fields(webhook.form)
    event = Event("recorded", Kind.RECORDED, attempt, detail={"raw": raw})
    conversation.note(webhook, (event,), MESSAGE if is_message(raw) else NO_MESSAGE)


def _goodbye(conversation: Conversation, webhook: Webhook, state: CallState) -> str:
    """In the language and voice of the greeting; as the default destination speaks when that is not known any more."""
    configuration = conversation.published_for(state).compiled.configuration
    speaker: Voicemail | Destination = configuration.destination_by_id[configuration.default_destination]
    asked = message_asked_for(configuration, state.progress) if state.progress else None
    if asked is not None and asked.language:
        speaker = asked
    return goodbye(speaker.language or "", speaker.voice)


def status(conversation: Conversation, webhook: Webhook) -> None:
    """A leg or a recording moved on. In any order, repeated or late: the id is what happened, not when we heard."""
    form = webhook.form
    if "AnsweredBy" in form and form.get("CallStatus", "in-progress") == "in-progress":
        screening.machine_detected(conversation, webhook)
        if "CallStatus" not in form:
            return
    raw = raw_fields(form)
    try:
        state: CallState | None = conversation.state_of(webhook) if webhook.state else None
    except LostStateError:
        state = None
    attempt = state.attempt if state else 0
    sequence = int(form.get("SequenceNumber", "0")) if form.get("SequenceNumber", "0").isdecimal() else 0
    if form.get("RecordingStatus"):
        event = Event(f"recording:{form.get('RecordingSid', '')[:40]}", Kind.RECORDED, attempt, 1, {"raw": raw})
        conversation.note(webhook, (event,), MESSAGE if is_message(raw) else NO_MESSAGE)
        return
    if "ParentCallSid" in form:
        if state is not None and form.get("CallStatus") == "in-progress":
            conversation.picked_up(webhook, state)
        talks = state is not None and _line_said(conversation, webhook, state) is Outcome.ANSWERED
        event = Event(f"leg:{form['CallSid']}:{form.get('CallStatus', '')[:20]}", Kind.LEG, attempt, sequence,
                      {"leg": form["CallSid"], "target": _target(form), "raw": raw}
                      | ({"talks": True} if talks else {}))  # fmt: skip
    elif form.get("CallStatus") in CALL_OVER:
        ended = Event("ended", Kind.ENDED, AFTER_ALL, detail={"raw": raw})
        conversation.note(webhook, (ended,), unless_known={IS_OVER: "1"})
        return
    else:
        return
    conversation.note(webhook, (event,))


LINE_IS_OVER = {"busy": Outcome.BUSY, "failed": Outcome.FAILED}
"""Values of CallStatus of one of several lines that say why it was not picked up; one that rang out says nothing."""


def _line_said(conversation: Conversation, webhook: Webhook, state: CallState) -> Outcome | None:
    """Whoever picks up a line that nobody screens talks; one of several may be over for good, and then says why."""
    lines, status = conversation.lines_of(state), webhook.form.get("CallStatus", "")
    word = Outcome.ANSWERED if status == "in-progress" and not lines.are_screened else None
    if status in LINE_IS_OVER and lines.number > 1:
        word = SIP_RESPONSE.get(webhook.form.get("SipResponseCode", ""), LINE_IS_OVER[status])
    if word in leg_words.WORDS:
        conversation.leg_said(webhook, state, word)
    return word


def _target(form: Mapping[str, str]) -> str:
    """Which member of a ring group this leg is: the number or address, without the headers that went along."""
    return form.get("To", "").partition("?")[0][:300]


def fallback(conversation: Conversation, webhook: Webhook) -> str:
    """Twilio could not use a document of ours: go on after the step that failed, else to the default destination."""
    failed = urlsplit(webhook.form.get("ErrorUrl", ""))
    raw = {"ErrorCode": webhook.form.get("ErrorCode", ""), "ErrorUrl": failed.path}
    stopped = Webhook(webhook.form, dict(parse_qsl(failed.query)).get("s", ""))
    try:
        state = conversation.state_of(stopped) if stopped.state else None
    except LostStateError:
        state = None
    attempt = state.attempt if state else int(failed.path == urls.CALL)  # where it would have rung the first one
    about_caller_id = refused_caller_id(webhook.form)
    event = Event(f"fallback:{attempt}:{failed.path}", Kind.FALLBACK, attempt, detail={
        "raw": raw, "caller_id": about_caller_id})  # fmt: skip
    conversation.note(webhook, (event,))
    if screening.is_asked(webhook):
        return screening.ask_plainly(conversation, stopped)
    if state is not None:
        return _after(failed.path, conversation, stopped, state, raw)
    if failed.path == urls.RECORDED:
        return recorded_plainly(conversation, webhook)
    if failed.path == urls.CALL and (about_caller_id or refused_document(webhook.form)):
        return conversation.call_comes_in(webhook)
    return default_destination(conversation, webhook)


def _after(path: str, conversation: Conversation, stopped: Webhook, state: CallState, raw: Mapping[str, str]) -> str:
    """What follows the step whose callback failed: `path` says which step that was."""
    if path == urls.RECORDED:
        if is_message(raw_fields(stopped.form)):  # Twilio may repeat what the request that got no answer said
            _note_recorded(conversation, stopped, state.attempt)
        return _goodbye(conversation, stopped, state)
    if again := _answering_again(path, stopped.form, state):
        return again(conversation, stopped, state)
    if state.progress is None:
        context = conversation.recalled(stopped, state, f"fallback:{path}")
        return conversation.decide_again(stopped, context, ())
    # The caller ID that was refused stood in what followed this attempt: no reason to ring it once more.
    by_far_end = not refused_caller_id(stopped.form)
    if "DialCallStatus" in stopped.form:
        return attempts.dial_ended(conversation, stopped, state, by_far_end=by_far_end)
    if "ReferCallStatus" in stopped.form:
        return attempts.refer_ended(conversation, stopped, state, by_far_end=by_far_end)
    lost = Outcome.UNCONFIRMED if path == urls.REFER_ENDED else Outcome.FAILED
    lines = conversation.lines_of(state).number

    def what_is_known(found: Remembered | None) -> Attempted:
        outcome = _known_outcome(found, state, lines) or lost
        return Attempted(outcome, raw, caller_is_there(stopped.form), by_far_end=False)

    return conversation.ended_as_remembered(stopped, state, what_is_known, None)


SAID: Mapping[str, tuple[tuple[str, ...], Answers]] = {
    urls.GATHERED: (("Digits", "SpeechResult"), agents.gathered),
    urls.AGENT_ENDED: (("HandoffData",), agents.agent_ended),
    urls.REFERRED: (("ReferTransferTarget",), agents.referred),
    urls.DIAL_ENDED: (("DialCallStatus",), attempts.dial_ended),
}
"""What came of an intake, by the fields of the request that told it: Twilio may repeat them."""


def _answering_again(path: str, form: Mapping[str, str], state: CallState) -> Answers | None:
    """Who answers the failed request once more: its document has rung nobody, and all that it said is known."""
    if path == urls.TRANSFER:
        return transfer.transfer
    if state.progress is not None:
        return agents.offer_answered if path == urls.GATHERED else None
    fields, answers = SAID.get(path, ((), agents.gathered))
    return answers if any(form.get(name) for name in fields) else None


def _told_outcome(form: Mapping[str, str]) -> Attempted | None:
    """How a handoff ended, when Twilio repeats the fields of the request that got no answer."""
    if "DialCallStatus" in form:
        return dial_outcome(form)
    return refer_outcome(form) if "ReferCallStatus" in form else None


def _known_outcome(found: Remembered | None, state: CallState, lines: int) -> Outcome | None:
    """How it ended when only our answer was lost, or that somebody talked: that caller is not rung through again. Else
    nobody knows, and the caller is offered what follows a failure."""
    said = screening.said_by(found, state)
    claimed = claimed_outcome(found.claim) if found and not found.is_first else None
    if claimed is None and said.took_it:
        return Outcome.ANSWERED
    return said.of_all(lines) or claimed if claimed in (None, *attempts.OF_ONE_LINE) else claimed


def default_destination(conversation: Conversation, webhook: Webhook) -> str:
    """The plainest way to a person: the default destination, with the ladder's ending behind it.

    Not for a caller who has just talked with somebody, or is gone: then nobody is rung again.
    """
    if _is_done(webhook.form):
        return hang_up()
    context = conversation.first_context(webhook)._replace(refused_document="")  # not known to be about this one
    conversation.appeared(webhook, context)
    return conversation.conclude(webhook, context, flow.to_default(context, _since_transfer(conversation, webhook)))


def _since_transfer(conversation: Conversation, webhook: Webhook) -> int:
    """Where the attempts of the latest transfer begin, as far as the request tells it."""
    try:
        return conversation.state_of(webhook).attempt // GENERATION * GENERATION
    except LostStateError:
        return 0


def _is_done(form: Mapping[str, str]) -> bool:
    """Whether this webhook tells that a handoff ended in a way after which the ladder rings nobody."""
    told = _told_outcome(form)
    return told is not None and told.outcome in STARTS_NO_STEP
