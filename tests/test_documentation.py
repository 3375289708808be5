"""The documents say what is true: links lead somewhere, and every command, setting, route and name in them exists."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from handoff_rules.destinations import Method
from handoff_rules.outcomes import Outcome
from tests.application import Application
from tests.documentation import one_call
from tests.documentation.reading import PROJECT, Document, documents, words_of
from webapp.cli import main
from webapp.settings import Settings
from webapp.version import VERSION

SETTINGS = {name.upper() for name in Settings.model_fields}
OTHERS_VARIABLES = {
    "WEB_CONCURRENCY",  # gunicorn
    "FORWARDED_ALLOW_IPS",  # gunicorn
    "RENDER_EXTERNAL_URL",  # Render
    "NAME_FILE",  # stands for any setting
}
TWILIOS_WORDS = {"LOW_VOLUME", "CUSTOMER_CARE"}
NOT_A_COMMAND = ("handoff-", "handoff.", "handoff_", "handoff:")
SOURCES = ("handoff_rules", "twiml", "webapp", "tests", "bench")


def each(found: Iterator[Document] | list[Document]) -> list[object]:
    return [pytest.param(document, id=document.name) for document in found]


EVERY = each(documents())


@pytest.fixture(scope="module")
def every_word_of_the_code() -> frozenset[str]:
    files = [path for folder in SOURCES for path in (PROJECT / folder).rglob("*.py")]
    files += [*PROJECT.glob("*.yaml"), *PROJECT.glob("*.py"), PROJECT / "pyproject.toml"]
    files = [path for path in files if path.name != "test_documentation.py"]
    return frozenset(word for path in files for word in re.findall(r"\w+", path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("document", EVERY)
def test_every_link_leads_somewhere(document: Document) -> None:
    broken = []
    for link in document.links:
        target, _, anchor = link.partition("#")
        if link.startswith(("https://", "mailto:")):
            continue
        path = (document.path.parent / target).resolve() if target else document.path
        if not path.exists() or (anchor and anchor not in Document(path).anchors):
            broken.append(link)
    assert broken == []


def handoff_commands(document: Document) -> Iterator[list[str]]:
    for written in document.commands():
        line = written.removeprefix(".venv/bin/")
        if line.startswith("handoff ") and not line.startswith(NOT_A_COMMAND):
            yield words_of(line)[1:]


def fault_in(words: list[str]) -> str | None:
    """Why the command line would not be understood, None when it would."""
    command: click.Command = main
    context = click.Context(main)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name, *words = words
        found = command.get_command(context, name.rstrip(",:;."))
        if found is None:
            return f"there is no command {name}"
        command = found
    known = {text for parameter in command.params for text in (*parameter.opts, *parameter.secondary_opts)}
    known |= {"--help", "-h", "--version"}
    unknown = [word for word in words if re.fullmatch(r"--?[a-z][a-z-]*", word) and word not in known]
    return f"{command.name} has no option {unknown[0]}" if unknown else None


@pytest.mark.parametrize("document", EVERY)
def test_every_handoff_command_would_be_understood(document: Document) -> None:
    faults = [f"{' '.join(words)}: {fault}" for words in handoff_commands(document) if (fault := fault_in(words))]
    assert faults == []


def test_a_command_that_does_not_exist_would_be_noticed() -> None:
    assert fault_in(["frobnicate"]) == "there is no command frobnicate"
    assert fault_in(["config", "eat"]) == "there is no command eat"
    assert fault_in(["simulate", "--loud"]) == "simulate has no option --loud"


def test_every_command_is_in_the_documents() -> None:
    text = "\n".join(document.text for document in documents())
    missing = []
    for name in main.list_commands(click.Context(main)):
        command = main.get_command(click.Context(main), name)
        if f"handoff {name}" not in text:
            missing.append(name)
        if isinstance(command, click.Group):
            line = "\n".join(line for line in text.splitlines() if f"handoff {name}" in line)
            missing += [f"{name} {part}" for part in command.commands if not re.search(rf"\b{part}\b", line)]
    assert missing == []


MAKE_TARGETS = {
    found["name"]: found["recipe"]
    for found in re.finditer(
        r"^(?P<name>[a-z]+):[^\n]*## [^\n]*\n(?P<recipe>(?:\t[^\n]*\n)*)",
        (PROJECT / "Makefile").read_text(),
        re.MULTILINE,
    )
}


@pytest.mark.parametrize("document", EVERY)
def test_every_make_target_exists(document: Document) -> None:
    named = [words[1] for line in document.commands() if len(words := words_of(line)) > 1 and words[0] == "make"]
    assert [target for target in named if target not in MAKE_TARGETS and "=" not in target] == []


@pytest.mark.parametrize("target", sorted(MAKE_TARGETS))
def test_a_make_target_starts_something_that_exists(target: str) -> None:
    for module in re.findall(r"python -m ([a-z_.]+)", MAKE_TARGETS[target]):
        if module.partition(".")[0] in SOURCES:
            path = PROJECT / module.replace(".", "/")
            assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module
    for command in re.findall(r"bin/handoff ([a-z-]+)", MAKE_TARGETS[target]):
        assert main.get_command(click.Context(main), command) is not None, command


@pytest.mark.parametrize("document", EVERY)
def test_every_setting_named_exists(document: Document, every_word_of_the_code: frozenset[str]) -> None:
    code = " ".join([*document.inline_code, *(text for _, text in document.fences)])
    named = set(re.findall(r"(?<![\w-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w-])", code))
    unknown = named - SETTINGS - OTHERS_VARIABLES - every_word_of_the_code - TWILIOS_WORDS
    assert {
        name for name in unknown if not name.startswith("YOUR") and name.removesuffix("_FILE") not in SETTINGS
    } == set()


API = "/api/v1"


def test_every_route_named_exists(redis_url: str, tmp_path: Path) -> None:
    with Application(redis_url, tmp_path) as application:
        rules = [rule.rule for rule in application.app.url_map.iter_rules()]
    # The page of the API names its routes without what all of them begin with.
    rules += [API, *(rule.removeprefix(API) for rule in rules if rule.startswith(API))]
    served = re.compile("|".join(re.sub(r"<[^>]+>", r"[^/`]+", re.sub(r"[.+]", r"\\\g<0>", rule)) for rule in rules))
    found = [
        f"{document.name}: {path}"
        for document in documents()
        for path in re.findall(r"(?<![\w./-])/(?:voice|sms|twilio|healthz|readyz|metrics|api)\b[\w/-]*", document.text)
        if not served.fullmatch(path)
    ]
    assert found == []


@pytest.mark.parametrize("document", EVERY)
def test_every_file_named_exists(document: Document) -> None:
    pattern = re.compile(r"(?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|yaml|toml|json)")
    named = [text for text in document.inline_code if pattern.fullmatch(text)]
    ours = [text for text in named if text.partition("/")[0] in (*SOURCES, "docs") or "/" not in text]
    others = {"handoff.yaml", "hotel.yaml", "handoffs.yaml"}
    places = (PROJECT, document.path.parent, PROJECT / "webapp" / "commands")
    assert [text for text in ours if text not in others and not any((place / text).exists() for place in places)] == []


@pytest.mark.parametrize("document", EVERY)
def test_every_name_in_code_type_exists_in_the_code(document: Document, every_word_of_the_code: frozenset[str]) -> None:
    """Keys, operators, variables, outcomes: whatever is written as `snake_case`."""
    named = {text for text in document.inline_code if re.fullmatch(r"\$?[a-z]+(?:_[a-z0-9]+)+", text)}
    elsewhere = {"proxy_request_buffering", "client_body_timeout", "client_header_timeout", "sip_x_customer_id"}
    assert {name for name in named if name.lstrip("$") not in every_word_of_the_code} - elsewhere == set()


def test_the_version_is_the_newest_of_the_changelog() -> None:
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", (PROJECT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert versions[0] == VERSION
    assert versions == sorted(versions, key=lambda text: [int(part) for part in text.split(".")], reverse=True)


def test_the_readme_stays_one_page() -> None:
    assert (PROJECT / "README.md").read_text().count("\n") <= 150


def test_the_glossary_has_every_outcome_and_method() -> None:
    rows = {
        line.split("|")[1].strip(): line
        for line in (PROJECT / "docs/glossary.md").read_text().splitlines()
        if "|" in line
    }
    assert set(re.findall(r"`([a-z_]+)`", rows["outcome"])) == {outcome.value for outcome in Outcome}
    assert set(re.findall(r"`([A-Z]+)`", rows["method"])) == {method.value for method in Method}


def test_the_glossary_names_no_word_twice() -> None:
    text = (PROJECT / "docs/glossary.md").read_text()
    words = [word.strip() for line in re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE) for word in line.split(",")]
    assert len(words) == len(set(words))


def test_the_documents_are_all_in_the_index() -> None:
    index = Document(PROJECT / "docs" / "README.md")
    listed = {(index.path.parent / link.partition("#")[0]).resolve() for link in index.links}
    pages = {document.path for document in documents() if document.path.is_relative_to(PROJECT / "docs")}
    assert {str(page.relative_to(PROJECT)) for page in pages - listed - {index.path}} == set()


def test_the_call_that_is_told_happens_like_that(redis_url: str, tmp_path: Path) -> None:
    page = one_call.PAGE.read_text(encoding="utf-8")
    assert one_call.page_with(one_call.play(redis_url, tmp_path), page) == page, one_call.AGAIN


def test_no_file_names_a_place_of_somebodys_machine() -> None:
    """What is written here must be true on every machine."""
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True)
    places = re.compile(r"(?<![\w.])/(?:work|root|home|Users|opt)/[\w.]|/tmp/[a-z]+/|site-packages")
    found = []
    for name in listed.stdout.splitlines():
        path = PROJECT / name
        if path.suffix in (".md", ".toml", ".yaml", ".json", ".py", ".cfg", ".lock") and path != Path(__file__):
            found += [name for line in path.read_text(encoding="utf-8").splitlines() if places.search(line)]
    assert found == []


def test_help_is_there_for_every_command() -> None:
    answered = subprocess.run(
        [sys.executable, "-m", "webapp.cli", "--help"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    for name in main.list_commands(click.Context(main)):
        assert re.search(rf"^  {name}  +\S", answered.stdout, re.MULTILINE), f"{name} has no sentence in the list"


def test_the_readme_shows_three_pictures_that_load_fast_and_say_in_words_what_they_show() -> None:
    pictures = re.findall(
        r"!\[([^\]]*)\]\((docs/images/[^)]+\.png)\)", (Path(__file__).parent.parent / "README.md").read_text()
    )
    assert len(pictures) == 3
    assert all(len(text) > 30 for text, _ in pictures)
    assert all((Path(__file__).parent.parent / path).stat().st_size < 150_000 for _, path in pictures)
