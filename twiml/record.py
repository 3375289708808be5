"""`<Record>`: take a message from the caller."""

from __future__ import annotations

from collections.abc import Sequence

from twilio.twiml.voice_response import Record, Redirect

from twiml import attribute_values
from twiml.callbacks import RecordingCallback
from twiml.document import document, verb
from twiml.spoken import Spoken, said


def record(
    greeting: Sequence[Spoken],
    *,
    action: str,
    max_seconds: int,
    recording: RecordingCallback,
    silence_seconds: int = 5,
    finish_on_key: str = "#",
    nothing_recorded_url: str | None = None,
) -> str:
    """The document that says `greeting` in full, beeps and records.

    The recording ends after `max_seconds` (2 to 14,400), after `silence_seconds` (1 to 60) without a word, at a key of
    `finish_on_key` (none: no key ends it), or when the caller hangs up; then `action` is asked. When nobody said
    anything, Twilio does not ask `action` but goes on in the document, so the caller is redirected to
    `nothing_recorded_url`, or to `action` when there is none: the request that then comes has no RecordingUrl.

    Raises DocumentError. Source: https://www.twilio.com/docs/voice/twiml/record
    """
    asked = attribute_values.callback_url(action, "Record action")
    recorded = verb(
        Record,
        action=asked,
        maxLength=attribute_values.whole_number(max_seconds, 2, 14_400, "Record maxLength"),
        timeout=attribute_values.whole_number(silence_seconds, 1, 60, "Record timeout"),
        finishOnKey=attribute_values.keys(finish_on_key, "Record finishOnKey"),
        playBeep="true",
        **recording.attributes(),
    )
    silent = asked if nothing_recorded_url is None else attribute_values.callback_url(nothing_recorded_url, "Redirect")
    return document([*said(greeting), recorded, verb(Redirect, silent)])
