"""A tiny application for the stand-in's own tests: a table of path and document, and a note of what it received."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from tests.stand_in import Answer, Call, Number, Twilio
from tests.stand_in.transport import Request, Response, WsgiTransport

ACCOUNT = "AC" + "0" * 32
TOKEN = "12345"
BASE = "https://voice.example.test"

Reply = str | tuple[int, str] | tuple[int, str, str]


@dataclass
class Toy:
    """`replies` by path; a function gets the form. Status callbacks are answered with 204."""

    replies: Mapping[str, Reply | Callable[[Mapping[str, str]], Reply]]
    received: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length).decode() or environ["QUERY_STRING"]
        form = dict(parse_qsl(body, keep_blank_values=True))
        path = environ["PATH_INFO"]
        self.received.append((path, form))
        if path == "/voice/status":
            start_response("204 No Content", [])
            return [b""]
        reply = self.replies.get(path, (404, ""))
        if callable(reply):
            reply = reply(form)
        status, text, *kind = (200, reply) if isinstance(reply, str) else reply
        start_response(f"{status} X", [("Content-Type", kind[0] if kind else "text/xml; charset=utf-8")])
        return [text.encode()]

    def forms(self, path: str) -> list[dict[str, str]]:
        return [form for at, form in self.received if at == path]


def twilio(toy: Toy, *, number: Number | None = None, seed: int = 0) -> Twilio:
    return Twilio(WsgiTransport(toy), ACCOUNT, TOKEN, BASE, seed, number=number)


def dial(inside: str, attributes: str = 'action="/ended" timeout="20" timeLimit="3600"') -> str:
    return f"<Response><Dial {attributes}>{inside}</Dial></Response>"


SORRY = "<Response><Say>Sorry, nobody is here.</Say></Response>"
DIAL_DESK = dial("<Number>+14155550100</Number>")
SIP_CALL = Call(from_="sip:alice@pbx.example.com", to="sip:help@example.sip.twilio.com", over="sip")


@dataclass
class Scripted:
    """A transport that answers from a list: a response, or an error to raise."""

    answers: list[Response | Exception]
    requests: list[Request] = field(default_factory=list)

    def send(self, request: Request) -> Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


EVERY_EVENT = 'statusCallback="/voice/status" statusCallbackEvent="initiated ringing answered completed"'
DESK = f"<Number {EVERY_EVENT}>+14155550100</Number>"


def answers(*words: str) -> tuple[Answer, ...]:
    return tuple(Answer(word) for word in words)


def after_dial(form: Mapping[str, str]) -> str:
    return "<Response><Hangup/></Response>" if form["DialCallStatus"] == "completed" else SORRY
