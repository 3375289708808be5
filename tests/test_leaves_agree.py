"""The two leaves do not know each other; this test knows both, and holds them to the same rules for SIP addresses."""

from __future__ import annotations

from pydantic import ValidationError

from handoff_rules import headers as rules_headers
from handoff_rules import known_variables
from handoff_rules import sip_uri as rules_uri
from handoff_rules.check_intake import intake_problems
from handoff_rules.configuration import read_configuration
from handoff_rules.destinations import Header
from handoff_rules.headers import fill_headers, name_fault
from handoff_rules.intake import StreamIntake
from handoff_rules.routes import RouteError, SipRoute, parse_route, refer_target
from handoff_rules.variables import clean
from tests.handoff_rules.checking import desk, with_destination
from tests.twiml.hostile import texts
from tests.twiml.sip_uri_grammar import parse_sip_uri
from twiml import HEADERS_LIMIT, URI_LIMIT, DocumentError, sip_uri
from twiml.connect import stream
from twiml.sip_address import STANDARD_HEADERS
from webapp.voice import variables

DESK = "sip:billing@pbx.example.com;transport=tls"


def test_every_variable_that_a_request_tells_is_reserved_and_no_other() -> None:
    told = {*variables.FROM_TWILIO.values(), *variables.FROM_CALLER.values(), variables.ARRIVED_OVER}
    assert told | known_variables.FROM_FLOW == known_variables.RESERVED


def test_both_count_the_same_limits() -> None:
    assert rules_headers.HEADERS_LIMIT == HEADERS_LIMIT
    assert rules_headers.HEADERS_BUDGET < HEADERS_LIMIT
    assert rules_uri.URI_LIMIT == URI_LIMIT
    assert set(rules_headers.NAMES_WITHOUT_X) == STANDARD_HEADERS


def test_hostile_values_that_the_rules_keep_are_written_and_read_back_unchanged() -> None:
    template = [
        Header(name="X-Note", value="$note"),
        Header(name="User-to-User", value="$note", user_to_user="genesys"),
        Header(name="X-Fixed", value="a & b"),
    ]
    for text in texts(5_000, seed=13):
        kept = [(header.name, header.value) for header in fill_headers(template, {"note": text}).kept]
        uri = sip_uri(DESK, kept)
        assert parse_sip_uri(uri).headers == tuple((name.encode(), value.encode()) for name, value in kept)
        assert not kept or rules_headers.encoded_length(kept) == len(uri) - len(DESK)


def test_a_cleaned_value_is_never_refused_for_its_characters() -> None:
    for first in range(0, 0x110000, 64):
        value = clean("".join(map(chr, range(first, first + 64))))
        assert _is_written(DESK, value=value), f"one of the 64 characters from U+{first:04X}"


def test_both_allow_the_same_header_names() -> None:
    for name in {*texts(5_000, seed=17, longest=12), "X-A", "x-twilio-sid", "user-TO-user", "X-Customer-ID", "Via"}:
        assert (name_fault(name) is None) == _is_written(DESK, name), name


def _is_written(address: str, name: str = "X-A", value: str = "1") -> bool:
    try:
        sip_uri(address, [(name, value)])
    except DocumentError:
        return False
    return True


def test_every_agent_that_the_check_lets_through_can_be_written() -> None:
    taken, configuration = 0, read_configuration(with_destination(desk()))
    for text in texts(5_000, seed=23, longest=12):
        for url, name in (
            (f"wss://{text}", "a"),
            (f"wss://agent.example.com/{text}", "a"),
            ("wss://a.example.com", text),
        ):
            try:
                agent = StreamIntake(kind="stream", url=url, parameters={name: "1"})
            except ValidationError:
                continue
            fine = not list(intake_problems(configuration.model_copy(update={"intake": agent}), {}))
            assert fine is _is_connected(url, name), (url, name)
            taken += fine
    assert taken > 50


def _is_connected(url: str, name: str) -> bool:
    try:
        stream(url, action="/voice/agent-ended", parameters={name: "1"})
    except DocumentError:
        return False
    return True


def test_every_route_that_the_rules_read_can_be_dialled_and_referred_to() -> None:
    taken = 0
    for text in texts(20_000, seed=19, longest=40):
        for written in (f"sip:{text}@pbx.example.com", f"sip:desk@{text}", f"{DESK};{text}", text):
            try:
                route = parse_route(written, country="US", sip_host="pbx.example.com")
            except RouteError:
                continue
            address = route.uri if isinstance(route, SipRoute) else refer_target(route, "pbx.example.com")
            assert address is not None
            assert _is_written(address), address
            taken += 1
    assert taken > 50
