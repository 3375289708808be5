"""The frozen bundle of what the edges share. `create_app` takes one, so that tests pass their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from webapp.calls.health import HealthBoard
from webapp.configurations.assembly import Configurations
from webapp.configurations.live import LiveConfigurations
from webapp.settings import Settings
from webapp.signatures import SigningKey
from webapp.store.redis import VoiceRedis
from webapp.tokens.roll import TokenRoll
from webapp.twilio_rest.client import Hosts
from webapp.voice.code_rules import CodeRules, Votes
from webapp.voice.state import StateKeys


@dataclass(frozen=True, slots=True)
class ApiLimits:
    """Requests in one minute: of a token, and of everybody at one address whose token is not known."""

    per_token: int = 600
    per_stranger: int = 60


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Services:
    """`base_url` and `signing_keys` are asked for each request: a tunnel may appear, a token may be entered.

    `may_text` says whether this number of ours may send texts, as far as is known, without waiting for anything.
    """

    settings: Settings
    live: LiveConfigurations
    configurations: Configurations
    voice_store: VoiceRedis
    state_keys: StateKeys
    signing_keys: Callable[[], tuple[SigningKey, ...]]
    base_url: Callable[[], str]
    account_sid: Callable[[], str | None]
    tokens: TokenRoll
    code_rules: Votes = field(default_factory=lambda: CodeRules({}))
    health: HealthBoard = field(default_factory=HealthBoard)
    may_text: Callable[[str], bool] = field(default=lambda number: False)
    clock: Callable[[], datetime] = now
    twilio_hosts: Hosts = field(default_factory=Hosts)
    api_limits: ApiLimits = field(default_factory=ApiLimits)
