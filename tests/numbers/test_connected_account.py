"""The account of a process: the environment wins, the console's counts at once, and nothing else ever signs."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from pydantic import SecretStr

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Application, settings_for
from tests.stand_in.signing import signature
from webapp.configurations.credentials import CredentialBox, TwilioCredentials
from webapp.configurations.deployment import Deployment, EncryptedCredentials
from webapp.numbers.connected_account import ConnectedAccount
from webapp.numbers.followed_address import LOOK_AGAIN_SECONDS, FollowedAddress
from webapp.settings import Settings
from webapp.signatures import SigningKey

OTHER_SID = "AC" + "2" * 32
ENTERED = TwilioCredentials(OTHER_SID, "token-typed-into-the-console")
FORM = {"CallSid": "CA" + "1" * 32, "AccountSid": OTHER_SID, "CallStatus": "completed", "From": "+12125550123"}


def without_account(redis_url: str, directory: Path) -> Settings:
    settings = settings_for(redis_url, directory, APP_ENV="development")
    return settings.model_copy(update={"twilio_account_sid": None})


def account_of(settings: Settings, kept: EncryptedCredentials | None, box: CredentialBox) -> ConnectedAccount:
    return ConnectedAccount(settings, lambda: Deployment(twilio=kept), box)


def test_the_environment_wins_over_the_console(tmp_path: Path) -> None:
    settings = settings_for("redis://127.0.0.1:1/0", tmp_path)
    box = CredentialBox(settings.secret_keys)
    account = account_of(settings, box.close(ENTERED), box)
    assert account.environment_wins
    assert account.account_sid() == ACCOUNT_SID
    assert len(account.signing_keys()) == 1
    assert account.signing_keys()[0].sign("x") != signing(ENTERED.auth_token)
    access = account.access()
    assert access is not None
    assert access.source == "environment"


def test_what_was_typed_into_the_console_signs_and_asks(tmp_path: Path) -> None:
    settings = without_account("redis://127.0.0.1:1/0", tmp_path)
    box = CredentialBox(settings.secret_keys)
    account = account_of(settings, box.close(ENTERED), box)
    assert account.account_sid() == OTHER_SID
    assert signing(ENTERED.auth_token) in {key.sign("x") for key in account.signing_keys()}
    access = account.access()
    assert access is not None
    assert (access.source, access.account_sid) == ("console", OTHER_SID)


def test_an_api_key_alone_lets_nobody_sign_with_an_empty_token(tmp_path: Path) -> None:
    settings = without_account("redis://127.0.0.1:1/0", tmp_path)
    box = CredentialBox(settings.secret_keys)
    key_alone = TwilioCredentials(OTHER_SID, "", "SK" + "1" * 32, "key-secret-1234")
    account = account_of(settings, box.close(key_alone), box)
    assert signing("") not in {key.sign("x") for key in account.signing_keys()}
    access = account.access()
    assert access is not None
    assert access.credentials.is_api_key


def test_credentials_of_another_secret_key_are_told_and_not_used(tmp_path: Path) -> None:
    settings = without_account("redis://127.0.0.1:1/0", tmp_path)
    foreign = CredentialBox([SecretStr("another key that is long enough for it")])
    account = account_of(settings, foreign.close(ENTERED), CredentialBox(settings.secret_keys))
    assert "another SECRET_KEY" in account.fault
    assert account.access() is None
    assert account.account_sid() is None


def signing(token: str) -> str:
    return SigningKey(token).sign("x")


@pytest.fixture
def house(redis_url: str, tmp_path: Path) -> Iterator[Application]:
    with Application(redis_url, tmp_path, APP_ENV="development", TWILIO_ACCOUNT_SID="") as application:
        yield application


def told(house: Application, token: str, account_sid: str = OTHER_SID) -> int:
    form = FORM | {"AccountSid": account_sid}
    headers = {"X-Twilio-Signature": signature(token, f"{BASE_URL}/voice/status", form.items())}
    answer = house.app.test_client().post("/voice/status", data=form, headers=headers, base_url=BASE_URL)
    return answer.status_code


def test_an_account_connected_while_the_process_runs_counts_for_the_next_webhook(house: Application) -> None:
    deployments = house.services.configurations.deployments
    assert told(house, ENTERED.auth_token) == 403
    deployments.enter_credentials(ENTERED, author="sam@example.com")
    assert told(house, ENTERED.auth_token) == 204
    assert told(house, ENTERED.auth_token, ACCOUNT_SID) == 403
    assert told(house, "not the token") == 403
    deployments.enter_credentials(TwilioCredentials(OTHER_SID, "a-second-token-for-this"), author="sam@example.com")
    assert told(house, ENTERED.auth_token) == 403
    assert told(house, "a-second-token-for-this") == 204
    deployments.remove_credentials(author="sam@example.com")
    assert told(house, "a-second-token-for-this") == 403
    assert told(house, AUTH_TOKEN) == 204


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_tunnel_that_comes_later_is_found_without_anybody_waiting(tmp_path: Path) -> None:
    settings = without_account("redis://127.0.0.1:1/0", tmp_path).model_copy(update={"public_base_url": None})
    tunnels: list[str | None] = [None]
    clock = Clock()
    address = FollowedAddress(settings, tunnel_to=lambda _: tunnels[0], clock=clock)
    assert address() == settings.base_url
    tunnels[0] = "https://name.ngrok-free.app"
    assert address() == settings.base_url
    clock.now = LOOK_AGAIN_SECONDS
    assert met(address, "https://name.ngrok-free.app")


def met(address: FollowedAddress, wanted: str) -> bool:
    deadline = monotonic() + 5
    while address() != wanted and monotonic() < deadline:
        sleep(0.01)
    return address() == wanted


def test_a_set_address_is_never_looked_for(tmp_path: Path) -> None:
    def nobody(port: int) -> str | None:
        raise AssertionError(f"looked for a tunnel to {port}")

    assert FollowedAddress(settings_for("redis://127.0.0.1:1/0", tmp_path), tunnel_to=nobody)() == BASE_URL
