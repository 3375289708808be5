"""YAML is read as text under limits and written so that it reads back the same."""

from __future__ import annotations

import json
import time
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webapp.configurations.strict_text import MAXIMUM_BYTES, TextError
from webapp.configurations.yaml_file import read_yaml, write_yaml

BOMBS = {
    "a billion laughs": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)),
    "an alias of itself": "a: &a [*a]",
    "a merge key": "base: {x: 1}\nother: {<<: {y: 2}}",
    "100,000 open brackets": "a: " + "[" * 100_000,
    "100,000 open braces": "a: " + "{a: " * 100_000,
    "33 levels of indentation": "".join(f"{' ' * depth}a:\n" for depth in range(40)),
    "a million keys": "".join(f"k{i}: 1\n" for i in range(1_000_000))[: MAXIMUM_BYTES - 1],
    "more than 2 MB": "a: " + "x" * MAXIMUM_BYTES,
    "the same key twice": "a: 1\nb: 2\na: 3",
    "the same key twice in a list": "a:\n- {x: 1, x: 2}",
    "a Python object": "a: !!python/object/apply:os.system [ls]",
    "a tag on a mapping": "a: !!set {b}",
    "a number by tag": "a: !!int 5",
    "two documents": "a: 1\n---\nb: 2",
    "a list as key": "? [a, b]\n: c",
    "no document": "",
    "a list": "- a\n- b",
    "a single word": "hello",
    "bad indentation": "a:\n  b: 1\n c: 2",
    "a control character": "a: \x00",
    "an open quote": 'a: "x',
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_what_could_hurt_is_refused_quickly_with_a_sentence(bomb: str) -> None:
    started = time.process_time()
    with pytest.raises(TextError) as refused:
        read_yaml(bomb.encode())
    # 200 ms is the limit for bombs; two megabytes of honest keys are parsed up to their limit, in linear time.
    assert time.process_time() - started < (8 if bomb.startswith("k0: 1") else 0.2)
    assert refused.value.message.endswith(".")
    assert refused.value.fix.endswith((".", "`."))


@pytest.mark.parametrize(
    "plain", ["+14155550100", "NO", "22:30", "on", "2026-12-24", "0x1F", "1e5", "012", "null", "~", "true", ".inf", "-"]
)
def test_an_unquoted_value_stays_the_text_that_it_is(plain: str) -> None:
    if plain == "-":
        plain = "-x"
    assert read_yaml(f"value: {plain}\n{plain}: key") == {"value": plain, plain: "key"}


def test_a_fault_names_its_line() -> None:
    with pytest.raises(TextError, match="Line 3: The key 'a' is there twice"):
        read_yaml("a: 1\nb: 2\na: 3")


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert read_yaml("\ufeffa: b".encode()) == {"a": "b"}


def test_bytes_that_are_not_utf8_are_refused_with_their_line() -> None:
    with pytest.raises(TextError, match="Line 2"):
        read_yaml(b"a: 1\nb: \xff")


def test_an_export_begins_with_the_line_that_gives_editors_the_schema() -> None:
    assert write_yaml({"a": "b"}).startswith("# yaml-language-server: $schema=handoff.schema.json\n")


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
DOCUMENTS = st.dictionaries(
    TEXT,
    st.recursive(
        TEXT, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=9
    ),
    min_size=1,
    max_size=5,
)


@given(st.dictionaries(st.sampled_from("abc"), st.text(alphabet='\U0001f469\\ud83"e\u0301x\n'), min_size=1))
@example({"a": "\U0001f469\U0001f469", "b": "\\ud83d\\udc69", "c": "\\\U0001f469"})
def test_json_that_writes_a_character_as_two_escapes_is_read(document: dict[str, str]) -> None:
    assert read_yaml(json.dumps(document)) == document


@settings(max_examples=400, deadline=None)
@example({"<<": {"<<": "<<"}})
@given(DOCUMENTS)
def test_what_is_written_reads_back_the_same(document: dict[str, object]) -> None:
    assert read_yaml(write_yaml(document)) == document


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_text_is_read_or_refused_and_nothing_else(text: str | bytes) -> None:
    with suppress(TextError):
        assert isinstance(read_yaml(text), dict)
