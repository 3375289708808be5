"""A seeded stand-in for Twilio, in virtual time, built from Twilio's documentation alone: it never imports the product.

`Twilio(transport, ...)` plays whole calls against an application: it signs as Twilio does, executes the documents
verb by verb and refuses what Twilio's pages do not describe, plays the far end from a script, disturbs callbacks,
hangs up at any point, and returns a `Finished` call with a verdict and a transcript.
"""

from __future__ import annotations

from tests.stand_in.call import Call, Message, Session
from tests.stand_in.disturbance import Disturbance
from tests.stand_in.far_end import Answer
from tests.stand_in.finished import Finished
from tests.stand_in.twilio import Number, Twilio

__all__ = ["Answer", "Call", "Disturbance", "Finished", "Message", "Number", "Session", "Twilio"]
