"""Requests to Twilio's REST API: credentials, explicit timeouts, careful retries, paging, bounded time and size.

`requests` is used directly. Twilio's own client has no timeout by default, retries connections only, and costs 0.2 s
and an asynchronous HTTP stack to import; what is asked for here are a dozen documented resources.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from webapp import jitter
from webapp.twilio_rest.errors import TwilioRequestError, error_from_answer
from webapp.twilio_rest.lines import SHARED, Lines

PAGE_SIZE = 1000  # The largest that Twilio takes (error 20007 beyond it); its default is 50.
MOST_PAGES = 100
Verb = Literal["GET", "POST", "DELETE"]
Parameters = Mapping[str, str | int | bool | list[str]]


@dataclass(frozen=True, slots=True)
class Credentials:
    """An Auth Token, or an API key with its secret. A standard key reads everything but the account itself."""

    account_sid: str
    username: str
    password: str = field(repr=False)

    @property
    def is_api_key(self) -> bool:
        return self.username != self.account_sid


@dataclass(frozen=True, slots=True)
class Hosts:
    """Where Twilio's APIs are. Another place than the default serves tests against a stand-in."""

    api: str = "https://api.twilio.com/2010-04-01"
    messaging: str = "https://messaging.twilio.com/v1"
    voice: str = "https://voice.twilio.com/v1"
    trust_hub: str = "https://trusthub.twilio.com/v1"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one operation may take in all, and how often a read may be repeated (seconds, attempts, bytes)."""

    total: float = 10.0
    connect: float = 2.0
    read: float = 5.0
    attempts: int = 3
    back_off: float = 0.3
    largest_answer: int = 16 * 1024 * 1024


class TwilioClient:
    """`clock`, `sleep` and `between` are passed in by tests; everybody else leaves them alone."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        patience: Patience | None = None,
        hosts: Hosts | None = None,
        session: requests.Session | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        between: Callable[[float, float], float] = jitter.between,
        lines: Lines = SHARED,
    ) -> None:
        self.credentials = credentials
        self.hosts = hosts or Hosts()
        self._patience = patience or Patience()
        self._session = session or requests.Session()
        self._clock, self._sleep, self._between = clock, sleep, between
        self._lines = lines
        self.date_header = ""
        """The `Date` of Twilio's latest answer; doctor compares clocks with it."""

    @property
    def account_url(self) -> str:
        return f"{self.hosts.api}/Accounts/{self.credentials.account_sid}"

    def get(self, url: str, parameters: Parameters | None = None) -> dict[str, Any]:
        return self._request("GET", url, parameters)

    def post(self, url: str, parameters: Parameters) -> dict[str, Any]:
        return self._request("POST", url, parameters)

    def delete(self, url: str) -> None:
        self._request("DELETE", url, None)

    def pages(self, url: str, key: str, parameters: Parameters | None = None) -> Iterator[dict[str, Any]]:
        """Every record of a list, 1,000 a page. `key` is where the list stands in the answer."""
        page: dict[str, Any] = self.get(url, {"PageSize": PAGE_SIZE} | dict(parameters or {}))
        for _ in range(MOST_PAGES):
            records = page.get(key)
            yield from (record for record in records if isinstance(record, dict)) if isinstance(records, list) else ()
            following = _next_page(url, page)
            if following is None:
                return
            page = self.get(following)
        raise TwilioRequestError(f"A list of more than {MOST_PAGES} pages was not read to its end.", permanent=True)

    def _request(self, verb: Verb, url: str, parameters: Parameters | None) -> dict[str, Any]:
        with self._lines.taken():
            return self._patiently(verb, url, parameters)

    def _patiently(self, verb: Verb, url: str, parameters: Parameters | None) -> dict[str, Any]:
        deadline = self._clock() + self._patience.total
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._once(verb, url, parameters, deadline)
            except TwilioRequestError as error:
                if attempt >= self._patience.attempts or not _may_repeat(verb, error):
                    raise
                pause = self._patience.back_off * 2 ** (attempt - 1) * self._between(0.5, 1.5)
                if self._clock() + pause >= deadline:
                    raise
                self._sleep(pause)

    def _once(self, verb: Verb, url: str, parameters: Parameters | None, deadline: float) -> dict[str, Any]:
        left = max(deadline - self._clock(), 0.1)
        is_read = verb == "GET"
        try:
            with self._session.request(
                verb,
                url,
                params=_spelled(parameters) if is_read else None,
                data=_spelled(parameters) if not is_read else None,
                headers={"Accept": "application/json"},
                auth=(self.credentials.username, self.credentials.password),
                timeout=(min(self._patience.connect, left), min(self._patience.read, left)),
                allow_redirects=False,
                stream=True,
            ) as answer:
                body = self._read(answer, deadline)
                status = answer.status_code
                self.date_header = answer.headers.get("Date", "")
        except requests.ConnectTimeout as problem:
            raise TwilioRequestError("Twilio could not be reached in time.", permanent=False) from problem
        except (requests.Timeout, urllib3.exceptions.TimeoutError) as problem:
            raise _lost(is_read, "Twilio did not answer in time.") from problem
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as problem:
            raise _lost(is_read, "The connection to Twilio failed.") from problem
        return _document(status, body, is_read=is_read)

    def _read(self, answer: requests.Response, deadline: float) -> bytes:
        """The body, read piece by piece: a socket timeout is per read, and an answer that drips must end as well."""
        pieces, size = [], 0
        while piece := answer.raw.read1(65536, decode_content=True):
            size += len(piece)
            if size > self._patience.largest_answer:
                raise TwilioRequestError("Twilio's answer was larger than any that we know.", permanent=True)
            if self._clock() > deadline:
                raise requests.ReadTimeout
            pieces.append(piece)
        return b"".join(pieces)


def _spelled(parameters: Parameters | None) -> dict[str, str | list[str]] | None:
    """Twilio spells booleans in lower case."""
    if parameters is None:
        return None
    return {
        name: value if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in parameters.items()
    }


def _may_repeat(verb: Verb, error: TwilioRequestError) -> bool:
    """429 was never processed (Twilio's page on error 20429); every other write may have happened."""
    return error.status == 429 or (verb == "GET" and not error.permanent)


def _lost(is_read: bool, said: str) -> TwilioRequestError:
    return TwilioRequestError(said, permanent=False, ambiguous=not is_read)


def _document(status: int, body: bytes, *, is_read: bool) -> dict[str, Any]:
    try:
        document = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        document = None
    if status >= 300:
        raise error_from_answer(status, document if isinstance(document, dict) else {}, is_read=is_read)
    if not isinstance(document, dict):
        raise _lost(is_read, "Twilio's answer could not be read: it is not a JSON object.")
    return document


def _next_page(url: str, page: Mapping[str, Any]) -> str | None:
    """The next page, on the same host alone: our credentials go with the request."""
    meta = page.get("meta")
    following = page.get("next_page_uri") or (meta.get("next_page_url") if isinstance(meta, dict) else None)
    if not isinstance(following, str):
        return None
    absolute = urljoin(url, following)
    if urlsplit(absolute)[:2] != urlsplit(url)[:2]:
        raise TwilioRequestError("Twilio's answer names a next page on another host.", permanent=True)
    return absolute
