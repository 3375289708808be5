"""Sealed files: whole or not at all, and refused when a single bit differs."""

from __future__ import annotations

import os
import random
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from webapp.store.sealed import Seal, SealError, read_sealed, write_sealed, write_whole

OLD, NEW = SecretStr("old-key-" + "o" * 32), SecretStr("new-key-" + "n" * 32)
CONTENT = b'{"name": "Example Hotel"}\n\x00\xff'


def test_what_was_sealed_comes_back(tmp_path: Path) -> None:
    write_sealed(tmp_path / "deep" / "file", CONTENT, Seal([OLD], "version"))
    assert read_sealed(tmp_path / "deep" / "file", Seal([OLD], "version")) == CONTENT
    assert stat.S_IMODE((tmp_path / "deep" / "file").stat().st_mode) == 0o600


def test_any_single_bit_that_differs_is_refused() -> None:
    seal = Seal([OLD], "version")
    sealed = seal.wrap(CONTENT)
    for position in range(len(sealed) * 8):
        altered = bytearray(sealed)
        altered[position // 8] ^= 1 << position % 8
        with pytest.raises(SealError):
            seal.unwrap(bytes(altered))


def test_cut_lengthened_and_mixed_files_are_refused() -> None:
    seal = Seal([OLD], "version")
    sealed = seal.wrap(CONTENT)
    chance = random.Random(3)
    other = seal.wrap(b"another")
    damaged = [sealed[:length] for length in range(len(sealed))] + [sealed + b"x", b"", CONTENT]
    damaged += [other.partition(b"\n")[0] + b"\n" + CONTENT]
    damaged += [chance.randbytes(chance.randint(0, 200)) for _ in range(2000)]
    for text in damaged:
        with pytest.raises(SealError):
            seal.unwrap(text)


def test_another_key_and_another_purpose_are_refused() -> None:
    sealed = Seal([OLD], "version").wrap(CONTENT)
    for stranger in (Seal([NEW], "version"), Seal([OLD], "deployment")):
        with pytest.raises(SealError):
            stranger.unwrap(sealed)


def test_both_keys_are_accepted_while_they_rotate_and_the_first_one_seals() -> None:
    both = Seal([NEW, OLD], "version")
    assert both.unwrap(Seal([OLD], "version").wrap(CONTENT)) == CONTENT
    assert Seal([NEW], "version").unwrap(both.wrap(CONTENT)) == CONTENT


def test_a_mark_beside_the_content_is_checked_in_the_same_way() -> None:
    seal = Seal([NEW, OLD], "state")
    seal.verify(CONTENT, Seal([OLD], "state").sign(CONTENT))
    for mark in ("", "0" * 64, "ü", seal.sign(CONTENT).upper()):
        with pytest.raises(SealError):
            seal.verify(CONTENT, mark)


def test_a_seal_without_a_key_is_impossible() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Seal([], "version")


def test_a_missing_file_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_sealed(tmp_path / "none", Seal([OLD], "version"))


WRITE_WITH_FULL_DISK = """
import resource, sys
from pathlib import Path
from webapp.store.sealed import write_whole
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_whole(Path(sys.argv[1]), b"n" * 100_000)
except OSError as error:
    print("refused")
"""


def test_a_full_disk_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, b"old")
    done = subprocess.run(
        [sys.executable, "-c", WRITE_WITH_FULL_DISK, str(path)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "refused\n"
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 1000


WRITE_FOR_EVER = """
import sys
from pathlib import Path
from webapp.store.sealed import write_whole
print("ready", flush=True)
while True:
    for letter in b"ab":
        write_whole(Path(sys.argv[1]), bytes([letter]) * 200_000)
"""


def test_a_reader_never_sees_half_a_file_not_even_when_the_writer_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, b"a" * 200_000)
    for round_ in range(3):
        with subprocess.Popen([sys.executable, "-c", WRITE_FOR_EVER, str(path)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            for _ in range(5 + 7 * round_):
                content = path.read_bytes()
                assert len(content) == 200_000
                assert len(set(content)) == 1
            writer.send_signal(signal.SIGKILL)
