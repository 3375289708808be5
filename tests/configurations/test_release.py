"""The shipped file: the demo is sound, a changed one reaches the sandbox only, a faulty one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from handoff_rules.configuration import read_configuration
from tests.configurations.conftest import Server
from tests.configurations.process import Process, configuration
from webapp.configurations.adoption import Shipped
from webapp.configurations.checking import checked
from webapp.configurations.editor_schema import schema
from webapp.configurations.release import release
from webapp.configurations.shipped import read_shipped, shipped_file
from webapp.configurations.yaml_file import read_yaml, write_yaml

EXAMPLE = Path(__file__).parents[2] / "handoff.example.yaml"


def test_the_demo_has_no_errors_and_no_warnings() -> None:
    configuration, warnings = checked(read_yaml(EXAMPLE.read_bytes()))
    assert warnings == ()
    assert len(configuration.tests) >= 5


def test_the_demo_goes_out_and_comes_in_again_without_a_difference() -> None:
    document = read_configuration(read_yaml(EXAMPLE.read_bytes())).to_document()
    exported = write_yaml(document)
    again = read_configuration(read_yaml(exported)).to_document()
    assert again == document
    assert write_yaml(again) == exported


def test_the_schema_names_every_key_of_the_demo() -> None:
    known = set(schema()["properties"])
    assert set(read_yaml(EXAMPLE.read_bytes())) <= known
    assert schema()["additionalProperties"] is False


@pytest.fixture
def process(server: Server, tmp_path: Path) -> Process:
    return Process(server.client(), tmp_path, file=configuration())


def shipped(name: str) -> Shipped:
    return Shipped(read_configuration(configuration(name)).to_document(), "handoff.yaml")


def test_an_unchanged_file_is_not_imported_again_even_after_edits_in_the_console(process: Process) -> None:
    assert release(process.versions, shipped("Example Hotel")).saved is None
    process.versions.save(configuration("Edited"), expected=1, author="sam")
    assert release(process.versions, shipped("Example Hotel")).saved is None
    assert process.versions.pointers().newest == 2


def test_a_changed_file_becomes_a_sandbox_version_and_production_stays(process: Process) -> None:
    released = release(process.versions, shipped("Changed"))
    assert released.saved is not None
    assert "handoff promote 2" in released.words
    assert process.live.environment("sandbox").document["name"] == "Changed"
    assert process.live.environment("production").version.number == 1
    assert release(process.versions, shipped("Changed")).saved is None


@pytest.mark.parametrize(
    ("content", "says"),
    [("a: [", "not YAML"), ("schema: 1", "problem"), ("- x", "a list"), ("a: 1\na: 2", "there twice")],
)
def test_a_faulty_file_is_told_and_not_used(tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "handoff.yaml"
    file.write_text(content)
    found = read_shipped(file)
    assert found.document is None
    assert says in str(found.fault)
    assert str(tmp_path) not in str(found.fault)


def test_of_many_faults_the_sentence_tells_how_many_and_where_to_see_all(tmp_path: Path) -> None:
    file = tmp_path / "handoff.yaml"
    file.write_text("schema: 1\nnam: typo\nname: 5\n")
    found = read_shipped(file)
    assert len(found.problems) > 2
    assert f"{len(found.problems)} problems" in found.trouble
    assert "handoff config validate handoff.yaml" in found.fix
    assert found.lines[1:] == tuple(f"  {problem}" for problem in found.problems)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in str(read_shipped(tmp_path / "missing.yaml").fault)
    assert "no handoff.yaml" in str(read_shipped(None).fault)
    assert shipped_file(tmp_path / "mine.yaml", development=False) == tmp_path / "mine.yaml"
