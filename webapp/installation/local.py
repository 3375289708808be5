"""This machine's installation: the store of its settings, asked through the use cases of console and API."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cached_property
from typing import cast

from handoff_rules.configuration import Configuration, read_configuration
from handoff_rules.problems import ConfigurationError
from webapp.configurations.assembly import History
from webapp.configurations.bringing_in import bring_in
from webapp.configurations.conflicts import VersionNotFoundError
from webapp.configurations.deployment import Deployment
from webapp.configurations.differences import difference
from webapp.configurations.loops import loops
from webapp.configurations.plain import plain_about, plain_difference, plain_saved
from webapp.configurations.published import ENVIRONMENTS, Environment
from webapp.installation.interface import Plain, Player
from webapp.installation.local_calls import LocalCalls
from webapp.people.roles import Role
from webapp.settings import Settings
from webapp.tokens.register import open_tokens


class LocalInstallation:
    """Touches the store when it is asked, not before."""

    def __init__(self, settings: Settings, history: History) -> None:
        self._history = history
        self.versions = LocalVersions(history)
        self.deployment = LocalDeployment(history)
        self.tokens = LocalTokens(settings, history)
        self.calls = LocalCalls(history)

    @cached_property
    def player(self) -> Player:
        from webapp.installation.local_player import LocalPlayer  # most commands need no simulator

        return LocalPlayer(self._history, self.calls)

    def close(self) -> None:
        self._history.store.client.close()


class LocalVersions:
    def __init__(self, history: History) -> None:
        self._versions = history.versions

    def page(self, *, before: int | None, limit: int) -> Plain:
        pointers, page = self._versions.pointers(), self._versions.list(before=before, limit=limit)
        data = [plain_about(about, pointers) for about in page.versions]
        return {"data": data, "lost": list(page.lost), "next_before": page.next_before}

    def whole(self, wanted: str) -> Plain:
        version = self._versions.get(wanted)
        return plain_about(version, self._versions.pointers()) | {"document": dict(version.document)}

    def difference(self, before: str, after: str) -> Plain:
        old, new = self._versions.get(before), self._versions.get(after)
        return plain_difference(old, new, difference(old, new))

    def bring_in(self, document: Plain, *, expected: int | None, author: str, note: str, dry_run: bool) -> Plain:
        if expected is not None and expected > self._versions.pointers().newest:
            raise VersionNotFoundError(expected)
        brought = bring_in(self._versions, document, expected=expected, author=author, note=note, dry_run=dry_run)
        return brought.to_plain()

    def promote(self, number: int, *, expected_production: int, author: str, note: str) -> Plain:
        return plain_saved(
            self._versions.promote(number, expected_production=expected_production, author=author, note=note)
        )

    def roll_back(self, number: int | None, *, expected_production: int | None, author: str, note: str) -> Plain:
        return plain_saved(
            self._versions.roll_back(number, expected_production=expected_production, author=author, note=note)
        )


class LocalDeployment:
    def __init__(self, history: History) -> None:
        self._deployments = history.deployments
        self._versions = history.versions

    def read(self) -> tuple[Plain, int]:
        stored = self._deployments.read()
        return stored.deployment.shown(), stored.serial

    def save(self, document: Plain, *, expected: int, author: str, note: str) -> Plain:
        found = loops(self._configurations(), Deployment.read(document).own_numbers)  # first: what is saved is told so
        saved = self._deployments.save(document, expected=expected, author=author, note=note)
        return asdict(saved) | {"problems": [asdict(problem) for problem in found]}

    def _configurations(self) -> dict[Environment, Configuration]:
        """As far as there are any: what is wrong with a stored one, `handoff doctor` tells."""
        found: dict[Environment, Configuration] = {}
        for environment in ENVIRONMENTS:
            with suppress(VersionNotFoundError, ConfigurationError):
                found[environment] = read_configuration(self._versions.get(environment).document)
        return found


class LocalTokens:
    def __init__(self, settings: Settings, history: History) -> None:
        self._tokens = open_tokens(
            history.store.client, history.editor, settings.handoff_data_dir, settings.secret_keys,
            lambda: datetime.now(UTC),
        )  # fmt: skip

    def all(self) -> Sequence[Plain]:
        return [asdict(one.token) | {"last_used_at": one.last_used_at} for one in self._tokens.all()]

    def create(self, *, name: str, role: str, environment: str, days: int | None, author: str) -> Plain:
        made = self._tokens.create(
            name=name, role=Role(role), environment=cast(Environment, environment), author=author, days=days
        )
        return asdict(made.token) | {"token": made.secret}

    def revoke(self, wanted: str, *, author: str) -> Plain:
        revoked = self._tokens.revoke(wanted, author=author)
        return {"id": revoked.id, "everywhere": revoked.everywhere}
