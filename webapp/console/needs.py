"""What the console needs from the rest of the house, as one bundle that every page reaches through `needs()`."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from flask import current_app

from webapp.calls import reader, reading
from webapp.calls.traffic import TrafficReader
from webapp.configurations.assembly import Configurations
from webapp.configurations.live import LiveConfigurations
from webapp.configurations.versions import Versions
from webapp.console.background import Jobs
from webapp.numbers.connected_account import ConnectedAccount
from webapp.people.assembly import People, open_people
from webapp.services import Services
from webapp.settings import Settings
from webapp.tokens.register import Tokens, open_tokens

EXTENSION = "handoff-console"


@dataclass(frozen=True, slots=True)
class Needs:
    """`calls` reads for lists, `records` reads whole calls that can be played again,
    `traffic` counts them by destination and rule.

    `base_url` is the public origin, asked each time: a tunnel may appear.
    """

    services: Services
    people: People
    calls: reading.CallReader
    records: reader.CallReader
    traffic: TrafficReader
    account: ConnectedAccount
    tokens: Tokens
    base_url: Callable[[], str]
    clock: Callable[[], datetime]
    jobs: Jobs = field(default_factory=Jobs)
    stopwatch: Callable[[], float] = time.monotonic

    @property
    def settings(self) -> Settings:
        return self.services.settings

    @property
    def configurations(self) -> Configurations:
        return self.services.configurations

    @property
    def live(self) -> LiveConfigurations:
        return self.configurations.live

    @property
    def versions(self) -> Versions:
        return self.configurations.versions


def needs_from(services: Services) -> Needs:
    """The console's share of what the process has. It reads calls and people through the patient client."""
    patient, settings = services.configurations.store.client, services.settings
    token = settings.setup_token.get_secret_value() if settings.setup_token else None
    people = open_people(patient, services.clock, setup_token=token)
    account = ConnectedAccount(settings, lambda: services.live.deployment, services.configurations.credentials)
    return Needs(
        services,
        people,
        reading.CallReader(patient),
        reader.CallReader(patient),
        TrafficReader(patient, services.clock),
        account,
        open_tokens(
            patient, services.configurations.editor, settings.handoff_data_dir, settings.secret_keys, services.clock
        ),
        services.base_url,
        services.clock,
    )


def needs() -> Needs:
    return cast(Needs, current_app.extensions[EXTENSION])
