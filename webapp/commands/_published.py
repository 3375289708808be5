"""A version that commands play calls against: from a file, or from the store with the shipped file behind it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from webapp.commands._answers import say
from webapp.configurations.checking import checked
from webapp.configurations.conflicts import STORE_FAULTS, StoreEmptyError
from webapp.configurations.document_file import read_file
from webapp.configurations.shipped import read_shipped, shipped_file
from webapp.configurations.strict_text import TextError
from webapp.installation.interface import Choice, Installation, Plain
from webapp.settings import Settings, settings_of_this_process

SANDBOX = "sandbox"
version_option = click.option(
    "--version", "wanted", help="sandbox, production or a number. Default: the sandbox, without a store the file."
)
file_option = click.option(
    "--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A configuration file instead."
)


def chosen(installation: Installation, file: Path | None, wanted: str | None) -> Choice:
    """The named file; the named version; without either the sandbox, on a machine without a store the shipped file."""
    if file is not None and wanted is not None:
        raise click.UsageError("Name a file or a version, not both.")
    if file is not None:
        return _of_document(read_file(file), file.name)
    try:
        return _of_version(installation.versions.whole(wanted or SANDBOX), wanted or SANDBOX)
    except (*STORE_FAULTS, StoreEmptyError):
        if wanted is not None:
            raise
        return _of_shipped(settings_of_this_process())


def _of_version(version: Plain, wanted: str) -> Choice:
    number = version["version"]
    name = f"version {number}" + (f" ({wanted})" if not wanted.isdigit() else "")
    return Choice(version["document"], name, number)


def _of_shipped(settings: Settings) -> Choice:
    """What an empty store would begin with: a simulation needs no Redis."""
    shipped = read_shipped(shipped_file(settings.handoff_config, development=not settings.is_production))
    if shipped.document is None:
        raise TextError(shipped.fault or "There is no configuration file.", "Name one: --file handoff.yaml")
    say(f"No store answers, so this is {shipped.name}.")
    return _of_document(shipped.document, shipped.name)


def _of_document(document: Plain, name: str) -> Choice:
    configuration, _ = checked(document)
    return Choice(configuration.to_document(), name)


def names_of(document: Plain) -> Mapping[str, str]:
    """Destination id → name."""
    return {one["id"]: one["name"] for one in document.get("destinations", ())}
