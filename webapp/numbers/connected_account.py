"""The Twilio account of this process: the environment's, else the one from the console; asked for each webhook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from webapp.configurations.credentials import CredentialBox, CredentialsUnreadableError, TwilioCredentials
from webapp.configurations.deployment import Deployment, EncryptedCredentials
from webapp.numbers.account_access import AccountAccess, account_access
from webapp.settings import Settings
from webapp.signatures import SigningKey

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Opened:
    """What one sealed value held; versions of the document share it, so it is decrypted once."""

    sealed: EncryptedCredentials | None
    credentials: TwilioCredentials | None
    keys: tuple[SigningKey, ...]
    fault: str = ""


class ConnectedAccount:
    """`deployment` is asked each time: it is in memory, and an account may be connected while the process runs."""

    def __init__(self, settings: Settings, deployment: Callable[[], Deployment], box: CredentialBox) -> None:
        self._settings = settings
        self._deployment = deployment
        self._box = box
        self._own_keys = tuple(SigningKey(token.get_secret_value()) for token in settings.signing_tokens)
        self._opened = _Opened(None, None, self._own_keys)

    @property
    def environment_wins(self) -> bool:
        """An account in the environment, with a token, is the only one; what the console holds is then not used."""
        return self._settings.twilio_account_sid is not None and bool(self._own_keys)

    @property
    def fault(self) -> str:
        """Why what was entered in the console cannot be used; empty when it can or there is nothing."""
        return "" if self.environment_wins else self._current().fault

    @property
    def signs_for_twilio(self) -> bool:
        """Whether calls of the account can be told from forged ones: the Auth Token is known, not only an API key."""
        if self.environment_wins:
            return True
        kept = self._current().credentials
        return bool(kept and kept.auth_token)

    def signing_keys(self) -> tuple[SigningKey, ...]:
        return self._own_keys if self.environment_wins else self._current().keys

    def account_sid(self) -> str | None:
        if self._settings.twilio_account_sid is not None:
            return self._settings.twilio_account_sid
        kept = self._current().credentials
        return kept.account_sid if kept else None

    def access(self) -> AccountAccess | None:
        """With what Twilio is asked; None when no account is connected."""
        return account_access(self._settings, lambda: self._current().credentials)

    def _current(self) -> _Opened:
        sealed = self._deployment().twilio
        if sealed != self._opened.sealed:
            self._opened = self._open(sealed)
        return self._opened

    def _open(self, sealed: EncryptedCredentials | None) -> _Opened:
        if sealed is None:
            return _Opened(None, None, self._own_keys)
        try:
            found = self._box.open(sealed)
        except CredentialsUnreadableError as error:
            log.error("twilio credentials unreadable", why=str(error))
            return _Opened(sealed, None, self._own_keys, str(error))
        # An empty key would sign for everybody, so an account that was connected with an API key alone adds none.
        serves = self._settings.twilio_account_sid in (None, found.account_sid)
        entered = (SigningKey(found.auth_token),) if found.auth_token and serves else ()
        return _Opened(sealed, found, (*entered, *self._own_keys))
