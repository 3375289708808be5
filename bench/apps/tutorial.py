"""What a Twilio developer writes today: Flask, a signature decorator, `VoiceResponse`, and no store."""

from __future__ import annotations

import functools
from collections.abc import Callable

from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Dial, VoiceResponse

from bench.requests import AUTH_TOKEN, BASE_URL

app = Flask(__name__)
validator = RequestValidator(AUTH_TOKEN)
HEADERS = "X-Caller={}&X-Called={}&X-Language=en&X-Reason=billing&X-City=NEW%20YORK&X-Call={}"


def validated(view: Callable[[], Response]) -> Callable[[], Response]:
    @functools.wraps(view)
    def checked() -> Response:
        url = BASE_URL + request.full_path.rstrip("?")
        if not validator.validate(url, request.form, request.headers.get("X-Twilio-Signature", "")):
            abort(403)
        return view()

    return checked


def handoff() -> str:
    response = VoiceResponse()
    dial = Dial(action=f"{BASE_URL}/voice/dial-ended", timeout=20, time_limit=3600, answer_on_bridge=True)
    form = request.form
    values = [form[name].replace("+", "%2B") for name in ("From", "To", "CallSid")]
    dial.sip(
        f"sip:billing@pbx.example.com;transport=tls?{HEADERS.format(*values)}",
        status_callback=f"{BASE_URL}/voice/status",
        status_callback_event="initiated ringing answered completed",
    )
    response.append(dial)
    return str(response)


@app.post("/voice/call")
@validated
def call() -> Response:
    return Response(handoff(), content_type="text/xml")
