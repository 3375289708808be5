"""Only Twilio passes: unsigned, altered, foreign or malformed webhooks get 403 and leave nothing behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

import pytest
from redis import Redis

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Application
from tests.redis_server import RedisServer
from tests.stand_in.signing import signature
from tests.stand_in.transport import Request, Response, WsgiTransport
from webapp import urls
from webapp.form import MalformedError
from webapp.setting_checks import origin
from webapp.signatures import SigningKey
from webapp.signed_requests import Refused, SignedRequests

CALL_SID = "CA" + "a" * 32
FORM = {
    "AccountSid": ACCOUNT_SID,
    "ApiVersion": "2010-04-01",
    "CallSid": CALL_SID,
    "CallStatus": "ringing",
    "Called": "+14155550199",
    "Caller": "+12125550123",
    "CallerCity": "NEW YORK",
    "CallerName": "Bob",
    "Direction": "inbound",
    "From": "+12125550123",
    "FromCity": "NEW YORK",
    "FromState": "NY",
    "StirVerstat": "TN-Validation-Passed-A",
    "To": "+14155550199",
    "ToState": "CA",
}
FORM_TYPE = "application/x-www-form-urlencoded"
VOICE_ROUTES = sorted(
    value for name, value in vars(urls).items() if name.isupper() and str(value).startswith("/voice/")
)


@pytest.fixture(scope="module")
def application(redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    with redis_server.client() as client:
        client.flushall()  # what the test before has left is a configuration too
    with Application(redis_server.url, tmp_path_factory.mktemp("app")) as application:
        yield application


@pytest.fixture
def send(application: Application) -> object:
    transport = WsgiTransport(application.app)

    def send(
        path: str = urls.CALL,
        form: Mapping[str, str] = FORM,
        *,
        body: bytes | None = None,
        target: str | None = None,
        headers: Mapping[str, str] | None = None,
        sign: str | None = None,
        method: str = "POST",
    ) -> Response:
        target = target or path
        signed = signature(AUTH_TOKEN, BASE_URL + (sign or target), form.items() if method == "POST" else ())
        given = {"Content-Type": FORM_TYPE, "X-Twilio-Signature": signed} | dict(headers or {})
        data = urlencode(form).encode() if body is None else body
        return transport.send(Request(method, target, given, data if method == "POST" else b""))

    return send


@pytest.fixture
def keys_of_calls(application: Application, redis_server: RedisServer) -> object:
    def keys() -> list[str]:
        application.services.voice_store.flush()
        with redis_server.client() as client:
            return sorted(key for key in client.keys("*") if "{CA" in key)

    return keys


def test_a_correctly_signed_call_is_answered(send) -> None:  # type: ignore[no-untyped-def]
    answer = send()
    assert answer.status == 200
    assert b"<Dial " in answer.body


@pytest.mark.parametrize("path", VOICE_ROUTES)
def test_a_request_without_a_signature_is_refused_everywhere(send, path: str) -> None:  # type: ignore[no-untyped-def]
    for value in ("", "wrong", "é", "A" * 1_000_000, "a, b"):
        answer = send(path, headers={"X-Twilio-Signature": value.encode("utf-8").decode("latin-1")})
        assert (answer.status, answer.body) == (403, b"")


@pytest.mark.parametrize("path", VOICE_ROUTES)
def test_a_missing_signature_header_is_403_and_not_a_fault(application: Application, path: str) -> None:
    answer = WsgiTransport(application.app).send(
        Request("POST", path, {"Content-Type": FORM_TYPE}, urlencode(FORM).encode())
    )
    assert (answer.status, answer.body) == (403, b"")


def test_another_account_is_refused_even_when_it_signs_correctly(send) -> None:  # type: ignore[no-untyped-def]
    assert send(form=FORM | {"AccountSid": "AC" + "f" * 32}).status == 403


@pytest.mark.parametrize("missing", ["CallSid", "AccountSid"])
def test_a_request_that_is_about_no_call_is_refused(send, missing: str) -> None:  # type: ignore[no-untyped-def]
    assert send(form={name: value for name, value in FORM.items() if name != missing}).status == 403


def test_a_signed_report_about_no_call_is_malformed_and_a_forged_one_is_refused(send) -> None:  # type: ignore[no-untyped-def]
    of_nothing = {name: value for name, value in FORM.items() if name != "CallSid"}
    assert send(urls.STATUS, form=of_nothing).status == 400
    assert send(urls.STATUS, form=FORM | {"ParentCallSid": "CA1"}).status == 400
    assert send(urls.STATUS, form=of_nothing, headers={"X-Twilio-Signature": "forged"}).status == 403


@pytest.mark.parametrize(
    "call_sid", ["", "CA", "CA" + "A" * 32, CALL_SID + "\n", "CA" + "a" * 31, "*", "CA" + "a" * 30 + "}:"]
)
def test_a_call_sid_that_is_none_is_refused(send, call_sid: str) -> None:  # type: ignore[no-untyped-def]
    assert send(form=FORM | {"CallSid": call_sid}).status == 403


def test_both_auth_tokens_are_accepted_while_one_replaces_the_other(
    redis_url: str, tmp_path: Path, redis_server: object
) -> None:
    with Application(redis_url, tmp_path, TWILIO_AUTH_TOKEN_NEXT="the-next-token") as application:
        for token, status in ((AUTH_TOKEN, 200), ("the-next-token", 200), ("an-older-token", 403)):
            signed = signature(token, BASE_URL + urls.CALL, FORM.items())
            headers = {"Content-Type": FORM_TYPE, "X-Twilio-Signature": signed}
            request = Request("POST", urls.CALL, headers, urlencode(FORM).encode())
            assert WsgiTransport(application.app).send(request).status == status


TARGETS = [
    "?dest=sip%3Abob%40example.com", "?name=Jos%C3%A9", "?a=%2F%2f", "?a=%7Eb", "?", "?a", "?a=", "?a=+b%20c",
    "?a=1&a=2", "?%7B%22x%22%3A1%7D", "?b=2&a=1", "?x=%25", "?s=1.x.y",
]  # fmt: skip


@pytest.mark.parametrize("query", TARGETS)
def test_the_signature_covers_the_raw_target(send, query: str) -> None:  # type: ignore[no-untyped-def]
    assert send(target=urls.CALL + query).status == 200
    assert send(target=urls.CALL + query, sign=urls.CALL + query + "x").status == 403


PROXIES: list[dict[str, str]] = [
    {}, {"Host": "10.0.0.7:8000", "X-Forwarded-Host": "handoff.example.com"},
    {"Host": "handoff.example.com", "X-Forwarded-Proto": "http", "X-Forwarded-Port": "80"},
    {"Host": "evil.example.net", "Forwarded": "host=evil.example.net;proto=http", "X-Forwarded-For": "203.0.113.9"},
]  # fmt: skip
PATHS = (urls.CALL, urls.FALLBACK, urls.DIAL_ENDED, urls.STATUS)


@pytest.mark.parametrize("port", ["", "the default", ":8443"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_what_twilio_signs_is_accepted_and_nothing_else_behind_any_proxy(scheme: str, port: str) -> None:
    """T-02: with the two parametrized ones, schemes, ports, paths, odd targets, proxies and methods: 2,496 cells."""
    default = {"http": ":80", "https": ":443"}[scheme]
    signed_base = f"{scheme}://handoff.example.com{default if port == 'the default' else port}"
    base = origin(signed_base)
    gate = SignedRequests(lambda: str(base), lambda: (SigningKey(AUTH_TOKEN),), lambda: ACCOUNT_SID)
    for path, query, proxy, method in product(PATHS, TARGETS, PROXIES, ("GET", "POST")):
        target = path + query if method == "POST" else f"{path}?{urlencode(FORM)}&s={query.partition('=')[2]}"
        for suffix, accepted in (("", True), ("x", False)):
            appended = "".join(name + FORM[name] for name in sorted(FORM)) if method == "POST" else ""
            sign = SigningKey(AUTH_TOKEN).sign(signed_base + target + suffix + appended)
            headers = proxy | {"Content-Type": FORM_TYPE, "X-Twilio-Signature": sign}
            body = urlencode(FORM).encode() if method == "POST" else b""
            environ = WsgiTransport(_unused).environ_of(Request(method, target, headers, body))
            assert passes(gate, environ, body) is accepted, (method, target, proxy)


def _unused(*_: object) -> list[bytes]:
    return []


def passes(gate: SignedRequests, environ: Mapping[str, object], body: bytes) -> bool:
    try:
        return bool(gate.about_a_call(environ, lambda: body))
    except (Refused, MalformedError):
        return False


@pytest.mark.parametrize("scheme_and_host", ["https://handoff.example.com", "https://handoff.example.com:443"])
def test_twilio_may_sign_with_or_without_the_default_port(application: Application, scheme_and_host: str) -> None:
    signed = signature_of(scheme_and_host + urls.CALL)
    headers = {"Content-Type": FORM_TYPE, "X-Twilio-Signature": signed}
    request = Request("POST", urls.CALL, headers, urlencode(FORM).encode())
    assert WsgiTransport(application.app).send(request).status == 200


def signature_of(url: str) -> str:
    """Signed over the text as it stands: the stand-in would drop the port, as Twilio does over HTTPS."""
    import base64
    import hashlib
    import hmac

    text = url + "".join(name + FORM[name] for name in sorted(FORM))
    return base64.b64encode(hmac.new(AUTH_TOKEN.encode(), text.encode(), hashlib.sha1).digest()).decode()


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For", "Forwarded"])
def test_no_header_of_a_proxy_or_stranger_changes_what_is_signed_or_answered(send, header: str) -> None:  # type: ignore[no-untyped-def]
    answer = send(headers={header: "evil.example.net"})
    assert answer.status == 200
    assert b"evil" not in answer.body


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "multipart/form-data; boundary=x", "application/json", "application/xml", "x/y", "form",
     "application/x-www-form-urlencoded2", "text/x-www-form-urlencoded", "application/json; charset=utf-8",
     "application/x-www-form-urlencoded, text/plain", "multipart/x-www-form-urlencoded; boundary=x"],
)  # fmt: skip
def test_another_content_type_is_refused(send, content_type: str) -> None:  # type: ignore[no-untyped-def]
    assert send(headers={"Content-Type": content_type}).status == 403


def test_a_repeated_name_is_refused_although_its_signature_is_valid(send) -> None:  # type: ignore[no-untyped-def]
    body = urlencode([*FORM.items(), ("From", FORM["From"])]).encode()
    assert send(body=body).status == 403


def test_a_call_set_to_get_is_served_as_well(send) -> None:  # type: ignore[no-untyped-def]
    answer = send(target=f"{urls.CALL}?{urlencode(FORM)}", method="GET")
    assert answer.status == 200
    assert b"<Dial " in answer.body


def test_refused_requests_leave_no_trace_in_redis(application: Application, keys_of_calls, send) -> None:  # type: ignore[no-untyped-def]
    before = keys_of_calls()
    for path in VOICE_ROUTES:
        other = "CA" + "d" * 32
        send(path, form=FORM | {"CallSid": other}, headers={"X-Twilio-Signature": "wrong"})
        send(path, form=FORM | {"CallSid": other, "AccountSid": "AC" + "f" * 32})
        send(path, form=FORM | {"CallSid": other}, headers={"Content-Type": "text/plain"})
    assert keys_of_calls() == before


def test_a_hundred_sip_headers_of_a_kilobyte_are_no_reason_to_refuse_a_call(send) -> None:  # type: ignore[no-untyped-def]
    headers = {f"SipHeader_X-Chatty-{number}": "v" * 1_000 for number in range(100)}
    assert send(form=FORM | headers | {"SipDomain": "d.sip.twilio.com", "SipCallId": "x"}).status == 200


@pytest.mark.parametrize(
    "body", [b"a=" + b"b" * 10_000_000, *(b"&".join(b"a%d=1" % n for n in range(count)) for count in (401, 100_000))],
    ids=["10 MB", "401 fields", "100,000 fields"],
)  # fmt: skip
def test_a_body_beyond_what_twilio_sends_is_refused_although_its_signature_is_valid(send, body: bytes) -> None:  # type: ignore[no-untyped-def]
    fields = dict(pair.split("=", 1) for pair in body.decode().split("&"))
    assert send(form=fields, body=body).status == 403


def test_the_redis_of_this_file_is_real(redis: Redis) -> None:
    assert redis.ping()
