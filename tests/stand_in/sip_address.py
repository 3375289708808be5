"""SIP addresses as Twilio takes them (docs/voice/twiml/sip): length, form, header names and values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

LONGEST_URI = 254  # "under 255"
LONGEST_HEADERS = 1023  # "under 1024"
FORM = re.compile(
    r"(?P<scheme>sips?):(?P<user>[A-Za-z0-9\-_.!~*'()&=+$,;?/%]+)@"
    r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?|\[[0-9a-fA-F:.]+\])(?P<port>:[0-9]{1,5})?"
    r"(?P<parameters>(?:;[A-Za-z0-9\-.!%*_+`'~]+(?:=[A-Za-z0-9\-_.!~*'()%\[\]/:&+$]+)?)*)"
)
HEADER_NAME = re.compile(r"[A-Za-z0-9\-]+")
HEADER_VALUE = re.compile(r"(?:[A-Za-z0-9\-_.~]|%[0-9A-Fa-f]{2})*")
CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)  # and bidi, zero width
OTHER_HEADERS = frozenset({"User-to-User", "Remote-Party-ID", "P-Preferred-Identity", "P-Called-Party-ID"})
FIXED_PARAMETERS = {
    "transport": frozenset({"udp", "tcp", "tls"}),
    "secure": frozenset({"true", "false"}),
    "edge": frozenset(["ashburn", "san-jose", "dublin", "frankfurt", "singapore", "tokyo", "sao-paulo", "sydney"]),
    "region": frozenset(["us1", "us2", "ie1", "de1", "sg1", "jp1", "br1", "au1"]),
}


@dataclass(frozen=True, slots=True)
class SipTarget:
    """What stands on the wire: the address without headers, and the headers decoded in their order."""

    address: str
    headers: tuple[tuple[str, str], ...]


def read_sip_target(uri: str) -> SipTarget:
    address, _, headers = uri.partition("?")
    pairs = (pair.partition("=") for pair in headers.split("&") if pair)
    return SipTarget(address, tuple((name, unquote(value)) for name, _, value in pairs))


def faults_of_sip_uri(uri: str, *, any_header: bool) -> Iterator[tuple[str, str]]:
    """Code and sentence for each fault. `any_header`: a Refer-To may carry names that an INVITE may not."""
    address, mark, headers = uri.partition("?")
    found = FORM.fullmatch(address)
    if found is None:
        yield "13243", f"{address!r} is not a SIP URI"
        return
    if found["scheme"] == "sips":
        yield "13243", "sips: must be written as sip: with transport=tls"
    if len(address) > LONGEST_URI:
        yield "13243", f"the SIP URI has {len(address)} characters, it must stay under {LONGEST_URI + 1}"
    for parameter in filter(None, found["parameters"].split(";")):
        name, _, value = parameter.partition("=")
        if value not in FIXED_PARAMETERS.get(name, frozenset({value})):
            yield ("32114" if name == "secure" else "32110"), f";{parameter} is not a value that Twilio describes"
    if mark:
        yield from faults_of_headers(headers, any_header=any_header)


def faults_of_headers(headers: str, *, any_header: bool) -> Iterator[tuple[str, str]]:
    if len(headers) > LONGEST_HEADERS:
        yield "13253", f"the headers have {len(headers)} characters, they must stay under {LONGEST_HEADERS + 1}"
    seen: set[str] = set()
    for pair in headers.split("&"):
        name, equals, value = pair.partition("=")
        if not equals or not HEADER_NAME.fullmatch(name):
            yield "13252", f"{pair[:60]!r} is not name=value with letters, digits and hyphens in the name"
            continue
        if name.casefold() in seen:
            yield "13252", f"the header {name} stands there twice"
        seen.add(name.casefold())
        if name.casefold().startswith("x-twilio"):
            yield "32113", f"{name}: names that start with X-Twilio are Twilio's own"
        elif not any_header and not name.startswith(("X-", "x-")) and name not in OTHER_HEADERS:
            yield "32111", f"{name} is not a header that an INVITE may carry"
        if not HEADER_VALUE.fullmatch(value):
            yield "32112", f"the value of {name} is not percent-encoded: {value[:60]!r}"
        elif CONTROL.search(unquote(value)):
            yield "32112", f"the value of {name} hides control characters: {value[:60]!r}"
