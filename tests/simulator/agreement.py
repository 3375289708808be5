"""Plays a drawn call twice, through the live webhooks and in the simulator, and says where the two differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path
from typing import Any

from tests.application import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, settings_for
from tests.simulator.random_calls import OURS, SECRET, Case
from tests.stand_in import Finished, Twilio
from tests.stand_in.call import START
from tests.stand_in.finished import Ended
from tests.stand_in.transport import Request, Response, WsgiTransport
from webapp import create_app
from webapp.calls.reader import CallReader
from webapp.configurations import Published, VersionId
from webapp.configurations.deployment import Deployment
from webapp.configurations.published import publish
from webapp.services import Services
from webapp.simulator import Simulation, simulate
from webapp.simulator.hearing import caller_hears
from webapp.simulator.replay import replay
from webapp.store.redis import VoiceRedis
from webapp.urls import PublicURLs
from webapp.voice.code_rules import CodeRules
from webapp.voice.variables import call_variables
from webapp.wiring import default_services

FAR_LEG = ("/voice/screen", "/voice/screened")
CLOSING = ("<Hangup/>", "<Hangup />")


def by_a_code_rule(variables: Mapping[str, str]) -> Any:
    """A code rule with an opinion about some calls."""
    if variables.get("language") == "de":
        return {"destination": "d1", "reason": "speaks_german", "set": {"priority": "9"}}
    return "nowhere" if variables.get("intent") == "vip" else None


@dataclass(slots=True)
class OnTheStage:
    """Stands in for the live configurations and the health board: what the case says, and nothing else."""

    published: Published | None = None
    deployment: Deployment = field(default_factory=Deployment)
    failed: frozenset[str] = frozenset()
    now: Any = START

    def environment(self, _: str) -> Published:
        assert self.published is not None
        return self.published

    def version(self, version: VersionId) -> Published | None:
        return self.published if self.published and self.published.version == version else None

    def environment_of(self, called: str, caller: str) -> str:
        return self.deployment.environment_of(called, caller)

    def trying(self, _: str) -> None:
        """An attempt of a case says nothing about the next one."""

    def failing(self) -> frozenset[str]:
        return self.failed

    def record(self, *_: object) -> None:
        """The failing destinations of a case are part of it."""

    def learn(self, _: object) -> None:
        """And nothing is learned from other processes."""


@dataclass(slots=True)
class Flushing:
    """Twilio's next webhook comes seconds later: by then the deferred writes of the one before have arrived."""

    app: Any
    store: VoiceRedis

    def send(self, request: Request) -> Response:
        response = WsgiTransport(self.app).send(request)
        assert self.store.flush(10)
        return response


class Both:
    def __init__(self, services: Services, stage: OnTheStage) -> None:
        self.services, self.stage = services, stage
        self.calls = CallReader(services.configurations.store.client)
        app = create_app(services.settings, services)
        transport = Flushing(app, services.voice_store)
        self.twilio = Twilio(transport, ACCOUNT_SID, AUTH_TOKEN, BASE_URL, owned_numbers=(*OURS, "+14155550123"))

    def differences(self, case: Case) -> list[str]:
        """Sentences; none when simulator and webhooks agree."""
        published = publish(case.document)
        self.stage.published, self.stage.deployment = published, case.deployment
        self.stage.failed, self.stage.now = case.failing, case.call.at.astimezone(UTC)
        finished = self.twilio.place_call(case.call)
        simulation = self.simulated(case, published, finished)
        return [
            *_document_differences(finished, simulation),
            *_other_differences(finished, simulation),
            *_far_leg_differences(finished, simulation),
            *self.replayed(case, published, finished),
        ]

    def replayed(self, case: Case, published: Published, finished: Finished) -> Iterator[str]:
        """The call as the log tells it, played again against its own version, must go as it went."""
        record = self.calls.get(finished.call_sid)
        if record is None:
            yield "the call is not in the call log"
            return
        again = replay(record, published, began_with=published, deployment=case.deployment)
        yield from (f"played again, then and now: {one}" for one in again.differences)

    def simulated(self, case: Case, published: Published, finished: Finished) -> Simulation:
        told = call_variables(finished.documents[0].webhook.parameters)
        return simulate(
            published, case.simulated(told, finished.call_sid, ACCOUNT_SID), case.far_end,
            environment=case.deployment.environment_of(case.call.to, case.call.from_), deployment=case.deployment,
            urls=PublicURLs(BASE_URL), state_keys=self.services.state_keys, code_rules=self.services.code_rules,
        )  # fmt: skip


def _documents(finished: Finished) -> list[str]:
    """What the caller's own leg was answered with, in order."""
    return [each.body for each in finished.documents if not each.webhook.url.split("?")[0].endswith(FAR_LEG)]


def _document_differences(finished: Finished, simulation: Simulation) -> Iterator[str]:
    live, simulated = _documents(finished), [step.document for step in simulation.steps]
    for number, (one, other) in enumerate(zip(live, simulated, strict=False), 1):
        if one != other:
            yield f"document {number}:\n  live      {one}\n  simulated {other}"
    yield from (f"a secret is in a document: {each.body}" for each in finished.documents if SECRET in each.body)
    if len(live) < len(simulated):
        yield f"the simulator has {len(simulated)} documents, the webhooks {len(live)}"
    for rest in live[len(simulated) :]:
        if not any(verb in rest for verb in CLOSING) or "<Dial" in rest or "<Refer" in rest:
            yield f"a document that the simulator does not know: {rest}"


def _far_leg_differences(finished: Finished, simulation: Simulation) -> Iterator[str]:
    """What whoever picks up hears. The documents of a far leg follow the one that rings it."""
    number = -1
    for each in finished.documents:
        path = each.webhook.url.split("?")[0]
        if not path.endswith(FAR_LEG):
            number += 1
        elif path.endswith(FAR_LEG[0]) and number < len(simulation.steps):
            live, simulated = caller_hears(each.body), tuple(simulation.steps[number].called_person_hears)
            if live != simulated:
                yield f"whoever answers {simulation.steps[number].destination} hears {live}, simulated {simulated}"


def _other_differences(finished: Finished, simulation: Simulation) -> Iterator[str]:
    # On the wire a REFER stays the last word when a message, a hang-up or a BYE follows it.
    words = {*finished.words, *(("message", "hung_up", "returned") if finished.ended is Ended.UNCONFIRMED else ())}
    if simulation.ends.value not in words:
        yield f"live ends {finished.words}, simulated {simulation.ends.value}"
    rung = [step for step in simulation.steps if step.outcome is not None]
    live = [attempt for attempt in finished.attempts if "referUrl" not in attempt.attributes]
    if len(live) != len(rung):
        yield f"{len(live)} live attempts, {len(rung)} simulated"
    for attempt, step in zip(live, rung, strict=False):
        sent = next((dict(member.headers) for member in attempt.members if member.kind == "sip"), {})
        if sent != dict(step.headers):
            yield f"headers of {step.destination}: live {sent}, simulated {dict(step.headers)}"


@contextmanager
def both(redis_url: str, directory: Path) -> Iterator[Both]:
    settings = settings_for(redis_url, directory)
    wired = default_services(settings)
    wired.live.stop()
    stage = OnTheStage()
    services = replace(
        wired, live=stage, health=stage, clock=lambda: stage.now,  # type: ignore[arg-type]
        code_rules=CodeRules({"drawn": by_a_code_rule}, budget_seconds=30.0), may_text=lambda _: True,
    )  # fmt: skip
    try:
        yield Both(services, stage)
    finally:
        services.voice_store.close()
        services.configurations.store.client.close()
