"""`handoff restore`: bring a backup back, or the sealed copy of this machine."""

from __future__ import annotations

from pathlib import Path

import click

from webapp.commands._answers import author_option, give_json, in_number, json_option, local_history, say
from webapp.configurations.assembly import History
from webapp.configurations.backup import BackupError
from webapp.configurations.displaced import numbers_of


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--from-disk", is_flag=True, help="Instead of FILE: what this machine last answered calls with.")
@click.option("--over", is_flag=True, help="Replace what the store holds all the same. Running processes follow.")
@author_option
@json_option
def restore_command(file: Path | None, from_disk: bool, over: bool, author: str, as_json: bool) -> None:
    """Put a backup FILE back into the store, byte for byte when the store is empty; else say what would go."""
    if (file is None) != from_disk:
        raise click.UsageError("Name a backup file, or say --from-disk.")
    with local_history() as history:
        if file is None:
            _from_disk(history, author, as_json=as_json)
            return
        restored = history.backups.restore(file.read_bytes(), author=author, over=over)
    if as_json:
        gone = [str(version) for version in restored.gone]
        told = {"versions": restored.versions, "production": restored.production, "gone": gone}
        give_json(told | {"durable": restored.proof.durable})
    else:
        click.echo(f"Restored {in_number(restored.versions)}; production is {restored.production}.")
        if restored.gone:
            say(f"Gone from the list: {numbers_of(restored.gone)}. Calls that began with one keep it, for two days.")
        if not restored.proof.durable:
            say(restored.proof.why)


def _from_disk(history: History, author: str, *, as_json: bool) -> None:
    held, fault = history.adoption.from_disk()
    if held is None:
        raise BackupError(fault or "This machine holds no sealed copy. Name a backup file: handoff restore FILE")
    after = history.adoption.put_back(held, author)
    if after.faults:
        raise BackupError(after.faults[0])
    if as_json:
        give_json({"sandbox": str(after.sandbox.version), "production": str(after.production.version)})
    else:
        click.echo(f"Put back. Sandbox is {after.sandbox.version}, production {after.production.version}.")
