"""The error catalogue that ships as data: its one schema, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

FILES = ("twilio_errors.json", "sip_answers.json")
Sentence = Annotated[str, StringConstraints(min_length=3, max_length=500)]


class Area(StrEnum):
    """Where a failure belongs; pages group by it."""

    ACCOUNT = "account"
    WEBHOOK = "webhook"
    TWIML = "twiml"
    VOICE = "voice"
    SIP = "sip"
    REFER = "refer"
    AI_AGENT = "ai_agent"
    NUMBERS = "numbers"
    MESSAGING = "messaging"
    REGISTRATION = "registration"
    REST_API = "rest_api"
    LOOKUP = "lookup"
    UNKNOWN = "unknown"


class Explanation(BaseModel):
    """One code in plain words. `retryable`: the same request or text may succeed later, unchanged."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Annotated[str, StringConstraints(max_length=40)]
    title: Sentence
    level: Literal["error", "warning", "info"]
    area: Area
    meaning: Sentence
    noticed: Sentence
    causes: tuple[Sentence, ...]
    fix: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    link: Annotated[str, StringConstraints(pattern=r"^https://")]
    known: bool = True
    retryable: bool | None = None
    retry_after: str | None = None
    a2p: bool = False
    resubmittable: bool | None = None
    recipient_action: Literal["none", "suppress", "suppress_after_repeat", "soft_fail", "fix_number", "verify"] = "none"


@cache
def catalogue() -> Mapping[str, Explanation]:
    """Every shipped explanation by its code, read once and checked against the schema."""
    reader = TypeAdapter(tuple[Explanation, ...])
    folder = files("webapp.messaging")
    entries = [entry for name in FILES for entry in reader.validate_json(folder.joinpath(name).read_bytes())]
    return MappingProxyType({entry.code: entry for entry in entries})
