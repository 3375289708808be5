"""One webhook on the wire as Twilio sends it: signed, with its time limits, retries and redirects (section 1.4)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

from tests.stand_in.overrides import OverrideError, Overrides, overrides_of
from tests.stand_in.signing import signature, url_to_sign
from tests.stand_in.transport import Request, Response, Transport, TransportError

MOST_REDIRECTS = 10
FORM = "application/x-www-form-urlencoded"
USER_AGENT = "TwilioProxy/1.1"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A request that Twilio owes the application; `kind` is document or status."""

    url: str
    parameters: Mapping[str, str]
    method: str = "POST"
    kind: str = "document"


@dataclass(frozen=True, slots=True)
class Received:
    """The answer, or the error code and sentence that stand for it; `tries` counts the requests that were sent."""

    url: str
    response: Response | None
    code: str = ""
    message: str = ""
    tries: int = 1


def form_of(parameters: Mapping[str, str]) -> str:
    return urlencode(parameters, errors="surrogatepass")


@dataclass(frozen=True, slots=True)
class Wire:
    """Knows the application's transport, its public address and the account's token. Safe for many threads."""

    transport: Transport
    auth_token: str
    public_base_url: str

    def send(self, webhook: Webhook, *, idempotency: str, cookies: dict[str, str] | None = None) -> Received:
        """Follow redirects until there is an answer. After 301, 302 and 303 the form is lost and the method is GET."""
        url, method, parameters = webhook.url, webhook.method, webhook.parameters
        for _ in range(MOST_REDIRECTS + 1):
            received = self.with_retries(url, method, parameters, idempotency, cookies)
            if received.response is None or not 300 <= received.response.status < 400:
                return judged(received)
            location = received.response.headers.get("location", "")
            if received.response.status not in {301, 302, 303, 307} or not location:
                return Received(url, received.response, "11216", f"redirect {received.response.status} to {location!r}")
            url = urljoin(url, location)
            if received.response.status != 307:
                method, parameters = "GET", {}
        return Received(url, None, "11215", f"more than {MOST_REDIRECTS} redirects")

    def with_retries(
        self, url: str, method: str, parameters: Mapping[str, str], idempotency: str, cookies: dict[str, str] | None
    ) -> Received:
        try:
            overrides = overrides_of(url)
            request = self.request(
                url, method, parameters, idempotency=idempotency, cookies=cookies, overrides=overrides
            )
        except (OverrideError, ForeignURLError) as error:
            return Received(url, None, "11100", str(error))
        deadline = time.monotonic() + overrides.tt / 1000
        for attempt in range(1, overrides.rc + 2):
            received, kind, partial = self.once(url, request, attempt)
            if received.response is not None and cookies is not None:
                keep_cookies(received.response, cookies)
            if not kind or partial or not overrides.retries(kind) or time.monotonic() >= deadline:
                break
        return received

    def once(self, url: str, request: Request, attempt: int) -> tuple[Received, str, bool]:
        """The answer, the word of the retry policy that covers it (none: it is fine), and whether half of it came."""
        try:
            response = self.transport.send(request)
        except TransportError as error:
            return Received(url, None, "11200", str(error), attempt), error.policy, getattr(error, "partial", False)
        kind = f"{response.status // 100}xx" if response.status >= 400 else ""
        return Received(url, response, tries=attempt), kind, False

    def request(
        self,
        url: str,
        method: str,
        parameters: Mapping[str, str],
        *,
        idempotency: str,
        cookies: dict[str, str] | None,
        overrides: Overrides,
    ) -> Request:
        bare = url.partition("#")[0]
        form = form_of(parameters)
        if method == "GET":
            bare, form = (f"{bare}{'&' if '?' in bare else '?'}{form}" if form else bare), ""
        headers = {
            "Host": urlsplit(bare).netloc,
            "User-Agent": USER_AGENT,
            "Accept": "*/*",
            "I-Twilio-Idempotency-Token": idempotency,
            "X-Twilio-Signature": signature(
                self.auth_token, url_to_sign(bare), parameters.items() if method == "POST" else ()
            ),
        }
        if method == "POST":
            headers["Content-Type"] = FORM
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return Request(method, self.target(bare), headers, form.encode(), overrides.ct / 1000, overrides.rt / 1000)

    def target(self, bare: str) -> str:
        if not bare.startswith(self.public_base_url + "/"):
            raise ForeignURLError(f"{bare.partition('?')[0]} is not under {self.public_base_url}")
        return bare[len(self.public_base_url) :]


class ForeignURLError(ValueError):
    """The URL leads away from the application: nothing answers there."""


def judged(received: Received) -> Received:
    response = received.response
    if response is None or response.status < 400:
        return received
    return Received(received.url, response, "11200", f"the answer was {response.status}", received.tries)


def keep_cookies(response: Response, cookies: dict[str, str]) -> None:
    cookie = response.headers.get("set-cookie", "")
    name, equals, value = cookie.partition(";")[0].partition("=")
    if equals:
        cookies[name.strip()] = value.strip()
