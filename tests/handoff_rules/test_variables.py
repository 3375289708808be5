"""Variables in text: one pass, one small grammar, values that are never read as anything but text."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_rules.variables import Substitution, clean, is_variable_name, loose_dollars, names_in, substitute

NAMES = {"name": "Ada", "empty": "", "x": "1"}


@pytest.mark.parametrize(
    ("template", "text", "missing"),
    [
        ("Hello $name", "Hello Ada", ()),
        ("Hello ${name}!", "Hello Ada!", ()),
        ("${name}s", "Adas", ()),
        ("$names", "", ("names",)),
        ("${gone|nobody}", "nobody", ()),
        ("${empty|nobody}", "nobody", ()),
        ("${gone|}", "", ()),
        ("$empty", "", ()),
        ("$gone and $gone and ${away}", " and  and ", ("gone", "away")),
        ("$$name costs $5 or $ 5", "$name costs $5 or $ 5", ()),
        ("$$$name", "$Ada", ()),
        ("${gone|$name}", "$name", ()),
        ("${name", "${name", ()),
        ("${ name }", "${ name }", ()),
        ("$Name ${NAME} $_x", "$Name ${NAME} $_x", ()),
        ("${name|{0.__class__}}", "${name|{0.__class__}}", ()),
        ("{0.__class__} {{7*7}} %(name)s", "{0.__class__} {{7*7}} %(name)s", ()),
        ("$" + "a" * 65, "$" + "a" * 65, ()),
        ("", "", ()),
        ("$", "$", ()),
    ],
)
def test_a_template_is_filled_by_this_grammar_and_no_other(template: str, text: str, missing: tuple[str, ...]) -> None:
    assert substitute(template, NAMES) == Substitution(text, missing)


def test_a_value_is_never_scanned_again() -> None:
    assert substitute("$a", {"a": "$b ${b} $$ {0.__class__}", "b": "no"}).text == "$b ${b} $$ {0.__class__}"


def test_the_names_of_a_template_are_listed_once_in_order() -> None:
    assert names_in("$b ${a|x} $$c $b") == ("b", "a")


def test_what_only_begins_like_a_variable_is_told_from_a_price_and_from_a_real_one() -> None:
    assert loose_dollars("${a $Name ${b|x} $c ${} ${D}") == ("${a", "$Name", "${}", "${D}")
    assert loose_dollars("$5, $$name, $, 100 $ and $_") == ("$_",)


@pytest.mark.parametrize("name", ["A", "1a", "a b", "a\n", "", "é", "a" * 65, "_a", "ａ"])
def test_other_spellings_are_not_names(name: str) -> None:
    assert not is_variable_name(name)


pieces = st.sampled_from(
    [
        "$",
        "$$",
        "{",
        "}",
        "|",
        "${",
        "$name",
        "${name}",
        "${gone|",
        "$gone",
        "name",
        "x",
        "é",
        "\n",
        "{0.__class__}",
        "{{7*7}}",
    ]
)
templates = st.lists(pieces | st.text(max_size=5), max_size=30).map("".join)
values = st.lists(pieces | st.text(max_size=8), max_size=6).map("".join)


def reference(template: str, variables: dict[str, str]) -> str:
    """The same grammar read character by character, with no regular expression for the whole."""
    out, at = [], 0
    while at < len(template):
        rest = template[at:]
        if rest.startswith("$$"):
            out.append("$")
            at += 2
        elif rest.startswith("${") and (found := re.match(r"\$\{([a-z][a-z0-9_]*)(\|[^{}]*)?\}", rest)):
            value = variables.get(found[1])
            out.append((value or found[2][1:]) if found[2] is not None else value or "")
            at += found.end()
        elif found := re.match(r"\$([a-z][a-z0-9_]*)", rest):
            out.append(variables.get(found[1], ""))
            at += found.end()
        else:
            out.append(rest[0])
            at += 1
    return "".join(out)


@settings(max_examples=600, deadline=None)
@given(templates, st.dictionaries(st.sampled_from(["name", "x", "gone", "e"]), values))
def test_any_template_with_any_values_reads_as_the_reference_does(template: str, variables: dict[str, str]) -> None:
    assert substitute(template, variables).text == reference(template, variables)


@pytest.mark.parametrize("piece", ["$", "${a|", "$a", "${", "${a|x", "$$", "a" * 70 + "$"])
def test_a_megabyte_takes_time_in_proportion(piece: str) -> None:
    template = piece * (1_000_000 // len(piece))
    started = time.process_time()
    substitute(template, {"a": "b"})
    assert time.process_time() - started < 3  # a quadratic scan takes minutes


HOSTILE = (
    "\x00\x1f\x7f\x85\x9f\u2028\u2029\u061c\u200b\u200d\u200e\u202a\u202e\u2066\u2069\ufeff\u00ad\ud800\udfff\U000e0041"
)


def test_nothing_that_nobody_sees_is_left_in_a_value() -> None:
    assert clean(f"a{HOSTILE}b") == "ab"
    assert clean("line\r\nX-Evil: 1") == "lineX-Evil: 1"


def test_what_people_write_stays() -> None:
    for text in ("Zoë Müller, C-1042 (2×)", "日本語", "مرحبا", "naïve 👍🏽", "<&>\"'%0D%0A"):
        assert clean(text) == text
    assert clean("e\u0301") == "é"


@given(st.text(alphabet=st.characters() | st.sampled_from(HOSTILE)))
def test_cleaning_is_final_and_leaves_only_what_can_be_sent(value: str) -> None:
    cleaned = clean(value)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not [c for c in cleaned if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}]
    assert not set(cleaned) & set(HOSTILE)
    cleaned.encode()
