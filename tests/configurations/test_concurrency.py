"""Sixteen editors at once: no write is lost, numbers have no gaps, a stale save is refused with both sides."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.configurations.conftest import Server
from tests.configurations.process import Process, configuration
from webapp.configurations.conflicts import ConflictError
from webapp.configurations.edits import Editor
from webapp.configurations.version_store import Seen, VersionStore
from webapp.configurations.versions import Versions
from webapp.store import keys

EDITORS = 16
WRITES = 5_000


@pytest.mark.slow
def test_sixteen_editors_making_5000_writes_lose_none_and_number_without_gaps(server: Server, tmp_path: Path) -> None:
    Process(server.client(), tmp_path, file=configuration())
    processes = [Process(server.client(), tmp_path / str(editor)) for editor in range(EDITORS)]

    def edit(editor: int) -> dict[int, str]:
        versions = Versions(processes[editor].editor)
        written = {}
        for turn in range(WRITES // EDITORS + (editor < WRITES % EDITORS)):
            name = f"Hotel {editor}-{turn}"
            written[versions.save(configuration(name), expected=None, author=f"editor {editor}").version.number] = name
        return written

    with ThreadPoolExecutor(EDITORS) as pool:
        histories = list(pool.map(edit, range(EDITORS)))

    acknowledged = {number: name for history in histories for number, name in history.items()}
    assert sorted(acknowledged) == list(range(2, WRITES + 2)), "every write has its own number, and none is missing"
    store = processes[0].store
    for history in histories:
        assert list(history) == sorted(history), "each editor's own writes keep their order"
    for number in [*range(2, 40), *range(40, WRITES, 97), WRITES + 1]:
        version = store.version(number)
        assert version is not None
        assert version.document["name"] == acknowledged[number]
        assert version.parent is not None
        assert version.parent.startswith(f"{number - 1}-")
    lifetimes = {number: int(store.client.ttl(keys.version(number))) for number in (1, 2, 100, 3_999, 4_002, 5_001)}  # type: ignore[arg-type]
    retired = [number for number, seconds in lifetimes.items() if seconds > 47 * 3600]
    assert retired == [2, 100, 3_999], "far behind, and neither in sandbox nor in production"
    assert {lifetimes[number] for number in (1, 4_002, 5_001)} == {-1}
    pointers = processes[0].versions.pointers()
    assert (pointers.newest, pointers.audited) == (WRITES + 1, WRITES + 1)


def test_of_two_editors_on_the_same_ground_one_saves_and_one_sees_both_sides(server: Server, tmp_path: Path) -> None:
    Process(server.client(), tmp_path, file=configuration())
    both = [Process(server.client(), tmp_path / name).versions for name in ("sam", "kim")]
    start, outcomes = threading.Barrier(2), []

    def edit(versions: Versions, author: str) -> None:
        start.wait()
        try:
            outcomes.append(versions.save(configuration(author), expected=1, author=author).version.number)
        except ConflictError as conflict:
            outcomes.append(conflict)

    threads = [threading.Thread(target=edit, args=pair) for pair in zip(both, ("sam", "kim"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (conflict,) = [outcome for outcome in outcomes if isinstance(outcome, ConflictError)]
    assert 2 in outcomes
    assert (conflict.expected, conflict.current) == (1, 2)
    assert {conflict.theirs["name"], conflict.yours["name"]} == {"sam", "kim"}


def test_an_edit_that_another_one_of_its_process_overtakes_is_made_and_no_edit_is_called_lost(
    server: Server, tmp_path: Path
) -> None:
    process = Process(server.client(), tmp_path, file=configuration())
    overtaking = iter(["Hotel of the other editor"])

    class Overtaken(VersionStore):
        def seen(self) -> Seen:
            seen = super().seen()
            for name in overtaking:
                process.versions.save(configuration(name), expected=None, author="kim")
            return seen

    versions = Versions(
        Editor(Overtaken(process.store.client, process.seals), held=lambda: process.live.pointers),
        changed=process.live.refresh,
    )
    saved = versions.save(configuration("Hotel"), expected=None, author="sam")
    assert saved.version.number == 3
    assert process.live.reasons().edits_refused is None
