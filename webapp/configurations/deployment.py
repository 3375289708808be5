"""The deployment document: which number meets which environment, who tests, and what Twilio is asked with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from handoff_rules import model
from webapp.configurations.published import Environment

E164 = Annotated[str, StringConstraints(pattern=rf"^{model.E164}$")]


_SIP_NUMBER = re.compile(rf"sips?:({model.E164})(?:[@;?].*)?", re.IGNORECASE | re.DOTALL)


def phone_number_in(address: str) -> str:
    """The phone number of a SIP address whose user part is one (RFC 3261 section 19.1.6), else the address itself."""
    if address.startswith("+"):
        return address
    found = _SIP_NUMBER.fullmatch(address)
    return found[1] if found else address


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Number(_Strict):
    """One of our Twilio numbers: the environment that its calls meet, and the caller ID of its handoffs."""

    environment: Literal["sandbox", "production"] = "production"
    caller_id: E164 | None = None


class EncryptedCredentials(_Strict):
    """Twilio credentials as entered in the console, encrypted under SECRET_KEY; nothing here is readable."""

    account_sid: Annotated[str, StringConstraints(pattern=r"^AC[0-9a-f]{32}$")]
    encrypted: str


class PromotionPolicy(_Strict):
    """What a promote needs: a note that says why, and somebody else than who saved the version."""

    note_required: bool = False
    two_people: bool = False


class Deployment(_Strict):
    """Unversioned and audited: a change counts at once, for both environments."""

    numbers: dict[E164, Number] = {}
    test_callers: tuple[E164, ...] = Field(default=(), max_length=200)
    sandbox_phone: E164 | None = None
    default_caller_id: E164 | None = None
    promotion: PromotionPolicy = PromotionPolicy()
    twilio: EncryptedCredentials | None = None

    def environment_of(self, called: str, caller: str) -> Environment:
        """Test callers meet the sandbox on any number; a number that nobody assigned meets production.

        A call over SIP tells its numbers as `sip:+14155550199@…`.
        """
        if phone_number_in(caller) in self.test_callers:
            return "sandbox"
        number = self.numbers.get(phone_number_in(called))
        return number.environment if number else "production"

    @cached_property
    def own_numbers(self) -> Mapping[str, bool]:
        """True for each number whose calls come here, False for one that is only shown."""
        shown = (self.default_caller_id, *(number.caller_id for number in self.numbers.values()))
        return {e164: False for e164 in shown if e164} | dict.fromkeys(self.numbers, True)

    def to_document(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude_defaults=True)

    def shown(self) -> dict[str, Any]:
        """The document for pages, API and audit log: of the credentials only whose they are."""
        plain = self.to_document()
        if self.twilio is not None:
            plain["twilio"] = {"account_sid": self.twilio.account_sid}
        return plain

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        return cls.model_validate(document)
