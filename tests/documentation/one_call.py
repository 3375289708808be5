"""The call that docs/calls.md tells: played through the real routes, its requests and documents written into the page.

`python -m tests.documentation.one_call` writes them anew; a test holds the page to them.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode
from xml.dom import minidom

from redis import Redis

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Application
from tests.redis_server import RedisServer
from tests.stand_in.signing import signature
from webapp.calls.reader import CallReader
from webapp.calls.sentences import codes, sentence
from webapp.configurations.document_file import read_document

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "calls.md"
AGAIN = "run: python -m tests.documentation.one_call"

CALL_SID = "CA" + "0" * 30 + "42"
ALWAYS = {
    "CallSid": CALL_SID,
    "AccountSid": ACCOUNT_SID,
    "From": "sip:+12125550123@pbx.example.com",
    "To": "sip:+14155550199@example.sip.twilio.com",
    "CallStatus": "in-progress",
    "Direction": "inbound",
    "ApiVersion": "2010-04-01",
    "SipDomain": "example.sip.twilio.com",
    "SipCallId": "7a1e@pbx.example.com",
}
COMES_IN = {"CallStatus": "ringing", "SipHeader_X-Department": "billing", "SipHeader_X-Customer-ID": "C-1042"}
REFER_ENDED = {"ReferCallStatus": "failed", "ReferSipResponseCode": "202", "NotifySipResponseCode": "503"}
DIAL_ENDED = {
    "DialCallStatus": "completed", "DialBridged": "true", "DialCallSid": "CA" + "0" * 30 + "43",
    "DialCallDuration": "94", "CallStatus": "in-progress",
}  # fmt: skip
SHOWN = ("CallSid", "From", "To", "SipCallId", "SipHeader_X-Department", *REFER_ENDED, *DIAL_ENDED)
"""Of a request the page shows what the answer depends on."""

_BLOCK = re.compile(r"<!-- played: (?P<name>[a-z-]+) -->\n```[a-z]*\n.*?```", re.DOTALL)


def play(redis_url: str, directory: Path) -> Mapping[str, str]:
    """Name of a block → its text."""
    document = read_document((PROJECT / "handoff.example.yaml").read_bytes(), "handoff.example.yaml")
    with Application(redis_url, directory, document) as application:
        application.at = datetime.fromisoformat("2026-11-20T15:00:00-05:00")
        return dict(_blocks(application, redis_url))


def _blocks(application: Application, redis_url: str) -> Iterator[tuple[str, str]]:
    client = application.app.test_client()
    target = "/voice/call"
    for name, fields in (("call", COMES_IN), ("refer-ended", REFER_ENDED), ("dial-ended", DIAL_ENDED)):
        form = ALWAYS | fields
        signed = signature(AUTH_TOKEN, BASE_URL + target, form.items())
        answered = client.post(
            target,
            base_url=BASE_URL,
            data=urlencode(form),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signed},
        )
        assert answered.status_code == 200, (name, answered.status_code)
        yield f"{name}-request", _request(target, form)
        yield f"{name}-document", _pretty(answered.text)
        found = re.search(r'action="[^"]*?(/voice/[^"]+)"', answered.text)
        target = found[1].replace("&amp;", "&") if found else ""
    application.services.voice_store.flush()
    yield "timeline", "\n".join(_timeline(application, redis_url)) + "\n"


def _request(target: str, form: Mapping[str, str]) -> str:
    shown = [f"{name}={form[name]}" for name in SHOWN if name in form]
    return "\n".join([f"POST {_short(target)}", "X-Twilio-Signature: …", "", *shown]) + "\n"


def _pretty(document: str) -> str:
    lines = minidom.parseString(document).documentElement.toprettyxml(indent="  ").splitlines()  # our own
    return _short("\n".join(line for line in lines if line.strip())) + "\n"


def _short(text: str) -> str:
    """The state of a call in a URL is long, and the same digits every time would promise too much."""
    return re.sub(r"\bs=1\.[A-Za-z0-9_.-]+", "s=1.…", text)


def _timeline(application: Application, redis_url: str) -> Iterator[str]:
    configuration = application.services.live.environment("production").compiled.configuration
    names = {one.id: one.name for one in configuration.destinations}
    with Redis.from_url(redis_url, decode_responses=True) as redis:
        record = CallReader(redis).get(CALL_SID)
    assert record is not None
    for event in record.events:
        beside = codes(event.detail)
        yield sentence(event, names) + (f"  [{beside}]" if beside else "")


def page_with(blocks: Mapping[str, str], page: str) -> str:
    def block(found: re.Match[str]) -> str:
        name = found["name"]
        kind = "xml" if name.endswith("-document") else "text"
        return f"<!-- played: {name} -->\n```{kind}\n{blocks[name]}```"

    return _BLOCK.sub(block, page)


def main() -> None:
    with RedisServer() as server, tempfile.TemporaryDirectory() as directory:
        blocks = play(server.url, Path(directory))
    PAGE.write_text(page_with(blocks, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
