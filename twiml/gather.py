"""`<Gather>`: ask the caller, and take keys, speech or both."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from twilio.twiml.voice_response import Gather

from twiml import attribute_values
from twiml.document import document, one_line, verb
from twiml.errors import DocumentError
from twiml.spoken import Spoken, said


class Input(StrEnum):
    DTMF = "dtmf"
    SPEECH = "speech"


def gather(
    prompt: Sequence[Spoken],
    *,
    action: str,
    inputs: Sequence[Input] = (Input.DTMF,),
    timeout_seconds: int = 5,
    num_digits: int | None = None,
    finish_on_key: str | None = None,
    speech_timeout_seconds: int | None = None,
    language: str | None = None,
    hints: str = "",
    speech_model: str | None = None,
) -> str:
    """The document that says `prompt`, which an answer may interrupt, and posts the answer to `action`.

    `action` is asked without an answer as well (`actionOnEmptyResult`), `timeout_seconds` (1 to 60) after the prompt:
    what a silent caller meets is decided in one place. `num_digits` (1 to 32) or `finish_on_key` (Twilio's default is
    `#`) end the keys. `language`, `hints` (words and phrases with commas), `speech_model` and
    `speech_timeout_seconds` (the pause that ends an answer) are written only when speech is an input.

    Raises DocumentError. Source: https://www.twilio.com/docs/voice/twiml/gather
    """
    if not inputs:
        raise DocumentError("Gather input", "needs dtmf, speech or both")
    speech: dict[str, str | None] = {}
    if Input.SPEECH in inputs:
        speech = _speech(language=language, hints=hints, model=speech_model, pause_seconds=speech_timeout_seconds)
    asked = verb(
        Gather,
        "",
        *said(prompt),
        action=attribute_values.callback_url(action, "Gather action"),
        actionOnEmptyResult="true",
        input=" ".join(kind for kind in Input if kind in inputs),
        timeout=attribute_values.whole_number(timeout_seconds, 1, 60, "Gather timeout"),
        numDigits=None if num_digits is None else attribute_values.whole_number(num_digits, 1, 32, "Gather numDigits"),
        finishOnKey=None if finish_on_key is None else attribute_values.key(finish_on_key, "Gather finishOnKey"),
        **speech,
    )
    return document([asked])


def _speech(*, language: str | None, hints: str, model: str | None, pause_seconds: int | None) -> dict[str, str | None]:
    return {
        "language": None if language is None else attribute_values.language(language, "Gather language"),
        "hints": one_line(hints).strip() or None,
        "speechModel": None if model is None else attribute_values.model_name(model, "Gather speechModel"),
        "speechTimeout": None
        if pause_seconds is None
        else attribute_values.whole_number(pause_seconds, 1, 60, "Gather speechTimeout"),
    }
