"""`handoff explain CODE`: what an error code means and what to do about it."""

from __future__ import annotations

import click

from webapp.commands._answers import Exit, give_json, json_option, say
from webapp.messaging.catalogue import Explanation
from webapp.messaging.explain import explain, is_code, search


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
        give_json(documents if searching else documents[0])
    elif searching:
        for entry in found:
            click.echo(f"{entry.code:<18}{entry.title}")
        if not found:
            say("Nothing in the catalogue holds all of these words.")
    else:
        click.echo(in_words(found[0]))
    if not found:
        raise SystemExit(Exit.NOT_FOUND)


def in_words(entry: Explanation) -> str:
    """The explanation as the terminal shows it; doctor and `sms status` print the same words."""
    lines = [f"{entry.code}  {entry.title}", "", entry.meaning, "", f"Callers noticed: {entry.noticed}"]
    if entry.causes:
        lines += ["", "Usual causes", *(f"  - {cause}" for cause in entry.causes)]
    lines += ["", "What to do", *(f"  - {step}" for step in entry.fix)]
    if entry.retryable:
        lines += ["", f"Trying again may help: {entry.retry_after or 'later'}."]
    if entry.resubmittable is False:
        lines += ["", "This rejection cannot be resubmitted; an appeal to Twilio Support is the only way."]
    return "\n".join([*lines, "", entry.link])
