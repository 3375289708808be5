"""What the pages about Twilio work with: the connected account, asked with the patience of somebody at a screen."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.console.needs import needs
from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.refusals import fix_of, message_of
from webapp.numbers.account_access import AccountAccess
from webapp.numbers.connecting import Numbers
from webapp.twilio_rest.client import Patience, TwilioClient
from webapp.twilio_rest.errors import TwilioRequestError

AT_A_SCREEN = Patience(total=6.0, connect=2.0, read=4.0, attempts=2)


@dataclass(frozen=True, slots=True)
class Telephony:
    access: AccountAccess

    @property
    def client(self) -> TwilioClient:
        return TwilioClient(self.access.credentials, patience=AT_A_SCREEN)

    @property
    def patient_client(self) -> TwilioClient:
        """For reading a whole account, request by request."""
        return self.access.client()

    @property
    def numbers(self) -> Numbers:
        return Numbers(self.client, needs().configurations.store.client)

    @property
    def memory(self) -> RegistrationMemory:
        return RegistrationMemory(needs().configurations.store.client, self.access.account_sid)


def telephony() -> Telephony | None:
    """None while no account is connected."""
    access = needs().account.access()
    return Telephony(access) if access else None


def said_by(error: TwilioRequestError) -> str:
    """In our words, with the one thing to do."""
    unsure = " It may have happened all the same: look before you repeat it." if error.ambiguous else ""
    return f"{message_of(error)} {fix_of(error)}{unsure}"
