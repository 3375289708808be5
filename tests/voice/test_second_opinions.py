"""What other programs make of our documents: libxml2 reads every one, and SIPp gets the headers that were meant."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.application import DOCUMENT
from tests.redis_server import free_port, wait_until
from tests.stand_in.sip_address import SipTarget, read_sip_target
from tests.twiml.hostile import texts
from webapp.configurations import Published
from webapp.configurations.published import publish
from webapp.simulator import AS_CONFIGURED, SimulatedCall, simulate

INVITES, DOCUMENTS = 1_000, 2_000
DECLARATION = re.compile(r"^<\?xml[^>]*\?>")
WAYS = {"customer": "X-Customer-ID", "topic": "X-Topic", "guest": "X-Guest"}
FAR_END = """<?xml version="1.0" encoding="UTF-8"?>
<!-- Answers an INVITE with the headers as it has read them, so that nobody stays on the line. -->
<scenario name="far end">
  <recv request="INVITE" />
  <send><![CDATA[

    SIP/2.0 486 Busy Here
    [last_Via:]
    [last_From:]
    [last_To:];tag=[call_number]
    [last_Call-ID:]
    [last_CSeq:]
    [last_X-Customer-ID:]
    [last_X-Topic:]
    [last_X-Guest:]
    [last_X-Injected:]
    Content-Length: 0

  ]]></send>
  <recv request="ACK" />
</scenario>
"""


def published() -> Published:
    headers = [{"name": name, "value": f"${variable}"} for variable, name in WAYS.items()]
    desk = {"id": "desk", "name": "Desk", "method": "INVITE", "route": "sip:desk@pbx.example.com", "headers": headers}
    return publish(DOCUMENT | {"destinations": [desk], "rules": [], "default_destination": "desk"})


def documents(count: int) -> Iterator[tuple[Mapping[str, str], str]]:
    """What a call whose variables are hostile is answered with: the headers that were meant, and the document."""
    version, supply = published(), texts(count * len(WAYS), seed=9)
    for told in zip(*[supply] * len(WAYS), strict=True):
        variables = dict(zip(WAYS, (f"{text}\r\nX-Injected: yes" for text in told), strict=True))
        call = SimulatedCall("+12125550123", "+14155550177", variables=variables)
        step = simulate(version, call, environment=AS_CONFIGURED).steps[0]
        yield step.headers, step.document


@pytest.mark.skipif(shutil.which("xmllint") is None, reason="needs xmllint (apt-get install libxml2-utils)")
def test_libxml2_reads_every_document_of_a_hostile_call() -> None:
    together = "".join(DECLARATION.sub("", document) for _, document in documents(DOCUMENTS))
    judge = subprocess.run(["xmllint", "--huge", "--xpath", "count(/all/Response/Dial/Sip)", "-"],
                           input=f"<all>{together}</all>".encode(), capture_output=True, check=False)  # fmt: skip
    assert (judge.returncode, judge.stderr, int(judge.stdout)) == (0, b"", DOCUMENTS)


@pytest.mark.skipif(shutil.which("sipp") is None, reason="needs SIPp (apt-get install sip-tester)")
def test_sipp_reads_from_a_thousand_invites_the_headers_that_were_meant_and_no_more(tmp_path: Path) -> None:
    carried = 0
    with far_end(tmp_path) as port, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(10)
        line.connect(("127.0.0.1", port))
        for number, (meant, document) in enumerate(documents(INVITES)):
            sip = next(ET.fromstring(document.encode()).iter("Sip"))
            answer = invited(line, number, read_sip_target(sip.text or ""))
            read = [one for one in answer if one.startswith("X-")]
            assert read == [f"{name}: {value}" for name, value in meant.items()]
            carried += len(read)
    assert carried > INVITES


@contextmanager
def far_end(directory: Path) -> Iterator[int]:
    """The port of a SIPp that plays the called side."""
    scenario, port = directory / "far_end.xml", free_port()
    scenario.write_text(FAR_END)
    command = ["sipp", "-sf", str(scenario), "-i", "127.0.0.1", "-p", str(port), "-nostdin", "-skip_rlimit"]
    with subprocess.Popen(command, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as sipp:
        try:
            wait_until(lambda: sipp.poll() is not None or is_taken(port))
            yield port
        finally:
            sipp.kill()


def is_taken(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def invited(line: socket.socket, number: int, target: SipTarget) -> list[str]:
    """Send the INVITE that Twilio makes of this address; the lines of the answer."""
    here = f"127.0.0.1:{line.getsockname()[1]}"
    same = [f"Via: SIP/2.0/UDP {here};branch=z9hG4bK-{number}", f"From: <sip:handoff@{here}>;tag=t{number}",
            f"To: <{target.address}>", f"Call-ID: {number}@handoff"]  # fmt: skip
    own = [f"{name}: {value}" for name, value in target.headers]
    request = [f"INVITE {target.address} SIP/2.0", *same, "CSeq: 1 INVITE", "Max-Forwards: 70", *own]
    line.send("\r\n".join([*request, "Content-Length: 0", "", ""]).encode())
    answer = line.recv(65_535).decode().splitlines()
    assert answer[0].startswith("SIP/2.0 486")
    line.send(
        "\r\n".join([f"ACK {target.address} SIP/2.0", *same, "CSeq: 1 ACK", "Content-Length: 0", "", ""]).encode()
    )
    return answer
