"""`list` and `show` for the named things of a configuration; each of them is a command of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from handoff_rules.suggestions import nearest
from webapp.commands._answers import Exit, give_json, give_table, json_option, say
from webapp.commands._installation import with_installation
from webapp.configurations.yaml_file import write_yaml
from webapp.installation.interface import Installation

Thing = Mapping[str, Any]
VERSION = click.option(
    "--version", "wanted", default="sandbox", show_default=True, help="sandbox, production or a number."
)


@dataclass(frozen=True, slots=True)
class Details:
    """What `show` tells beside the thing itself: keys for JSON, and lines that YAML takes as comments."""

    plain: Mapping[str, Any]
    lines: Sequence[str]


NONE = Details({}, ())


def listing(
    part: str,
    one: str,
    columns: Callable[[Thing], Sequence[str]],
    details: Callable[[Thing, Thing], Details] = lambda thing, document: NONE,
) -> click.Group:
    """The group `handoff PART` with its `list` and `show`. `details` of a thing, also from the whole document."""

    @click.group(part, help=f"The {part} of a version.")
    def group() -> None:
        pass

    @group.command("list", help=f"List the {part}.")
    @VERSION
    @with_installation
    @json_option
    def show_all(installation: Installation, wanted: str, as_json: bool) -> None:
        things = _document(installation, wanted).get(part, ())
        if as_json:
            give_json(list(things))
        elif not things:
            say(f"This version has no {part}.")
        else:
            give_table((str(thing["id"]), str(thing["name"]), *columns(thing)) for thing in things)

    @group.command("show", help=f"Show one {one} as YAML.")
    @click.argument("identity", metavar="ID")
    @VERSION
    @with_installation
    @json_option
    def show_one(installation: Installation, identity: str, wanted: str, as_json: bool) -> None:
        document = _document(installation, wanted)
        found = next((thing for thing in document.get(part, ()) if thing["id"] == identity), None)
        if found is None:
            close = nearest(identity, [str(thing["id"]) for thing in document.get(part, ())])
            fix = f"Did you mean {close}?" if close else f"See: handoff {part} list"
            say(f"There is no {one} {identity!r} in version {wanted}. {fix}")
            raise SystemExit(Exit.NOT_FOUND)
        told = details(found, document)
        if as_json:
            give_json({**found, **told.plain})
        else:
            for line in told.lines:
                click.echo(f"# {line}")
            click.echo(write_yaml(found, schema=None), nl=False)

    return group


def _document(installation: Installation, wanted: str) -> Thing:
    document: Thing = installation.versions.whole(wanted)["document"]
    return document
