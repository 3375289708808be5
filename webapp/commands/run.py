"""`handoff run`: everything on this machine, in the foreground, until Ctrl-C."""

from __future__ import annotations

import click

from webapp.commands._whole_number import WholeNumber
from webapp.running import APPLICATION, Plan, run
from webapp.running_file import FaultyFileError
from webapp.running_place import FIRST_PORT, PortTakenError, choose_port
from webapp.settings import SettingsError, settings_of_this_process
from webapp.store.server_program import EmbeddedRedisError


@click.command("run")
@click.option("--port", type=WholeNumber(1, 65535), help="Listen here. Default: PORT, else the next free from 8000.")
@click.option("--host", help="Listen on this address. Default: 127.0.0.1, in production 0.0.0.0.")
@click.option("--app", "application", default=APPLICATION, hidden=True)
def run_command(port: int | None, host: str | None, application: str) -> None:
    """Start the private Redis (without REDIS_URL), the web server and the worker; Ctrl-C stops them all."""
    try:
        settings = settings_of_this_process()
        host = host or ("0.0.0.0" if settings.is_production else "127.0.0.1")  # noqa: S104 (asked for by production)
        chosen = choose_port(port or settings.port, host)
        moved = chosen != FIRST_PORT and not (port or settings.port)
        remark = f"Port {FIRST_PORT} is taken, so this uses {chosen}." if moved else ""
        plan = Plan(settings=settings, host=host, port=chosen, application=application, remark=remark)
        raise SystemExit(run(plan))
    except SettingsError as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    except (EmbeddedRedisError, PortTakenError, FaultyFileError) as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None
