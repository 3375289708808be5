"""`handoff run` for real: what it starts is ready soon, says where it is, and is gone afterwards."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from time import monotonic

import pytest
from redis import Redis

from tests.redis_server import free_port, wait_until
from webapp.configurations.shipped import read_shipped
from webapp.running import APPLICATION
from webapp.running_place import read_running
from webapp.store.embedded import socket_path

SECOND_START_CPU_SECONDS = 5.0
"""Of all processes of one run: 2.8 were measured. On two free processors that is ready in under 3 s; processor time is
counted, because other work may run here."""
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def data() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="handoff-run-"))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


class Run:
    """One `handoff run` in a process group of its own, as a shell would start it."""

    def __init__(self, data: Path, *options: str, **environment: str) -> None:
        self.data = data
        self.output = data / "output.txt"
        command = [sys.executable, "-m", "webapp.cli", "run", "--app", "tests.running.stand_in_app:app", *options]
        home = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=home | {"HANDOFF_DATA_DIR": str(data), "WEB_CONCURRENCY": "2"} | environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def text(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def wait_until_ready(self) -> None:
        wait_until(lambda: "Stop with Ctrl-C" in self.text() or self.process.poll() is not None, 30)
        assert self.process.poll() is None, self.text()

    def family(self) -> set[int]:
        """This process and everything that descends from it."""
        parents = _parents()
        found = {self.process.pid}
        while new := {child for child, parent in parents.items() if parent in found} - found:
            found |= new
        return found

    def get(self, port: int) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return str(answer.read().decode())

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(15)


Start = Callable[..., Run]


@pytest.fixture
def start(data: Path) -> Iterator[Start]:
    """Starts runs in `data`, and ends what a failed test has left."""
    runs: list[Run] = []

    def begin(*options: str, **environment: str) -> Run:
        runs.append(Run(data, *options, **environment))
        return runs[-1]

    yield begin
    for run in runs:
        if run.process.poll() is None:
            run.end()


def _parents() -> dict[int, int]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                found[int(entry.name)] = int(fields[1])
    return found


def alive(pids: set[int]) -> set[int]:
    return pids & set(_parents())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_everything_starts_says_where_it_is_and_ends_with_one_signal(
    start: Start, data: Path, number: signal.Signals
) -> None:
    port = free_port()
    run = start("--port", str(port))
    run.wait_until_ready()
    wait_until(lambda: len(run.family()) >= 5)  # Itself, redis-server, gunicorn and its two workers.
    family = run.family()
    assert run.get(port) == f"http://127.0.0.1:{port}"
    assert f"http://127.0.0.1:{port}/voice/call" in run.text()
    running = read_running(data)
    assert running is not None
    assert (running.pid, running.port) == (run.process.pid, port)
    began = monotonic()
    assert run.end(number) == 0
    assert monotonic() - began < 8
    assert alive(family) == set()
    assert read_running(data) is None
    assert not socket_path(data).exists()


def test_a_second_start_is_cheap_and_finds_what_the_first_has_stored(start: Start, data: Path) -> None:
    first = start("--port", str(free_port()), "--app", APPLICATION)
    first.wait_until_ready()
    with Redis(unix_socket_path=str(socket_path(data))) as client:
        client.set("kept", "yes")
    first.end()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    second = start("--port", str(free_port()), "--app", APPLICATION)
    second.wait_until_ready()
    with Redis(unix_socket_path=str(socket_path(data)), decode_responses=True) as client:
        assert client.get("kept") == "yes"
    second.end()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert used < SECOND_START_CPU_SECONDS


def test_nothing_is_left_when_it_is_killed(start: Start, data: Path) -> None:
    run = start("--port", str(free_port()))
    run.wait_until_ready()
    family = run.family()
    run.process.kill()
    run.process.wait()
    wait_until(lambda: not alive(family), 15)


def test_a_stop_while_it_is_starting_leaves_nothing(start: Start, data: Path) -> None:
    run = start("--port", str(free_port()))
    wait_until(lambda: socket_path(data).exists() or run.process.poll() is not None)
    family = run.family()
    assert run.end() == 0, run.text()
    wait_until(lambda: not alive(family))


def test_a_hanging_store_does_not_hold_up_the_end(start: Start, data: Path) -> None:
    run = start("--port", str(free_port()))
    run.wait_until_ready()
    family = run.family()
    os.kill(int((data / "redis.pid").read_text()), signal.SIGSTOP)
    began = monotonic()
    run.end()
    assert monotonic() - began < 8
    assert alive(family) == set()


def test_a_store_that_dies_is_started_again(start: Start, data: Path) -> None:
    run = start("--port", str(free_port()))
    run.wait_until_ready()
    first = int((data / "redis.pid").read_text())
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: (data / "redis.pid").exists() and _answering_pid(data) not in (None, first), 15)
    run.end()


def _answering_pid(data: Path) -> int | None:
    try:
        with Redis(unix_socket_path=str(socket_path(data)), retry=None) as client:  # type: ignore[arg-type]
            return int(client.info("server")["process_id"])
    except Exception:
        return None


def test_a_web_server_that_dies_ends_everything_with_an_error(start: Start, data: Path) -> None:
    run = start("--port", str(free_port()), "--app", "tests.running.no_such_module:app")
    assert run.process.wait(30) == 1
    assert "web server has ended" in run.text()


def test_a_second_run_in_the_same_place_is_refused(start: Start, data: Path) -> None:
    first = start("--port", str(free_port()))
    first.wait_until_ready()
    second = start("--port", str(free_port()))
    assert second.process.wait(15) == 1
    first.end()


def test_a_wrong_setting_stops_the_start_with_one_sentence(start: Start, data: Path) -> None:
    run = start(PUBLIC_BASE_URL="https://example.com/path", PORT="many")
    assert run.process.wait(15) == 2
    assert "2 problems with the settings" in run.text()
    assert "Traceback" not in run.text()


@pytest.fixture
def faulty_file(data: Path) -> Path:
    file = data / "mine.yaml"
    file.write_text("schema: 1\nnam: typo\ndestinations: [{id: x}]\n", encoding="utf-8")
    return file


def test_a_first_start_with_a_faulty_file_shows_every_problem_and_serves_nothing(
    start: Start, data: Path, faulty_file: Path
) -> None:
    run = start("--port", str(free_port()), HANDOFF_CONFIG=str(faulty_file))
    assert run.process.wait(15) == 1
    problems = read_shipped(faulty_file).problems
    assert len(problems) > 2
    assert [problem for problem in problems if str(problem) not in run.text()] == []
    assert "mine.yaml" in run.text()
    assert "Stop with Ctrl-C" not in run.text()


def test_a_later_start_with_a_faulty_file_goes_on_with_what_is_stored(
    start: Start, data: Path, faulty_file: Path
) -> None:
    sound = Path(PROJECT / "handoff.example.yaml")
    first = start("--port", str(free_port()), "--app", APPLICATION, HANDOFF_CONFIG=str(sound))
    first.wait_until_ready()
    first.end()
    second = start("--port", str(free_port()), "--app", APPLICATION, HANDOFF_CONFIG=str(faulty_file))
    second.wait_until_ready()
    assert second.end() == 0


def test_a_later_start_with_a_changed_file_names_the_two_commands_that_bring_it_in(
    start: Start, data: Path, tmp_path: Path
) -> None:
    file = tmp_path / "handoff.yaml"
    file.write_text((PROJECT / "handoff.example.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    first = start("--port", str(free_port()), "--app", APPLICATION, HANDOFF_CONFIG=str(file))
    first.wait_until_ready()
    first.end()
    assert "handoff release" not in first.text()
    file.write_text(file.read_text(encoding="utf-8").replace("Example Hotel", "Another Hotel"), encoding="utf-8")
    second = start("--port", str(free_port()), "--app", APPLICATION, HANDOFF_CONFIG=str(file))
    second.wait_until_ready()
    wait_until(lambda: "handoff release, handoff promote" in second.text(), 15)
    assert second.end() == 0


@pytest.fixture
def port_8000_is_taken() -> Iterator[None]:
    with ExitStack() as stack:
        with suppress(OSError):  # Somebody has it already: as good.
            stack.enter_context(socket.create_server(("127.0.0.1", 8000)))
        yield


@pytest.mark.usefixtures("port_8000_is_taken")
def test_a_run_that_is_refused_does_not_say_which_port_it_uses(start: Start, data: Path) -> None:
    first = start("--port", str(free_port()))
    first.wait_until_ready()
    second = start()
    assert second.process.wait(15) == 1
    assert "Another process already serves the store" in second.text()
    assert "Port 8000" not in second.text()


@pytest.mark.usefixtures("port_8000_is_taken")
def test_a_run_that_takes_another_port_says_so(start: Start, data: Path) -> None:
    run = start()
    run.wait_until_ready()
    assert "Port 8000 is taken, so this uses" in run.text()


def test_with_a_redis_url_no_private_server_is_started(start: Start, data: Path, redis_url: str) -> None:
    run = start("--port", str(free_port()), REDIS_URL=redis_url)
    run.wait_until_ready()
    assert not (data / "redis.pid").exists()
    run.end()
