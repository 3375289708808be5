"""What a process answers calls with follows the store, and stays when the store does not deserve to be followed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.configurations.conftest import Server
from tests.configurations.process import Process, configuration
from webapp.configurations import VersionId
from webapp.store import keys
from webapp.store.unavailable import EXPLANATIONS, Reason


def test_an_empty_store_is_seeded_with_the_file_as_version_1_of_both(server: Server, tmp_path: Path) -> None:
    process = Process(server.client(), tmp_path, file=configuration())
    assert process.live.environment("sandbox").version.number == 1
    assert process.live.environment("production").version == process.live.environment("sandbox").version
    assert process.live.reasons().faults == ()


def test_an_empty_store_and_a_faulty_file_are_told_for_as_long_as_they_last(server: Server, tmp_path: Path) -> None:
    process = Process(server.client(), tmp_path)
    for _ in range(3):
        assert process.live.reasons().faults == ("The store is empty.", "There is no handoff.yaml. Write one.")
        assert "There is no handoff.yaml" in str(process.live.reasons().edits_refused)
        process.live.refresh()


def test_a_faulty_file_is_told_beside_a_redis_that_is_away(killable_server: Server, tmp_path: Path) -> None:
    killable_server.kill()
    process = Process(killable_server.client(), tmp_path)
    for _ in range(2):
        assert process.live.reasons().faults[-1] == "There is no handoff.yaml. Write one."
        process.live.refresh()


def test_a_file_that_is_faulty_is_no_fault_while_the_store_has_sound_versions(server: Server, tmp_path: Path) -> None:
    Process(server.client(), tmp_path / "first", file=configuration())
    assert Process(server.client(), tmp_path / "second").live.reasons().faults == ()


def test_why_redis_is_away_is_told_in_words_without_the_name_of_a_class(
    killable_server: Server, tmp_path: Path
) -> None:
    process = Process(killable_server.client(), tmp_path, file=configuration())
    killable_server.kill()
    process.live.refresh()
    assert process.live.reasons().faults == (" ".join(EXPLANATIONS[Reason.REFUSED]),)


def test_a_save_is_met_by_the_sandbox_alone_until_it_is_promoted(server: Server, tmp_path: Path) -> None:
    process = Process(server.client(), tmp_path, file=configuration())
    saved = process.versions.save(configuration(name="Renamed"), expected=1, author="sam")
    assert saved.durable
    assert process.live.environment("sandbox").document["name"] == "Renamed"
    assert process.live.environment("production").version.number == 1
    process.versions.promote(2, expected_production=1, author="sam")
    assert process.live.environment("production").version == saved.version


def test_who_saved_a_version_answers_with_what_everybody_else_reads_from_the_store(
    server: Server, tmp_path: Path
) -> None:
    editor = Process(server.client(), tmp_path / "editor", file=configuration())
    other = Process(server.client(), tmp_path / "other")
    # A default that is written out and a number as text: what is kept of them is not what was handed in.
    typed = configuration(name="New") | {"country": "US", "policy": {"max_steps": "8"}}
    saved = editor.versions.save(typed, expected=1, author="sam")
    other.live.refresh()
    mine, theirs = (process.live.environment("sandbox") for process in (editor, other))
    assert mine.version == theirs.version == saved.version
    assert mine.compiled.configuration == theirs.compiled.configuration
    assert mine.document == theirs.document


def test_every_process_follows_a_promote_within_half_a_second(server: Server, tmp_path: Path) -> None:
    editor = Process(server.client(), tmp_path / "editor", file=configuration())
    others = [Process(server.client(), tmp_path / str(number)) for number in range(3)]
    for other in others:
        other.live.start()
    try:
        saved = editor.versions.save(configuration(name="New"), expected=1, author="sam")
        editor.versions.promote(2, expected_production=1, author="sam")
        deadline = time.monotonic() + 0.5 + 1.5  # half a second is the promise; the rest is for a busy machine
        while any(other.live.environment("production").version != saved.version for other in others):
            assert time.monotonic() < deadline, "a process did not follow"
            time.sleep(0.01)
    finally:
        for other in others:
            other.live.stop()


def test_a_call_finds_the_version_that_it_began_with_after_later_promotes_and_a_restart(
    server: Server, tmp_path: Path
) -> None:
    process = Process(server.client(), tmp_path / "a", file=configuration())
    began_with = process.live.environment("production").version
    for number in range(2, 45):
        process.versions.save(configuration(name=f"v{number}"), expected=number - 1, author="sam")
    process.versions.promote(44, expected_production=1, author="sam")
    for place in ("a", "a new machine"):
        restarted = Process(server.client(), tmp_path / place)
        kept = restarted.live.version(began_with)
        assert kept is not None
        assert (kept.version, kept.document["name"]) == (began_with, "Example Hotel")
    assert process.live.version(VersionId(1, "00000000")) is None


def test_the_disk_keeps_a_version_for_days_after_it_was_superseded_and_then_forgets_it(
    server: Server, tmp_path: Path
) -> None:
    process = Process(server.client(), tmp_path, file=configuration())
    began_with = process.live.environment("production").version
    file = tmp_path / f"version-{began_with}"
    week_ago = time.time() - 7 * 86_400
    os.utime(file, (week_ago, week_ago))
    process.versions.save(configuration("Two"), expected=1, author="sam")
    process.versions.promote(2, expected_production=1, author="sam")
    assert process.disk.version(began_with) is not None, "a call that began a minute ago may still need it"
    os.utime(file, (week_ago, week_ago))
    process.versions.save(configuration("Three"), expected=2, author="sam")
    assert process.disk.version(began_with) is None


def test_layers_that_vanish_one_by_one_fall_to_the_next(killable_server: Server, tmp_path: Path) -> None:
    file, emergency = configuration(name="From the file", route="+14155550111"), "+14155550122"
    process = Process(killable_server.client(), tmp_path, file=file, emergency=emergency)
    process.versions.save(configuration(name="From the store"), expected=1, author="sam")
    process.versions.promote(2, expected_production=1, author="sam")

    def started(**layers: object) -> tuple[str, str]:
        live = Process(killable_server.client(), tmp_path, **layers).live  # type: ignore[arg-type]
        production = live.environment("production")
        return live.reasons().environments["production"]["source"], str(production.document["name"])

    assert started(file=file, emergency=emergency) == ("store", "From the store")
    killable_server.kill()
    assert started(file=file, emergency=emergency) == ("disk", "From the store")
    for kept in tmp_path.iterdir():
        kept.unlink()
    assert started(file=file, emergency=emergency) == ("file", "From the file")
    assert started(emergency=emergency) == ("emergency_destination", "Last resort")
    assert started() == ("spoken_message", "Last resort")


def test_an_emergency_destination_is_dialled_and_the_spoken_message_dials_nobody(
    tmp_path: Path, server: Server
) -> None:
    emergency = Process(server.client(), tmp_path, emergency="+442079460123").live.environment("production")
    (destination,) = emergency.compiled.configuration.destinations
    assert destination.routes == ("+442079460123",)
    assert emergency.compiled.configuration.allowed_regions == ("GB",)
    message = Process(server.client(), tmp_path).live.environment("production")
    assert not message.compiled.configuration.destinations[0].enabled
    assert message.compiled.configuration.ending.say


def test_an_emptied_store_is_seeded_again_by_exactly_one_of_eight_workers(server: Server, tmp_path: Path) -> None:
    first = Process(server.client(), tmp_path, file=configuration())
    first.versions.save(configuration(name="Edited"), expected=1, author="sam")
    first.versions.promote(2, expected_production=1, author="sam")
    first.deployments.save({"test_callers": ["+14155550133"]}, expected=None, author="sam")
    workers = [Process(server.client(), tmp_path, file=configuration()) for _ in range(8)]
    client = server.client()
    for turn in range(50):
        client.flushall()
        start = threading.Barrier(len(workers))

        def refresh(worker: Process, start: threading.Barrier = start) -> None:
            start.wait()
            worker.live.refresh()

        with ThreadPoolExecutor(len(workers)) as pool:
            list(pool.map(refresh, workers))
        for worker in workers:
            worker.live.refresh()
            assert worker.live.environment("production").document["name"] == "Edited"
            assert worker.live.environment_of("+14155550199", "+14155550133") == "sandbox"
            assert worker.live.reasons().faults == ()
        entries = workers[0].editor.audit_entries()
        assert [entry.action for entry in entries] == ["re-seeded from the sealed copy"], f"round {turn}"
        assert workers[0].editor.audit_faults() == []
    assert first.versions.save(configuration(name="Later"), expected=2, author="sam").version.number == 3


def test_a_seed_from_the_file_gives_way_to_a_worker_that_still_holds_the_edits(server: Server, tmp_path: Path) -> None:
    holder = Process(server.client(), tmp_path / "holder", file=configuration())
    holder.versions.save(configuration(name="Edited"), expected=1, author="sam")
    server.client().flushall()
    newcomer = Process(server.client(), tmp_path / "newcomer", file=configuration())
    assert newcomer.live.environment("sandbox").version.number == 1
    holder.live.refresh()
    newcomer.live.refresh()
    assert newcomer.live.environment("sandbox").document["name"] == "Edited"
    assert newcomer.live.reasons().faults == ()


def test_a_disk_that_cannot_be_written_is_an_alarm_and_no_error(server: Server, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the directory should be")
    process = Process(server.client(), blocked, file=configuration())
    assert process.live.environment("production").version.number == 1
    for _ in range(3):
        assert "disk" in process.live.reasons().faults[0]
        assert process.live.reasons().edits_refused is None
        process.live.refresh()
    blocked.unlink()
    process.live.refresh()
    assert process.live.reasons().faults == ()
    assert Process(server.client(), blocked).disk.pointers() is not None


FORKING = """
import os, sys, time
from pathlib import Path
import redis
from tests.configurations.process import Process, configuration
process = Process(redis.Redis.from_url(sys.argv[1], decode_responses=True), Path(sys.argv[2]), file=configuration())
process.live.start()
if os.fork() == 0:
    deadline = time.monotonic() + 10
    while process.live.environment("sandbox").version.number < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    os._exit(process.live.environment("sandbox").version.number)
process.live.stop()
process.versions.save(configuration("New"), expected=1, author="sam")
sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
"""


def test_a_child_after_a_fork_follows_the_store_by_itself(server: Server, tmp_path: Path) -> None:
    forked = subprocess.run(
        [sys.executable, "-c", FORKING, server.url, str(tmp_path)], capture_output=True, timeout=30, check=False
    )
    assert forked.returncode == 2, forked.stderr.decode()


def test_evicted_pointers_are_put_back_and_the_audit_log_goes_on(server: Server, tmp_path: Path) -> None:
    process = Process(server.client(), tmp_path, file=configuration())
    process.versions.save(configuration("Two"), expected=1, author="sam")
    server.client().delete(keys.pointers())
    process.live.refresh()
    assert process.live.reasons().faults == ()
    assert [entry.sequence for entry in process.editor.audit_entries()] == [3, 2, 1]
    assert process.editor.audit_faults() == []
    assert process.versions.save(configuration("Three"), expected=2, author="sam").version.number == 3


def test_versions_left_over_by_lost_pointers_are_never_written_over(server: Server, tmp_path: Path) -> None:
    before = Process(server.client(), tmp_path / "before", file=configuration())
    before.versions.save(configuration("Two"), expected=1, author="sam")
    server.client().delete(keys.pointers())
    newcomer = Process(server.client(), tmp_path / "newcomer", file=configuration("File"))
    assert newcomer.live.environment("production").version.number == 3
    assert newcomer.versions.get(2).document["name"] == "Two"
    assert newcomer.editor.audit_faults() == []
