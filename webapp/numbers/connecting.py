"""Connect a number to this deployment, show before and after, and give it back as it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from redis import Redis

from webapp import urls
from webapp.numbers.recommended import NumberURLs, fallback_elsewhere, is_path, is_same_host, urls_under
from webapp.store import keys
from webapp.twilio_rest import account
from webapp.twilio_rest.answers import Number
from webapp.twilio_rest.client import TwilioClient


class Setting(NamedTuple):
    """`attribute` of our Number, and the label that Twilio's Console shows."""

    attribute: str
    label: str


# By Twilio's parameter: everything that decides where a call goes, so that undo is whole.
SETTINGS = {
    "VoiceUrl": Setting("voice_url", "A call comes in"),
    "VoiceMethod": Setting("voice_method", "A call comes in: method"),
    "VoiceFallbackUrl": Setting("voice_fallback_url", "Primary handler fails"),
    "VoiceFallbackMethod": Setting("voice_fallback_method", "Primary handler fails: method"),
    "StatusCallback": Setting("status_callback", "Call status changes"),
    "StatusCallbackMethod": Setting("status_callback_method", "Call status changes: method"),
    "VoiceApplicationSid": Setting("voice_application_sid", "TwiML App"),
    "TrunkSid": Setting("trunk_sid", "SIP trunk"),
}


class NumberNotFoundError(LookupError):
    """The account has no such number."""

    def __init__(self, e164: str) -> None:
        super().__init__(f"The Twilio account has no number {e164}.")


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
            Difference(name, SETTINGS[name].label, before[name], after)
            for name, after in self.settings.items()
            if before[name] != after
        )


class Numbers:
    """`redis` remembers what a number was set to before we connected it."""

    def __init__(self, client: TwilioClient, redis: Redis) -> None:
        self._client = client
        self._redis = redis

    def plan_connect(self, e164: str, base_url: str, *, fallback_url: str = "") -> Change:
        """`fallback_url`: a place that does not share our fate, such as a TwiML Bin.

        Default: the one that a connected number already has, else our own route. Raises NotPublicError,
        BadFallbackError, NumberNotFoundError.
        """
        ours = urls_under(base_url)
        chosen = fallback_elsewhere(fallback_url) if fallback_url else ""
        number = self._find(e164)
        keeps = not chosen and _has_fallback_elsewhere(number, ours)
        return Change(
            number,
            {
                "VoiceUrl": ours.voice,
                "VoiceMethod": "POST",
                "VoiceFallbackUrl": number.voice_fallback_url if keeps else chosen or ours.fallback,
                "VoiceFallbackMethod": number.voice_fallback_method if keeps else "POST",
                "StatusCallback": ours.status,
                "StatusCallbackMethod": "POST",
                "VoiceApplicationSid": "",
                "TrunkSid": "",
            },
        )

    def connect(self, change: Change) -> Number:
        """Apply the change. The earlier settings are written down first: where calls went before they came here.

        A number that is connected already, also under an older address of ours, keeps what was written down at first.
        """
        if not change.differences:
            return change.number
        sid, earlier = change.number.sid, json.dumps(settings_of(change.number))
        if leads_to_a_handoff(change.number):
            self._redis.hsetnx(keys.number_settings(), sid, earlier)
        else:
            self._redis.hset(keys.number_settings(), sid, earlier)
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


def leads_to_a_handoff(number: Number) -> bool:
    """Ours under any address: a tunnel's changes, and nothing else answers at this path."""
    wins = number.trunk_sid or number.voice_application_sid
    return not wins and is_path(number.voice_url, urls.CALL)


def _has_fallback_elsewhere(number: Number, ours: NumberURLs) -> bool:
    """Connecting again must not take away a place that was chosen for when this whole app is down."""
    url = number.voice_fallback_url
    own = is_path(url, urls.FALLBACK) or is_same_host(url, ours.fallback)
    return bool(url) and not own and is_path(number.voice_url, urls.CALL)


def settings_of(number: Number) -> dict[str, str]:
    return {parameter: getattr(number, setting.attribute) for parameter, setting in SETTINGS.items()}


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
