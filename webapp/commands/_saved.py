"""How the commands that write a version or move production tell what came of it."""

from __future__ import annotations

from webapp.commands._answers import give_json, plain_problems, say, say_problems
from webapp.configurations.versions import Saved


def tell_saved(saved: Saved, sentence: str, *, as_json: bool) -> None:
    """The sentence on stdout, warnings and what is not durable on stderr; or all of it as JSON."""
    if as_json:
        give_json(
            {
                "version": saved.version.number,
                "digest": saved.version.digest,
                "durable": saved.durable,
                "why": saved.why,
                "problems": plain_problems(saved.problems),
            }
        )
        return
    print(sentence)
    say_problems(saved.problems)
    if not saved.durable:
        say(saved.why)
