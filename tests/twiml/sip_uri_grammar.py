"""An independent judge of SIP URIs: RFC 3261 section 25.1, rule by rule, read left to right with no regular expression.

It knows nothing of how our URIs are written. It refuses whatever the grammar refuses and gives back what it read.
"""

from __future__ import annotations

import string
from dataclasses import dataclass

ALPHANUM = frozenset(string.ascii_letters + string.digits)
HEXDIG = frozenset(string.hexdigits)
MARK = frozenset("-_.!~*'()")
UNRESERVED = ALPHANUM | MARK
USER_UNRESERVED = frozenset("&=+$,;?/")
PASSWORD_UNRESERVED = frozenset("&=+$,")
PARAM_UNRESERVED = frozenset("[]/:&+$")
HNV_UNRESERVED = frozenset("[]/?:+$")


class NotASipUriError(Exception):
    pass


@dataclass(frozen=True)
class ParsedUri:
    user: bytes | None
    password: bytes | None
    host: str
    port: int | None
    parameters: tuple[tuple[str, bytes | None], ...]
    headers: tuple[tuple[bytes, bytes], ...]


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, wanted: str) -> bool:
        if self.peek() == wanted:
            self.at += 1
            return True
        return False

    def run(self, allowed: frozenset[str], *, least: int) -> bytes:
        """`*( allowed / escaped )`, decoded."""
        read = bytearray()
        while (character := self.peek()) and (character in allowed or character == "%"):
            self.at += 1
            if character != "%":
                read += character.encode("ascii")
                continue
            digits = self.text[self.at : self.at + 2]
            if len(digits) != 2 or not HEXDIG.issuperset(digits):
                raise NotASipUriError(f"half an escape at {self.at}")
            read.append(int(digits, 16))
            self.at += 2
        if len(read) < least:
            raise NotASipUriError(f"nothing where something must stand at {self.at}")
        return bytes(read)


def parse_sip_uri(text: str) -> ParsedUri:
    """SIP-URI = "sip:" [ userinfo ] hostport uri-parameters [ headers ]; raises NotASipUriError."""
    scheme, colon, rest = text.partition(":")
    if not colon or scheme.lower() not in {"sip", "sips"}:
        raise NotASipUriError("no sip scheme")
    reader = _Reader(rest)
    user, password = _userinfo(reader) if "@" in rest else (None, None)
    host = _host(reader)
    port = _port(reader) if reader.take(":") else None
    parameters = []
    while reader.take(";"):
        parameters.append(_parameter(reader))
    headers = []
    if reader.take("?"):
        headers.append(_header(reader))
        while reader.take("&"):
            headers.append(_header(reader))
    if reader.peek():
        raise NotASipUriError(f"something is left at {reader.at}")
    return ParsedUri(user, password, host, port, tuple(parameters), tuple(headers))


def _userinfo(reader: _Reader) -> tuple[bytes, bytes | None]:
    user = reader.run(UNRESERVED | USER_UNRESERVED, least=1)
    password = reader.run(UNRESERVED | PASSWORD_UNRESERVED, least=0) if reader.take(":") else None
    if not reader.take("@"):
        raise NotASipUriError("no @ after the user")
    return user, password


def _host(reader: _Reader) -> str:
    if reader.take("["):
        start = reader.at
        while reader.peek() and reader.peek() in HEXDIG | {":", "."}:
            reader.at += 1
        if reader.at == start or not reader.take("]"):
            raise NotASipUriError("no IPv6 address between brackets")
        return reader.text[start - 1 : reader.at]
    start = reader.at
    while reader.peek() and (reader.peek() in ALPHANUM or reader.peek() in "-."):
        reader.at += 1
    host = reader.text[start : reader.at]
    labels = host.removesuffix(".").split(".")
    if not all(label and label[0] in ALPHANUM and label[-1] in ALPHANUM for label in labels):
        raise NotASipUriError("no host")
    return host


def _port(reader: _Reader) -> int:
    start = reader.at
    while reader.peek() and reader.peek() in string.digits:
        reader.at += 1
    if start == reader.at:
        raise NotASipUriError("no port")
    return int(reader.text[start : reader.at])


def _parameter(reader: _Reader) -> tuple[str, bytes | None]:
    name = reader.run(UNRESERVED | PARAM_UNRESERVED, least=1).decode("ascii")
    return name, reader.run(UNRESERVED | PARAM_UNRESERVED, least=1) if reader.take("=") else None


def _header(reader: _Reader) -> tuple[bytes, bytes]:
    name = reader.run(UNRESERVED | HNV_UNRESERVED, least=1)
    if not reader.take("="):
        raise NotASipUriError("a header without =")
    return name, reader.run(UNRESERVED | HNV_UNRESERVED, least=0)
