"""Why a server did not answer is said without the name of a class and without the library's own text."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
import requests
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import MaxRetryError, NameResolutionError

from webapp.unanswered import why_unanswered


def asked(url: str) -> requests.RequestException:
    with pytest.raises(requests.RequestException) as failed:
        requests.get(url, timeout=0.2)
    return failed.value


def unknown_name() -> requests.RequestException:
    """As requests hands it on; no test may look up a name."""
    pool = HTTPConnectionPool("nowhere.example")
    behind = NameResolutionError("nowhere.example", HTTPConnection("nowhere.example"), socket.gaierror())
    return requests.ConnectionError(MaxRetryError(pool, "/", behind))


def hanging() -> requests.RequestException:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return asked(f"http://127.0.0.1:{server.getsockname()[1]}/")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (lambda: asked("http://127.0.0.1:1/"), "nothing listens there"),
        (unknown_name, "its name is not known"),
        (hanging, "no answer came in time"),
        (lambda: requests.exceptions.SSLError("self-signed certificate"), "no trusted TLS connection can be made"),
        (requests.ConnectTimeout, "it cannot be reached in time"),
        (lambda: requests.ConnectionError("('Connection aborted.', …)"), "the connection broke off"),
    ],
)
def test_each_way_to_get_no_answer_has_its_words(fault: Callable[[], requests.RequestException], words: str) -> None:
    assert why_unanswered(fault()) == words
