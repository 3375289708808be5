"""Asks a server's API: one token, one address, answers as plain data, problem details as `RemoteRefusal`."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests
from requests.auth import AuthBase

from handoff_rules.problems import Problem
from webapp.installation.refusal import RemoteRefusal
from webapp.unanswered import is_refused, why_unanswered
from webapp.version import VERSION

UNDER = "/api/v1"
PATIENCE_SECONDS = (5.0, 60.0)
"""To connect, and to answer: a promote plays every saved test before it answers."""
PAGE = 200
"""As much as a list of the API gives at once."""
TOKEN = re.compile(r"hf_(sandbox|production)_[A-Za-z0-9_-]{20,100}")


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is the object of the answer; `etag` without quotes, empty when there is none."""

    body: Mapping[str, Any]
    etag: str = ""


class _Bearer(AuthBase):
    """As `auth`, because a header of our own would give way to a password in `~/.netrc`."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Client:
    """`server` is an origin, such as https://handoff.example.com."""

    def __init__(self, server: str, token: str) -> None:
        if not TOKEN.fullmatch(token):
            raise RemoteRefusal(401, "A token of the server is needed, in HANDOFF_TOKEN or --token: hf_sandbox_… or "
                                     "hf_production_…. There, `handoff tokens create` makes one.")  # fmt: skip
        self._server = server
        self.is_for_the_sandbox = token.startswith("hf_sandbox_")
        self._session = requests.Session()
        self._session.auth = _Bearer(token)
        self._session.headers["User-Agent"] = f"handoff/{VERSION}"

    def get(self, *parts: str, **query: Any) -> Answer:
        return self._ask("GET", parts, query)

    def write(self, method: str, *parts: str, body: Any = None, if_match: str | None = None, **query: Any) -> Answer:
        """Under a key of its own, so that a proxy that sends it twice changes nothing twice."""
        headers = {"Idempotency-Key": secrets.token_hex(16)}
        if if_match is not None:
            headers["If-Match"] = if_match if if_match == "*" else f'"{if_match}"'
        return self._ask(method, parts, query, body, headers)

    def every(self, *parts: str, **query: Any) -> Iterator[Mapping[str, Any]]:
        """All entries of a list, page by page."""
        cursor: str | None = None
        while True:
            page = self.get(*parts, cursor=cursor, limit=PAGE, **query).body
            yield from page["data"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def close(self) -> None:
        self._session.close()

    def _ask(
        self, method: str, parts: tuple[str, ...], query: Mapping[str, Any], body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        path = "/".join(quote(part, safe="") for part in parts)
        asked = {
            name: "true" if value is True else value for name, value in query.items() if value not in (None, False)
        }
        try:
            answer = self._session.request(
                method, f"{self._server}{UNDER}/{path}", params=asked, json=body, headers=headers,
                timeout=PATIENCE_SECONDS, allow_redirects=False,
            )  # fmt: skip
        except requests.RequestException as fault:
            raise RemoteRefusal(0, self._silence(method, fault)) from fault
        if not answer.ok or answer.is_redirect:
            raise self._refusal(answer)
        return Answer(_json(answer, self._server), answer.headers.get("ETag", "").strip('"'))

    def _silence(self, method: str, fault: requests.RequestException) -> str:
        why = why_unanswered(fault)
        if method == "GET" or isinstance(fault, requests.ConnectTimeout) or is_refused(fault):
            return f"{self._server} does not answer: {why}. Is it the address of a running Handoff?"
        return f"The answer of {self._server} was lost, because {why}. Look whether it was done, then repeat it."

    def _refusal(self, answer: requests.Response) -> RemoteRefusal:
        if answer.is_redirect:
            where = answer.headers.get("Location", "another address")[:200]
            return RemoteRefusal(0, f"{self._server} leads on to {where}. Give that server's address.")
        if answer.status_code == 401:
            said = "does not know this token: it was revoked, has expired, or belongs to another server."
            return RemoteRefusal(401, f"{self._server} {said} There, `handoff tokens create` makes one.")
        try:
            problem = answer.json()
            errors = [_problem(error) for error in problem["errors"]]
            return RemoteRefusal(answer.status_code, str(problem["detail"]), errors)
        except (ValueError, KeyError, TypeError):
            said = f"{self._server} answered {answer.status_code} without saying why. Is it a running Handoff?"
            return RemoteRefusal(answer.status_code, said)


def _problem(error: Mapping[str, Any]) -> Problem:
    place = error.get("path") or error.get("pointer") or error.get("parameter") or ""
    return Problem(
        str(place).lstrip("/"), str(error["detail"]), str(error.get("fix", "")),
        "warning" if error.get("severity") == "warning" else "error",
    )  # fmt: skip


def _json(answer: requests.Response, server: str) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise RemoteRefusal(0, f"{server} did not answer as a Handoff does. Is the address right?")
    return found
