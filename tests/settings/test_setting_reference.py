"""The files that list settings say what the model says; the lock files hold what pyproject asks for."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from webapp import setting_reference as reference
from webapp.settings import Settings, load_settings

AGAIN = "run: python -m webapp.setting_reference"
NAMES = {name.upper() for name in Settings.model_fields}
PROJECT = reference.PROJECT


def test_the_example_file_is_the_models() -> None:
    assert reference.EXAMPLE_FILE.read_text(encoding="utf-8") == reference.env_example(), AGAIN


def test_the_documentation_is_the_models() -> None:
    document = reference.DOCUMENT.read_text(encoding="utf-8")
    assert document == reference.document_with_table(document), AGAIN


def test_every_setting_is_documented_and_a_copy_of_the_example_changes_nothing() -> None:
    example = reference.env_example()
    assert set(re.findall(r"^#([A-Z_]+)=", example, re.MULTILINE)) == NAMES
    assert all(line == "" or line.startswith("#") for line in example.splitlines())
    assert all(field.description for field in Settings.model_fields.values())


def test_the_examples_are_settings_that_would_be_accepted() -> None:
    examples = dict(re.findall(r"^#([A-Z_]+)=(.+)$", reference.env_example(), re.MULTILINE))
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_API_KEY_SID"):
        assert examples.pop(name)[2:] == "x" * 32, "an example that nobody takes for a real one"
    for name in [name for name in examples if "TOKEN" in name or "SECRET" in name]:
        del examples[name]
    examples["SECRET_KEY"] = "q8J3-vZ0xk2WmT7rNcY5hLbE9sUaGdPf1oRi4tQy"
    load_settings(examples | {"SETUP_TOKEN": "k3J-vZ0xk2WmT7rNcY5h"})


def test_deployment_files_name_only_settings_that_exist() -> None:
    app = json.loads((PROJECT / "app.json").read_text())
    assert set(app["env"]) <= NAMES
    render = yaml.safe_load((PROJECT / "render.yaml").read_text())
    variables = [entry for group in render["envVarGroups"] for entry in group["envVars"]]
    variables += [entry for service in render["services"] for entry in service.get("envVars", [])]
    assert {entry["key"] for entry in variables if "key" in entry} - {"PYTHON_VERSION"} <= NAMES
    compose = yaml.safe_load((PROJECT / "compose.yaml").read_text())
    assert set(compose["x-handoff"]["environment"]) <= NAMES


def test_the_heroku_and_render_files_start_the_same_programs() -> None:
    procfile = dict(line.split(": ", 1) for line in (PROJECT / "Procfile").read_text().splitlines())
    render = yaml.safe_load((PROJECT / "render.yaml").read_text())["services"]
    assert procfile["web"] == render[1]["startCommand"]
    assert procfile["release"] == render[1]["preDeployCommand"]
    assert procfile["worker"] == render[2]["startCommand"]


def locked(name: str) -> dict[str, list[str]]:
    """The pinned packages of a lock file and their hashes."""
    text = (PROJECT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    entries: dict[str, list[str]] = {}
    for line in text.splitlines():
        requirement, *hashes = re.split(r"\s+--hash=", line.strip())
        parsed = Requirement(requirement)
        assert str(parsed.specifier).startswith("=="), line[:80]
        entries.setdefault(canonicalize_name(parsed.name), []).extend(hashes)
        assert all(mark.startswith("sha256:") for mark in hashes)
    return entries


def test_a_lock_holds_no_addresses_and_no_options() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (PROJECT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert not re.search(r"^\s*-(?!-hash)", text, re.MULTILINE)


@pytest.mark.parametrize(("name", "extras"), [("requirements.lock", ()), ("requirements-dev.lock", ("dev",))])
def test_a_lock_pins_what_the_project_asks_for(name: str, extras: tuple[str, ...]) -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    lock = locked(name)
    pinned = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", (PROJECT / name).read_text(), re.MULTILINE))
    for requirement in map(Requirement, wanted):
        package = canonicalize_name(requirement.name)
        assert lock.get(package), f"{package} is not in {name}; run: make lock"
        assert requirement.specifier.contains(pinned[package]), f"{package} in {name} is too old; run: make lock"
    assert all(lock.values()), "every package has a hash"


def test_both_locks_pin_the_same_versions() -> None:
    pins = [
        dict(re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", (PROJECT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    ]
    assert pins[0].items() <= pins[1].items()
