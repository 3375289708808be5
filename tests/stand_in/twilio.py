"""The stand-in itself: one Twilio account that plays calls against one application."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping
from random import Random

from tests.stand_in.call import Call
from tests.stand_in.far_end import FarEnd
from tests.stand_in.finished import Finished
from tests.stand_in.legs import inbound_leg
from tests.stand_in.live_call import LiveCall, Number
from tests.stand_in.playing import play_call
from tests.stand_in.signing import signature, url_to_sign, with_body_hash
from tests.stand_in.transport import Request, Response, Transport
from tests.stand_in.wire import Received, Webhook, Wire

__all__ = ["Number", "Twilio"]


class Twilio:
    """Safe to use from many threads: a call draws everything from its own seed, which is the account's and a number.

    `owned_numbers` may be shown as caller ID beside the called number of a phone call.
    """

    def __init__(
        self,
        transport: Transport,
        account_sid: str,
        auth_token: str,
        public_base_url: str,
        seed: int = 0,
        *,
        owned_numbers: Iterable[str] = (),
        number: Number | None = None,
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.public_base_url = public_base_url.rstrip("/")
        self.transport = transport
        self.wire = Wire(transport, auth_token, self.public_base_url)
        self.seed = seed
        self.owned_numbers = frozenset(owned_numbers)
        self.number = number or Number()
        self._calls = itertools.count()

    def place_call(self, call: Call, number: Number | None = None) -> Finished:
        """Play `call` from its first webhook to its last status callback."""
        seed = f"{self.seed}/{next(self._calls) if call.seed is None else call.seed}"
        random, noise = Random(seed), Random(f"{seed}/noise")
        leg = inbound_leg(call, self.account_sid, random)
        owned = self.owned_numbers | ({call.to} if call.over == "phone" else set())
        return play_call(
            LiveCall(call, number or self.number, self.wire, leg, random, noise, frozenset(owned), FarEnd(call.far_end))
        )

    def send(self, path: str, parameters: Mapping[str, str], method: str = "POST") -> Received:
        """One signed webhook, for tests of single routes."""
        webhook = Webhook(self.public_base_url + path, parameters, method)
        return self.wire.send(webhook, idempotency="single")

    def send_json(self, path: str, content: object, content_type: str = "application/json") -> Response:
        """A JSON event, as other Twilio products send it: the hash of the body is in the signed URL."""
        body = json.dumps(content).encode()
        url = with_body_hash(self.public_base_url + path, body)
        headers = {
            "Host": self.public_base_url.partition("://")[2],
            "Content-Type": content_type,
            "X-Twilio-Signature": signature(self.auth_token, url_to_sign(url)),
        }
        return self.transport.send(Request("POST", url[len(self.public_base_url) :], headers, body))
