"""Plays `<Connect>`: a ConversationRelay session or a two-way stream, and what its end tells the action."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from tests.stand_in.finished import Ended
from tests.stand_in.live_call import CallerGoneError, Document, LiveCall
from tests.stand_in.steps import Fetch, Step


def play_connect(live: LiveCall, verb: Element, document: Document) -> Step:
    live.answer()
    session = live.call.session
    noun = verb[0]
    if noun.get("welcomeGreeting"):
        live.hears(noun.get("welcomeGreeting", ""))
    live.point(f"during Connect {live.begin('Connect')}")
    live.pass_time(session.seconds)
    live.note(f"the session is over: {session.status}, handoff data {session.handoff_data!r}")
    action, method = verb.get("action"), verb.get("method", "POST")
    sent = session_parameters(live) if noun.tag == "ConversationRelay" else {}
    if session.status == "completed":
        live.leg.status = "completed"
        if action is not None:
            live.send_unplayed(live.resolve(action, document.url), method, live.leg.parameters() | sent)
        raise CallerGoneError
    if session.status == "ended" and session.handoff_data is None:
        live.reached = Ended.SESSION_OVER
    return Fetch(action, method, sent, document.url) if action else None


def session_parameters(live: LiveCall) -> dict[str, str]:
    """The fields of docs/voice/twiml/connect/conversationrelay."""
    session = live.call.session
    parameters = {
        "SessionId": f"VX{live.random.getrandbits(128):032x}",
        "SessionStatus": session.status,
        "SessionDuration": str(session.seconds),
    }
    if session.status == "ended" and session.handoff_data is not None:
        parameters["HandoffData"] = session.handoff_data
    if session.status == "failed":
        parameters |= {"ErrorCode": "64105", "ErrorMessage": "WebSocket connection was closed"}
    return parameters
