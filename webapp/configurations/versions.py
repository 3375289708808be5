"""The history of the configuration: save, list, compare, promote to production, roll back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from handoff_rules.configuration import Configuration
from handoff_rules.problems import ConfigurationError, Problem, errors_in
from webapp.configurations.canonical import canonical_bytes, digest_of
from webapp.configurations.checking import ArrivesBySip, OwnNumbers, checked
from webapp.configurations.conflicts import (
    AlreadyDoneError,
    ConflictError,
    NeverInProductionError,
    PromotionRefusedError,
    VersionNotFoundError,
)
from webapp.configurations.deployment import PromotionPolicy
from webapp.configurations.edits import Editor, timestamp
from webapp.configurations.produced import ROLLED_BACK, Produced
from webapp.configurations.promotion_policy import keep_to
from webapp.configurations.published import ENVIRONMENTS, Environment, Published, publish_read
from webapp.configurations.records import Pointers, Version
from webapp.configurations.tests_on_save import RunSavedTests, failing_on_save
from webapp.configurations.version_id import VersionId
from webapp.configurations.version_list import Page, page_of
from webapp.configurations.version_store import Change, VersionStore

KEPT_VERSIONS = 1000
RETIRED_AT_ONCE = 100
RETIRED_SECONDS = 48 * 3600
"""Twice the longest call that Twilio allows, counted from the retirement, which comes long after the last promote."""


@dataclass(frozen=True, slots=True)
class Saved:
    """`durable` False: it stands in Redis, and `why` says how it could still be lost. `problems` are warnings."""

    version: VersionId
    durable: bool
    why: str = ""
    problems: tuple[Problem, ...] = ()


class Versions:
    """Every save makes an immutable, numbered version; sandbox is the newest, production is the promoted one."""

    def __init__(
        self,
        editor: Editor,
        *,
        run_saved_tests: RunSavedTests = lambda _: (),
        own_numbers: OwnNumbers = dict,
        arrives_by_sip: ArrivesBySip = lambda: None,
        promotion: Callable[[], PromotionPolicy] = PromotionPolicy,
        changed: Callable[[], object] = lambda: None,
        compiled: Callable[[Published], object] | None = None,
    ) -> None:
        """`compiled` gets what is about to be saved, ready for calls: this process need not read it once more."""
        self.editor = editor
        self.store: VersionStore = editor.store
        self._produced = Produced(editor.store)
        self._run_saved_tests = run_saved_tests
        self._own_numbers = own_numbers
        self.arrives_by_sip = arrives_by_sip
        self._promotion = promotion
        self._changed = changed
        self._compiled = compiled

    def check(self, document: Mapping[str, Any]) -> tuple[Configuration, tuple[Problem, ...]]:
        """What a save says of this document, with what is known of this deployment. Raises ConfigurationError."""
        return checked(document, self._own_numbers(), self.arrives_by_sip(), self.editor.clock().date())

    def problems(self, document: Mapping[str, Any]) -> tuple[Problem, ...]:
        """Everything that `check` finds, errors too: of a version that stands, there is nothing to refuse."""
        try:
            return self.check(document)[1]
        except ConfigurationError as fault:
            return fault.problems

    def save(
        self, document: Mapping[str, Any], *, expected: int | None, author: str, note: str = "", request: str = "",
        if_changed: bool = False,
    ) -> Saved:  # fmt: skip
        """Save on top of version `expected` (None: on whatever is newest). A stale save raises ConflictError.

        `request` names the attempt: repeating it after a lost answer gives the version of the first attempt. With
        `if_changed` what the newest version holds already is not saved again: that version is the answer.
        """
        configuration, warnings = self.check(document)
        plain = configuration.to_document()
        digest = digest_of(plain)

        def build(pointers: Pointers) -> Change:
            newest = pointers.of("sandbox").number
            if expected is not None and newest != expected:
                raise AlreadyDoneError(self._theirs(newest, expected, plain, request).version)
            if if_changed and self.holds(plain, pointers):
                raise AlreadyDoneError(pointers.of("sandbox"))
            return self._next(pointers, plain, digest, author=author, note=note, request=request)

        if self._compiled is not None:
            self._compiled(publish_read(configuration, plain, VersionId(0, digest)))
        saved = self._edit(build, "sandbox", warnings)
        return replace(saved, problems=(*warnings, *failing_on_save(configuration, self._run_saved_tests)))

    def holds(self, plain: Mapping[str, Any], pointers: Pointers | None = None) -> bool:
        """Does the newest version say just this? `plain` as `Configuration.to_document` writes it."""
        newest = self.store.listed_version((pointers or self.pointers()).of("sandbox").number)
        return newest is not None and canonical_bytes(newest.document) == canonical_bytes(plain)

    def expect(self, expected: int, yours: Mapping[str, Any]) -> None:
        """Raises the ConflictError that a save of `yours` on top of version `expected` would raise now."""
        newest = self.pointers().of("sandbox").number
        if newest != expected:
            self._theirs(newest, expected, yours, "")

    def promote(
        self, number: int, *, expected_production: int, author: str, note: str = "", tests: bool = True
    ) -> Saved:
        """Put a version in production after its checks, when production still is what the author has seen."""
        version = self.get(number)
        keep_to(self._promotion(), saved_by=version.author, author=author, note=note)
        warnings = self._may_promote(version, tests=tests)
        return self._point(version, expected_production, author=author, note=note, action="promoted", warnings=warnings)

    def may_promote(self, number: int, expected_production: int, *, author: str, note: str) -> tuple[Problem, ...]:
        """The checks of a promote without the promote: its warnings, or what `promote` would raise."""
        version = self.get(number)
        keep_to(self._promotion(), saved_by=version.author, author=author, note=note)
        warnings = self._may_promote(version, tests=True)
        self._expect_production(self.pointers(), expected_production, version)
        return warnings

    def roll_back(
        self, number: int | None = None, *, expected_production: int | None = None, author: str, note: str = ""
    ) -> Saved:
        """Put back a version that production had (none given: the one before). No saved test may stand in the way.

        Any other version raises NeverInProductionError: saved tests have not let it through. None given after another
        roll back raises RolledBackAlreadyError. `expected_production` is what the author means to leave.
        """
        seen = expected_production or (None if number else self.pointers().of("production").number)
        version, warnings = self.may_roll_back(number, expected_production=seen)
        return self._point(version, seen, author=author, note=note, action=ROLLED_BACK, warnings=warnings)

    def may_roll_back(
        self, number: int | None = None, *, expected_production: int | None = None
    ) -> tuple[Version, tuple[Problem, ...]]:
        """The checks of a roll back without the roll back: where it goes and its warnings, or what it would raise."""
        pointers = self.pointers()
        version = self.get(self._produced.before(pointers) if number is None else number)
        if version.version not in self._produced.all(pointers):
            raise NeverInProductionError(version.number)
        self._expect_production(pointers, expected_production, version)
        return version, self._may_promote(version, tests=False)

    def produced(self) -> frozenset[VersionId]:
        """Every version that is or was in production: what a roll back may go to."""
        return self._produced.all(self.pointers())

    def get(self, wanted: int | str) -> Version:
        """A version by number, or `sandbox` or `production`."""
        number = self.number_of(wanted)
        version = self.store.listed_version(number)
        if version is None:
            raise VersionNotFoundError(wanted)
        return version

    def number_of(self, wanted: int | str) -> int:
        for environment in ENVIRONMENTS:
            if wanted == environment:
                return self.pointers().of(environment).number
        if not str(wanted).isascii() or not str(wanted).isdigit() or len(str(wanted)) > 9 or int(wanted) < 1:
            raise VersionNotFoundError(wanted)
        return int(wanted)

    def pointers(self) -> Pointers:
        return self.editor.trusted()[1]

    def list(self, *, before: int | None = None, limit: int = 20) -> Page:
        top = min(self.pointers().of("sandbox").number, (before or 2**31) - 1)
        return page_of(self.store, top, limit)

    def _retire_behind(self, newest: int) -> None:
        """Let versions far behind this one expire, never one that an environment points at or may go back to.

        Called once for each RETIRED_AT_ONCE saves, for as many versions, so that none is passed over.
        """
        pointers = self.pointers()
        wanted = {pointers.sandbox, pointers.production, pointers.previous_production}
        needed = {VersionId.parse(identity).number for identity in wanted if identity}
        last = newest - KEPT_VERSIONS
        behind = range(max(1, last - RETIRED_AT_ONCE + 1), last + 1)
        self.store.retire((number for number in behind if number not in needed), RETIRED_SECONDS)

    def _theirs(self, newest: int, expected: int, yours: Mapping[str, Any], request: str) -> Version:
        theirs = self.get(newest)
        if request and theirs.request == request:
            return theirs
        raise ConflictError(
            f"{theirs.author} saved version {theirs.number} meanwhile; this edit began at version {expected}. "
            "Compare both, then save again on top of theirs.",
            expected=expected,
            current=theirs.number,
            theirs=theirs.document,
            yours=yours,
        )

    def _next(
        self, pointers: Pointers, plain: Mapping[str, Any], digest: str, *, author: str, note: str, request: str
    ) -> Change:
        number = pointers.newest + 1
        version = Version(
            number=number, digest=digest, author=author, at=timestamp(self.editor.clock), note=note,
            parent=pointers.sandbox, request=request, document=plain,
        )  # fmt: skip
        moved = pointers.moved(newest=number, sandbox=str(version.version))
        audited, line = self.editor.audited(
            moved,
            actor=author,
            action="saved",
            subject="sandbox",
            before=pointers.sandbox,
            after=moved.sandbox,
            note=note,
        )
        return Change(audited, line, versions=(version,))

    def _may_promote(self, version: Version, *, tests: bool) -> tuple[Problem, ...]:
        try:
            configuration, warnings = self.check(version.document)
        except ConfigurationError as fault:
            raise PromotionRefusedError(errors_in(fault.problems), ()) from fault
        failed = self._run_saved_tests(configuration) if tests else ()
        if failed:
            raise PromotionRefusedError((), failed)
        return warnings

    def _point(
        self, version: Version, expected: int | None, *, author: str, note: str, action: str,
        warnings: tuple[Problem, ...],
    ) -> Saved:  # fmt: skip
        identity = str(version.version)

        def build(pointers: Pointers) -> Change:
            if pointers.of("production") == version.version:
                raise AlreadyDoneError(version.version)
            self._expect_production(pointers, expected, version)
            moved = pointers.producing(identity, at=timestamp(self.editor.clock), by=author)
            return Change(
                *self.editor.audited(
                    moved, actor=author, action=action, subject="production", before=pointers.production,
                    after=identity, note=note,
                ),
                points_at=version.number,
            )  # fmt: skip

        return self._edit(build, "production", warnings)

    def _expect_production(self, pointers: Pointers, expected: int | None, yours: Version) -> None:
        """Raises ConflictError when production is neither what the author has seen nor what they want already."""
        now = pointers.of("production")
        if expected is None or now.number == expected or now == yours.version:
            return
        raise ConflictError(
            f"Production is version {now.number} by now, not {expected}. Look at the new difference first.",
            expected=expected,
            current=now.number,
            theirs=self.get(now.number).document,
            yours=yours.document,
        )

    def _edit(
        self, build: Callable[[Pointers], Change], environment: Environment, warnings: tuple[Problem, ...]
    ) -> Saved:
        try:
            made = self.editor.edit(build)
            version, proof = made.change.pointers.of(environment), made.proof
        except AlreadyDoneError as done:
            version, proof = done.version, self.store.prove()
        if environment == "sandbox" and version.number % RETIRED_AT_ONCE == 0:
            self._retire_behind(version.number)
        self._changed()
        return Saved(version, proof.durable, proof.why, warnings)
