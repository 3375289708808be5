"""Turns verbs into the final text, and lets nothing leave that Twilio would not read as it was meant.

The verbs are the Twilio library's own classes. Its `to_xml` goes through ElementTree and costs three times what the
rest of a document costs together, so the classes are written out here; a test holds both writers to the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.parsers import expat

from twilio.twiml import TwiML
from twilio.twiml.voice_response import VoiceResponse

from twiml.allowed import VERBS
from twiml.errors import DocumentError

MAX_BYTES = 48_000
"""Well under the 64 kB that Twilio reads (error 11750), and far over anything that a caller would sit through."""

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
_NOT_XML_1_0 = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2
_LINE_BREAKS = re.compile("[\t\n\r]+")
_TEXT_ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))
"""The ampersand comes first, because the others bring some."""
_ATTRIBUTE_ESCAPES = (*_TEXT_ESCAPES, ('"', "&quot;"), ("\r", "&#13;"), ("\n", "&#10;"), ("\t", "&#09;"))


def readable(text: str) -> str:
    """The text without characters that XML 1.0 cannot hold; line ends become what a parser reads, a line feed."""
    if text.isprintable() and text.isascii():
        return text
    return _NOT_XML_1_0.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def one_line(text: str) -> str:
    """The same for attributes, where a parser would turn each tab and line end into a space anyhow."""
    return _LINE_BREAKS.sub(" ", readable(text))


def verb(kind: type[TwiML], text: str = "", *children: TwiML, **attributes: str | None) -> TwiML:
    """One verb of the Twilio library, with TwiML's own attribute names; attributes that are None are left out."""
    made: TwiML = kind(text) if text else kind()
    made.verbs.extend(children)
    # Not by way of the class, which would turn each of these names into itself once more.
    made.attrs.update({name: value for name, value in attributes.items() if value is not None})
    return made


def document(verbs: Sequence[TwiML]) -> str:
    """The finished document: written, parsed again, held against the allow-list, bounded. Raises DocumentError."""
    parts = [_DECLARATION]
    _write(verb(VoiceResponse, "", *verbs), parts)
    text = "".join(parts)
    inspect(text)
    return text


def inspect(text: str) -> None:
    """Raises DocumentError unless `text` is well-formed, at most MAX_BYTES long, and made of allowed verbs alone."""
    _parse(text, _parser())


def inspect_again(text: str) -> None:
    """The same for a document whose verbs were inspected before, when it held other values."""
    _parse(text, expat.ParserCreate())


def _parse(text: str, parser: expat.XMLParserType) -> None:
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise DocumentError("document", "holds a lone surrogate, which no UTF-8 text can carry") from error
    if len(data) > MAX_BYTES:
        raise DocumentError("document", f"is {len(data)} bytes long, at most {MAX_BYTES} may leave; shorten the texts")
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise DocumentError("document", f"is not well-formed XML: {expat.ErrorString(error.code)}") from error


def _write(node: TwiML, parts: list[str]) -> None:
    parts.append(f"<{node.name}")
    attributes: Mapping[str, str] = node.attrs
    for name in sorted(attributes):
        parts.append(f' {name}="{_escaped(attributes[name], _ATTRIBUTE_ESCAPES)}"')
    if not node.value and not node.verbs:
        parts.append(" />")
        return
    parts.append(">")
    if node.value:
        parts.append(_escaped(node.value, _TEXT_ESCAPES))
    for child in node.verbs:
        _write(child, parts)
    parts.append(f"</{node.name}>")


def _escaped(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    """One search for each sign: several times as fast on long URLs as whatever looks at every character."""
    for sign, escape in escapes:
        if sign in text:
            text = text.replace(sign, escape)
    return text


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    inside: list[str] = []

    def opened(name: str, attributes: Mapping[str, Any]) -> None:
        if name not in (VERBS[inside[-1]].children if inside else ("Response",)):
            raise DocumentError("document", f"<{name}> may not stand in <{inside[-1] if inside else 'document'}>")
        if not VERBS[name].attributes.issuperset(attributes):
            raise DocumentError("document", f"<{name}> has an attribute that is not on the list")
        inside.append(name)

    def closed(_name: str) -> None:
        inside.pop()

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    return parser
