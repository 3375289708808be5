"""Custom headers: what is sent, what is dropped and why, and a length that no value can break."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_rules.destinations import Header
from handoff_rules.headers import (
    HEADERS_BUDGET,
    HEADERS_LIMIT,
    MAX_HEADERS,
    FilledHeader,
    encoded_length,
    fill_headers,
    header_problems,
    name_fault,
    user_to_user,
    worst_case,
)
from handoff_rules.variables import clean


def headers(**values: str) -> list[Header]:
    """`headers(Customer_ID="$customer_id")` is one header X-Customer-ID."""
    return [Header(name=f"X-{name.replace('_', '-')}", value=value) for name, value in values.items()]


def kept(filled: Any) -> dict[str, str]:
    return {header.name: header.value for header in filled.kept}


def test_a_header_is_filled_from_the_call_variables() -> None:
    filled = fill_headers(headers(Customer_ID="$customer_id", Language="${language|en}"), {"customer_id": "C-1042"})
    assert kept(filled) == {"X-Customer-ID": "C-1042", "X-Language": "en"}
    assert (filled.dropped, filled.failed) == ((), None)


@pytest.mark.parametrize(
    ("if_missing", "sent", "failed"),
    [("drop", {}, None), ("empty", {"X-A": "for "}, None), ("fail", {}, "X-A: $who is missing")],
)
def test_a_missing_variable_does_what_the_header_says(if_missing: Any, sent: Any, failed: str | None) -> None:
    filled = fill_headers([Header(name="X-A", value="for $who", if_missing=if_missing)], {})
    assert (kept(filled), filled.failed) == (sent, failed)


def test_what_is_dropped_is_reported_with_the_reason() -> None:
    filled = fill_headers(headers(A="$one $two", B="b"), {})
    assert kept(filled) == {"X-B": "b"}
    assert [(header.name, header.why) for header in filled.dropped] == [("X-A", "$one and $two are missing")]


@pytest.mark.parametrize(
    "name",
    ["X-Customer-ID", "x-a", "X-1", "User-to-User", "remote-party-id", "P-Preferred-Identity", "P-Called-Party-ID"],
)
def test_the_names_that_twilio_passes_on_are_allowed(name: str) -> None:
    assert name_fault(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "X-", "X", "Customer", "X-Twilio-CallSid", "x-tWILIO", "X-TwilioFoo", "X_A", "X-A_B", "X-A B", "X-A:", "X-Ä",
        "X-A\n", "\nX-A", "X-A\r\nX-B", "X-A&X-B", "X-A=1", "X-%41", "From", "To", "Route", "P-Asserted-Identity", "",
        " X-A", "Xx-A",
    ],
)  # fmt: skip
def test_other_names_are_refused_at_save_and_never_sent(name: str) -> None:
    assert name_fault(name) is not None
    if name:
        header = Header(name=name, value="1")
        assert fill_headers([header], {}).kept == ()
        assert [problem.path for problem in header_problems([header], "headers")] == ["headers/0/name"]


def test_a_secret_never_goes_into_a_header() -> None:
    header = Header(name="X-Card", value="${card_last4|none}", if_missing="empty")
    filled = fill_headers([header], {"card_last4": "4242"}, secrets={"card_last4"})
    assert filled.kept == ()
    assert filled.dropped[0].why == "$card_last4 is a secret and never goes into a header"
    assert [p.path for p in header_problems([header], "h", secrets={"card_last4"})] == ["h/0/value"]


def test_a_second_header_of_the_same_name_is_dropped_whatever_its_case() -> None:
    twice = [Header(name="X-Reason", value="a"), Header(name="x-rEASON", value="b")]
    assert kept(fill_headers(twice, {})) == {"X-Reason": "a"}
    assert [problem.path for problem in header_problems(twice, "h")] == ["h/1/name"]


def test_a_dropped_first_header_leaves_its_name_to_the_second() -> None:
    pair = [Header(name="X-Who", value="$name"), Header(name="X-Who", value="a caller")]
    assert kept(fill_headers(pair, {})) == {"X-Who": "a caller"}


def test_no_more_than_twelve_headers_are_sent() -> None:
    many = [Header(name=f"X-{number}", value="v") for number in range(MAX_HEADERS + 2)]
    filled = fill_headers(many, {})
    assert len(filled.kept) == MAX_HEADERS
    assert len(filled.dropped) == 2
    assert header_problems(many, "h")[0].path == "h"


def test_the_earlier_header_wins_when_not_all_fit_and_a_shorter_later_one_still_goes() -> None:
    long = headers(First="$a", Second="$b", Third="$c")
    filled = fill_headers(long, {"a": "a" * 600, "b": "b" * 600, "c": "c"})
    assert list(kept(filled)) == ["X-First", "X-Third"]
    assert "does not fit" in filled.dropped[0].why


def test_a_header_that_the_handoff_must_not_go_without_fails_it_when_it_does_not_fit() -> None:
    header = Header(name="X-A", value="$a", if_missing="fail")
    failed = fill_headers([header], {"a": "é" * 500}).failed
    assert failed is not None
    assert failed.startswith("X-A: it does not fit")


def test_the_length_is_that_of_the_encoded_text() -> None:
    pairs = [FilledHeader("X-A", "ü & co"), FilledHeader("X-B", "")]
    assert encoded_length(pairs) == len("?X-A=%C3%BC%20%26%20co&X-B=")
    assert encoded_length([]) == 0


def test_the_worst_case_counts_with_the_sample_values() -> None:
    both = headers(A="$a", B="${b|x}")
    assert worst_case(both, {"a": "ü"}) == len("?X-A=%C3%BC&X-B=x")


def test_fixed_headers_that_cannot_fit_are_an_error_and_samples_that_do_not_a_warning() -> None:
    fixed = header_problems([Header(name="X-A", value="é" * 500)], "h")
    assert [(problem.path, problem.severity) for problem in fixed] == [("h", "error")]
    sampled = header_problems(headers(A="$a"), "h", samples={"a": "é" * 500})
    assert [(problem.path, problem.severity) for problem in sampled] == [("h", "warning")]
    assert header_problems(headers(A="$a"), "h", samples={"a": "C-1042"}) == []


def test_samples_that_do_not_fit_into_a_header_that_must_be_sent_keep_the_call_from_going_there() -> None:
    needed = Header(name="X-Needed", value="$story", if_missing="fail")
    long = {"story": "s" * HEADERS_BUDGET}
    (problem,) = header_problems([needed], "headers", samples=long)
    assert problem.fix == "Shorten them: the call goes on to the fallback, because it may not go without X-Needed."
    assert fill_headers((needed,), long).failed
    (problem,) = header_problems([Header(name="X-Short", value="$id", if_missing="fail"), *headers(Story="$story")],
                                 "headers", samples=long | {"id": "1"})  # fmt: skip
    assert "the last ones are left out" in problem.fix


def test_user_to_user_is_built_as_each_platform_reads_it() -> None:
    assert user_to_user("C-1042", "genesys") == "00432d31303432;encoding=hex"
    assert user_to_user("C-1042", "talkdesk") == "432d31303432"
    assert user_to_user("C-1042", "plain") == "C-1042"
    header = Header(name="User-to-User", value="$customer_id", user_to_user="genesys")
    filled = fill_headers([header], {"customer_id": "C-1042"})
    assert quote(filled.kept[0].value, safe="") == "00432d31303432%3Bencoding%3Dhex"


NASTY = ["\r\n", "\r\nX-Evil: 1", "\x00", "%0d%0a", "&X-Evil=1", "?a=b", ";", "=", "%", "#", "@", "+", " ", "<>", '"',
         "\u202e", "\u2028", "\ud800", "é", "👍🏽", "$a", "${b}", "{0.__class__}", "%C3", "\x85", "日本"]  # fmt: skip
hostile = st.lists(st.sampled_from(NASTY) | st.text(st.characters(), max_size=9), max_size=12).map("".join)
names = st.sampled_from(["X-A", "X-B", "x-a", "X-Long-Name-Of-A-Header", "User-to-User", "X-Twilio-A", "Bad", "X-C"])
lists = st.lists(
    st.builds(
        Header,
        name=names,
        value=st.sampled_from(["$a", "${b}", "${gone|d}", "$gone", "fixed $a", "$a$b$a"]),
        if_missing=st.sampled_from(["drop", "empty", "fail"]),
        user_to_user=st.sampled_from([None, None, None, "genesys", "talkdesk", "plain"]),
    ),
    max_size=16,
)


@settings(max_examples=400, deadline=None)
@given(lists, hostile, hostile, st.integers(1, 60))
def test_no_value_adds_a_header_a_control_character_or_a_single_character_too_many(
    some: list[Header], a: str, b: str, times: int
) -> None:
    filled = fill_headers(some, {"a": a * times, "b": b})
    wire = "&".join(f"{header.name}={quote(header.value, safe='')}" for header in filled.kept)
    if filled.kept:
        assert len(wire) + 1 == encoded_length(filled.kept) <= HEADERS_BUDGET < HEADERS_LIMIT
    read = [tuple(part.split("=")) for part in wire.split("&")] if wire else []
    assert [name for name, _ in read] == [header.name for header in filled.kept]
    for (_, text), header in zip(read, filled.kept, strict=True):
        decoded = unquote(text, errors="strict")
        assert decoded == header.value == clean(header.value)
        assert decoded.isprintable() or not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in decoded)
    assert wire.isascii()
    assert len(filled.kept) + len(filled.dropped) == len(some)
    assert filled == fill_headers(some, {"a": a * times, "b": b})


plain = st.builds(str.__mul__, st.text("aZ0 -+&=%", max_size=9), st.integers(1, 60))
plain_lists = st.lists(
    st.builds(Header, name=st.sampled_from([f"X-{n}" for n in range(14)]),
              value=st.sampled_from(["$a", "${b}", "${gone|d}", "$a", "fixed", "$$5", "${b|}", "$gone"])),
    max_size=14, unique_by=lambda header: header.name,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(plain_lists | lists, plain | hostile, plain | hostile, st.sampled_from([(), ("b",)]))
def test_headers_of_a_configuration_that_are_filled_at_once_say_what_each_says_alone(
    some: list[Header], a: str, b: str, secrets: tuple[str, ...]
) -> None:
    """A list is nobody's configuration, so its headers are looked at one by one."""
    values = {"a": a, "b": b}
    assert fill_headers(tuple(some), values, secrets=secrets) == fill_headers(some, values, secrets=secrets)
