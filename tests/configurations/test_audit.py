"""Each write leaves one line, and no line can be altered, removed or moved without being noticed."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from tests.configurations.conftest import Server
from tests.configurations.process import Process, configuration
from webapp.configurations.audit import Entry, chained, faults_in, read_line
from webapp.configurations.records import Pointers
from webapp.store import keys


@pytest.fixture
def process(server: Server, tmp_path: Path) -> Process:
    return Process(server.client(), tmp_path, file=configuration())


def test_every_kind_of_write_leaves_exactly_one_entry_with_before_and_after(process: Process) -> None:
    process.versions.save(configuration("Two"), expected=1, author="sam", note="why")
    process.versions.promote(2, expected_production=1, author="kim")
    process.versions.roll_back(author="lee")
    process.deployments.save({"sandbox_phone": "+14155550123"}, expected=None, author="max")
    process.editor.record(actor="ann", action="created", subject="token ci")
    entries = process.editor.audit_entries()
    assert [(entry.actor, entry.action, entry.subject) for entry in entries] == [
        ("ann", "created", "token ci"),
        ("max", "changed", "deployment"),
        ("lee", "rolled back", "production"),
        ("kim", "promoted", "production"),
        ("sam", "saved", "sandbox"),
        ("handoff", "seeded from handoff.yaml", "store"),
    ]
    one, two = (str(process.versions.get(number).version) for number in (1, 2))
    assert [(entry.before, entry.after) for entry in entries[2:5]] == [(two, one), (one, two), (one, two)]
    assert entries[1].after == {"sandbox_phone": "+14155550123"}
    assert process.editor.audit_entries(before=3, limit=1)[0].action == "saved"
    assert process.editor.audit_faults() == []


def test_altering_or_deleting_any_one_of_10000_lines_is_noticed(process: Process) -> None:
    lines, link = [], ""
    for sequence in range(1, 10_001):
        entry = Entry(sequence=sequence, at="2026-11-21T00:00:00.000Z", actor="sam", action="saved", subject="sandbox",
                      before=sequence - 1, after=sequence, previous=link)  # fmt: skip
        line, link = chained(process.seals, entry)
        lines.append(line)
    pointers = Pointers(
        epoch="e", serial=1, newest=1, sandbox="1-00000000", production="1-00000000", audited=10_000, audit_head=link
    )
    assert faults_in(process.seals, pointers, lines) == []
    dice = random.Random(5)
    for position in [0, 1, 9_998, 9_999, *dice.sample(range(10_000), 6)]:
        altered = lines.copy()
        altered[position] = altered[position].replace(b'"sam"', b'"kim"')
        deleted = lines[:position] + lines[position + 1 :]
        foreign = lines.copy()
        entry, _ = read_line(lines[position])
        foreign[position], _ = chained(process.seals, replace(entry, previous="f" * 64))
        swapped = lines.copy()
        swapped[position], swapped[position - 1] = swapped[position - 1], swapped[position]
        for log in (altered, deleted, foreign, swapped):
            assert faults_in(process.seals, pointers, log), f"line {position + 1}"


def test_a_line_that_somebody_added_in_redis_is_noticed(process: Process) -> None:
    process.store.client.rpush(keys.audit(), "0" * 64 + ' {"actor": "nobody"}')
    assert process.editor.audit_faults()
