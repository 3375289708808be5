"""The SIP URI of a route: strictly read, so that every SIP parser in the world understands it the same way."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from urllib.parse import unquote_to_bytes

URI_LIMIT = 255
"""Twilio: the URI stays under 255 characters (page twiml/sip)."""

# User: RFC 3261 `unreserved`, `+` and escapes. `; ? = & $` are legal there too, but parsers disagree on them.
_SIP = re.compile(
    r"(?P<scheme>sips?):(?P<user>(?:[A-Za-z0-9._~!*'()+-]|%[0-9A-Fa-f]{2})+)@(?P<host>[A-Za-z0-9.-]+)"
    r"(?::(?P<port>[0-9]{1,5}))?(?P<parameters>(?:;[A-Za-z]+=[A-Za-z0-9-]+)*)",
    re.IGNORECASE,
)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+[A-Za-z](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?")

PARAMETERS = {
    "transport": frozenset({"udp", "tcp", "tls"}),
    "edge": frozenset(
        {
            "ashburn",
            "dublin",
            "frankfurt",
            "san-jose",
            "sao-paulo",
            "singapore",
            "sydney",
            "tokyo",
            "umatilla",
            "roaming",
        }
    ),
    "region": frozenset({"us1", "us2", "ie1", "de1", "sg1", "jp1", "br1", "au1"}),
    "secure": frozenset({"true", "false"}),
    "user": frozenset({"phone", "ip"}),
}
"""The URI parameters that Twilio reads (page twiml/sip), and `user` (RFC 3261 19.1.1), with their values."""


class SipUriError(ValueError):
    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


@dataclass(frozen=True, slots=True)
class SipRoute:
    """`sip:user@host:port;name=value`: host and parameters in lower case, no headers, no password."""

    user: str
    host: str
    port: int | None = None
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def uri(self) -> str:
        port = f":{self.port}" if self.port is not None else ""
        return f"sip:{self.user}@{self.host}{port}" + "".join(f";{name}={value}" for name, value in self.parameters)

    def with_parameter(self, name: str, value: str) -> SipRoute:
        kept = tuple(pair for pair in self.parameters if pair[0] != name)
        return replace(self, parameters=(*kept, (name, value)))


def parse_sip_uri(text: str) -> SipRoute:
    """Read a SIP URI, or raise `SipUriError` with what is wrong and the fix; `sips:` becomes `transport=tls`."""
    found = _SIP.fullmatch(text)
    if found is None:
        raise SipUriError(*_why_not(text))
    parameters = _parameters(found["parameters"])
    if found["scheme"].lower() == "sips":
        if parameters.get("transport", "tls") != "tls":
            raise SipUriError("sips: always means TLS.", "Write sip: and transport=tls.")
        parameters["transport"] = "tls"
    route = SipRoute(_user(found["user"]), _host(found["host"]), _port(found["port"]), tuple(parameters.items()))
    if len(route.uri) >= URI_LIMIT:
        raise SipUriError(f"The address has {len(route.uri)} characters.", f"Twilio takes fewer than {URI_LIMIT}.")
    return route


def _why_not(text: str) -> tuple[str, str]:
    """The most likely mistake in an address that is none."""
    example = "Write it as sip:user@host.example.com, with ;transport=tls where it is needed."
    head, _, tail = text.partition("@")
    if not text.isascii() or not text.isprintable() or " " in text:
        return "A SIP address has no spaces, control characters or letters outside ASCII.", example
    if "?" in text:
        return "A route has no headers.", "Take away the part from the ? on, and list the headers under `headers`."
    if "$" in text:
        return "A route has no variables.", "Make one destination for each place, and let the rules choose."
    if not tail:
        return "The address has no user part.", example
    if ":" in head.partition(":")[2]:
        return "A route has no password.", "Take it away: Twilio sends credentials apart from the address."
    return f"“{made_visible(text)}” is not a SIP address.", example


def made_visible(text: str) -> str:
    """A wrong address as an error quotes it: what nobody sees is made visible, and a long one ends early."""
    return text.encode("unicode_escape").decode()[:80]


def _user(user: str) -> str:
    plain = unquote_to_bytes(user)
    if any(not 0x20 <= byte < 0x7F for byte in plain):
        raise SipUriError("The user part hides a control character.", "Write it with letters and digits.")
    return user


def _host(host: str) -> str:
    if re.fullmatch(r"[0-9.]+", host):
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise SipUriError(f"{host} is not an IP address.", "Write four numbers from 0 to 255.") from None
    if len(host) > 253 or not _DOMAIN.fullmatch(host):
        fix = "Write the full name that Twilio can look up, such as pbx.example.com."
        raise SipUriError(f"{host} is not a full host name.", fix)
    return host.lower()


def _port(port: str | None) -> int | None:
    if port is None:
        return None
    if not 1 <= int(port) <= 65_535:
        raise SipUriError(f"There is no port {port}.", "Ports go from 1 to 65535; 5060 and 5061 are the usual ones.")
    return int(port)


def _parameters(text: str) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for pair in text.lower().split(";")[1:]:
        name, _, value = pair.partition("=")
        if name not in PARAMETERS:
            raise SipUriError(f"The parameter {name} is not used here.", f"These are: {', '.join(sorted(PARAMETERS))}.")
        if value not in PARAMETERS[name]:
            raise SipUriError(f"{name}={value} is not possible.", f"Use {', '.join(sorted(PARAMETERS[name]))}.")
        if name in parameters:
            raise SipUriError(f"The parameter {name} is there twice.", "Keep one of them.")
        parameters[name] = value
    return parameters
