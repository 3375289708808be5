"""Promoting to production and rolling back, with their checks."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from handoff_rules.configuration import Configuration
from tests.configurations.conftest import Server
from tests.configurations.process import Process, configuration
from webapp.configurations.conflicts import (
    ConflictError,
    EditRefusedError,
    NeverInProductionError,
    PromotionRefusedError,
    RolledBackAlreadyError,
    VersionNotFoundError,
)
from webapp.configurations.version_store import Change
from webapp.configurations.versions import Versions
from webapp.store import keys


@pytest.fixture
def process(server: Server, tmp_path: Path) -> Process:
    return Process(server.client(), tmp_path, file=configuration())


def produce(process: Process, last: int) -> None:
    """Versions 1 to `last`, each in production after the other."""
    for number in range(2, last + 1):
        process.versions.save(configuration(f"v{number}"), expected=number - 1, author="sam")
        process.versions.promote(number, expected_production=number - 1, author="sam")


def test_promoting_needs_the_production_that_its_author_has_seen(process: Process) -> None:
    for number in (2, 3):
        process.versions.save(configuration(f"v{number}"), expected=number - 1, author="sam")
    process.versions.promote(2, expected_production=1, author="kim")
    with pytest.raises(ConflictError) as conflict:
        process.versions.promote(3, expected_production=1, author="sam")
    assert (conflict.value.current, conflict.value.theirs["name"]) == (2, "v2")
    process.versions.promote(3, expected_production=2, author="sam")
    assert process.versions.get("production").number == 3


def test_promoting_what_is_in_production_already_changes_nothing(process: Process) -> None:
    before = process.versions.pointers()
    process.versions.promote(1, expected_production=1, author="sam")
    assert process.versions.pointers() == before


def test_a_required_saved_test_that_fails_stops_a_promote_but_no_roll_back(process: Process) -> None:
    def failing(configuration: Configuration) -> Sequence[str]:
        return [f"{configuration.name} is answered"]

    strict = Versions(process.editor, run_saved_tests=failing)
    strict.save(configuration("Two"), expected=1, author="sam")
    with pytest.raises(PromotionRefusedError, match="Saved test failed: Two is answered"):
        strict.promote(2, expected_production=1, author="sam")
    process.versions.promote(2, expected_production=1, author="sam")
    assert strict.roll_back(author="sam", note="wrong number").version.number == 1


def test_rolling_back_leaves_the_sandbox_alone_and_can_be_undone_by_naming_the_version(process: Process) -> None:
    produce(process, 2)
    process.versions.roll_back(author="kim")
    assert process.live.environment("production").version.number == 1
    assert process.live.environment("sandbox").version.number == 2
    assert process.versions.roll_back(2, author="kim").version.number == 2


def test_a_second_roll_back_never_brings_back_what_was_just_left(process: Process) -> None:
    produce(process, 3)
    process.versions.roll_back(author="kim")
    with pytest.raises(RolledBackAlreadyError):
        process.versions.roll_back(author="sam")
    assert process.versions.pointers().of("production").number == 2


def test_a_refused_second_roll_back_says_who_was_first_and_which_versions_may_be_named(process: Process) -> None:
    produce(process, 3)
    process.versions.roll_back(author="kim")
    with pytest.raises(RolledBackAlreadyError) as refused:
        process.versions.roll_back(author="sam")
    assert "kim rolled production back from version 3 to 2 at 20" in str(refused.value)
    assert "name the version; in production before it: 1." in str(refused.value)


def test_a_second_roll_back_is_refused_too_after_entries_about_other_things(process: Process) -> None:
    produce(process, 3)
    process.versions.roll_back(author="kim")
    process.versions.save(configuration("Four"), expected=3, author="kim")
    process.editor.record(actor="kim", action="sealed under SECRET_KEY", subject="store")
    with pytest.raises(RolledBackAlreadyError):
        Versions(process.editor).roll_back(author="sam")


def test_after_another_promote_a_roll_back_needs_no_name_again(process: Process) -> None:
    produce(process, 2)
    process.versions.roll_back(author="kim")
    process.versions.promote(2, expected_production=1, author="kim")
    assert process.versions.roll_back(author="sam").version.number == 1


def test_a_roll_back_that_is_repeated_by_name_changes_nothing(process: Process) -> None:
    produce(process, 3)
    process.versions.roll_back(2, author="kim")
    before = process.versions.pointers()
    process.versions.roll_back(2, author="sam")
    assert process.versions.pointers() == before


def test_a_roll_back_from_another_production_than_its_author_has_seen_is_a_conflict(process: Process) -> None:
    produce(process, 3)
    with pytest.raises(ConflictError, match="Production is version 3 by now, not 2"):
        process.versions.roll_back(1, expected_production=2, author="sam")


def test_a_promote_that_comes_during_a_roll_back_is_not_taken_back(process: Process) -> None:
    produce(process, 2)
    process.versions.save(configuration("v3"), expected=2, author="kim")

    class Meanwhile(Versions):
        """Kim promotes between the look and the roll back."""

        def may_roll_back(self, *arguments: Any, **options: Any) -> Any:
            process.versions.promote(3, expected_production=2, author="kim")
            return super().may_roll_back(*arguments, **options)

    with pytest.raises(ConflictError):
        Meanwhile(process.editor).roll_back(author="sam")
    assert process.versions.pointers().of("production").number == 3


def test_a_roll_back_to_a_version_that_was_never_in_production_is_refused(process: Process) -> None:
    for number in (2, 3, 4):
        process.versions.save(configuration(f"v{number}"), expected=number - 1, author="sam")
    process.versions.promote(3, expected_production=1, author="sam")
    for never in (2, 4):
        with pytest.raises(NeverInProductionError, match=f"Version {never} was never in production"):
            process.versions.roll_back(never, author="sam")
    assert process.versions.pointers().of("production").number == 3
    assert process.versions.roll_back(1, author="sam").version.number == 1


def test_a_roll_back_reaches_every_version_that_production_ever_had(process: Process) -> None:
    for number in (2, 3, 4):
        process.versions.save(configuration(f"v{number}"), expected=number - 1, author="sam")
        process.versions.promote(number, expected_production=number - 1, author="sam")
    assert {version.number for version in process.versions.produced()} == {1, 2, 3, 4}
    assert process.versions.roll_back(2, author="sam").version.number == 2


def test_an_audit_line_that_was_forged_makes_no_version_one_to_roll_back_to(process: Process) -> None:
    never = process.versions.save(configuration("Two"), expected=1, author="sam").version
    line = process.store.audit_lines(-1, -1)[0]
    forged = line.replace(b'"subject":"sandbox"', b'"subject":"production"')
    assert forged != line
    process.store.client.lset(keys.audit(), -1, forged)  # type: ignore[arg-type]
    assert never not in process.versions.produced()


def test_a_roll_back_takes_less_than_a_second_behind_a_hundred_thousand_audit_entries(process: Process) -> None:
    process.versions.save(configuration("Two"), expected=1, author="sam")
    process.versions.promote(2, expected_production=1, author="sam")
    _, pointers = process.editor.trusted()
    seen = process.store.seen()
    lines = []
    for number in range(100_000):
        pointers, line = process.editor.audited(
            pointers, actor="sam", action="saved", subject="sandbox", note=f"{number}"
        )
        lines.append(line)
    process.store.client.rpush(keys.audit(), *lines[:-1])
    assert process.store.exchange(seen, Change(pointers.moved(), lines[-1])) is not None
    fresh = Versions(process.editor)
    began = time.monotonic()
    fresh.roll_back(1, author="sam")
    assert time.monotonic() - began < 1


def test_there_is_nothing_to_roll_back_to_before_the_first_promote(process: Process) -> None:
    with pytest.raises(EditRefusedError, match="Nothing was promoted yet"):
        process.versions.roll_back(author="sam")


def test_a_retired_version_that_goes_back_to_production_stays_for_good(process: Process) -> None:
    process.versions.save(configuration("Two"), expected=1, author="sam")
    process.versions.promote(2, expected_production=1, author="sam")
    process.store.retire([1], 48 * 3600)
    process.versions.roll_back(1, author="sam")
    assert process.store.client.ttl(keys.version(1)) == -1


def test_a_version_that_has_expired_meanwhile_is_not_put_in_production(process: Process) -> None:
    process.versions.save(configuration("Two"), expected=1, author="sam")

    def expires(_: object) -> tuple[str, ...]:
        process.store.client.delete(keys.version(2))
        return ()

    versions = Versions(process.editor, run_saved_tests=expires)
    with pytest.raises(VersionNotFoundError):
        versions.promote(2, expected_production=1, author="sam")
    assert process.versions.pointers().of("production").number == 1
