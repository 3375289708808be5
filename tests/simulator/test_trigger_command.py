"""`handoff trigger` signs as Twilio does: the running app answers it, and says no to anybody else."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Application
from tests.redis_server import free_port
from tests.simulator.terminal import Terminal


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Nothing: the test's output is its own."""

    def get_environ(self) -> dict[str, object]:
        return super().get_environ() | {"RAW_URI": self.path}


@pytest.fixture
def url(redis_url: str, tmp_path: Path) -> Iterator[str]:
    """The real application behind a real socket."""
    with Application(redis_url, tmp_path / "app") as application:
        server = make_server("127.0.0.1", 0, application.app, handler_class=Quiet)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(
        tmp_path, TWILIO_AUTH_TOKEN=AUTH_TOKEN, TWILIO_ACCOUNT_SID=ACCOUNT_SID, PUBLIC_BASE_URL=BASE_URL,
    )  # fmt: skip


def test_a_call_is_answered_with_its_twiml(terminal: Terminal, url: str) -> None:
    result = terminal.run("trigger", "call", "--url", url, "--to", "+14155550100")
    assert result.exit_code == 0, result.output
    assert "+14155550100</Number>" in result.stdout
    assert "handoff trigger dial-ended --call-sid CA" in result.stderr


def test_a_report_that_gets_no_document_is_said_to_be_taken(terminal: Terminal, url: str) -> None:
    result = terminal.run("trigger", "status", "--url", url)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "204: the app has taken it." in result.stderr


def test_a_sip_call_with_a_header_reaches_the_rules(terminal: Terminal, url: str) -> None:
    options = ("--over", "sip", "--to", "+14155550199", "--var", "sip_x_customer_id=C-7")
    twiml = terminal.ask("trigger", "--url", url, *options)["twiml"]
    assert "<Refer" in twiml
    assert "X-Customer-ID=C-7" in twiml


def test_the_call_goes_on_with_the_state_of_the_document_before(terminal: Terminal, url: str) -> None:
    first = terminal.ask("trigger", "--url", url, "--over", "sip", "--to", "+14155550199")
    state = first["twiml"].split("refer-ended?s=")[1].split('"')[0]
    goes_on = ("--call-sid", first["call_sid"], "--state", state, "--over", "sip", "--outcome", "failed")
    after = terminal.ask("trigger", "refer-ended", "--url", url, *goes_on)
    assert "+14155550100" in after["twiml"]


def test_the_line_to_go_on_goes_on_with_the_same_call(terminal: Terminal, url: str) -> None:
    options = ("--over", "sip", "--from", "sip:ana b@x.example", "--var", "sip_x_customer_id=C 7")
    said = terminal.run("trigger", "--url", url, *options).stderr
    following = shlex.split(said.partition("To go on: handoff ")[2])
    assert {*following} >= {*options}
    answered = terminal.ask(*following, "--outcome", "failed")
    assert "+14155550100" in answered["twiml"]


def test_a_wrong_token_is_told_in_a_sentence(tmp_path: Path, url: str) -> None:
    stranger = Terminal(tmp_path, TWILIO_AUTH_TOKEN="another-token", PUBLIC_BASE_URL=BASE_URL)
    result = stranger.run("trigger", "--url", url)
    assert result.exit_code == 5
    assert "does not accept this signature" in result.stderr


def test_an_app_that_is_not_there_is_told_in_a_sentence(terminal: Terminal) -> None:
    result = terminal.run("trigger", "--url", f"http://127.0.0.1:{free_port()}")
    assert result.exit_code == 6
    assert "does not answer: nothing listens there. Start the app with: handoff run" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("dial-ended",), "give --call-sid and --state"),
        (("call", "--var", "intent=billing"), "handoff simulate"),
        (("call", "--call-sid", "CA1"), "32 hexadecimal digits"),
        (("call", "--field", "Digits"), "has no value"),
        (("call", "--from", "abc"), "anonymous for a caller who hides it"),
        (("call", "--url", "nonsense"), "Write it as https://"),
        (("dial-ended", "--state", "1.a.b", "--outcome", "engaged"), "Use one of"),
        (("call", "--outcome", "busy"), "call has no outcome: leave it out, or trigger dial-ended or refer-ended."),
    ],
)
def test_a_wrong_option_is_a_usage_error_with_its_fix(
    terminal: Terminal, arguments: tuple[str, ...], words: str
) -> None:
    result = terminal.run("trigger", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
