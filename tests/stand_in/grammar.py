"""Holds a document against the table of verbs and says, with Twilio's error code, what Twilio would not take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, fromstring

from tests.stand_in.sip_address import faults_of_sip_uri
from tests.stand_in.verbs import LAST_WORDS, ON_THE_FAR_LEG, VERBS, Rule

LARGEST_DOCUMENT = 64 * 1024
PHONE_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that Twilio refuses, or that breaks a promise: a code of Twilio's dictionary or a word of ours."""

    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class NotTwimlError(Exception):
    """The body is no document at all: Twilio goes to the fallback URL with this code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


def parse(body: bytes) -> Element:
    """The root element; raises for what Twilio cannot play at all (11750, 11770, 12100, 12102)."""
    if len(body) > LARGEST_DOCUMENT:
        raise NotTwimlError("11750", f"the body has {len(body)} bytes, the limit is {LARGEST_DOCUMENT}")
    if not body.strip():
        raise NotTwimlError("11770", "the body is empty")
    try:
        root = fromstring(body)
    except ParseError as error:
        raise NotTwimlError("12100", f"the document is not well-formed XML: {error}") from error
    if root.tag != "Response":
        raise NotTwimlError("12102", f"the root is <{root.tag}>, not <Response>")
    return root


def violations_of(root: Element, *, sip_leg: bool, far_leg: bool = False) -> list[Violation]:
    """Everything in the document that Twilio does not describe, for a leg of this kind."""
    found = list(in_element(root, "Response"))
    found += on_leg(root, sip_leg=sip_leg)
    if far_leg:
        found += [
            Violation("13201", f"<{verb.tag}> in a document for the far leg: only {', '.join(sorted(ON_THE_FAR_LEG))}")
            for verb in root
            if verb.tag not in ON_THE_FAR_LEG
        ]
    return found


def in_element(element: Element, name: str) -> Iterator[Violation]:
    rule = VERBS[name]
    yield from in_attributes(element, rule)
    yield from in_text(element, name, rule)
    if len(element) > rule.most_children:
        yield Violation("12200", f"<{element.tag}> has {len(element)} children, the most is {rule.most_children}")
    last = ""
    for child in element:
        known = "ReferSip" if name == "Refer" and child.tag == "Sip" else child.tag
        if known not in rule.children:
            yield Violation("12200", f"<{child.tag}> may not stand in <{element.tag}>")
            continue
        if last in LAST_WORDS and name == "Response":
            yield Violation("12200", f"<{child.tag}> after <{last}> is never reached")
        last = known
        yield from in_element(child, known)


def in_attributes(element: Element, rule: Rule) -> Iterator[Violation]:
    for attribute, value in element.attrib.items():
        check = rule.attributes.get(attribute)
        if check is None:
            yield Violation("12200", f"<{element.tag}> has no attribute {attribute!r}")
        elif not check(value):
            yield Violation("12200", f"<{element.tag} {attribute}={value!r}> is not a value that Twilio describes")
    for missing in rule.required - element.attrib.keys():
        yield Violation("12200", f"<{element.tag}> needs {missing!r}")


def in_text(element: Element, name: str, rule: Rule) -> Iterator[Violation]:
    text = (element.text or "").strip()
    if text and rule.text == "none":
        yield Violation("12200", f"<{element.tag}> holds no text, found {text[:40]!r}")
    if not text and rule.text == "required":
        yield Violation("12200", f"<{element.tag}> is empty")
    if len(text) > rule.longest_text:
        yield Violation("13521", f"<{element.tag}> holds {len(text)} characters, the most is {rule.longest_text}")
    if any((child.tail or "").strip() for child in element):
        yield Violation("12200", f"<{element.tag}> mixes text and elements")
    if name in {"Sip", "ReferSip"}:
        for code, fault in faults_of_sip_uri(text, any_header=name == "ReferSip"):
            yield Violation(code, fault)
    if (name == "Number" or (name == "Dial" and text)) and not PHONE_NUMBER.fullmatch(text):
        yield Violation("13223", f"{text!r} is not an E.164 number")


def on_leg(root: Element, *, sip_leg: bool) -> Iterator[Violation]:
    for verb in root:
        if verb.tag == "Refer" and not sip_leg:
            yield Violation("13801", "<Refer> on a leg that is not SIP")
        if verb.tag in {"Refer", "Connect"} and len(verb) != 1:
            yield Violation("12200", f"<{verb.tag}> needs exactly one noun")
        if verb.tag == "Dial" and not len(verb) and not (verb.text or "").strip():
            yield Violation("13201", "<Dial> dials nobody")
        if verb.tag == "Reject" and root[0] is not verb:
            yield Violation("12200", "<Reject> is only of use as the first verb")
        if verb.tag == "Connect" and verb.find("Stream") is not None:
            track = verb.find("Stream").get("track", "inbound_track")  # type: ignore[union-attr]
            if track != "inbound_track":
                yield Violation("31941", f"<Connect><Stream track={track!r}>: only inbound_track")
