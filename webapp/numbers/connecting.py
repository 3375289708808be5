"""Connect a number to this deployment, show before and after, and give it back as it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redis import Redis

from webapp.numbers.recommended import is_same_place, urls_under
from webapp.store import keys
from webapp.twilio_rest import account
from webapp.twilio_rest.answers import Number
from webapp.twilio_rest.client import TwilioClient

# Twilio's parameter → our attribute of the number: everything that decides where a call goes, so that undo is whole.
SETTINGS = {
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
    "VoiceApplicationSid": "voice_application_sid",
    "TrunkSid": "trunk_sid",
}
LABELS = {
    "VoiceUrl": "A call comes in",
    "VoiceMethod": "A call comes in: method",
    "VoiceFallbackUrl": "Primary handler fails",
    "VoiceFallbackMethod": "Primary handler fails: method",
    "StatusCallback": "Call status changes",
    "StatusCallbackMethod": "Call status changes: method",
    "VoiceApplicationSid": "TwiML App",
    "TrunkSid": "SIP trunk",
}


class NumberNotFoundError(LookupError):
    """The account has no such number."""

    def __init__(self, e164: str) -> None:
        super().__init__(f"The Twilio account has no number {e164}. `handoff numbers list` shows them.")


class NothingToUndoError(LookupError):
    """We did not connect this number, so we know no earlier settings."""

    def __init__(self, e164: str) -> None:
        super().__init__(f"{e164} was not connected by Handoff: there are no earlier settings to go back to.")


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting, as Twilio's Console labels it."""

    parameter: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What would change at Twilio. Nothing happens before `apply`."""

    number: Number
    settings: Mapping[str, str]

    @property
    def differences(self) -> tuple[Difference, ...]:
        before = settings_of(self.number)
        return tuple(
            Difference(name, LABELS[name], before[name], after)
            for name, after in self.settings.items()
            if before[name] != after
        )


class Numbers:
    """`redis` remembers what a number was set to before we connected it."""

    def __init__(self, client: TwilioClient, redis: Redis) -> None:
        self._client = client
        self._redis = redis

    def plan_connect(self, e164: str, base_url: str, *, fallback_url: str = "") -> Change:
        """`fallback_url`: a place that does not share our fate, such as a TwiML Bin; default: our own route."""
        ours = urls_under(base_url)
        return Change(
            self._find(e164),
            {
                "VoiceUrl": ours.voice,
                "VoiceMethod": "POST",
                "VoiceFallbackUrl": fallback_url or ours.fallback,
                "VoiceFallbackMethod": "POST",
                "StatusCallback": ours.status,
                "StatusCallbackMethod": "POST",
                "VoiceApplicationSid": "",
                "TrunkSid": "",
            },
        )

    def connect(self, change: Change) -> Number:
        """Apply the change. The earlier settings are written down first, and not over older ones of our own."""
        if not change.differences:
            return change.number
        sid = change.number.sid
        if not is_same_place(change.number.voice_url, change.settings["VoiceUrl"]):
            self._redis.hset(keys.number_settings(), sid, json.dumps(settings_of(change.number)))
        return account.update_number(self._client, sid, _accepted(change.settings))

    def plan_disconnect(self, e164: str) -> Change:
        """Back to what the number was set to before we connected it. Raises NothingToUndoError."""
        number = self._find(e164)
        stored: Any = self._redis.hget(keys.number_settings(), number.sid)
        if not stored:
            raise NothingToUndoError(e164)
        earlier = json.loads(stored)
        return Change(number, {name: str(earlier.get(name, "")) for name in SETTINGS})

    def disconnect(self, change: Change) -> Number:
        updated = account.update_number(self._client, change.number.sid, _accepted(change.settings))
        self._redis.hdel(keys.number_settings(), change.number.sid)
        return updated

    def with_undo(self) -> frozenset[str]:
        """SIDs of the numbers whose earlier settings are known."""
        stored: Any = self._redis.hkeys(keys.number_settings())
        return frozenset(stored)

    def all(self) -> tuple[Number, ...]:
        return tuple(account.numbers(self._client))

    def _find(self, e164: str) -> Number:
        found = account.find_number(self._client, e164)
        if found is None:
            raise NumberNotFoundError(e164)
        return found


def settings_of(number: Number) -> dict[str, str]:
    return {parameter: getattr(number, attribute) for parameter, attribute in SETTINGS.items()}


def _accepted(settings: Mapping[str, str]) -> dict[str, str]:
    """Setting a trunk deletes the application and the other way round, and an empty method is an error of Twilio's."""
    sent = {name: value for name, value in settings.items() if not (name.endswith("Method") and not value)}
    if sent.get("TrunkSid"):
        sent.pop("VoiceApplicationSid", None)
    if sent.get("VoiceApplicationSid"):
        sent.pop("TrunkSid", None)
    if not sent.get("VoiceUrl"):
        # Twilio refuses a fallback URL without a voice URL (21405).
        sent["VoiceFallbackUrl"] = ""
    return sent
