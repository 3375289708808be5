"""Read and change the deployment document: audited, compare-and-set, in effect at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from handoff_rules.problems import ConfigurationError, Problem
from webapp.configurations.conflicts import ConflictError
from webapp.configurations.credentials import CredentialBox, TwilioCredentials
from webapp.configurations.deployment import Deployment, PromotionPolicy
from webapp.configurations.durability import Proof
from webapp.configurations.edits import Editor
from webapp.configurations.published import Environment
from webapp.configurations.records import Pointers
from webapp.configurations.version_store import Change
from webapp.store.sealed import SealError


@dataclass(frozen=True, slots=True)
class Stored:
    """The document and the serial of its last change, which an edit names as what it has seen."""

    deployment: Deployment
    serial: int


@dataclass(frozen=True, slots=True)
class DeploymentSaved:
    serial: int
    durable: bool
    why: str = ""


def _loop(phone: str) -> Problem:
    message = f"Calls to {phone} come to Handoff: a sandbox call that rings it would come back in a loop."
    return Problem("sandbox_phone", message, "Name the telephone of whoever tests.")


def _wanted(document: Mapping[str, Any]) -> Deployment:
    wanted = Deployment.read({name: value for name, value in document.items() if name != "twilio"})
    if wanted.sandbox_phone in wanted.numbers:
        raise ConfigurationError([_loop(wanted.sandbox_phone)])
    return wanted


def _expect(expected: int | None, now: Stored, wanted: Deployment) -> None:
    if expected is not None and now.serial != expected:
        raise ConflictError(
            "The deployment settings were changed meanwhile. Compare both, then save again.",
            expected=expected, current=now.serial, theirs=now.deployment.shown(), yours=wanted.shown(),
        )  # fmt: skip


class Deployments:
    def __init__(self, editor: Editor, box: CredentialBox, *, changed: Callable[[], object] = lambda: None) -> None:
        self._editor = editor
        self._box = box
        self._changed = changed

    def read(self) -> Stored:
        """What the store holds now. Processes that answer calls use `LiveConfigurations.deployment`."""
        return self._stored(self._editor.trusted()[1])

    def save(
        self, document: Mapping[str, Any], *, expected: int | None, author: str, note: str = ""
    ) -> DeploymentSaved:
        """Replace all but the credentials, which this never touches. `expected` None: whatever stands now.

        Raises ConfigurationError for a sandbox phone whose calls come here.
        """
        wanted = _wanted(document)
        return self._edit(
            lambda now: wanted.model_copy(update={"twilio": now.twilio}), expected, author=author, note=note
        )

    def may_save(self, document: Mapping[str, Any], *, expected: int | None) -> None:
        """The checks of a save without the save: nothing, or what it would raise."""
        wanted, now = _wanted(document), self.read()
        _expect(expected, now, wanted.model_copy(update={"twilio": now.deployment.twilio}))

    def meet(self, e164: str, environment: Environment, *, author: str) -> DeploymentSaved:
        """From now on calls to this number of ours meet that environment. Raises ValueError for no E.164 number."""

        def change(now: Deployment) -> Deployment:
            known = now.numbers[e164].model_dump() if e164 in now.numbers else {}
            number = Deployment.read({"numbers": {e164: known | {"environment": environment}}}).numbers
            return now.model_copy(update={"numbers": {**now.numbers, **number}})

        return self._edit(change, None, author=author, note=f"{e164} meets {environment}")

    def require(self, promotion: PromotionPolicy, *, author: str) -> DeploymentSaved:
        """What a promote needs from now on."""
        return self._edit(
            lambda now: now.model_copy(update={"promotion": promotion}), None, author=author, note="Promotion policy"
        )

    def enter_credentials(self, credentials: TwilioCredentials, *, author: str) -> DeploymentSaved:
        kept = self._box.close(credentials)
        return self._edit(
            lambda now: now.model_copy(update={"twilio": kept}), None, author=author, note="Twilio credentials entered"
        )

    def remove_credentials(self, *, author: str) -> DeploymentSaved:
        return self._edit(
            lambda now: now.model_copy(update={"twilio": None}), None, author=author, note="Twilio credentials removed"
        )

    def _edit(
        self, change: Callable[[Deployment], Deployment], expected: int | None, *, author: str, note: str
    ) -> DeploymentSaved:
        def build(pointers: Pointers) -> Change:
            before = self._stored(pointers)
            after = change(before.deployment)
            _expect(expected, before, after)
            moved = pointers.moved()
            audited, line = self._editor.audited(
                replace(moved, deployment=moved.serial), actor=author, action="changed", subject="deployment",
                before=before.deployment.shown(), after=after.shown(), note=note,
            )  # fmt: skip
            return Change(audited, line, deployment=self._sealed(after, moved.serial))

        made = self._editor.edit(build)
        self._changed()
        proof: Proof = made.proof
        return DeploymentSaved(made.change.pointers.deployment, proof.durable, proof.why)

    def _stored(self, pointers: Pointers) -> Stored:
        sealed = self._editor.store.deployment_bytes()
        if sealed is None:
            return Stored(Deployment(), pointers.deployment)
        record = self._editor.store.seals.deployment.open(sealed)
        if record["serial"] < pointers.deployment:
            raise SealError("The stored deployment document is an older one than was published.")
        return Stored(Deployment.read(record["document"]), record["serial"])

    def _sealed(self, deployment: Deployment, serial: int) -> bytes:
        return self._editor.store.seals.deployment.close({"serial": serial, "document": deployment.to_document()})
