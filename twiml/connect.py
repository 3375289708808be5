"""`<Connect>`: hands the caller to an AI agent over a web socket, by ConversationRelay or as two-way audio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from twilio.twiml import TwiML
from twilio.twiml.voice_response import Connect, ConversationRelay, Parameter, Stream

from twiml import attribute_values
from twiml.document import document, one_line, readable, verb
from twiml.spoken import Spoken, said


def conversation_relay(
    url: str,
    *,
    action: str,
    welcome_greeting: str = "",
    language: str | None = None,
    voice: str | None = None,
    parameters: Mapping[str, str] | None = None,
    dtmf: bool = True,
    before: Sequence[Spoken] = (),
) -> str:
    """The document that lets the agent behind `url` (wss) talk with the caller; Twilio hears and speaks for it.

    `parameters` arrive in the agent's `setup` message. `dtmf` passes pressed keys on to the agent. When the session
    ends, however it ends, `action` is asked and gets the agent's HandoffData.

    Raises DocumentError. Source: https://www.twilio.com/docs/voice/twiml/connect/conversationrelay
    """
    relay = verb(
        ConversationRelay,
        "",
        *_parameters(parameters or {}),
        url=attribute_values.web_socket_url(url, "ConversationRelay url"),
        welcomeGreeting=one_line(welcome_greeting).strip() or None,
        language=None if language is None else attribute_values.language(language, "ConversationRelay language"),
        voice=None if voice is None else attribute_values.voice(voice, "ConversationRelay voice"),
        dtmfDetection="true" if dtmf else None,
    )
    return _connected(relay, action, before)


def stream(url: str, *, action: str, parameters: Mapping[str, str] | None = None, before: Sequence[Spoken] = ()) -> str:
    """The document that sends and takes the call's audio over `url` (wss) until the agent closes the socket.

    `parameters` arrive in the `start` message; then `action` is asked for what follows.
    Raises DocumentError. Source: https://www.twilio.com/docs/voice/twiml/stream
    """
    audio = verb(Stream, "", *_parameters(parameters or {}), url=attribute_values.web_socket_url(url, "Stream url"))
    return _connected(audio, action, before)


def _connected(agent: TwiML, action: str, before: Sequence[Spoken]) -> str:
    connect = verb(Connect, "", agent, action=attribute_values.callback_url(action, "Connect action"))
    return document([*said(before), connect])


def _parameters(parameters: Mapping[str, str]) -> list[TwiML]:
    return [
        verb(Parameter, name=attribute_values.parameter_name(name, "Parameter name"), value=readable(value))
        for name, value in parameters.items()
    ]
