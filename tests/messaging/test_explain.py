"""Every failure has an explanation, and no code, however odd, is an error of ours."""

import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from webapp.commands.explain import explain_command
from webapp.messaging.catalogue import FILES, Area, catalogue
from webapp.messaging.explain import explain, search


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("13801", "13801"),
        (30034, "30034"),
        (" Error 21610 ", "21610"),
        ("sip:486", "sip:486"),
        ("SIP 486", "sip:486"),
        ("486", "sip:486"),
        ("refer:202", "refer:202"),
        ("REFER in-progress", "refer:in-progress"),
    ],
)
def test_a_code_is_found_however_it_is_typed(typed, code):
    assert explain(typed).code == code
    assert explain(typed).known


def test_a_handoff_operator_finds_the_three_kinds_of_answers():
    assert "SIP" in explain("13801").meaning
    assert "10DLC" in explain("30034").title
    assert explain("30034").a2p
    assert "busy" in explain("sip:486").noticed
    assert "never reported" in explain("refer:202").meaning


def test_an_unknown_twilio_code_links_to_the_dictionary():
    unknown = explain("39999")
    assert not unknown.known
    assert unknown.link == "https://www.twilio.com/docs/api/errors/39999"


def test_an_unknown_sip_answer_still_says_which_class_it_is():
    assert explain("sip:599").meaning.startswith("The far end failed.")


def test_a_refer_answer_without_its_own_entry_is_explained_by_the_sip_answer():
    assert explain("refer:482").title == "REFER answered with 482: Loop detected"


@given(st.text(max_size=200))
def test_no_text_at_all_makes_the_explanation_fail(text):
    assert explain(text).fix
    assert search(text) is not None


def test_the_shipped_catalogue_fits_its_schema_and_names_no_code_twice():
    from importlib.resources import files

    codes = [
        entry["code"]
        for name in FILES
        for entry in json.loads(files("webapp.messaging").joinpath(name).read_text(encoding="utf-8"))
    ]
    assert len(codes) == len(set(codes)) == len(catalogue())
    assert len(codes) > 600
    assert all(entry.known and entry.area is not Area.UNKNOWN for entry in catalogue().values())


def test_every_final_sip_failure_of_the_rfc_is_in_the_catalogue():
    rfc_3261 = (
        "300 301 302 305 380 400 401 402 403 404 405 406 407 408 410 413 414 415 416 420 421 423 480 481 482 483 484 "
        "485 486 487 488 491 493 500 501 502 503 504 505 513 600 603 604 606"
    )
    assert all(explain(f"sip:{code}").known for code in rfc_3261.split())


def test_search_finds_by_words_and_puts_the_exact_code_first():
    assert search("30034")[0].code == "30034"
    assert "30035" in [entry.code for entry in search("registration running")]
    assert search("sip:486")[0].code == "sip:486"
    assert search("zebra crossing unicorn") == ()


def test_the_command_prints_meaning_causes_and_fix():
    shown = CliRunner().invoke(explain_command, ["sip:486"])
    assert shown.exit_code == 0
    assert "Busy here" in shown.output
    assert "What to do" in shown.output


def test_the_command_prints_json_for_scripts():
    shown = CliRunner().invoke(explain_command, ["30035", "--json"])
    assert json.loads(shown.output)["retry_after"] == ">=10 min, then hourly"


def test_the_command_searches_and_says_when_nothing_is_found():
    assert "30034" in CliRunner().invoke(explain_command, ["--search", "10dlc"]).output
    assert CliRunner().invoke(explain_command, ["--search", "zebra", "unicorn"]).exit_code == 3


@pytest.mark.parametrize("code", ["99999", "sip:499", "refer:499", "499"])
def test_a_code_that_is_new_to_us_is_explained_with_a_link(code):
    shown = CliRunner().invoke(explain_command, [code])
    assert shown.exit_code == 0
    assert "https://" in shown.stdout


@pytest.mark.parametrize("words", [["xyz"], ["99999999"], ["sip:999"], ["12"], ["what", "happened"], [""]])
def test_what_is_no_code_is_not_found_and_says_how_one_is_written(words):
    shown = CliRunner().invoke(explain_command, words)
    assert (shown.exit_code, shown.stdout) == (3, "")
    assert "Write 13801, sip:486 or refer:202" in shown.stderr
