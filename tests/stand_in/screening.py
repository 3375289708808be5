"""Plays the document that the called person hears before the bridge: whisper, or the question whether they take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from tests.stand_in.legs import Leg
from tests.stand_in.live_call import SIGNS_PER_SECOND, Document, LiveCall

MOST_DOCUMENTS = 6


@dataclass(frozen=True, slots=True)
class Screening:
    """The next request for the far leg, how the person is scripted, and the keys that they have not pressed yet."""

    url: str
    method: str
    base: str
    word: str
    keys: tuple[str, ...]
    digits: str | None = None

    @property
    def extra(self) -> Mapping[str, str]:
        return {} if self.digits is None else {"Digits": self.digits}


def screening_of(noun: Element, base: str, word: str, keys: tuple[str, ...]) -> Screening | None:
    url = noun.get("url")
    return Screening(url, noun.get("method", "POST"), base, word, keys) if url else None


def accepts(live: LiveCall, leg: Leg, screening: Screening) -> bool:
    """Whether the far leg is bridged: it is when the document comes to its end, and not after `<Hangup>`."""
    for _ in range(MOST_DOCUMENTS):
        extra = {**leg.sip, **screening.extra}
        document = live.fetch(leg, screening.url, screening.method, extra, base=screening.base)
        if document is None:
            return False
        live.point(f"during document {live.verbs['document']} on the far leg")
        following = hear(live, document, screening)
        if isinstance(following, bool):
            return following
        screening = following
    live.violation("loop", f"more than {MOST_DOCUMENTS} documents on the far leg")
    return False


def hear(live: LiveCall, document: Document, screening: Screening) -> bool | Screening:
    """True: bridged. False: hung up. Otherwise the request that an answered question leads to."""
    keys = list(screening.keys)
    asked = screening.digits is not None
    for verb in document.root:
        if verb.tag == "Hangup":
            return False
        for spoken in [verb, *verb]:
            if spoken.tag == "Say":
                far_end_hears(live, spoken.text or "")
        if verb.tag == "Gather":
            asked = True
            key = keys.pop(0) if keys else ""
            if key or verb.get("actionOnEmptyResult") == "true":
                live.note(f"the called person presses {key!r}")
                action, method = verb.get("action", document.url), verb.get("method", "POST")
                return replace(screening, url=action, method=method, base=document.url, keys=tuple(keys), digits=key)
            live.pass_time(int(verb.get("timeout", "5")))
    # Who was not asked can only decline by hanging up while the whisper plays.
    return screening.word != "declined" or asked


def far_end_hears(live: LiveCall, text: str) -> None:
    live.transcript.heard_by_far_end.append(text.strip())
    live.note(f"called person hears: {text.strip()}")
    live.pass_time(1 + len(text) / SIGNS_PER_SECOND)
