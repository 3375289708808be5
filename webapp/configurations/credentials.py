"""Twilio credentials that were entered in the console: encrypted under SECRET_KEY, opened only to call Twilio."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from webapp.configurations.deployment import EncryptedCredentials

_PURPOSE = b"handoff twilio credentials 1"


@dataclass(frozen=True, slots=True, repr=False)
class TwilioCredentials:
    """Not shown by `repr`, so that no log line holds them by accident."""

    account_sid: str
    auth_token: str
    api_key_sid: str | None = None
    api_key_secret: str | None = None


class CredentialsUnreadableError(Exception):
    """SECRET_KEY is another one than the credentials were encrypted under."""

    def __init__(self) -> None:
        super().__init__(
            "The stored Twilio credentials were encrypted under another SECRET_KEY. Set that one as SECRET_KEY_NEXT, "
            "or enter the credentials again."
        )


class CredentialBox:
    """The first key encrypts, each of them decrypts, so that SECRET_KEY can be changed."""

    def __init__(self, secret_keys: Sequence[SecretStr]) -> None:
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in secret_keys])

    def close(self, credentials: TwilioCredentials) -> EncryptedCredentials:
        text = json.dumps(asdict(credentials), sort_keys=True)
        return EncryptedCredentials(
            account_sid=credentials.account_sid, encrypted=self._fernet.encrypt(text.encode()).decode("ascii")
        )

    def open(self, kept: EncryptedCredentials) -> TwilioCredentials:
        try:
            return TwilioCredentials(**json.loads(self._fernet.decrypt(kept.encrypted.encode())))
        except InvalidToken as fault:
            raise CredentialsUnreadableError from fault


def _derived(key: SecretStr) -> bytes:
    """A key for this purpose alone (HKDF, RFC 5869); SECRET_KEY has at least 32 characters of its own strength."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.get_secret_value().encode())
    return base64.urlsafe_b64encode(derived)
