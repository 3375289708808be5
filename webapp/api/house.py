"""The use cases that the API calls, put together from the services of the process. No logic of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from webapp.calls.handoff import Handoffs
from webapp.calls.reader import CallReader
from webapp.calls.told import ToldVariables
from webapp.configurations.parts import Parts
from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.sightings import Sightings
from webapp.messaging.sms import Texts
from webapp.messaging.sms_log import TextLog
from webapp.numbers.account_access import AccountAccess, NotConnectedError
from webapp.numbers.connected_account import ConnectedAccount
from webapp.numbers.connecting import Numbers
from webapp.services import Services
from webapp.store.repeats import Repeats
from webapp.tokens.register import Tokens, open_tokens
from webapp.twilio_rest.client import TwilioClient


@dataclass(frozen=True, slots=True)
class House:
    services: Services
    parts: Parts
    calls: CallReader
    handoffs: Handoffs
    told: ToldVariables
    tokens: Tokens
    repeats: Repeats
    access: Callable[[], AccountAccess | None]

    def now(self) -> datetime:
        return self.services.clock()

    @property
    def account(self) -> AccountAccess:
        """Raises NotConnectedError."""
        found = self.access()
        if found is None:
            raise NotConnectedError
        return found

    def client(self) -> TwilioClient:
        return TwilioClient(self.account.credentials, hosts=self.services.twilio_hosts)

    @property
    def numbers(self) -> Numbers:
        return Numbers(self.client(), self.services.configurations.store.client)

    @property
    def registration(self) -> RegistrationMemory:
        return RegistrationMemory(self.services.configurations.store.client, self.account.account_sid)

    @property
    def texts(self) -> Texts:
        return Texts(self.services.configurations.store.client, self.account.account_sid)

    @property
    def sightings(self) -> Sightings:
        return Sightings(self.services.configurations.store.client)

    @property
    def text_log(self) -> TextLog:
        return TextLog(self.services.configurations.store.client)


def open_house(services: Services) -> House:
    configurations, settings = services.configurations, services.settings
    redis = configurations.store.client

    access = ConnectedAccount(settings, lambda: services.live.deployment, configurations.credentials).access

    def client() -> TwilioClient:
        found = access()
        if found is None:
            raise NotConnectedError
        return TwilioClient(found.credentials, hosts=services.twilio_hosts)

    calls = CallReader(redis)
    told = ToldVariables(redis, settings.call_log_days)
    return House(
        services=services,
        parts=Parts(configurations.versions),
        calls=calls,
        told=told,
        handoffs=Handoffs(
            redis, calls=calls, told=told, live=services.live, state_keys=services.state_keys,
            base_url=services.base_url, client=client, clock=services.clock,
        ),
        tokens=open_tokens(
            redis, configurations.editor, settings.handoff_data_dir, settings.secret_keys, services.clock
        ),
        repeats=Repeats(redis),
        access=access,
    )  # fmt: skip
