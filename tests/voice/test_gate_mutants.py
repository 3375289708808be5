"""Seventy thousand altered requests against the gate: none is let in with another meaning (reliability T-01, T-03).

The store is gone before the first of them. With one, a repeated CallSid would be answered from what the call log keeps
of its first request, and every mutant that gets in would look harmless.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import parse_qsl, quote, urlencode

import pytest

from tests.application import AUTH_TOKEN, BASE_URL, Application
from tests.redis_server import RedisServer
from tests.stand_in.signing import signature
from tests.stand_in.transport import Request, Response, WsgiTransport
from tests.voice.test_gate import FORM, FORM_TYPE
from webapp import urls
from webapp.signatures import signed_text

BYTE_MUTANTS = 20_000
BOUNDARY_MUTANTS = 50_000
Send = Callable[[bytes, Mapping[str, str]], Response]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def send(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Send]:
    """Posts a body with the signature of a form."""
    with RedisServer() as server, Application(server.url, tmp_path_factory.mktemp("app")) as application:
        application.services.live.stop()
        server.kill()
        transport = WsgiTransport(application.app)

        def send(body: bytes, signed: Mapping[str, str]) -> Response:
            sign = signature(AUTH_TOKEN, BASE_URL + urls.CALL, signed.items())
            headers = {"Content-Type": FORM_TYPE, "X-Twilio-Signature": sign}
            return transport.send(Request("POST", urls.CALL, headers, body))

        yield send


def encoded(pairs: list[tuple[str, str]]) -> bytes:
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs).encode()


def test_a_call_that_was_signed_with_another_number_goes_elsewhere(send: Send) -> None:
    """What the tests below rely on: a request that gets in is decided by what it says itself."""
    other = FORM | {"To": "+14155550198", "Called": "+14155550198"}
    assert send(urlencode(FORM).encode(), FORM).body != send(urlencode(other).encode(), other).body


def test_single_byte_mutations_of_a_valid_request_are_refused_or_change_no_answer(send: Send) -> None:
    """What gets in is another spelling of the same text (lower-case hex), or text that moved across a boundary."""
    body = urlencode(FORM).encode()
    benign = send(body, FORM).body
    chance = random.Random(20261121)
    for _ in range(BYTE_MUTANTS):
        mutant = bytearray(body)
        mutant[chance.randrange(len(mutant))] = chance.randrange(256)
        answer = send(bytes(mutant), FORM)
        assert answer.status in (200, 403)
        if answer.status == 200:
            read = parse_qsl(mutant.decode(), keep_blank_values=True)
            assert (answer.body, signed_text(read)) == (benign, signed_text(FORM.items()))


def test_text_that_moves_across_name_and_value_never_changes_a_decision(send: Send) -> None:
    """M5a: such a mutant keeps a valid signature. It is refused, or its answer is the same to the byte."""
    benign = send(encoded(sorted(FORM.items())), FORM).body
    for mutant in shifted(random.Random(5), BOUNDARY_MUTANTS):
        answer = send(encoded(mutant), FORM)
        assert answer.status == 403 or answer.body == benign, mutant


def shifted(chance: random.Random, count: int) -> Iterator[list[tuple[str, str]]]:
    """The same signed text, parted elsewhere: neighbours joined, names grown or shrunk, pairs repeated or reordered."""
    pairs = sorted(FORM.items())
    made = 0
    while made < count:
        mutant = list(pairs)
        place = chance.randrange(len(mutant) - 1)
        name, value = mutant[place]
        match chance.randrange(5):
            case 0:
                text = name + value
                cut = chance.randrange(1, len(text))
                mutant[place] = (text[:cut], text[cut:])
            case 1:
                following = mutant.pop(place + 1)
                mutant[place] = (name, value + following[0] + following[1])
            case 2:
                following = mutant.pop(place + 1)
                mutant[place] = (name + value + following[0], following[1])
            case 3:
                text = name + value + "".join(mutant.pop(place + 1))
                cut = chance.randrange(1, len(text))
                mutant[place] = (text[:cut], text[cut:])
            case _:
                mutant.append((name, value))
        if chance.randrange(4) == 0:
            chance.shuffle(mutant)
        if mutant != pairs:
            made += 1
            yield mutant
