"""SECRET_KEY can be changed without losing a version, an audit entry or the Twilio credentials."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from tests.configurations.conftest import Server
from tests.configurations.process import Process, configuration
from webapp.configurations.credentials import CredentialBox, TwilioCredentials
from webapp.configurations.resealing import Resealer

OLD, NEW = SecretStr("the-old-key-of-the-tests-long-enough"), SecretStr("the-new-key-of-the-tests-long-enough")
CREDENTIALS = TwilioCredentials(account_sid="AC" + "0" * 32, auth_token="not a real token")


def test_after_a_reseal_the_old_key_can_go(server: Server, tmp_path: Path) -> None:
    before = Process(server.client(), tmp_path / "old", file=configuration(), secrets=[OLD, NEW])
    before.versions.save(configuration("Two"), expected=1, author="sam")
    before.versions.promote(2, expected_production=1, author="sam")
    before.versions.save(configuration("Three"), expected=2, author="sam")
    before.deployments.enter_credentials(CREDENTIALS, author="sam")

    both = Process(server.client(), tmp_path / "both", secrets=[NEW, OLD])
    done = Resealer(both.editor, CredentialBox([NEW, OLD])).reseal("kim")
    assert (done.versions, done.unreadable, done.proof.durable) == (3, (), True)

    after = Process(server.client(), tmp_path / "new", secrets=[NEW])
    assert after.live.reasons().faults == ()
    assert [after.versions.get(number).document["name"] for number in (1, 2, 3)] == ["Example Hotel", "Two", "Three"]
    assert after.live.environment("production").version.number == 2
    assert len(after.versions.list().versions) == 3
    assert after.editor.audit_faults() == []
    assert after.editor.audit_entries()[0].action == "sealed under SECRET_KEY"
    kept = after.live.deployment.twilio
    assert kept is not None
    assert CredentialBox([NEW]).open(kept) == CREDENTIALS
    for running in (before, both):  # processes that still run follow, and calls go on
        running.live.refresh()
        assert running.live.reasons().faults == ()
    assert after.versions.save(configuration("Four"), expected=3, author="sam").version.number == 4
