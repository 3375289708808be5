"""Who must not be texted: STOP, START and HELP, in keywords, in Twilio's own word for them, and in plain speech."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from redis import Redis

from webapp.store import keys

# Twilio's default keywords for long codes: https://help.twilio.com/articles/223134027 (2026).
STOP_WORDS = frozenset({"stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel"})
# Twilio heeds English keywords alone; what people in the US and Canada say in Spanish or French is ours to obey.
STOP_ELSEWHERE = frozenset({
    "alto", "baja", "basta", "cancelar", "detener", "parar", "pare", "paren",
    "arret", "arreter", "arretez", "desabonnement", "desabonner", "desinscription",
})  # fmt: skip
START_WORDS = frozenset({"start", "unstop", "yes"})
HELP_WORDS = frozenset({"help", "info"})
# Since 2025-04-11 any reasonable wording counts (47 CFR 64.1200(a)(10)); when in doubt nobody is texted.
PLAIN_SPEECH = re.compile(
    r"\b(?:stop|quit|end|cancel|don'?t|do\s+not|no\s+more|no\s+longer|never)\b.{0,30}"
    r"\b(?:text|texts|texting|messag|sms|contact)"
    r"|\bopt[\s-]*(?:me\s+)?out\b|\bunsubscribe\b|\btake\s+me\s+off\b|\bremove\s+(?:me|my\s+number)\b"
    r"|\bleave\s+me\s+alone\b|\bwrong\s+number\b|\blose\s+my\s+number\b"
    r"|\bstop\s+(?:sending|bothering|spamming|harassing|writing)\b"
    r"|\b(?:revoke|withdraw)\b.{0,30}\b(?:consent|permission)\b"
    r"|^no\s+mas\b|\bno\s+(?:me\s+)?(?:manden?|mandes|envien?|envies|escriban?|escribas|contacten?|contactes)\b"
    r"|\bno\s+quiero\s+(?:recibir\s+)?(?:mas\s+|sus\s+)*(?:mensaje|texto|sms)"
    r"|\bm['e]\s*(?:envoye[zr]|envoie|ecrive[zr]|ecris|contacte[zr]?|texte[zr]?)\s+plus\b"
    r"|^plus\s+de\s+(?:message|texto|sms)",
)
# A keyword that only these words stand around is still that keyword: “Please stop”, “STOP NOW”, “stop it”.
AROUND_A_KEYWORD = frozenset({
    "all", "already", "and", "can", "could", "hey", "hi", "i", "immediately", "it", "just", "me", "must", "no", "now",
    "ok", "okay", "pls", "please", "thank", "thanks", "that", "these", "this", "those", "to", "want", "would", "you",
    "your", "favor", "gracias", "merci", "por", "plait", "s", "il", "vous", "ya",
})  # fmt: skip
LONGEST_BODY = 1600


class Wish(StrEnum):
    STOP = "stop"
    START = "start"
    HELP = "help"
    NONE = "none"


def wish_in(body: str, opt_out_type: str = "") -> Wish:
    """What a text asks for. `opt_out_type` is Twilio's word when Advanced Opt-Out is on; it has answered already."""
    said = opt_out_type.strip().lower()
    if said in (Wish.STOP, Wish.START, Wish.HELP):
        return Wish(said)
    text = _folded(body[:LONGEST_BODY])
    word = re.sub(r"[^a-z]", "", text)
    rest = set(re.findall(r"[a-z]+", text)) - AROUND_A_KEYWORD
    if word in STOP_WORDS or (rest and rest <= STOP_WORDS | STOP_ELSEWHERE):
        return Wish.STOP
    if word in START_WORDS:
        return Wish.START
    if word in HELP_WORDS:
        return Wish.HELP
    return Wish.STOP if PLAIN_SPEECH.search(text) else Wish.NONE


def _folded(body: str) -> str:
    """Small letters without accents or other widths, so that `Arrêt` is the keyword that it means."""
    parts = unicodedata.normalize("NFKD", body)
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).lower().replace("’", "'").strip()


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why one recipient gets no text from any of our numbers."""

    why: str
    at: str
    number: str


class Suppressions:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def of(self, recipient: str) -> Suppression | None:
        stored: Any = self._redis.hget(keys.suppressions(), recipient)
        return Suppression(**json.loads(stored)) if stored else None

    def add(self, recipient: str, *, why: str, number: str, at: datetime) -> None:
        record = json.dumps(asdict(Suppression(why, at.isoformat(), number)))
        self._redis.hset(keys.suppressions(), recipient, record)

    def lift(self, recipient: str) -> None:
        """Only the recipient's own START may do this, or a person who was told by the recipient."""
        self._redis.hdel(keys.suppressions(), recipient)
