"""What the tests of the documents share: the declaration, a status callback, and the skeleton of a document."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from twiml import StatusCallback

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
STATUS = StatusCallback("https://handoff.example.com/voice/status?s=1&leg=1")
STATUS_ATTRIBUTES = (
    'statusCallback="https://handoff.example.com/voice/status?s=1&amp;leg=1"'
    ' statusCallbackEvent="initiated ringing answered completed"'
)

Skeleton = tuple[str, tuple[str, ...], tuple["Skeleton", ...]]


def skeleton(document: str) -> Skeleton:
    """Elements and attribute names in their order and nesting, without a single value."""
    return _skeleton(ET.fromstring(document.encode()))


def _skeleton(element: ET.Element) -> Skeleton:
    return (element.tag, tuple(element.attrib), tuple(_skeleton(child) for child in element))
