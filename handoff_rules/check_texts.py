"""Texts: what must not be told, what does not fit, what costs twice, and offers that nobody can hear."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handoff_rules.check_destinations import samples_of, secrets_of
from handoff_rules.configuration import Configuration
from handoff_rules.destinations import Destination, Method, Voicemail
from handoff_rules.intake import MenuIntake
from handoff_rules.problems import Problem
from handoff_rules.texts import LONGEST_TEXT, OPT_OUT_NOTE, has_control_characters, with_way_out
from handoff_rules.variables import names_in, substitute

PLAIN_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€")
"""The alphabet of GSM 03.38; each of the second set counts as two."""


def text_problems(configuration: Configuration) -> Iterator[Problem]:
    for path, body in bodies(configuration):
        yield from _body_problems(configuration, path, body)
    for index, destination in enumerate(configuration.destinations):
        yield from _offer_problems(configuration, destination, f"destinations/{index}/offer_text")
    yield from _silence_problems(configuration)


def bodies(configuration: Configuration) -> Iterator[tuple[str, str]]:
    """Every text that is sent, with its path."""
    if configuration.text_back is not None:
        yield "text_back/body", configuration.text_back.body
    for index, destination in enumerate(configuration.destinations):
        if destination.offer_text is not None:
            yield f"destinations/{index}/offer_text/body", destination.offer_text.body


def spoken_texts(configuration: Configuration) -> Iterator[tuple[str, str]]:
    """Every text that a caller hears and in which variables are filled in, with its path."""
    for path, say, voicemail in _closing_words(configuration):
        yield f"{path}/say", say or ""
        yield f"{path}/voicemail/greeting", voicemail.greeting if voicemail else ""
    for index, destination in enumerate(configuration.destinations):
        yield f"destinations/{index}/utterance", destination.utterance
        if destination.offer_text is not None:
            yield f"destinations/{index}/offer_text/prompt", destination.offer_text.prompt
    for index, rule in enumerate(configuration.rules):
        yield f"rules/{index}/utterance", rule.utterance or ""
    if isinstance(configuration.intake, MenuIntake):
        yield "intake/prompt", configuration.intake.prompt
        yield "intake/retry_prompt", configuration.intake.retry_prompt


def _closing_words(configuration: Configuration) -> Iterator[tuple[str, str | None, Voicemail | None]]:
    yield "ending", configuration.ending.say, configuration.ending.voicemail
    for index, destination in enumerate(configuration.destinations):
        for number, step in enumerate(destination.fallback):
            yield f"destinations/{index}/fallback/{number}", step.say, step.voicemail


def _silence_problems(configuration: Configuration) -> Iterator[Problem]:
    """Where a caller would hear nothing and be cut off, or not know what to do."""
    for path, say, voicemail in _closing_words(configuration):
        if say is not None and not say.strip():
            fix = "Write what the caller hears, or hang up without a word by `hang_up: true`."
            yield Problem(f"{path}/say", "The caller would hear nothing.", fix)
        if voicemail is not None and not voicemail.greeting.strip():
            message = "The caller would hear a tone alone, and not know what to do."
            yield Problem(f"{path}/voicemail/greeting", message, "Write a greeting, or leave the key out.", "warning")
    if isinstance(configuration.intake, MenuIntake) and not configuration.intake.prompt.strip():
        yield Problem("intake/prompt", "The caller would hear nothing.", "Write what the caller may press or say.")


def message_parts(text: str) -> int:
    """How many messages a text is paid as: 160 plain signs or 70 others in one, 153 or 67 in each of several."""
    if all(sign in PLAIN_ALPHABET or sign in EXTENDED for sign in text):
        length, alone, each = sum(1 + (sign in EXTENDED) for sign in text), 160, 153
    else:
        length, alone, each = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= alone else -(-length // each)


def _body_problems(configuration: Configuration, path: str, body: str) -> Iterator[Problem]:
    yield from _secret_problems(configuration, path, body)
    filled = substitute(body, samples_of(configuration)).text.strip()
    if len(filled) > LONGEST_TEXT:
        message = f"With the samples the text has {len(filled)} characters; {LONGEST_TEXT} are sent at most."
        yield Problem(path, message, "Shorten it, or the variables in it.")
        return
    if has_control_characters(filled):
        fix = "Remove it: a space instead of a tab, a line feed alone at the end of a line."
        yield Problem(path, "The text holds a control character, so it would never be sent.", fix)
        return
    parts = message_parts(with_way_out(filled))
    if parts > 1:
        message = f"With “{OPT_OUT_NOTE}” this text is paid as {parts} messages."
        yield Problem(path, message, "Shorten it to 160 plain characters (70 with others, such as emoji).", "warning")


def _secret_problems(configuration: Configuration, path: str, text: str) -> Iterator[Problem]:
    for name in sorted(set(names_in(text)) & set(secrets_of(configuration))):
        yield Problem(path, f"{name} is secret and must not leave in a text.", f"Remove ${name}.")


def _offer_problems(configuration: Configuration, destination: Destination, path: str) -> Iterator[Problem]:
    offer = destination.offer_text
    if offer is None:
        return
    yield from _secret_problems(configuration, f"{path}/prompt", offer.prompt)
    language = offer.language or destination.language
    if language.startswith("en") and not re.search(r"\b(1|one)\b", offer.prompt, re.IGNORECASE):
        fix = "Say it: “Press 1 to get the details by text. Message and data rates may apply.”"
        yield Problem(f"{path}/prompt", "The prompt does not tell the caller to press 1.", fix, "warning")
    if destination.method is Method.BYE:
        message = "A BYE serves SIP calls alone, and only callers of the phone network are offered a text."
        yield Problem(path, message, "Remove it.", "warning")
