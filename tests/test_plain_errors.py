"""What a machine's address answers to whoever asks it in a wrong way: the methods that it takes, and what to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.application import Application
from tests.redis_server import RedisServer
from webapp import urls
from webapp.voice.routes import ALSO_GET

TEXT = "text/plain; charset=utf-8"
WEBHOOKS = [value for name, value in vars(urls).items() if name.isupper() and str(value).startswith("/")]
POST_ALONE = [path for path in WEBHOOKS if path not in ALSO_GET]


@pytest.fixture(scope="module")
def application(redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    with Application(redis_server.url, tmp_path_factory.mktemp("plain")) as application:
        yield application


@pytest.mark.parametrize("path", POST_ALONE)
def test_a_webhook_that_is_opened_in_a_browser_says_that_twilio_posts_to_it(
    application: Application, path: str
) -> None:
    answer = application.app.test_client().get(path)
    assert (answer.status_code, answer.headers["Allow"], answer.content_type) == (405, "POST", TEXT)
    assert answer.text.startswith("405 Method Not Allowed\nThis address takes POST, and was asked with GET. ")
    assert "Twilio calls it" in answer.text
    assert "choose HTTP POST" in answer.text


@pytest.mark.parametrize("path", ALSO_GET)
def test_a_webhook_that_takes_get_too_says_both(application: Application, path: str) -> None:
    answer = application.app.test_client().put(path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert "takes GET or POST, and was asked with PUT." in answer.text


def test_a_webhook_that_is_not_names_the_one_of_a_number_and_nothing_of_what_was_asked(
    application: Application,
) -> None:
    answer = application.app.test_client().post("/voice/<b>nothing")
    assert (answer.status_code, answer.content_type) == (404, TEXT)
    assert "/voice/call" in answer.text
    assert "nothing<" not in answer.text
    assert "<b>" not in answer.text


def test_any_other_address_of_machines_says_which_methods_it_takes(application: Application) -> None:
    answer = application.app.test_client().post("/healthz")
    assert (answer.status_code, answer.headers["Allow"], answer.content_type) == (405, "GET, HEAD", TEXT)
    assert answer.text == "405 Method Not Allowed\nThis address takes GET, and was asked with POST.\n"


def test_a_page_of_the_console_names_its_methods_too(application: Application) -> None:
    answer = application.app.test_client().get("/changes/promote")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "This page cannot do that" in answer.text
