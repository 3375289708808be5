"""A version that commands play calls against: from a file, or from the store with the shipped file behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from handoff_rules.problems import Problem
from webapp.commands._answers import say, told
from webapp.configurations import Published
from webapp.configurations.assembly import History, open_history
from webapp.configurations.conflicts import STORE_FAULTS, StoreEmptyError
from webapp.configurations.deployment import Deployment
from webapp.configurations.document_file import read_document
from webapp.configurations.published import publish
from webapp.configurations.shipped import read_shipped, shipped_file
from webapp.configurations.strict_text import TextError
from webapp.configurations.versions import checked
from webapp.settings import Settings, settings_of_this_process

version_option = click.option(
    "--version", "wanted", help="sandbox, production or a number. Default: the sandbox, without a store the file."
)
file_option = click.option(
    "--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A configuration file instead."
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """`name` says in words what it is; `problems` are warnings; `deployment` is empty without a store."""

    published: Published
    name: str
    problems: tuple[Problem, ...]
    deployment: Deployment


def chosen(file: Path | None, wanted: str | None) -> Chosen:
    """The named file; the named version of the store; without either the store's sandbox, else the shipped file."""
    if file is not None and wanted is not None:
        raise click.UsageError("Name a file or a version, not both.")
    with told():
        settings = settings_of_this_process()
        if file is not None:
            return _of_document(read_document(file.read_bytes(), file.name), file.name)
        if wanted is not None:
            return _of_store(settings, wanted)
        try:
            return _of_store(settings, "sandbox")
        except (*STORE_FAULTS, StoreEmptyError):
            return _of_shipped(settings)


def _of_store(settings: Settings, wanted: str) -> Chosen:
    history = open_history(settings)
    try:
        version = history.versions.get(wanted)
        _, problems = checked(version.document)
        name = f"version {version.number}" + (f" ({wanted})" if not wanted.isdigit() else "")
        return Chosen(publish(version.document, version.version), name, problems, _deployment(history))
    finally:
        history.store.client.close()


def _deployment(history: History) -> Deployment:
    return history.deployments.read().deployment


def _of_shipped(settings: Settings) -> Chosen:
    """What an empty store would begin with: a simulation needs no Redis."""
    shipped = read_shipped(shipped_file(settings.handoff_config, development=not settings.is_production))
    if shipped.document is None:
        raise TextError(shipped.fault or "There is no configuration file.", "Name one: --file handoff.yaml")
    say(f"No store answers, so this is {shipped.name}.")
    return _of_document(shipped.document, shipped.name)


def _of_document(document: Mapping[str, Any], name: str) -> Chosen:
    configuration, problems = checked(document)
    return Chosen(publish(configuration.to_document()), name, tuple(problems), Deployment())


def names_of(published: Published) -> Mapping[str, str]:
    """Destination id → name."""
    return {one.id: one.name for one in published.compiled.configuration.destinations}


def routes_of(published: Published, destination: str) -> Sequence[str]:
    found = published.compiled.configuration.destination_by_id.get(destination)
    return found.routes if found else ()
