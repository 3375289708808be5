"""Speech is heard in full, whatever its length and alphabet."""

from __future__ import annotations

from urllib.parse import quote_plus
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twiml import Spoken, say_and_hang_up
from twiml.spoken import SAY_CHARACTERS, SAY_ENCODED

SENTENCES = {
    "Latin": "We are closed today; please call again tomorrow. ",
    "Cyrillic": "Сегодня мы закрыты. Пожалуйста, позвоните завтра. ",
    "Chinese": "我们今天休息。请明天再打电话。",
    "one endless word": "abcdefghij",
    "emoji": "\U0001f600\U0001f601",
}


def said(text: str) -> list[str]:
    return [say.text or "" for say in ET.fromstring(say_and_hang_up([Spoken(text)]).encode()).findall("Say")]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("sentence", SENTENCES.values(), ids=SENTENCES)
def test_a_text_over_twilios_limits_becomes_several_says_that_fit(sentence: str) -> None:
    text = sentence * (6_000 // len(sentence))
    pieces = said(text)
    assert len(pieces) > 1
    assert squeezed("".join(pieces)) == squeezed(text)
    assert all(len(piece) <= SAY_CHARACTERS for piece in pieces)
    assert all(len(quote_plus(piece)) <= SAY_ENCODED for piece in pieces)


@pytest.mark.parametrize("language", ["Latin", "Cyrillic", "Chinese"])
def test_a_long_text_is_parted_after_a_sentence(language: str) -> None:
    assert all(piece[-1] in ".。" for piece in said(SENTENCES[language] * 200))


def test_a_long_sentence_is_parted_between_words() -> None:
    assert all(piece.split() == ["word"] * len(piece.split()) for piece in said("word " * 2_000))


def test_a_short_text_stays_one_say_in_every_alphabet() -> None:
    for sentence in SENTENCES.values():
        assert said(sentence) == [sentence.strip()]


@settings(max_examples=200)
@given(
    st.text(
        alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="\ufffe\uffff")
    )
)
def test_nothing_is_lost_and_nothing_is_repeated(text: str) -> None:
    assert squeezed("".join(said(text * 40))) == squeezed(text * 40)


def test_line_ends_are_read_as_every_parser_reads_them() -> None:
    assert said("one\r\ntwo\rthree\nfour") == ["one\ntwo\nthree\nfour"]
