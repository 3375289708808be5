"""Only Twilio passes: unsigned, altered, foreign or malformed webhooks get 403 and leave nothing behind."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from redis import Redis

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Application
from tests.redis_server import RedisServer
from tests.stand_in.signing import signature
from tests.stand_in.transport import Request, Response, WsgiTransport
from webapp import urls

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
SERVED = [path for path in VOICE_ROUTES if path != urls.TRANSFER]


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


@pytest.mark.parametrize("path", SERVED)
def test_a_request_without_a_signature_is_refused_everywhere(send, path: str) -> None:  # type: ignore[no-untyped-def]
    for value in ("", "wrong", "é", "A" * 1_000_000, "a, b"):
        answer = send(path, headers={"X-Twilio-Signature": value.encode("utf-8").decode("latin-1")})
        assert (answer.status, answer.body) == (403, b"")


@pytest.mark.parametrize("path", SERVED)
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
     "application/x-www-form-urlencoded2", "text/x-www-form-urlencoded"],
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


def test_single_byte_mutations_of_a_valid_request_are_all_refused(send) -> None:  # type: ignore[no-untyped-def]
    body = bytearray(urlencode(FORM).encode())
    chance = random.Random(20261121)
    accepted = []
    for _ in range(4_000):
        mutant = bytearray(body)
        place = chance.randrange(len(mutant))
        mutant[place] = chance.choice(b"abcXYZ0189%&=+-_~\x00\xff")
        if mutant == body:
            continue
        answer = send(body=bytes(mutant))
        assert answer.status in (200, 403)
        if answer.status == 200:
            accepted.append(bytes(mutant))
    # A different spelling of the same text (`+` for `%20`, lower-case hex) is the same request.
    assert all(_decoded(mutant) == FORM for mutant in accepted)


def _decoded(body: bytes) -> dict[str, str]:
    from urllib.parse import parse_qsl

    return dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True))


def test_text_that_moves_across_name_and_value_never_changes_a_decision(send) -> None:  # type: ignore[no-untyped-def]
    """M5a: such a mutant keeps a valid signature. It is refused, or its answer is the same to the byte."""
    benign = send().body
    chance = random.Random(5)
    mutants = list(shifted(chance, 5_000))
    outcomes = set()
    for mutant in mutants:
        answer = send(body="&".join(f"{quote(n, safe='')}={quote(v, safe='')}" for n, v in mutant).encode())
        assert answer.status == 403 or answer.body == benign, mutant
        outcomes.add(answer.status)
    assert outcomes <= {403, 200}


def shifted(chance: random.Random, count: int) -> Iterator[list[tuple[str, str]]]:
    """The same signed text, parted elsewhere: neighbours joined, names grown or shrunk, pairs repeated."""
    pairs = sorted(FORM.items())
    while count:
        count -= 1
        mutant = list(pairs)
        place = chance.randrange(len(mutant))
        name, value = mutant[place]
        kind = chance.randrange(4)
        if kind == 0:
            text = name + value
            cut = chance.randrange(1, len(text))
            mutant[place] = (text[:cut], text[cut:])
        elif kind == 1 and place + 1 < len(mutant):
            following = mutant.pop(place + 1)
            mutant[place] = (name, value + following[0] + following[1])
        elif kind == 2 and place + 1 < len(mutant):
            following = mutant.pop(place + 1)
            mutant[place] = (name + value + following[0], following[1])
        else:
            mutant.append((name, value))
        if mutant != pairs:
            yield mutant


def test_refused_requests_leave_no_trace_in_redis(application: Application, keys_of_calls, send) -> None:  # type: ignore[no-untyped-def]
    before = keys_of_calls()
    for path in SERVED:
        other = "CA" + "d" * 32
        send(path, form=FORM | {"CallSid": other}, headers={"X-Twilio-Signature": "wrong"})
        send(path, form=FORM | {"CallSid": other, "AccountSid": "AC" + "f" * 32})
        send(path, form=FORM | {"CallSid": other}, headers={"Content-Type": "text/plain"})
    assert keys_of_calls() == before


def test_a_hundred_sip_headers_of_a_kilobyte_are_no_reason_to_refuse_a_call(send) -> None:  # type: ignore[no-untyped-def]
    headers = {f"SipHeader_X-Chatty-{number}": "v" * 1_000 for number in range(100)}
    assert send(form=FORM | headers | {"SipDomain": "d.sip.twilio.com", "SipCallId": "x"}).status == 200


def test_ten_megabytes_or_a_hundred_thousand_fields_are_refused(send) -> None:  # type: ignore[no-untyped-def]
    assert send(body=b"a=" + b"b" * 10_000_000).status == 403
    assert send(body=b"&".join(b"a%d=1" % number for number in range(20_000))).status == 403


def test_the_redis_of_this_file_is_real(redis: Redis) -> None:
    assert redis.ping()
