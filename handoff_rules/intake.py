"""Intake: how the call is met before the rules decide."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from handoff_rules.destinations import Header, Route
from handoff_rules.model import Language, Model, Text, Value, VariableName, Voice, Whole

MOST_KEYS = 32
"""That a menu can take; longer is no account number or code that anybody presses."""
Digits = Annotated[str, StringConstraints(pattern=r"^[0-9*#]{1,10}$")]
WebSocketURL = Annotated[str, StringConstraints(pattern=r"^wss://[^\s?#]+$", max_length=500)]


class NoIntake(Model):
    """The rules decide at once."""

    kind: Literal["none"] = "none"


class MenuIntake(Model):
    """Ask, take digits or speech, set variables by the answer, then let the rules decide."""

    kind: Literal["menu"]
    prompt: Text
    retry_prompt: Text = ""
    input: tuple[Literal["digits", "speech"], ...] = ("digits",)
    num_digits: Whole | None = Field(default=1, ge=1, le=MOST_KEYS)
    timeout_seconds: Whole = Field(default=5, ge=1, le=60)
    attempts: Whole = Field(default=2, ge=1, le=5)
    choices: dict[Digits, dict[VariableName, Value]] = {}
    hints: Text = ""
    language: Language = "en-US"
    voice: Voice | None = None

    @property
    def hash_is_a_key(self) -> bool:
        """Where no choice has a `#`, it only ends what the caller presses and never arrives."""
        return any("#" in keys for keys in self.choices)

    def takes(self, digits: str, speech: str) -> tuple[str, str]:
        """The keys, else the words, of what a caller presses and says: only the kinds of input that it asks for."""
        pressed = digits if self.hash_is_a_key else digits.partition("#")[0]
        keys = pressed[: self.num_digits] if "digits" in self.input else ""
        return (keys, "") if keys else ("", speech if "speech" in self.input else "")


class ConversationRelayIntake(Model):
    """Twilio talks to an AI agent over a web socket; its `end` message brings HandoffData."""

    kind: Literal["conversation_relay"]
    url: WebSocketURL
    welcome_greeting: Text = ""
    language: Language = "en-US"
    voice: Voice | None = None
    parameters: dict[str, Value] = {}


class StreamIntake(Model):
    """Two-way audio to a web socket; what it learned arrives by the API before it closes."""

    kind: Literal["stream"]
    url: WebSocketURL
    parameters: dict[str, Value] = {}


class SipAgentIntake(Model):
    """An agent reached by SIP answers first; its REFER to us names the destination."""

    kind: Literal["sip_agent"]
    route: Route
    headers: tuple[Header, ...] = ()
    ring_seconds: Whole = Field(default=20, ge=5, le=600)


Intake = Annotated[
    NoIntake | MenuIntake | ConversationRelayIntake | StreamIntake | SipAgentIntake, Field(discriminator="kind")
]
