"""The document: plain, typed values in, a TwiML string out. See README.md for the law of this folder."""

from __future__ import annotations

from twiml.callbacks import CallEvent, RecordingCallback, RecordingEvent, StatusCallback
from twiml.connect import conversation_relay, stream
from twiml.dial import (
    MAX_TARGETS,
    MachineDetection,
    MachineDetectionMode,
    NumberTarget,
    SipTarget,
    Target,
    dial,
)
from twiml.document import MAX_BYTES
from twiml.emergency import LAST_DOCUMENT, last_resort_dial, last_resort_words
from twiml.errors import DocumentError
from twiml.gather import Input, gather
from twiml.record import record
from twiml.redirect import redirect
from twiml.refer import refer
from twiml.screening import accepted, ask_to_accept, declined, whisper
from twiml.sip_address import HEADERS_LIMIT, URI_LIMIT, sip_uri
from twiml.spoken import Spoken, hang_up, say_and_hang_up

__all__ = [
    "HEADERS_LIMIT",
    "LAST_DOCUMENT",
    "MAX_BYTES",
    "MAX_TARGETS",
    "URI_LIMIT",
    "CallEvent",
    "DocumentError",
    "Input",
    "MachineDetection",
    "MachineDetectionMode",
    "NumberTarget",
    "RecordingCallback",
    "RecordingEvent",
    "SipTarget",
    "Spoken",
    "StatusCallback",
    "Target",
    "accepted",
    "ask_to_accept",
    "conversation_relay",
    "declined",
    "dial",
    "gather",
    "hang_up",
    "last_resort_dial",
    "last_resort_words",
    "record",
    "redirect",
    "refer",
    "say_and_hang_up",
    "sip_uri",
    "stream",
    "whisper",
]
