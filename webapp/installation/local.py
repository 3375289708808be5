"""This machine's installation: the store of its settings, asked through the use cases of console and API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import cast

from handoff_rules.explain import explain
from webapp.calls.plain import plain_call, plain_record, revealed
from webapp.calls.reader import CallReader, UnknownCallError
from webapp.configurations.assembly import History
from webapp.configurations.bringing_in import bring_in
from webapp.configurations.conflicts import VersionNotFoundError
from webapp.configurations.differences import difference
from webapp.configurations.plain import plain_about, plain_difference, plain_saved
from webapp.configurations.published import Environment, Published, publish
from webapp.configurations.version_id import VersionId
from webapp.installation.interface import Plain
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

    def roll_back(self, number: int | None, *, author: str, note: str) -> Plain:
        return plain_saved(self._versions.roll_back(number, author=author, note=note))


class LocalDeployment:
    def __init__(self, history: History) -> None:
        self._deployments = history.deployments

    def read(self) -> tuple[Plain, int]:
        stored = self._deployments.read()
        return stored.deployment.shown(), stored.serial

    def save(self, document: Plain, *, expected: int, author: str, note: str) -> Plain:
        return asdict(self._deployments.save(document, expected=expected, author=author, note=note))


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


class LocalCalls:
    def __init__(self, history: History) -> None:
        self._versions = history.versions
        self._calls = CallReader(history.store.client)

    def page(self, cursor: str | None, limit: int) -> Plain:
        page = self._calls.page(cursor, limit)
        return {"data": [plain_call(record, revealed) for record in page.calls], "next_cursor": page.next_cursor}

    def whole(self, call_sid: str) -> Plain:
        try:
            record = self._calls.get(call_sid)
        except ValueError:
            record = None
        if record is None:
            raise UnknownCallError(call_sid)
        began_with = self._began_with(record.version)
        trace = explain(began_with.compiled, record.facts).as_document() if began_with and record.facts else None
        return plain_record(record, revealed) | {"trace": trace}

    def _began_with(self, identity: str) -> Published | None:
        """None when that version is not kept any more, or another one took its number."""
        try:
            version = self._versions.get(VersionId.parse(identity).number)
        except (ValueError, VersionNotFoundError):
            return None
        return publish(version.document, version.version) if str(version.version) == identity else None
