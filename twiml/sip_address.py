"""Writes a SIP URI with custom headers so that every parser reads back exactly the names and values that went in.

Unrelated SIP parsers disagree about anything unusual, so only what all of them accept is written: RFC 3261 section
25.1, minus a password and the characters `; ? & = $ , /` in the user part, which some of them split at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

from twiml.errors import DocumentError

URI_LIMIT = 255
"""The URI without its headers must be shorter than this (https://www.twilio.com/docs/voice/twiml/sip)."""
HEADERS_LIMIT = 1_024
"""Everything after the `?`, encoded, must be shorter than this (same page; errors 21227, 13253)."""
STANDARD_HEADERS = frozenset({"User-to-User", "Remote-Party-ID", "P-Preferred-Identity", "P-Called-Party-ID"})
"""The names without `X-` that Twilio passes on; they are written as its page spells them."""

_SPELLING = {name.lower(): name for name in STANDARD_HEADERS}
_HEADER_NAME = re.compile(r"[Xx]-[A-Za-z0-9-]{1,100}")  # letters, digits, hyphens: errors 13252 and 32111
_TWILIOS_OWN = "x-twilio"  # error 32113
_UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029"  # control characters and Unicode's line ends: a peer may print or re-split them
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"  # direction marks and lone surrogates
)
_PARAMETER = r";[A-Za-z0-9_.-]+(?:=(?:[A-Za-z0-9_.~:+-]|%[0-9A-Fa-f]{2})+)?"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]{{2,45}}\])"
_ADDRESS = re.compile(
    r"sips?:"
    r"(?:(?:[A-Za-z0-9_.!~*'()+-]|%[0-9A-Fa-f]{2})+@)?"
    rf"{_HOST}(?::(?P<port>[0-9]{{1,5}}))?"
    rf"(?P<parameters>(?:{_PARAMETER})*)"
)
_REFUSED_PARAMETERS = frozenset({"method", "maddr", "ttl"})
"""They turn the call into another request, or send it to another host than the one that everybody sees."""


class WrittenUri(str):
    """A URI that `sip_uri` wrote: the type is the proof, so that no document pays for checking it a second time."""

    __slots__ = ()


def sip_uri(address: str, headers: Sequence[tuple[str, str]] = ()) -> WrittenUri:
    """`address` (`sip:user@host:port;parameter=value`) with `headers` behind it, for `<Sip>` or a Refer-To.

    Values are plain text, not yet encoded; each byte of their UTF-8 but letters, digits and `_.-~` is percent-encoded.
    Nothing is cut, cleaned or dropped here: an address that not every parser accepts, a name off Twilio's list, a name
    given twice, a value with control or direction characters, or too much of anything raises DocumentError.
    """
    _check_address(address)
    fields = header_fields(headers)
    return WrittenUri(f"{address}?{fields}" if fields else address)


def check_sip_uri(uri: str) -> None:
    """Raises DocumentError unless `uri` is one that `sip_uri` could have written."""
    if isinstance(uri, WrittenUri):
        return
    address, mark, fields = uri.partition("?")
    _check_address(address)
    if not mark:
        return
    pairs = [field.partition("=") for field in fields.split("&")]
    try:
        headers = [(name, unquote_to_bytes(value).decode("utf-8")) for name, _, value in pairs]
    except UnicodeDecodeError as error:
        raise DocumentError("SIP headers", "must be percent-encoded UTF-8") from error
    if sip_uri(address, headers) != uri:
        raise DocumentError("SIP URI", "must be written by sip_uri, so that every parser reads the same headers")


@lru_cache(maxsize=4096)  # addresses come from the configuration: few, and the same ones call after call
def _check_address(address: str) -> None:
    if len(address) >= URI_LIMIT:
        raise DocumentError("SIP URI", f"is {len(address)} characters long, must be under {URI_LIMIT}")
    parts = _ADDRESS.fullmatch(address)
    if parts is None:
        raise DocumentError(
            "SIP URI", "must look like sip:user@host:port;parameter=value, with no password and headers"
        )
    if parts["port"] is not None and not 1 <= int(parts["port"]) <= 65_535:
        raise DocumentError("SIP URI", "has a port that is not 1 to 65535")
    names = [parameter.partition("=")[0].lower() for parameter in parts["parameters"].split(";")[1:]]
    if len(names) != len(set(names)) or not _REFUSED_PARAMETERS.isdisjoint(names):
        raise DocumentError("SIP URI", "may not repeat a parameter, or have method, maddr or ttl")
    if _UNWANTED.search(unquote_to_bytes(address).decode("utf-8", "surrogateescape")):
        raise DocumentError("SIP URI", "may not hide control characters or broken UTF-8 behind escapes")


_ENCODED = tuple(quote(bytes([octet]), safe="") for octet in range(256))
"""Each byte as it is written. Letters, digits and `_.-~` stand for themselves."""


def header_fields(headers: Sequence[tuple[str, str]]) -> str:
    """What stands behind the `?`, "" without headers. Raises DocumentError as `sip_uri` does."""
    begun = _begun(tuple([name for name, _ in headers]))
    fields = "&".join(
        [
            start + (value if value.isascii() and value.isalnum() else _encoded(name, value))
            for start, (name, value) in zip(begun, headers, strict=True)
        ]
    )
    if len(fields) >= HEADERS_LIMIT:
        raise DocumentError("SIP headers", f"are {len(fields)} characters long, must be under {HEADERS_LIMIT}")
    return fields


@lru_cache(maxsize=1024)  # names come from the configuration, like addresses
def _begun(names: tuple[str, ...]) -> tuple[str, ...]:
    """Each field up to its value."""
    if len({name.lower() for name in names}) != len(names):
        raise DocumentError("SIP headers", "may not hold one name twice: parsers disagree about which one counts")
    return tuple(f"{_checked_name(name)}=" for name in names)


def _checked_name(name: str) -> str:
    if name.lower() in _SPELLING:
        return _SPELLING[name.lower()]
    if _HEADER_NAME.fullmatch(name) is None or name.lower().startswith(_TWILIOS_OWN):
        raise DocumentError("SIP header name", "must be X- and letters, digits or hyphens, and not begin with X-Twilio")
    return name


_ASCII_ENCODED = {octet: encoded for octet, encoded in enumerate(_ENCODED[:128]) if encoded != chr(octet)}


def _encoded(name: str, value: str) -> str:
    if value.isascii() and value.isprintable():
        return value.translate(_ASCII_ENCODED)
    if _UNWANTED.search(value):
        raise DocumentError(f"SIP header {name}", "may not hold control or direction characters; clean the value first")
    return "".join([_ENCODED[octet] for octet in value.encode()])
