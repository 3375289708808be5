"""The documents of last resort reach a person or say goodbye, and building one never raises."""

from __future__ import annotations

from typing import cast

import pytest

from tests.twiml.documents import DECLARATION
from twiml import LAST_DOCUMENT, Spoken, last_resort_dial, last_resort_words
from twiml.document import inspect
from twiml.emergency import FAREWELL, SORRY


def test_the_emergency_number_is_rung_without_asking_us_anything_more() -> None:
    document = last_resort_dial("+14155550100", before=[Spoken("One moment.")], caller_id="+14155550199")
    assert document == (
        f'{DECLARATION}<Response><Say>One moment.</Say><Dial answerOnBridge="true" callerId="+14155550199"'
        ' timeLimit="14400" timeout="30"><Number>+14155550100</Number></Dial>'
        '<Say language="en-US">Thank you for calling. Goodbye.</Say><Hangup /></Response>'
    )


def test_the_emergency_destination_may_be_a_sip_uri() -> None:
    uri = "sip:night@pbx.example.com;transport=tls"
    assert f"<Sip>{uri}</Sip>" in last_resort_dial(uri)


def test_a_caller_id_that_cannot_be_used_is_left_out() -> None:
    assert last_resort_dial("+14155550100", caller_id="anonymous") == last_resort_dial("+14155550100")


def test_words_that_cannot_be_said_are_left_out_and_the_call_goes_on() -> None:
    assert last_resort_dial("+14155550100", before=[Spoken("word " * 20_000)]) == last_resort_dial("+14155550100")


@pytest.mark.parametrize("destination", ["", "4155550100", "sip:", "+14155550100\n", cast("str", None), cast("str", 7)])
def test_a_destination_that_cannot_be_rung_still_ends_in_words(destination: str) -> None:
    assert last_resort_dial(destination) == last_resort_words((SORRY,))
    assert last_resort_dial(destination, before=[FAREWELL]) == last_resort_words((FAREWELL,))


@pytest.mark.parametrize("broken", [Spoken("x", language="?"), Spoken("word " * 20_000), cast("Spoken", None)])
def test_words_that_cannot_be_said_give_the_last_document(broken: Spoken) -> None:
    assert last_resort_words([broken]) == LAST_DOCUMENT


def test_the_last_document_is_sound_and_is_what_sorry_gives() -> None:
    inspect(LAST_DOCUMENT)
    assert last_resort_words() == LAST_DOCUMENT
