"""The calls in this machine's store, with the versions that they began with."""

from __future__ import annotations

from collections.abc import Iterable

from handoff_rules.atoms import HIDDEN
from handoff_rules.explain import explain
from webapp.calls.plain import plain_call, plain_record, revealed
from webapp.calls.reader import CallReader, UnknownCallError
from webapp.calls.record import CallRecord
from webapp.configurations.assembly import History
from webapp.configurations.conflicts import VersionNotFoundError
from webapp.configurations.published import Published, publish
from webapp.configurations.version_id import VersionId
from webapp.installation.interface import Plain


class LocalCalls:
    of_the_sandbox_alone = False

    def __init__(self, history: History) -> None:
        self._versions = history.versions
        self._calls = CallReader(history.store.client)
        self._known: dict[str, Published | None] = {}

    def page(self, cursor: str | None, limit: int) -> Plain:
        page = self._calls.page(cursor, limit)
        return {"data": [plain_call(record, revealed) for record in page.calls], "next_cursor": page.next_cursor}

    def whole(self, call_sid: str) -> Plain:
        record = self.record(call_sid)
        began_with = self.began_with(record)
        secrets = began_with.compiled.secret_variables if began_with else frozenset()
        whole = plain_record(record, revealed)
        whole["variables"] |= dict.fromkeys(secrets.intersection(whole["variables"]), HIDDEN)
        if began_with is None or record.facts is None:
            return whole | {"trace": None}
        return whole | {"trace": explain(began_with.compiled, record.facts, record.asked_for).as_document()}

    def record(self, call_sid: str) -> CallRecord:
        """Raises UnknownCallError."""
        try:
            record = self._calls.get(call_sid)
        except ValueError:
            record = None
        if record is None:
            raise UnknownCallError(call_sid)
        return record

    def since(self, at_ms: int) -> Iterable[CallRecord]:
        return self._calls.all_since(at_ms)

    def version(self, wanted: str) -> Published:
        """By number, or sandbox or production. Raises VersionNotFoundError."""
        version = self._versions.get(wanted)
        return publish(version.document, version.version)

    def began_with(self, record: CallRecord) -> Published | None:
        """None when that version is not kept any more, or another one took its number. Each is read once."""
        if record.version not in self._known:
            self._known[record.version] = self._kept(record.version)
        return self._known[record.version]

    def _kept(self, identity: str) -> Published | None:
        try:
            published = self.version(str(VersionId.parse(identity).number))
        except (ValueError, VersionNotFoundError):
            return None
        return published if str(published.version) == identity else None
