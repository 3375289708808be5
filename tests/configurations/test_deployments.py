"""The deployment document: strict, audited, in effect at once, and silent about its secrets."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from handoff_rules.problems import ConfigurationError
from tests.configurations.conftest import Server
from tests.configurations.process import SECRET, Process, configuration
from webapp.configurations.conflicts import ConflictError
from webapp.configurations.credentials import CredentialBox, CredentialsUnreadableError, TwilioCredentials
from webapp.configurations.deployment import Deployment

OURS = {
    "numbers": {"+14155550199": {"environment": "sandbox"}, "+14155550198": {"caller_id": "+14155550197"}},
    "test_callers": ["+12125550111"],
    "sandbox_phone": "+12125550112",
    "default_caller_id": "+14155550196",
}
CREDENTIALS = TwilioCredentials(account_sid="AC" + "0" * 32, auth_token="not a real token", api_key_sid="SK" + "1" * 32)


@pytest.fixture
def process(server: Server, tmp_path: Path) -> Process:
    return Process(server.client(), tmp_path, file=configuration())


@pytest.mark.parametrize(
    ("called", "caller", "environment"),
    [
        ("+14155550199", "+12125550100", "sandbox"),
        ("+14155550198", "+12125550100", "production"),
        ("+14155550101", "+12125550100", "production"),
        ("+14155550198", "+12125550111", "sandbox"),
        ("", "", "production"),
        ("sip:desk@example.com", "anonymous", "production"),
        ("sip:+14155550199@example.sip.twilio.com", "sip:desk@pbx.example.com", "sandbox"),
        ("sip:+14155550198@example.sip.twilio.com:5061;transport=tls", "sip:+12125550111@pbx.example.com", "sandbox"),
        ("sip:+14155550199.evil@example.com", "", "production"),
    ],
)
def test_numbers_and_test_callers_decide_which_environment_a_call_meets(
    called: str, caller: str, environment: str
) -> None:
    assert Deployment.read(OURS).environment_of(called, caller) == environment


@pytest.mark.parametrize(
    "wrong",
    [
        {"numbers": {"4155550199": {}}},
        {"numbers": {"+14155550199": {"environment": "staging"}}},
        {"numbers": {"+14155550199": {"colour": "red"}}},
        {"test_callers": "+12125550111"},
        {"sandbox_phone": "+1212555011２"},
        {"sandbox_phone": "+12125550112\n"},
        {"unknown": True},
    ],
)
def test_a_wrong_document_is_refused(process: Process, wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        process.deployments.save(wrong, expected=None, author="sam")


def test_a_change_is_in_effect_in_every_process_and_after_a_restart_without_redis(
    killable_server: Server, tmp_path: Path
) -> None:
    process = Process(killable_server.client(), tmp_path, file=configuration())
    other = Process(killable_server.client(), tmp_path / "other")
    saved = process.deployments.save(OURS, expected=0, author="sam")
    assert saved.durable
    other.live.refresh()
    for live in (process.live, other.live):
        assert live.deployment == Deployment.read(OURS)
        assert live.environment_of("+14155550199", "+12125550100") == "sandbox"
    killable_server.kill()
    assert Process(killable_server.client(), tmp_path).live.deployment == Deployment.read(OURS)


def test_a_stale_change_is_refused_with_both_sides(process: Process) -> None:
    seen = process.deployments.read().serial
    process.deployments.save({"sandbox_phone": "+12125550112"}, expected=seen, author="sam")
    with pytest.raises(ConflictError) as conflict:
        process.deployments.save({"sandbox_phone": "+12125550113"}, expected=seen, author="kim")
    assert conflict.value.theirs == {"sandbox_phone": "+12125550112"}
    assert conflict.value.yours == {"sandbox_phone": "+12125550113"}


def test_an_older_deployment_document_put_back_in_redis_is_not_believed(process: Process) -> None:
    client = process.store.client
    process.deployments.save({"sandbox_phone": "+12125550112"}, expected=None, author="sam")
    older = str(client.get("handoff:1:{configuration}:deployment"))
    process.deployments.save({"sandbox_phone": "+12125550113"}, expected=None, author="sam")
    client.set("handoff:1:{configuration}:deployment", older)
    process.versions.save(configuration("Two"), expected=1, author="sam")
    assert process.live.deployment.sandbox_phone == "+12125550113"


def test_credentials_are_encrypted_survive_other_changes_and_are_never_shown(process: Process) -> None:
    box = CredentialBox([SECRET])
    process.deployments.enter_credentials(CREDENTIALS, author="sam")
    process.deployments.save(OURS, expected=None, author="kim")
    kept = process.live.deployment.twilio
    assert kept is not None
    assert box.open(kept) == CREDENTIALS
    assert process.live.deployment.shown()["twilio"] == {"account_sid": CREDENTIALS.account_sid}
    everywhere = repr(process.editor.audit_entries()) + repr(kept) + repr(CREDENTIALS) + str(process.live.deployment)
    assert CREDENTIALS.auth_token not in everywhere
    process.deployments.remove_credentials(author="sam")
    assert process.live.deployment.twilio is None


def test_credentials_open_under_the_old_key_while_it_is_accepted_and_not_after() -> None:
    kept = CredentialBox([SecretStr("old key " * 5)]).close(CREDENTIALS)
    assert CredentialBox([SecretStr("new key " * 5), SecretStr("old key " * 5)]).open(kept) == CREDENTIALS
    with pytest.raises(CredentialsUnreadableError, match="SECRET_KEY_NEXT"):
        CredentialBox([SecretStr("new key " * 5)]).open(kept)


def test_another_environment_of_a_number_leaves_its_caller_id_and_every_other_number(process: Process) -> None:
    deployments = process.deployments
    deployments.save(OURS, expected=None, author="sam@example.com")
    deployments.meet("+14155550198", "sandbox", author="sam@example.com")
    wanted = {"environment": "sandbox", "caller_id": "+14155550197"}
    now = deployments.read().deployment.to_document()
    assert now == OURS | {"numbers": OURS["numbers"] | {"+14155550198": wanted}}  # type: ignore[operator]


def test_a_sandbox_phone_whose_calls_come_here_is_a_loop_and_refused(process: Process) -> None:
    loop = {"numbers": {"+14155550199": {"environment": "sandbox"}}, "sandbox_phone": "+14155550199"}
    with pytest.raises(ConfigurationError) as refused:
        process.deployments.save(loop, expected=None, author="kim")
    assert [problem.path for problem in refused.value.problems] == ["sandbox_phone"]
    assert process.deployments.read().deployment.sandbox_phone is None
