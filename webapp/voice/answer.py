"""From a turn to the document that is sent. A step that cannot become one counts as failed, and the ladder goes on.
An offer that cannot be spoken is left out, and the handoff goes on; without an intake the rules decide at once. The
step that Twilio has just refused to do counts as one of these: the same document once more would end the call.

Pure, and shared by the webhooks and the simulator: both give a setting, both get the same document.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from handoff_rules.outcomes import Outcome
from handoff_rules.routes import RouteError
from twiml.errors import DocumentError
from webapp.calls.record import NEVER_SENT
from webapp.calls.timeline import Event, Kind
from webapp.voice.documents import Document, Setting, render
from webapp.voice.flow import Context, after_attempt, after_offer, without_intake
from webapp.voice.outcomes import Attempted
from webapp.voice.steps import HandOff, Meet, Offer, Turn

SettingFor = Callable[[Turn], Setting]


class Answer(NamedTuple):
    """`turn` is the one that was sent; `events` hold everything that led to it, in order."""

    turn: Turn
    document: Document
    events: tuple[Event, ...]


def answer(context: Context, turn: Turn, setting_for: SettingFor) -> Answer:
    """Each round uses a step of the ladder up, so it ends: `hang up`, the last step, always renders."""
    events, text, refused = turn.events, turn.text, context.refused_document
    while True:
        if text is not None and turn.text is not text:
            turn = turn._replace(text=text)
        if refused and isinstance(turn.step, HandOff | Meet | Offer):
            why, refused = {"ErrorCode": refused}, ""
        else:
            document = _rendered(turn, setting_for)
            if document.failed is None:
                return Answer(turn, document, (*events, *_left_out(turn, document)))
            why = {NEVER_SENT: document.failed}
        if isinstance(turn.step, Offer):
            turn = after_offer(context, turn.state, digits="")
            events = (*events, *turn.events)
            continue
        if isinstance(turn.step, Meet):
            turn = without_intake(context, turn.state, why)
        else:
            turn = after_attempt(context, turn.state, Attempted(Outcome.FAILED, why, caller_is_there=True))
        events = (*events, *turn.events)


def _rendered(turn: Turn, setting_for: SettingFor) -> Document:
    try:
        return render(turn.step, setting_for(turn))
    except (DocumentError, RouteError) as error:
        return Document("", failed=str(error))


def _left_out(turn: Turn, document: Document) -> tuple[Event, ...]:
    if not document.dropped and not (document.caller_id and document.caller_id.why):
        return ()
    detail = {
        "dropped": [{"name": header.name, "why": header.why} for header in document.dropped],
        "caller_id": document.caller_id.why if document.caller_id else None,
    }
    return (Event(f"left_out:{turn.state.attempt}", Kind.LEFT_OUT, turn.state.attempt, detail=detail),)
