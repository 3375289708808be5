"""`<Refer>`: asks the SIP side that called to take its call to another address."""

from __future__ import annotations

from collections.abc import Sequence

from twilio.twiml.voice_response import Refer, ReferSip

from twiml import attribute_values
from twiml.document import document, verb
from twiml.sip_address import check_sip_uri
from twiml.spoken import Spoken, said


def refer(uri: str, *, action: str, before: Sequence[Spoken] = ()) -> str:
    """The document that says `before` in full and then sends REFER with `uri` as the Refer-To.

    `uri` is what `sip_address.sip_uri` writes, with the headers that the other side should copy into its new INVITE.
    `action` is always asked afterwards, because a REFER that fails, or that nobody confirms, leaves the caller with us.
    For SIP legs alone: on a phone leg Twilio answers error 13801. Raises DocumentError.
    Source: https://www.twilio.com/docs/voice/twiml/refer
    """
    check_sip_uri(uri)
    asked = verb(Refer, "", verb(ReferSip, uri), action=attribute_values.callback_url(action, "Refer action"))
    return document([*said(before), asked])
