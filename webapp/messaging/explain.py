"""Every failure explained: a Twilio code, a SIP answer or a REFER result, in words that say what to do."""

from __future__ import annotations

import re
from functools import cache

from webapp.messaging.catalogue import Area, Explanation, catalogue

DICTIONARY = "https://www.twilio.com/docs/api/errors"
SIP_CODES = "https://www.rfc-editor.org/rfc/rfc3261#section-21"
REFER_PAGE = "https://www.twilio.com/docs/voice/twiml/refer"

# "sip:486", "SIP 486", "486", "refer:202", "REFER in-progress", "13801", "error 13801", "E-13801".
SPOKEN = re.compile(r"^(?:(?P<family>sip|refer)[\s:/_-]*)?(?:error|code|twilio|e)?[\s:#-]*(?P<rest>[a-z0-9-]{1,20})$")
WELL_FORMED = re.compile("[0-9]{5,6}|(sip|refer):[1-6][0-9]{2}")
SIP_CLASSES = {
    "3": "The far end answered with another address.",
    "4": "The far end refused this request.",
    "5": "The far end failed.",
    "6": "The call was refused everywhere.",
}


def explain(code: str | int) -> Explanation:
    """The explanation of `13801`, `30034`, `sip:486`, `refer:202`; an unknown one gets a link, never an error."""
    name = normal_code(str(code))
    known = catalogue().get(name)
    return known if known is not None else _unknown(name)


def is_code(text: str) -> bool:
    """Whether it is written as a code is, known to us or not: `99999` may be one of Twilio's newest, `xyz` is none."""
    name = normal_code(text)
    return name in catalogue() or WELL_FORMED.fullmatch(name) is not None


def normal_code(text: str) -> str:
    """The catalogue's spelling of what somebody typed: three digits alone are a SIP answer, five a Twilio code."""
    spoken = SPOKEN.fullmatch(" ".join(text.lower().split()))
    if spoken is None:
        return text.strip()[:40]
    family, rest = spoken["family"], spoken["rest"]
    if family is None:
        return f"sip:{rest}" if re.fullmatch("[3-6][0-9]{2}", rest) else rest
    return f"{family}:{rest}"


def search(text: str, *, limit: int = 50) -> tuple[Explanation, ...]:
    """Entries that hold every word: an exact code first, then words in the title, then anywhere; at most `limit`."""
    words = text.lower().split()
    exact = normal_code(text)
    ranked = [
        (_rank(entry, exact, words), number, entry)
        for number, entry in enumerate(catalogue().values())
        if entry.code == exact or all(word in _haystack(entry.code) for word in words)
    ]
    return tuple(entry for _, _, entry in sorted(ranked, key=lambda found: found[:2])[:limit])


def _rank(entry: Explanation, exact: str, words: list[str]) -> int:
    if entry.code == exact:
        return 0
    if entry.code.startswith(exact):
        return 1
    return 2 if all(word in entry.title.lower() for word in words) else 3


@cache
def _haystack(code: str) -> str:
    entry = catalogue()[code]
    return " ".join(
        (entry.code, entry.title, entry.meaning, entry.noticed, *entry.causes, *entry.fix, entry.area)
    ).lower()


def _unknown(name: str) -> Explanation:
    family, _, rest = name.rpartition(":")
    if family == "refer" and (sip := catalogue().get(f"sip:{rest}")):
        return sip.model_copy(
            update={
                "code": name,
                "area": Area.REFER,
                "title": f"REFER answered with {rest}: {sip.title}",
                "meaning": f"The caller’s phone system, or the target of the transfer, answered {rest}. {sip.meaning}",
                "noticed": "The caller stayed with us and went on to the next step.",
                "link": REFER_PAGE,
            }
        )
    return Explanation(
        code=name,
        title=f"Code {name}" if name else "No code",
        level="error",
        area={"sip": Area.SIP, "refer": Area.REFER}.get(family, Area.UNKNOWN),
        meaning=_unknown_meaning(family, rest),
        noticed="The timeline of the call or the status of the text says what happened next.",
        causes=(),
        fix=("Follow the link; tell us about the code, so that the next reader finds it here.",),
        link=_link(family, rest),
        known=False,
    )


def _unknown_meaning(family: str, rest: str) -> str:
    if family == "sip":
        kind = SIP_CLASSES.get(rest[:1], "The far end sent an answer that is no final SIP failure.")
        return f"{kind} This exact code is not in our catalogue."
    if family == "refer":
        return "This result of a REFER is not in our catalogue. It is not counted as success."
    return "This code is not in our catalogue. Twilio adds new ones; its dictionary has the latest."


def _link(family: str, rest: str) -> str:
    if family == "sip":
        return SIP_CODES
    if family == "refer":
        return REFER_PAGE
    return f"{DICTIONARY}/{rest}" if re.fullmatch("[0-9]{5,6}", rest) else DICTIONARY
