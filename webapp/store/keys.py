"""Every Redis key is built here and documented here: what holds it, its type, how long it lives.

All keys start with `handoff:1:` (1 is the layout). Keys of one call share the hash tag `{CA…}` and keys of the
configuration the tag `{configuration}`, so that one transaction over them stays possible on Redis Cluster.
Whatever comes from outside is either checked against its pattern or hashed before it becomes part of a key.
The first words of each docstring are the type and the lifetime; a test reads them.
"""

from __future__ import annotations

from typing import Final

from webapp.store.key_parts import checked_sid, digest, slug

PREFIX: Final = "handoff:1:"

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

LIVE_CALL_SECONDS: Final = DAY + HOUR
"""The longest call that Twilio allows is 24 hours (https://www.twilio.com/docs/voice/twiml/dial#timelimit)."""
IDEMPOTENCY_SECONDS: Final = DAY
WEBHOOKS_SECONDS: Final = 7 * DAY
MESSAGE_SECONDS: Final = 30 * DAY
EVENTS_SECONDS: Final = 30 * DAY
A2P_SECONDS: Final = 7 * DAY
FINISHED_JOB_SECONDS: Final = 7 * DAY
HEARTBEAT_SECONDS: Final = MINUTE
PROBE_SECONDS: Final = MINUTE
HEALTH_SECONDS: Final = HOUR
"""Longer than the longest pause of a failing destination; what is over in it is not believed."""


def call_log_seconds(days: int) -> int:
    """The lifetime of a finished call's data: CALL_LOG_DAYS, and never shorter than a call may last."""
    return max(days * DAY, LIVE_CALL_SECONDS)


# Calls: all expire. Child legs are filed under their parent.


def call(call_sid: str) -> str:
    """hash, call log: the call's facts (from, to, over, environment, version, destination, outcome, times)."""
    return f"{PREFIX}{{{checked_sid(call_sid, 'CA')}}}:call"


def call_variables(call_sid: str) -> str:
    """hash, call log: the call variables that the webhooks, the agents and the API have set."""
    return f"{PREFIX}{{{checked_sid(call_sid, 'CA')}}}:variables"


def call_timeline(call_sid: str) -> str:
    """hash, call log: one field per event (its identity), one JSON object per value; written with HSETNX."""
    return f"{PREFIX}{{{checked_sid(call_sid, 'CA')}}}:timeline"


def call_steps(call_sid: str) -> str:
    """hash, call log: the answer given to each webhook of the call, so that a repeated one gets the same."""
    return f"{PREFIX}{{{checked_sid(call_sid, 'CA')}}}:steps"


def call_handoff(call_sid: str) -> str:
    """hash, live call: what an agent asked for over the API (destination, reason, utterance, headers, context)."""
    return f"{PREFIX}{{{checked_sid(call_sid, 'CA')}}}:handoff"


def calls() -> str:
    """sorted set, call log (trimmed by age): the call SIDs by their start, for the call log."""
    return f"{PREFIX}calls"


def shared_id(shared: str) -> str:
    """string, call log: the call SID that belongs to another system's identity of the call."""
    return f"{PREFIX}shared-id:{digest(shared)}"


def destination_health() -> str:
    """hash, health: one field per destination that is passed over for a while, JSON with its health."""
    return f"{PREFIX}destination-health"


# Configuration: never expires, all under one hash tag.


def version(number: int) -> str:
    """string, no expiry until retired: one immutable version, sealed (document, digest, author, time, note, parent)."""
    if number < 1:
        raise ValueError("versions are numbered from 1")
    return f"{PREFIX}{{configuration}}:version:{number}"


def replaced_version(identity: str) -> str:
    """string, two days: a version of whose number a restored backup has another one, for calls that began with it."""
    return f"{PREFIX}{{configuration}}:version:{slug(identity)}"


def versions() -> str:
    """hash, no expiry: one field per version number: what a list shows of it, sealed."""
    return f"{PREFIX}{{configuration}}:versions"


def pointers() -> str:
    """string, no expiry: the one sealed value that every edit replaces: sandbox, production, the audit log's end."""
    return f"{PREFIX}{{configuration}}:pointers"


def audit() -> str:
    """list, no expiry: who changed what, when, each entry chained to the one before."""
    return f"{PREFIX}{{configuration}}:audit"


def deployment() -> str:
    """string, no expiry: the unversioned document (numbers, test callers, sandbox phone, credentials), sealed."""
    return f"{PREFIX}{{configuration}}:deployment"


# People and machines that may change things.


def users() -> str:
    """hash, no expiry: one field per user (its id), JSON with name, role and password hash."""
    return f"{PREFIX}users"


def user_emails() -> str:
    """hash, no expiry: the id of the user who has an e-mail address, so that an address is taken once."""
    return f"{PREFIX}user-emails"


def session(token: str) -> str:
    """string, session: one signed-in browser; only the digest of its token is stored."""
    return f"{PREFIX}session:{digest(token)}"


def user_sessions(user_id: str) -> str:
    """set, session: the identities of one user's sessions, so that they can be listed and ended."""
    return f"{PREFIX}user-sessions:{digest(user_id)[:32]}"


def sign_in_guesses(subject: str, hour: int) -> str:
    """string, one hour: how many passwords were tried for one account, address or both."""
    return f"{PREFIX}sign-in-guesses:{digest(subject)[:32]}:{hour}"


def tokens() -> str:
    """hash, no expiry: one field per API token (digest of the token), JSON with name, role and last use."""
    return f"{PREFIX}tokens"


def token_uses() -> str:
    """hash, no expiry: one field per API token (its id): when it was used last, to the minute."""
    return f"{PREFIX}token-uses"


def setup_link(token: str) -> str:
    """string, set-up link: an unused one-time link, deleted when it is used."""
    return f"{PREFIX}setup-link:{digest(token)}"


def idempotency(owner: str, key: str) -> str:
    """hash, one day: the answer given to a request with this `Idempotency-Key` by this token."""
    return f"{PREFIX}idempotency:{digest(owner)[:16]}:{digest(key)}"


# Messaging and numbers.


def a2p(account_sid: str) -> str:
    """string, one week: the last known A2P 10DLC registration of the account, with its age."""
    return f"{PREFIX}a2p:{checked_sid(account_sid, 'AC')}"


def a2p_registrations(account_sid: str) -> str:
    """hash, no expiry: one field per number SID, JSON with the last word of Twilio's registration events."""
    return f"{PREFIX}a2p-registrations:{checked_sid(account_sid, 'AC')}"


def a2p_refresh(account_sid: str) -> str:
    """string, refresh: held by the one process that reads the account's registration just now."""
    return f"{PREFIX}a2p-refresh:{checked_sid(account_sid, 'AC')}"


def a2p_deliveries(account_sid: str) -> str:
    """hash, no expiry: one field per sender of ours, JSON with its last delivery in the US and what blocked it."""
    return f"{PREFIX}a2p-deliveries:{checked_sid(account_sid, 'AC')}"


def message(message_sid: str) -> str:
    """hash, message: one text message, its delivery states and error codes."""
    return f"{PREFIX}message:{checked_sid(message_sid, 'MM' if message_sid.startswith('MM') else 'SM')}"


def messages() -> str:
    """sorted set, message (trimmed by age): message SIDs by time."""
    return f"{PREFIX}messages"


def suppressions() -> str:
    """hash, no expiry: one field per recipient who must get no text, JSON with why, when and at which number."""
    return f"{PREFIX}suppressions"


def consents() -> str:
    """hash, no expiry: one field per call SID, JSON with who agreed to a text, when and how; it is evidence."""
    return f"{PREFIX}consents"


def texts_on(day: str, recipient: str = "") -> str:
    """string, two days: how many texts were taken on for one recipient, or for everybody, on one UTC day."""
    return f"{PREFIX}texts-on:{slug(day)}:{digest(recipient)[:32] if recipient else 'all'}"


def event_seen(identity: str) -> str:
    """string, one day: an event of Twilio's that was taken already; it is delivered at least once."""
    return f"{PREFIX}event-seen:{digest(identity)}"


def error_sightings() -> str:
    """hash, no expiry: one field per error code, JSON with how often it was seen here, when last, and on what."""
    return f"{PREFIX}error-sightings"


def number_settings() -> str:
    """hash, no expiry: one field per number SID, JSON with the settings from before we connected it, for undo."""
    return f"{PREFIX}number-settings"


def auth_token_ages() -> str:
    """hash, no expiry: one field per Auth Token (its digest): when it was first seen here, for a reminder to rotate."""
    return f"{PREFIX}auth-token-ages"


def webhooks() -> str:
    """sorted set, a week (trimmed by length): the latest inbound webhooks by time, JSON with path, status and time.

    It holds neither fields nor queries, so no phone number and no secret; in development it holds both.
    """
    return f"{PREFIX}webhooks"


def events() -> str:
    """stream, a month after the last one (trimmed by length): account events and debugger alerts that Twilio sent."""
    return f"{PREFIX}events"


# Background work.


def outbox() -> str:
    """sorted set, no expiry: job identities by the time at which they are due; a lease is a time in the future."""
    return f"{PREFIX}{{outbox}}:due"


def job(identity: str) -> str:
    """hash, finished job: one job of the outbox; its expiry is set when it is finished."""
    return f"{PREFIX}{{outbox}}:job:{slug(identity)}"


def heartbeat(process: str) -> str:
    """string, heartbeat: proof that a background process is alive."""
    return f"{PREFIX}heartbeat:{slug(process)}"


def counters() -> str:
    """hash, no expiry: the counters that must agree across all processes."""
    return f"{PREFIX}counters"


def probe() -> str:
    """string, probe: what the health probe reads and writes; it holds nothing."""
    return f"{PREFIX}probe"


def limits_prefix() -> str:
    """string, set by the limiter: the prefix of the rate limits that Flask-Limiter keeps."""
    return f"{PREFIX}limits"
