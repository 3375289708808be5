"""SIP addresses: what goes in comes out, by an independent reader's word, and what cannot is refused."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.twiml.hostile import texts
from tests.twiml.sip_uri_grammar import NotASipUriError, ParsedUri, parse_sip_uri
from twiml import HEADERS_LIMIT, URI_LIMIT, DocumentError, sip_uri
from twiml.sip_address import check_sip_uri

DESK = "sip:billing@pbx.example.com:5061;transport=tls"


def read_back(value: str) -> bytes | None:
    """The one header's value as the independent reader sees it, or None when sip_uri refused."""
    try:
        uri = sip_uri(DESK, [("X-Before", "1"), ("X-Value", value), ("X-After", "2")])
    except DocumentError:
        return None
    assert uri.isascii()
    assert uri.isprintable()
    parsed = parse_sip_uri(uri)
    assert parsed == ParsedUri(
        b"billing",
        None,
        "pbx.example.com",
        5061,
        (("transport", b"tls"),),
        ((b"X-Before", b"1"), (b"X-Value", parsed.headers[1][1]), (b"X-After", b"2")),
    )
    return parsed.headers[1][1]


def judge(value: str) -> bool:
    """True when the value was sent. It is then unchanged and holds no control character; otherwise it had a reason."""
    read = read_back(value)
    if read is not None:
        assert read == value.encode()
        assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in read.decode())
        return True
    assert not value.isprintable() or len(value.encode()) * 3 > HEADERS_LIMIT - 50
    return False


def test_twilios_own_example_is_written_as_its_page_shows_it() -> None:
    assert sip_uri("sip:alice@example.com", [("User-to-User", "123456789;encoding=hex")]) == (
        "sip:alice@example.com?User-to-User=123456789%3Bencoding%3Dhex"
    )


def test_a_space_is_percent_twenty_and_never_a_plus() -> None:
    assert sip_uri(DESK, [("X-Name", "Agent, A+B")]).endswith("?X-Name=Agent%2C%20A%2BB")


def test_an_address_without_headers_is_left_as_it_is() -> None:
    assert sip_uri(DESK) == DESK


def test_twenty_thousand_hostile_values_come_back_unchanged_or_not_at_all() -> None:
    sent = sum(judge(text) for text in texts(20_000))
    assert 3_000 < sent < 20_000


@pytest.mark.slow
def test_two_hundred_thousand_hostile_values_come_back_unchanged_or_not_at_all() -> None:
    assert sum(judge(text) for text in texts(200_000, seed=7)) > 30_000


@given(st.text(max_size=60))
def test_any_value_comes_back_unchanged_or_not_at_all(value: str) -> None:
    judge(value)


def test_nothing_but_letters_digits_and_four_signs_is_written_bare() -> None:
    written = sip_uri(DESK, [("X-All", "".join(map(chr, range(0x20, 0x7F))))]).partition("X-All=")[2]
    assert set(written) <= set(string.ascii_letters + string.digits + "_.-~%")


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=60))
def test_every_printable_ascii_value_is_sent(value: str) -> None:
    assert read_back(value) == value.encode()


@pytest.mark.parametrize("name", ["User-to-User", "Remote-Party-ID", "P-Preferred-Identity", "P-Called-Party-ID"])
def test_the_four_standard_headers_are_written_as_twilio_spells_them(name: str) -> None:
    assert sip_uri(DESK, [(name.upper(), "x")]) == f"{DESK}?{name}=x"


@pytest.mark.parametrize(
    "name",
    ["", "X-", "Via", "Route", "X-Twilio-Sid", "x-TWILIO", "X-A B", "X-A=1", "X-A&X-B", "X-A\n", "X-Ä", "X_A", "X-A:"],
)
def test_a_header_name_that_twilio_would_refuse_is_refused(name: str) -> None:
    with pytest.raises(DocumentError, match="SIP header name"):
        sip_uri(DESK, [(name, "x")])


def test_a_name_given_twice_is_refused_whatever_its_case() -> None:
    with pytest.raises(DocumentError, match="one name twice"):
        sip_uri(DESK, [("X-A", "1"), ("x-a", "2")])


@pytest.mark.parametrize("value", ["a\r\nVia: x", "\x00", "\x7f", "\x85", "\u2028", "\u202e", "\u200e", "\ud800"])
def test_a_value_with_control_or_direction_characters_is_refused_and_named(value: str) -> None:
    with pytest.raises(DocumentError) as refused:
        sip_uri(DESK, [("X-Note", value)])
    assert refused.value.where == "SIP header X-Note"


def test_the_address_may_have_254_characters_and_not_one_more() -> None:
    longest = "sip:" + "a" * (URI_LIMIT - 1 - len("sip:@pbx.example.com")) + "@pbx.example.com"
    assert len(sip_uri(longest)) == 254
    with pytest.raises(DocumentError, match="255 characters long"):
        sip_uri(longest.replace("@", "a@"))


def test_the_headers_may_have_1023_encoded_characters_and_not_one_more() -> None:
    fitting = "é" * 169 + "abcd"  # X-A= and six characters for each é
    assert len(sip_uri(DESK, [("X-A", fitting)])) - len(DESK) - 1 == 1_022
    assert len(sip_uri(DESK, [("X-A", fitting + "e")])) - len(DESK) - 1 == 1_023
    with pytest.raises(DocumentError, match="1024 characters long"):
        sip_uri(DESK, [("X-A", fitting + "ef")])


@pytest.mark.parametrize(
    "address",
    [
        "sip:pbx.example.com",
        "sips:desk@pbx.example.com",
        "sip:+14155550100@pbx.example.com;user=phone",
        "sip:desk@192.0.2.7:5060",
        "sip:desk@[2001:db8::7]:5061;transport=tls",
        "sip:front%20desk@pbx.example.com;edge=frankfurt;secure=true;lr",
        "sip:*72@pbx.example.com",
    ],
)
def test_a_sound_address_is_taken_and_the_grammar_agrees(address: str) -> None:
    assert sip_uri(address) == address
    parse_sip_uri(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "tel:+14155550100",
        "desk@pbx.example.com",
        "sip:",
        "sip:@pbx.example.com",
        "sip:desk@",
        "sip:desk@pbx_1.example.com",
        "sip:desk@-pbx.example.com",
        "sip:desk@pbx..example.com",
        "sip:user:pw@pbx.example.com",
        "sip:a;b@pbx.example.com",
        "sip:a?b@pbx.example.com",
        "sip:desk@pbx.example.com?X-A=1",
        "sip:desk@pbx.example.com;method=BYE",
        "sip:desk@pbx.example.com;maddr=192.0.2.66",
        "sip:desk@pbx.example.com;transport=tls;Transport=udp",
        "sip:desk@pbx.example.com:0",
        "sip:desk@pbx.example.com:70000",
        "sip:desk@pbx.example.com\n",
        "sip:desk%0d%0a@pbx.example.com",
        "sip:desk%ff@pbx.example.com",
        "sip:desk%2@pbx.example.com",
        "sip:d\u00e9sk@pbx.example.com",
        "sip:desk\uff10@pbx.example.com",
        "<sip:desk@pbx.example.com>",
        "sip:a@b@pbx.example.com",
    ],
)
def test_an_address_that_not_every_parser_reads_alike_is_refused(address: str) -> None:
    with pytest.raises(DocumentError):
        sip_uri(address)


def test_whatever_address_is_taken_the_grammar_takes_too() -> None:
    taken = 0
    for text in texts(20_000, seed=5, longest=60):
        for address in (f"sip:{text}@pbx.example.com", f"sip:desk@{text}", f"{DESK};{text}", text):
            try:
                sip_uri(address)
            except DocumentError:
                continue
            parsed = parse_sip_uri(address)
            assert parsed.password is None
            assert parsed.headers == ()
            taken += 1
    assert taken > 100


@pytest.mark.parametrize(
    "uri", ["sip:a@b?", "sip:a@b?X", "sip:a@b?X-A=1&", "sip:a@b?X-A=%2", "sip:a@b;=1", "sip:a b@c"]
)
def test_the_judge_itself_refuses_what_the_grammar_refuses(uri: str) -> None:
    with pytest.raises(NotASipUriError):
        parse_sip_uri(uri)


def test_a_written_uri_is_trusted_and_any_other_text_is_checked() -> None:
    written = sip_uri(DESK, [("X-A", "a b")])
    check_sip_uri(written)
    check_sip_uri(str(written))
    with pytest.raises(DocumentError):
        check_sip_uri(written + "&X-A=%0d")
