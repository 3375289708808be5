"""The tutorials, followed literally: every command is typed into a shell beside a running app."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.documentation.reading import PROJECT, Document

pytestmark = pytest.mark.slow

DOCS = PROJECT / "docs"
DONE_BY_THE_FIXTURE = ("make run", ". .venv/bin/activate")
"""The app runs already, with the `handoff` of this checkout on the PATH."""


@dataclass(slots=True)
class Desk:
    """Somebody's terminal: a folder of their own in which the app runs."""

    folder: Path
    environment: dict[str, str]

    def type(self, command: str) -> str:
        """Both outputs; the command must succeed."""
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A fresh folder with the demo in it, `handoff run`, and nothing of this process's environment."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, line in (
        ("handoff", f'exec "{sys.executable}" -m webapp.cli "$@"'),
        ("python", f'exec "{sys.executable}" "$@"'),
    ):
        script = programs / name
        script.write_text(f"#!/bin/sh\n{line}\n")
        script.chmod(0o755)
    # A short path: the name of a unix socket has at most 107 characters.
    folder = tmp_path / "desk"
    folder.mkdir()
    shutil.copy(PROJECT / "handoff.example.yaml", folder)
    environment = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "PYTHONPATH": str(PROJECT),
        "LANG": "C.UTF-8",
    }
    with (tmp_path / "run.log").open("w+") as log:
        running = subprocess.Popen(
            ["handoff", "run", "--port", str(_free_port())], cwd=folder, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            _wait_until((folder / "var" / "running.json").exists, running, tmp_path / "run.log")
            yield Desk(folder, environment)
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until(ready: Callable[[], bool], running: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    end = monotonic() + seconds
    while not ready():
        assert running.poll() is None, log.read_text()
        assert monotonic() < end, log.read_text()
        sleep(0.05)


def follow(desk: Desk, page: str) -> int:
    """Type every line of the fences without a language; each line of a `text` fence stands in what was printed last."""
    printed, typed = "", 0
    for kind, text in Document(DOCS / page).fences:
        lines = [line for line in text.splitlines() if line.strip()]
        if kind == "text":
            missing = [line for line in lines if "…" not in line and "127.0.0.1" not in line and line not in printed]
            assert missing == [], f"{page}: {missing} is not in\n{printed}"
        elif kind == "":
            printed = ""
            for line in lines:
                if line not in DONE_BY_THE_FIXTURE:
                    printed += desk.type(line)
                    typed += 1
    return typed


def test_the_first_handoff_can_be_followed(desk: Desk) -> None:
    assert follow(desk, "tutorial-first-handoff.md") >= 5
    assert "Answered by Front desk." in desk.type("handoff simulate --at 2026-11-20T15:00")
    steps = desk.type("handoff simulate --at 2026-11-20T15:00 --var intent=refund --far-end busy,answered")
    assert "Reservations was passed over" in steps
    assert "Front desk by Dial → answered" in steps
    assert "Night porter" in desk.type("handoff simulate --at 2026-11-21T03:30")
    assert "<Refer" in desk.type("handoff trigger call --over sip --var sip_x_department=billing")


def test_a_call_of_the_tutorial_goes_on_as_it_says(desk: Desk) -> None:
    told = desk.type("handoff trigger call --over phone")
    goes_on = next(line for line in told.splitlines() if "handoff trigger dial-ended" in line)
    then = desk.type(goes_on.partition(": ")[2] + " --outcome busy")
    # Between midnight and six in New York the porter is first, and the voicemail second.
    assert "+14155550101" in then or "<Record" in then
    call_sid = goes_on.split("--call-sid ")[1].split()[0]
    assert call_sid in desk.type("handoff calls list")
    assert "was busy" in desk.type(f"handoff calls show {call_sid}")


def test_a_number_can_be_changed_tested_promoted_and_taken_back(desk: Desk) -> None:
    assert follow(desk, "tutorial-change-a-number.md") >= 10
    assert "+14155550100" in desk.type("handoff destinations show front-desk --version production")
    assert "+14155550142" in desk.type("handoff destinations show front-desk --version sandbox")
