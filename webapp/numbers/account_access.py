"""With which credentials Twilio is asked: the environment's, else those that were typed into the console."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from webapp.configurations.assembly import Configurations, History
from webapp.configurations.conflicts import StoreEmptyError
from webapp.configurations.credentials import TwilioCredentials
from webapp.settings import Settings
from webapp.twilio_rest import account
from webapp.twilio_rest.client import Credentials, TwilioClient

NO_STORED: Callable[[], TwilioCredentials | None] = lambda: None  # noqa: E731 - a named default reads better here


class NotConnectedError(Exception):
    """There are no credentials anywhere."""

    def __init__(self) -> None:
        super().__init__(
            "No Twilio credentials. Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (or an API key), or connect the "
            "account in the console under Settings."
        )


@dataclass(frozen=True, slots=True)
class AccountAccess:
    """`source`: the environment wins over the console, and the page says so."""

    credentials: Credentials
    source: Literal["environment", "console"]

    @property
    def account_sid(self) -> str:
        return self.credentials.account_sid

    def client(self) -> TwilioClient:
        return TwilioClient(self.credentials)


def account_access(
    settings: Settings, stored: Callable[[], TwilioCredentials | None] = NO_STORED
) -> AccountAccess | None:
    """None when there are no credentials. An API key is used for REST when there is one; tokens sign webhooks."""
    if settings.twilio_account_sid is not None:
        token, secret = settings.twilio_auth_token, settings.twilio_api_key_secret
        chosen = chosen_of(
            settings.twilio_account_sid,
            token.get_secret_value() if token else "",
            settings.twilio_api_key_sid or "",
            secret.get_secret_value() if secret else "",
        )
        return AccountAccess(chosen, "environment") if chosen else None
    kept = stored()
    if kept is None:
        return None
    chosen = chosen_of(kept.account_sid, kept.auth_token, kept.api_key_sid or "", kept.api_key_secret or "")
    return AccountAccess(chosen, "console") if chosen else None


def access_from(settings: Settings, history: History | Configurations) -> AccountAccess | None:
    """The environment's account, else the one that was connected in the console. May raise what the store raises.

    In an empty store nobody has connected an account yet.
    """

    def stored() -> TwilioCredentials | None:
        try:
            kept = history.deployments.read().deployment.twilio
        except StoreEmptyError:
            return None
        return history.credentials.open(kept) if kept else None

    return account_access(settings, stored)


def chosen_of(account_sid: str, auth_token: str, key_sid: str, key_secret: str) -> Credentials | None:
    if key_sid and key_secret:
        return Credentials(account_sid, key_sid, key_secret)
    return Credentials(account_sid, account_sid, auth_token) if auth_token else None


@dataclass(frozen=True, slots=True)
class CheckedAccount:
    """What Twilio says of an account whose credentials work. `status` is None with a standard API key."""

    account_sid: str
    status: str | None
    type: str | None

    @property
    def is_trial(self) -> bool:
        return self.type == "Trial"


def check_credentials(client: TwilioClient) -> CheckedAccount:
    """Ask Twilio whether the credentials work, before they are kept. Raises TwilioRequestError with the explanation."""
    found = account.fetch_account(client)
    sid = client.credentials.account_sid
    return CheckedAccount(sid, found.status, found.type) if found else CheckedAccount(sid, None, None)
