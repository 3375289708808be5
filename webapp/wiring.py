"""Puts the services of one process together from its settings."""

from __future__ import annotations

from functools import cache

from webapp.configurations.assembly import open_configurations
from webapp.messaging.texting_board import TextingBoard
from webapp.numbers.connected_account import ConnectedAccount
from webapp.numbers.followed_address import FollowedAddress
from webapp.services import Services, now
from webapp.settings import Settings
from webapp.simulator.saved_tests import promotion_gate
from webapp.store.redis import VoiceRedis, open_redis
from webapp.tokens.roll import TokenRoll
from webapp.voice.installed_code_rules import installed_code_rules
from webapp.voice.state import StateKeys


def default_services(settings: Settings) -> Services:
    """What a web worker needs. Following the store begins here, in the background."""
    voice_store = VoiceRedis(settings.store_url)
    code_rules = installed_code_rules()
    configurations = open_configurations(
        settings, voice=voice_store, run_saved_tests=promotion_gate(lambda: code_rules)
    )
    configurations.live.start()
    tokens = TokenRoll(configurations.store.client, settings.handoff_data_dir, settings.secret_keys, now)
    tokens.start()
    account = ConnectedAccount(settings, lambda: configurations.live.deployment, configurations.credentials)
    return Services(
        settings=settings,
        live=configurations.live,
        configurations=configurations,
        voice_store=voice_store,
        state_keys=StateKeys([key.get_secret_value() for key in settings.secret_keys]),
        signing_keys=account.signing_keys,
        base_url=FollowedAddress(settings),
        account_sid=account.account_sid,
        tokens=tokens,
        code_rules=code_rules,
        may_text=TextingBoard(cache(lambda: open_redis(settings.store_url)), account.account_sid),
    )
