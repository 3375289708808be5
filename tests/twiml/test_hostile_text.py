"""No value changes the structure of a document: it is that of a harmless value, or the value is refused."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import cycle
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.twiml.documents import Skeleton, skeleton
from tests.twiml.hostile import texts
from tests.twiml.slots import CHECKED, EMERGENCY, FREE, SPOKEN, Slot
from twiml import DocumentError, hang_up
from twiml.document import inspect, one_line, readable

ANY_TEXT = st.one_of(st.text(max_size=300), st.sampled_from(list(texts(300, seed=3))))


@cache
def with_harmless(slot: Slot, text: str) -> Skeleton:
    return skeleton(slot(text))


def expected(slot: Slot, text: str) -> Skeleton:
    return with_harmless(slot, "harmless" if text.strip() else "")


def spoken_is_safe(slot: Slot, text: str) -> None:
    document = slot(text)
    heard = readable(text).strip()
    assert skeleton(document) == expected(slot, heard)
    assert heard == "" or heard in [say.text for say in ET.fromstring(document.encode()).iter("Say")]


def attribute_is_safe(slot: Slot, text: str) -> None:
    document = slot(text)
    assert skeleton(document) == expected(slot, readable(text) or "harmless") or not one_line(text).strip()
    values = [value for element in ET.fromstring(document.encode()).iter() for value in element.attrib.values()]
    assert {readable(text), one_line(text).strip()} & {*values, ""}


def checked_is_safe(slot: Slot, benign: str, text: str) -> None:
    message = ""
    try:
        assert text == "" or skeleton(slot(text)) == with_harmless(slot, benign)
    except DocumentError as refused:
        message = str(refused)
    assert len(text) < 20 or text not in message, "a refusal repeats what may be personal data"


def emergency_is_safe(slot: Slot, text: str) -> None:
    document = slot(text)
    inspect(document)
    assert document.endswith("<Hangup /></Response>")


def judge_all(supply: Iterable[str]) -> None:
    """Each text in one slot of each kind, the slots taken in turn, so that every slot meets thousands of them."""
    slots = (cycle(kind.values()) for kind in (SPOKEN, FREE, EMERGENCY))
    turns = zip(supply, *slots, cycle(CHECKED.values()), strict=False)
    for text, spoken, free, emergency, (benign, checked) in turns:
        spoken_is_safe(spoken, text)
        attribute_is_safe(free, text)
        checked_is_safe(checked, benign, text)
        emergency_is_safe(emergency, text)


def test_twenty_thousand_hostile_texts_change_no_structure() -> None:
    judge_all(texts(20_000))


@pytest.mark.slow
def test_two_hundred_thousand_hostile_texts_change_no_structure() -> None:
    judge_all(texts(200_000, seed=11))


@pytest.mark.parametrize("name", SPOKEN)
@given(text=ANY_TEXT)
def test_any_spoken_text_is_only_spoken(name: str, text: str) -> None:
    spoken_is_safe(SPOKEN[name], text)


@pytest.mark.parametrize("name", FREE)
@given(text=ANY_TEXT)
def test_any_free_text_stays_in_its_attribute(name: str, text: str) -> None:
    attribute_is_safe(FREE[name], text)


@pytest.mark.parametrize("name", CHECKED)
@given(text=ANY_TEXT)
def test_any_other_value_is_sound_or_refused(name: str, text: str) -> None:
    benign, slot = CHECKED[name]
    checked_is_safe(slot, benign, text)


@pytest.mark.parametrize("name", CHECKED)
def test_the_harmless_value_of_each_slot_is_taken(name: str) -> None:
    benign, slot = CHECKED[name]
    assert benign.replace("&", "&amp;") in slot(benign)


@pytest.mark.parametrize("name", EMERGENCY)
@given(text=ANY_TEXT)
def test_a_document_of_last_resort_never_fails(name: str, text: str) -> None:
    emergency_is_safe(EMERGENCY[name], text)


def test_what_xml_cannot_hold_is_left_out_and_all_else_stays() -> None:
    assert readable("a\x00b\x0b\ufffe\ud800c\U0001f600 d\r\ne") == "abc\U0001f600 d\ne"
    assert one_line("a\r\n\tb") == "a b"
    assert hang_up() == SPOKEN["the last words"]("\x00")
