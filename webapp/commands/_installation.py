"""The options that say which installation a command works on: this machine's store, or a server by its API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

import click
from dotenv import dotenv_values

from webapp.commands._answers import history_of, say, told
from webapp.installation.interface import Installation
from webapp.setting_checks import LOCAL_HOSTS, origin
from webapp.settings import settings_of_this_process

SERVER = click.option(
    "--server", envvar="HANDOFF_SERVER", show_envvar=True, metavar="URL",
    help="Work on this server, such as https://handoff.example.com. Default: the store of this machine.",
)  # fmt: skip
TOKEN = click.option(
    "--token", "api_token", envvar="HANDOFF_TOKEN", show_envvar=True, metavar="hf_…",
    help="An API token of the server. Others on this machine can see what stands on a command line.",
)  # fmt: skip


def with_installation(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--server` and `--token`: the command gets the `Installation` that they name, and known faults are told."""

    @SERVER
    @TOKEN
    @wraps(command)
    def on_it(*arguments: Any, server: str | None, api_token: str | None, **options: Any) -> Any:
        with opened(server, api_token) as installation:
            return command(installation, *arguments, **options)

    return on_it


@contextmanager
def opened(server: str | None, api_token: str | None) -> Iterator[Installation]:
    """`None` is what was not said: then `.env` may say it, as it does for settings."""
    file = dotenv_values(".env")
    server = file.get("HANDOFF_SERVER") if server is None else server
    api_token = file.get("HANDOFF_TOKEN") if api_token is None else api_token
    with told():
        installation = _remote(server, api_token or "") if server else _local()
        try:
            yield installation
        finally:
            installation.close()


def _local() -> Installation:
    from webapp.installation.local import LocalInstallation  # each side is imported when it is asked for

    settings = settings_of_this_process()
    return LocalInstallation(settings, history_of(settings))


def _remote(server: str, api_token: str) -> Installation:
    from webapp.installation.client import Client
    from webapp.installation.remote import RemoteInstallation

    try:
        address = origin(server)
    except ValueError as fault:
        raise click.BadParameter(f"{server!r} {fault}", param_hint="--server") from None
    assert address is not None
    _warn_of_open_ways(address)
    return RemoteInstallation(Client(address, api_token))


def _warn_of_open_ways(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in LOCAL_HOSTS:
        say(f"Careful: the token travels to {parts.hostname} unencrypted. Use https:// where you can.")
