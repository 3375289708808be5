"""The command line as one page, made from its own help: `python -m webapp.cli_reference > docs/cli.md`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from webapp.cli import main

HEAD = """# The command line

Made from the commands' own help by `python -m webapp.cli_reference`; a test compares them.

Data goes to stdout, talk to stderr. `--json` gives data for programs. Exit codes: 0 done, 1 a check failed, 2 wrong
usage, 3 not found, 4 conflict, 5 not allowed, 6 Redis, Twilio or the server does not answer.

Commands with `--server` work on the store of this machine, or on a server elsewhere when `HANDOFF_SERVER` or `--server`
names one; [versions](versions.md#from-another-machine) shows how.

## Completion in your shell

```console
$ eval "$(_HANDOFF_COMPLETE=bash_source handoff)"      # in ~/.bashrc
$ eval "$(_HANDOFF_COMPLETE=zsh_source handoff)"       # in ~/.zshrc
$ _HANDOFF_COMPLETE=fish_source handoff | source       # in ~/.config/fish/completions/handoff.fish
```
"""
WIDTH = 100


def cli_reference() -> str:
    """The whole page. The width is fixed, so that it is the same on every machine."""
    with click.Context(main, info_name="handoff", terminal_width=WIDTH, max_content_width=WIDTH) as root:
        pages = [page for name in main.list_commands(root) for page in _pages(main, root, name)]
    return HEAD + "".join(pages)


def _pages(group: click.Group, parent: click.Context, name: str) -> Iterator[str]:
    command = group.get_command(parent, name)
    if command is None or command.hidden:
        return
    with click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH) as inner:
        level = "##" if parent.parent is None else "###"
        usage = "\n".join(line.rstrip() for line in command.get_help(inner).splitlines())
        yield f"\n{level} `{inner.command_path}`\n\n```text\n{usage}\n```\n"
        if isinstance(command, click.Group):
            for child in command.list_commands(inner):
                yield from _pages(command, inner, child)


if __name__ == "__main__":
    click.echo(cli_reference(), nl=False)
