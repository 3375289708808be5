"""Texts are checked when they are saved: what they tell, how long they are, and whether the offer can be understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from handoff_rules.check import check
from handoff_rules.check_texts import message_parts
from handoff_rules.configuration import read_configuration
from handoff_rules.problems import ConfigurationError

PROMPT = "Press 1 to get our address by text."


def document(text_back: Mapping[str, Any] | None = None, offer: Mapping[str, Any] | None = None) -> dict[str, Any]:
    desk = {"id": "desk", "name": "Desk", "method": "INVITE", "route": "+14155550100"}
    return {
        "schema": 1, "name": "Hotel", "default_destination": "desk",
        "variables": {"name": {"sample": "Ann"}, "pin": {"sample": "1234", "secret": True}},
        "destinations": [desk | ({"offer_text": offer} if offer else {})],
    } | ({"text_back": text_back} if text_back else {})  # fmt: skip


def told(document: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [(problem.severity, problem.path, problem.message) for problem in check(read_configuration(document))]


def test_good_texts_have_no_problem() -> None:
    assert told(document({"body": "Sorry, $name."}, {"prompt": PROMPT, "body": "1 Example Street"})) == []


@pytest.mark.parametrize(
    ("built", "path"),
    [
        (document({"body": "Your code is $pin"}), "text_back/body"),
        (document(None, {"prompt": PROMPT, "body": "${pin|none}"}), "destinations/0/offer_text/body"),
        (document(None, {"prompt": "Press 1 for $pin", "body": "x"}), "destinations/0/offer_text/prompt"),
    ],
)
def test_a_secret_never_leaves_in_a_text(built: Mapping[str, Any], path: str) -> None:
    (found,) = told(built)
    assert (found[0], found[1]) == ("error", path)
    assert "pin is secret" in found[2]


@pytest.mark.parametrize(
    "text_back",
    [{"body": ""}, {"body": "x" * 321}, {"body": "Sorry", "to": "+1"}, {"body": "x", "on": ["answered"]}, {}],
)
def test_what_is_no_text_back_is_refused(text_back: Mapping[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        read_configuration(document() | {"text_back": text_back})


def test_warnings_name_an_undeclared_variable_a_second_message_and_a_prompt_without_its_key() -> None:
    offer = {"prompt": "Would you like a text?", "body": "Hello $nmae"}
    found = [line for line in told(document({"body": "x" * 150}, offer)) if line[0] == "warning"]
    assert {path for _, path, _ in found} == {
        "text_back/body", "destinations/0/offer_text/prompt", "destinations/0/offer_text/body",
    }  # fmt: skip


def test_a_caller_who_would_hear_nothing_is_found_at_the_empty_words() -> None:
    menu = {"kind": "menu", "prompt": " ", "choices": {"1": {"name": "Ann"}}}
    silent = document() | {"ending": {"say": " "}, "intake": menu}
    silent["destinations"][0]["fallback"] = [{"voicemail": {"greeting": ""}, "on": ["busy"]}, {"say": ""}]
    assert {(severity, path) for severity, path, _ in told(silent)} == {
        ("error", "ending/say"), ("error", "intake/prompt"), ("error", "destinations/0/fallback/1/say"),
        ("warning", "destinations/0/fallback/0/voicemail/greeting"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("😀" * 35, 1),
        ("", 1),
    ],
)
def test_parts_are_counted_as_they_are_paid(text: str, parts: int) -> None:
    assert message_parts(text) == parts


@pytest.mark.parametrize("body", ["Sorry.\tCall us.", "Sorry.\r\nCall us.", "Sorry\x00", "Sorry\x85Sir"])
@pytest.mark.parametrize("place", ["text_back/body", "destinations/0/offer_text/body"])
def test_a_text_that_would_never_be_sent_is_refused_when_it_is_saved(body: str, place: str) -> None:
    built = document({"body": body}) if place == "text_back/body" else document(None, {"prompt": PROMPT, "body": body})
    (found,) = told(built)
    assert found[:2] == ("error", place)
    assert "control character" in found[2]


def test_a_text_of_several_lines_has_no_problem() -> None:
    assert told(document({"body": "Sorry.\nCall us."})) == []
