"""Retries, redirects, time limits and the fallback URL follow Twilio's rules (docs/usage/webhooks)."""

from __future__ import annotations

import pytest

from tests.stand_in import Call
from tests.stand_in.overrides import OverrideError, overrides_of
from tests.stand_in.signing import signature
from tests.stand_in.transport import ConnectFailedError, NoAnswerError, Response
from tests.stand_in.wire import Received, Webhook, Wire
from tests.stand_in_tests.toy import BASE, DIAL_DESK, SORRY, TOKEN, Scripted, Toy, twilio

OK = Response(200, {"content-type": "text/xml"}, b"<Response/>")
FORM = {"CallSid": "CA1", "From": "+12125550123"}


def send(
    answers: list[Response | Exception], path: str = "/voice/call", method: str = "POST"
) -> tuple[Received, Scripted]:
    transport = Scripted(answers)
    wire = Wire(transport, TOKEN, BASE)
    return wire.send(Webhook(BASE + path, FORM, method), idempotency="t"), transport


def test_a_refused_connection_is_tried_once_more_and_nothing_else_is() -> None:
    assert send([ConnectFailedError("refused"), OK])[0].response is OK
    assert send([NoAnswerError("reset"), OK])[0].response is None
    assert send([Response(500, {}, b""), OK])[0].code == "11200"


def test_the_retry_policy_in_the_fragment_counts() -> None:
    received, transport = send([NoAnswerError("reset"), Response(503, {}, b""), OK], "/voice/call#rc=2&rp=rt,5xx")
    assert received.response is OK
    assert {request.target for request in transport.requests} == {"/voice/call"}


def test_half_an_answer_is_never_retried() -> None:
    received, transport = send([NoAnswerError("cut", partial=True), OK], "/voice/call#rc=5&rp=all")
    assert received.response is None
    assert len(transport.requests) == 1


def test_all_tries_of_one_request_carry_the_same_token() -> None:
    _, transport = send([ConnectFailedError("refused"), OK])
    assert [request.headers["I-Twilio-Idempotency-Token"] for request in transport.requests] == ["t", "t"]


def test_times_from_the_fragment_reach_the_connection() -> None:
    _, transport = send([OK], "/voice/call#ct=250&rt=2000")
    assert (transport.requests[0].connect_seconds, transport.requests[0].read_seconds) == (0.25, 2.0)


@pytest.mark.parametrize("fragment", ["ct=99", "rt=15001", "rc=6", "rp=6xx", "edge=dublin", "rc=x", "sni=maybe"])
def test_an_override_that_twilio_does_not_describe_is_refused(fragment: str) -> None:
    with pytest.raises(OverrideError):
        overrides_of(f"{BASE}/voice/call#{fragment}")
    assert send([OK], f"/voice/call#{fragment}")[0].code == "11100"


def test_after_a_302_the_form_is_lost_and_after_a_307_it_is_not() -> None:
    found = Response(302, {"location": "/next"}, b"")
    assert send([found, OK])[1].requests[1].method == "GET"
    assert send([found, OK])[1].requests[1].body == b""
    kept = Response(307, {"location": "/next"}, b"")
    assert send([kept, OK])[1].requests[1].body == b"CallSid=CA1&From=%2B12125550123"


def test_bad_redirects_have_their_codes() -> None:
    assert send([Response(302, {"location": "/again"}, b"")] * 11)[0].code == "11215"
    assert send([Response(308, {"location": "/next"}, b"")])[0].code == "11216"
    assert send([Response(302, {}, b"")])[0].code == "11216"


def test_a_url_that_leads_elsewhere_is_not_followed() -> None:
    wire = Wire(Scripted([]), TOKEN, BASE)
    assert wire.send(Webhook("https://evil.example.net/x", {}), idempotency="t").code == "11100"
    assert wire.send(Webhook(BASE + ".evil.example.net/x", {}), idempotency="t").code == "11100"


def test_get_puts_everything_into_the_signed_query() -> None:
    request = send([OK], "/voice/call?a=1", "GET")[1].requests[0]
    assert request.target == "/voice/call?a=1&CallSid=CA1&From=%2B12125550123"
    assert request.body == b""
    assert request.headers["X-Twilio-Signature"] == signature(TOKEN, BASE + request.target)


def test_the_raw_target_reaches_the_application_untouched() -> None:
    seen: list[str] = []

    def app(environ: dict[str, object], start_response: object) -> list[bytes]:
        seen.append(str(environ["RAW_URI"]))
        start_response("200 OK", [("Content-Type", "text/xml")])  # type: ignore[operator]
        return [b"<Response><Say>Hello</Say></Response>"]

    stand_in = twilio(app)  # type: ignore[arg-type]
    stand_in.send("/done?dest=sip%3Abob%40example.com&n=Jos%C3%A9&t=%7E", FORM)
    assert seen == ["/done?dest=sip%3Abob%40example.com&n=Jos%C3%A9&t=%7E"]


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ((500, "oops"), "11200"),
        ((403, ""), "11200"),
        ((200, "<Response/>", "application/json"), "12300"),
        ((200, "<Response>", "text/xml"), "12100"),
        ((200, "", "text/xml"), "11770"),
    ],
)
def test_what_cannot_be_fetched_or_played_goes_to_the_fallback_url(reply: tuple[int, str], code: str) -> None:
    toy = Toy({"/voice/call": reply, "/voice/fallback": SORRY})
    finished = twilio(toy).place_call(Call())
    assert toy.forms("/voice/fallback")[0]["ErrorCode"] == code
    assert toy.forms("/voice/fallback")[0]["ErrorUrl"] == f"{BASE}/voice/call"
    assert finished.heard == ["Sorry, nobody is here."]
    assert finished.require(faults=True)
    with pytest.raises(AssertionError, match=code):
        finished.require()


def test_when_the_fallback_fails_too_the_caller_hears_an_application_error() -> None:
    finished = twilio(Toy({"/voice/call": DIAL_DESK, "/ended": (500, ""), "/voice/fallback": (500, "")})).place_call(
        Call()
    )
    assert finished.ended == "application_error"
    assert not finished.ok
