"""`handoff explain CODE`: what an error code means and what to do about it."""

from __future__ import annotations

from typing import Any

import click

from webapp.commands._answers import Exit, give_json, json_option, say
from webapp.commands._workbench import Workbench
from webapp.configurations.conflicts import STORE_FAULTS
from webapp.messaging.catalogue import Explanation
from webapp.messaging.explain import explain, is_code, search
from webapp.messaging.sightings import Sightings, plain_sighting
from webapp.setting_faults import SettingsError
from webapp.settings import settings_of_this_process
from webapp.store.redis import open_redis


@click.command("explain")
@click.argument("words", nargs=-1, required=True, metavar="CODE")
@click.option("--search", "searching", is_flag=True, help="Look the words up instead of taking them as a code.")
@json_option
def explain_command(words: tuple[str, ...], searching: bool, as_json: bool) -> None:
    """Explain a Twilio code, a SIP answer or a REFER result: 13801, 30034, sip:486, refer:202.

    One that we do not know leads to Twilio's dictionary; exit code 3 is for what is no code.
    """
    text = " ".join(words)
    if not searching and not is_code(text):
        say(f"{text[:80]!r} is no code. Write 13801, sip:486 or refer:202, or look for words: --search")
        raise SystemExit(Exit.NOT_FOUND)
    found = search(text) if searching else (explain(text),)
    if as_json:
        documents = [entry.model_dump(mode="json", exclude_none=True) for entry in found]
        give_json(documents if searching else documents[0] | {"seen_here": _seen_here(found[0].code)})
    elif searching:
        for entry in found:
            click.echo(f"{entry.code:<18}{entry.title}")
        if not found:
            say("Nothing in the catalogue holds all of these words.")
    else:
        click.echo(in_words(found[0]))
        click.echo(_seen_in_words(_seen_here(found[0].code)))
    if not found:
        raise SystemExit(Exit.NOT_FOUND)


def _seen_here(code: str) -> dict[str, Any] | None:
    """How often this deployment met the code; None without a store, which an explanation does not need."""
    given = click.get_current_context().find_object(Workbench)
    try:
        redis = given.redis if given is not None else open_redis(settings_of_this_process().store_url)
        return plain_sighting(Sightings(redis).of(code))
    except (SettingsError, *STORE_FAULTS):
        return None


def _seen_in_words(seen: dict[str, Any] | None) -> str:
    if seen is None:
        return "\nSeen here: not known, because the store does not answer."
    if not seen["count"]:
        return "\nSeen here: never."
    times = "once" if seen["count"] == 1 else f"{seen['count']} times"
    return f"\nSeen here {times}, last {seen['last'][:16].replace('T', ' ')} UTC, on {', '.join(seen['on'][:3])}."


def in_words(entry: Explanation) -> str:
    """The explanation as the terminal shows it."""
    lines = [f"{entry.code}  {entry.title}", "", entry.meaning, "", f"Callers noticed: {entry.noticed}"]
    if entry.causes:
        lines += ["", "Usual causes", *(f"  - {cause}" for cause in entry.causes)]
    lines += ["", "What to do", *(f"  - {step}" for step in entry.fix)]
    if entry.retryable:
        lines += ["", f"Trying again may help: {entry.retry_after or 'later'}."]
    if entry.resubmittable is False:
        lines += ["", "This rejection cannot be resubmitted; an appeal to Twilio Support is the only way."]
    return "\n".join([*lines, "", entry.link])
