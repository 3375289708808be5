"""The twins that every page shows: each command line is one that exists, each curl line does what it says."""

from __future__ import annotations

import html
import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator

import click
import pytest

from tests.api.asking import Api
from tests.application import Application
from tests.console.browser import EMAIL, PASSWORD, Running, sid_of
from tests.console.conftest import Person
from tests.console.telephony_house import PUBLIC, TELEPHONY_PAGES, telephony_house
from tests.console.test_pages import PAGES
from tests.redis_server import RedisServer
from webapp.cli import main

HOSTILE = "+1;touch /tmp/pwned $(id) `id` 'x' \"y\""
MORE_PAGES = (
    "/versions/compare?from=1&to=3",
    "/versions/1/roll-back",
    f"/calls/{sid_of(0)}",
    f"/calls/{sid_of(0)}/replay",
    "/test?version=production&over=sip&variables=sip_x_return%3Dyes&digits=1&speech=a+b&far/0=busy&far/1=no_answer",
    "/test?variables=note%3DDon%27t+ask%3B+%24HOME&at=2026-12-24T20%3A00",
)
EVERY_PAGE = tuple(dict.fromkeys((*PAGES, *TELEPHONY_PAGES, *MORE_PAGES)))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with RedisServer() as redis, telephony_house(redis, tmp_path_factory.mktemp("twins")) as (house, _):
        yield house


@pytest.fixture(scope="module")
def sam(running: Running) -> Person:
    somebody = Person(running.application.app.test_client())
    assert somebody.posts("/sign-in", {"_email": EMAIL, "_password": PASSWORD}).status_code == 302
    return somebody


def line_of(page: str, kind: str) -> str | None:
    found = re.search(rf'<code id="twin-{kind}">([^<]*)</code>', page)
    return html.unescape(found[1]) if found else None


def as_the_shell_reads(line: str, **environment: str) -> list[str]:
    """The words of a command line after a real shell has read it, without running it."""
    shown = subprocess.run(
        ["sh", "-c", f"set -- {line}; printf '%s\\0' \"$@\""], capture_output=True, text=True, check=True,
        env=os.environ | environment,
    )  # fmt: skip
    return shown.stdout.split("\0")[:-1]


def parse(words: list[str]) -> None:
    """As the command line does before it runs anything: a click.UsageError when it would not."""
    command: click.Command = main
    name, rest = words[0], words[1:]
    while isinstance(command, click.Group):
        found, following, rest = command.resolve_command(click.Context(command, info_name=name), rest)
        assert found is not None
        assert following is not None
        name, command = found, following
    command.make_context(name, rest)


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_the_command_line_under_a_page_is_one_that_exists(sam: Person, path: str) -> None:
    line = line_of(sam.sees(path), "cli")
    if line is not None:
        words = as_the_shell_reads(line)
        assert words[0] == "handoff"
        parse(words)


@pytest.mark.parametrize("path", [path for path in EVERY_PAGE if not path.startswith(("/errors/99999",))])
def test_the_curl_line_under_a_page_is_answered(sam: Person, running: Running, path: str) -> None:
    line = line_of(sam.sees(path), "curl")
    if line is None:
        return
    token = Api(running.application).secret
    answer = subprocess.run(
        ["sh", "-c", f"{line.replace(PUBLIC, running.url)} --silent --max-time 20 --write-out '\\n%{{http_code}}'"],
        capture_output=True, text=True, check=True, env=os.environ | {"TOKEN": token},
    )  # fmt: skip
    body, _, status = answer.stdout.rpartition("\n")
    assert status in {"200", "201"}, f"{line}\n{body}"
    json.loads(body)


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_the_json_link_under_a_page_leads_to_json(sam: Person, path: str) -> None:
    found = re.search(r'<a href="([^"]+)">This page as JSON</a>', sam.sees(path))
    if found:
        assert sam.get(html.unescape(found[1])).is_json


def test_every_page_has_a_twin(sam: Person) -> None:
    without = [path for path in EVERY_PAGE if "Do this from code" not in sam.sees(path)]
    assert all(path.startswith("/help") for path in without), without


@pytest.mark.parametrize("field", ["from", "to", "digits", "speech"])
def test_no_link_puts_a_command_into_the_line_that_is_copied(house: Application, admin: Person, field: str) -> None:
    answer = admin.client.get("/test", query_string={field: HOSTILE}, base_url="https://handoff.example.com")
    words = as_the_shell_reads(line_of(answer.text, "cli") or "")
    assert words[words.index(f"--{field}") + 1] == HOSTILE
    parse(words)
    curl = as_the_shell_reads(line_of(answer.text, "curl") or "", TOKEN="secret")
    assert json.loads(curl[curl.index("-d") + 1])["call"][field] == HOSTILE
    assert "Authorization: Bearer secret" in curl


def test_a_simulation_from_code_is_the_one_on_the_page(sam: Person) -> None:
    page = sam.sees("/test?version=production&over=sip&digits=1&far/0=busy&at=2026-12-24T20%3A00&variables=intent%3Da")
    words = shlex.split(line_of(page, "cli") or "")
    given = dict(zip(words[2::2], words[3::2], strict=True))
    assert given == {
        "--from": "+14155550123", "--to": "+14155550199", "--over": "sip", "--at": "2026-12-24T20:00",
        "--var": "intent=a", "--digits": "1", "--far-end": "busy,answered,answered", "--version": "production",
    }  # fmt: skip
