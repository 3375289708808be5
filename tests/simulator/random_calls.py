"""Random configurations and calls for the agreement of simulator and webhooks: few names, so that parts often meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.stand_in.call import Call, Session
from tests.stand_in.far_end import Answer
from webapp.configurations.deployment import Deployment
from webapp.simulator import SimulatedCall

START = datetime(2026, 11, 16, tzinfo=UTC)
CALLERS = ("+12125550123", "+14165550177", "+447700900123", "anonymous", "+266696687", "+1212555")
OURS = ("+14155550199", "+14155550188")
VALUES = ("billing", "vip", "", "7", "12", "+1212", "é and <b>", "a;b?c&d=e", "x" * 200)
WORDS = (
    "answered", "busy", "no_answer", "failed", "declined", "machine", "canceled", "caller_hung_up", "referred",
    "unconfirmed", "sip:404", "sip:480", "sip:486", "sip:503", "sip:603",
)  # fmt: skip
OUTCOMES = ("busy", "no_answer", "failed", "declined", "machine", "closed", "unconfirmed", "blocked")
ROUTES = (
    "+14155550100", "+14155550101", "+18765550100", "1001", "sip:desk@pbx.example.com",
    "sip:desk@pbx.example.com;transport=tls", "sip:long-" + "n" * 120 + "@pbx.example.com",
)  # fmt: skip
TEXTS = (
    "",
    "One moment.",
    "Hello $intent, <one> & all.",
    "You are ${language|en} at $attempt after $previous_outcome.",
)
HEADER_VALUES = (
    "$intent", "${language|en}", "$sip_x_customer", "$priority", "$handoff_reason", "$previous_outcome $attempt",
    "$card", "$handoff_destination", "plain", "$caller_id $called_number", "$digits/$speech", "$" + "a" * 70,
)  # fmt: skip
SECRET = "secret-4242"
"""The value of `card`, which is declared secret: no document may hold it."""
OPERATORS = ("is", "is_not", "starts_with", "contains", "less_than", "greater_than", "like")


@dataclass(frozen=True, slots=True)
class Case:
    """A configuration, a call as the stand-in plays it, and what the simulator needs beside the request's own form."""

    document: dict[str, Any]
    call: Call
    deployment: Deployment
    failing: frozenset[str]
    far_end: tuple[str, ...]
    agent: dict[str, str]
    asked_for: str | None
    reason: str
    digits: str
    speech: str

    def simulated(self, variables: dict[str, str], call_sid: str, account_sid: str) -> SimulatedCall:
        """The same call for the simulator; `variables` are what the first request told."""
        return SimulatedCall(
            caller=self.call.from_, called=self.call.to, over=self.call.over, at=self.call.at,
            variables={**self.agent, **variables}, digits=self.digits, speech=self.speech, call_sid=call_sid,
            account_sid=account_sid, asked_for=self.asked_for, reason=self.reason, failing=self.failing,
        )  # fmt: skip


def random_case(seed: int) -> Case:
    return _Draw(Random(f"agreement/{seed}")).case()


class _Draw:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.ids = [f"d{number}" for number in range(random.randint(1, 5))]
        self.schedules = ["desk", "never"] if random.random() < 0.5 else []

    def maybe(self, chance: float = 0.5) -> bool:
        return self.random.random() < chance

    def pick(self, values: Any) -> Any:
        return self.random.choice(values)

    # The configuration.

    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = {
            "schema": 1,
            "name": "Drawn",
            "time_zone": "America/New_York",
            "default_destination": self.pick(self.ids),
            "variables": {
                "card": {"secret": True, "sample": "1"},
                "intent": {"sample": "billing"},
                "priority": {"sample": "9"},
            },
            "destinations": [self.destination(one) for one in self.ids],
            "rules": [self.rule(number) for number in range(self.random.randint(0, 5))],
            "hours": [self.schedule(one) for one in self.schedules],
            "policy": {"max_steps": self.random.randint(1, 6)},
            "ending": self.pick([{"say": "Sorry, $intent."}, {"voicemail": {}}, {"hang_up": True}]),
        }
        if self.maybe(0.8):
            document["sip_host"] = "pbx.example.com"
        if self.maybe(0.3):
            document["policy"]["allowed_regions"] = ["US", "JM"]
        return document

    def destination(self, identity: str) -> dict[str, Any]:
        method = self.pick(["INVITE", "INVITE", "INVITE", "REFER", "REFER", "BYE"])
        found: dict[str, Any] = {"id": identity, "name": identity.title(), "method": method}
        if method != "BYE":
            found["route"] = self.route()
        more = {
            "ring": lambda: self.pick(["together", "in_order"]),
            "headers": self.headers,
            "utterance": lambda: self.pick(TEXTS),
            "language": lambda: self.pick(["en-US", "de-DE"]),
            "reason": lambda: self.pick(["sales", "", "r" * 150]),
            "ring_seconds": lambda: self.random.randint(5, 60),
            "caller_id": lambda: self.pick(["caller", "called", OURS[1], "+14155550123"]),
            "send_digits": lambda: "ww12#",
            "screen": lambda: self.pick(["whisper", "accept", "accept"]),
            "machine_detection": lambda: True,
            "skip_when_failing": lambda: True,
            "enabled": lambda: False,
            "fallback": self.fallback,
        }
        chances = {"enabled": 0.06, "fallback": 0.6, "headers": 0.5, "utterance": 0.5}
        found |= {name: draw() for name, draw in more.items() if self.maybe(chances.get(name, 0.25))}
        if self.schedules and self.maybe(0.25):
            found["hours"] = self.pick(self.schedules)
        return found

    def route(self) -> str | list[str]:
        if self.maybe(0.75):
            return str(self.pick(ROUTES))
        return self.random.sample(ROUTES, self.random.randint(2, 4))

    def headers(self) -> list[dict[str, str]]:
        found = self.plain_headers()
        if self.maybe(0.3):
            system = self.pick(["genesys", "talkdesk", "plain"])
            found.append({"name": "User-to-User", "value": self.pick(HEADER_VALUES), "user_to_user": system})
        return found

    def plain_headers(self) -> list[dict[str, str]]:
        return [
            {
                "name": name,
                "value": self.pick(HEADER_VALUES),
                "if_missing": self.pick(["drop", "drop", "empty", "fail"]),
            }
            for name in self.random.sample(
                ["X-One", "X-Two", "X-Three", "X-Long-Name-" + "n" * 40], self.random.randint(1, 3)
            )
        ]

    def fallback(self) -> list[dict[str, Any]]:
        return [self.step() for _ in range(self.random.randint(1, 4))]

    def step(self) -> dict[str, Any]:
        step: dict[str, Any] = self.pick([
            {"destination": self.pick(self.ids)}, {"destination": self.pick(self.ids)},
            {"destination": self.pick(self.ids)}, {"voicemail": {"greeting": self.pick(TEXTS)}},
            {"say": "Goodbye $language."}, {"hang_up": True},
        ])  # fmt: skip
        if self.maybe():
            step = step | {"on": self.random.sample(OUTCOMES, self.random.randint(1, 4))}
        return step

    def rule(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = {"id": f"r{number}", "name": f"Rule {number}", "destination": self.pick(self.ids)}
        more = {
            "when": lambda: self.condition(2),
            "reason": lambda: self.pick(["because", "x" * 120]),
            "utterance": lambda: self.pick(TEXTS),
            "headers": self.headers,
            "set": lambda: {"priority": self.pick(["$card", "$intent", "$card"])},
        }
        chances = {"when": 0.95}
        return found | {name: draw() for name, draw in more.items() if self.maybe(chances.get(name, 0.3))}

    def condition(self, depth: int) -> dict[str, Any]:
        if depth and self.maybe(0.3):
            kind = self.pick(["all", "any", "not"])
            if kind == "not":
                return {"not": self.condition(depth - 1)}
            return {kind: [self.condition(depth - 1) for _ in range(self.random.randint(1, 3))]}
        kinds = [
            {"share": self.pick([0, 50, 100])},
            {"day": ["mon", "wed"]},
            {"variable": "intent", "is_missing": True},
        ]
        if self.schedules:
            kinds.append({"hours": self.pick(self.schedules), "is": self.pick(["open", "closed"])})
        variable = self.pick(["intent", "language", "caller_id", "called_number", "arrived_over", "digits", "card",
                              "sip_x_customer", "caller_state", "speech"])  # fmt: skip
        compared = {"variable": variable, self.pick(OPERATORS): self.pick([*VALUES, "sip", "+1212", "1", "NY"])}
        return self.pick([*kinds, compared, compared, compared, compared])

    def schedule(self, identity: str) -> dict[str, Any]:
        if identity == "never":
            return {"id": "never", "name": "Never", "closed_now": True}
        return {"id": "desk", "name": "Desk", "weekly": {"mon-fri": ["09:00-17:30"], "sat": ["22:00-02:00"]}}

    # The call.

    def case(self) -> Case:
        document = self.document()
        kind = self.pick(["none"] * 6 + ["menu"] * 3 + ["conversation_relay", "stream", "sip_agent"])
        intake, played = getattr(self, f"intake_{kind}")()
        if intake:
            document["intake"] = intake
        words = tuple(self.pick(WORDS) for _ in range(self.random.randint(0, 5)))
        over = self.pick(["phone", "phone", "sip", "sip", "client"])
        answers = (*played.pop("before", ()), *(Answer(word) for word in words))
        agent = played.pop("agent", {})
        told = {name: played.pop(name, "") for name in ("digits", "speech", "reason")}
        if kind != "menu" and self.maybe(0.4):
            told["digits"] = self.offer(document)
        asked_for = played.pop("asked_for", None)
        call = Call(
            from_={"sip": "sip:alice@pbx.example.com", "client": "client:bob"}.get(over) or self.pick(CALLERS),
            to="sip:help@example.sip.twilio.com" if over == "sip" and self.maybe() else self.pick(OURS),
            over=over, at=START + timedelta(minutes=self.random.randint(0, 60 * 24 * 30)), far_end=answers,
            sip_headers={"X-Customer": self.pick(VALUES)} if over == "sip" and self.maybe() else {},
            may_end_in_silence=True, may_repeat_targets=True, most_documents=60,
            digits=(told["digits"],) * 5, speech=(told["speech"],) * 5, **played,
        )  # fmt: skip
        return Case(
            document, call, self.deployment(), frozenset(one for one in self.ids if self.maybe(0.15)), words, agent,
            asked_for, told["reason"], told["digits"], told["speech"],
        )  # fmt: skip

    def offer(self, document: dict[str, Any]) -> str:
        """Texts are offered; the answer is the key that the caller presses then. A menu would have asked for keys."""
        document["text_back"] = {"body": "Sorry, $intent."}
        for destination in document["destinations"]:
            if destination["method"] != "BYE" and self.maybe(0.7):
                destination["offer_text"] = {"prompt": "Press 1 for $language.", "body": "You are $caller_id."}
        return str(self.pick(["1", "9", ""]))

    def deployment(self) -> Deployment:
        environment = self.pick(["production", "production", "sandbox"])
        number = {"environment": environment, "caller_id": self.pick([None, OURS[1]])}
        return Deployment.model_validate(
            {
                "numbers": {OURS[0]: number} if self.maybe(0.7) else {},
                "default_caller_id": self.pick([None, OURS[1]]),
                "sandbox_phone": self.pick([None, "+14155550142"]),
            }
        )

    def intake_none(self) -> tuple[dict[str, Any] | None, dict[str, Any]]:
        return None, {}

    def intake_menu(self) -> tuple[dict[str, Any], dict[str, Any]]:
        menu: dict[str, Any] = {
            "kind": "menu", "prompt": "Press 1 for billing, $language.", "attempts": self.random.randint(1, 3),
            "input": self.pick([["digits"], ["speech"], ["digits", "speech"]]), "num_digits": self.pick([1, 2]),
        }  # fmt: skip
        if self.maybe(0.7):
            menu["choices"] = {"1": {"intent": "billing"}, "2": {"intent": "vip", "language": "de"}}
        if self.maybe():
            menu["retry_prompt"] = "Once more?"
        return menu, {"digits": self.pick(["1", "2", "9", "12", ""]), "speech": self.pick(["billing please", ""])}

    def intake_conversation_relay(self) -> tuple[dict[str, Any], dict[str, Any]]:
        agent = {"intent": self.pick(VALUES)} if self.maybe() else {}
        agent |= {"card": SECRET} if self.maybe() else {}
        asked_for = self.pick([None, *self.ids, "nowhere"])
        reason = self.pick(["", "the agent says so", "y" * 120])
        data: dict[str, Any] = {**agent, "reason": reason}
        if asked_for:
            data["destination"] = asked_for
        intake = {
            "kind": "conversation_relay",
            "url": "wss://agent.example.com/talk",
            "parameters": {"to": "$called_number"},
        }
        if self.maybe(0.2):
            return intake, {"session": Session("failed")}
        session = Session("ended", _json(data))
        return intake, {"session": session, "agent": agent, "asked_for": asked_for, "reason": reason[:100]}

    def intake_stream(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"kind": "stream", "url": "wss://agent.example.com/audio"}, {"session": Session("failed")}

    def intake_sip_agent(self) -> tuple[dict[str, Any], dict[str, Any]]:
        intake = {"kind": "sip_agent", "route": self.pick(["sip:agent@ai.example.com", "+14155550190"])}
        if self.maybe(0.4):
            return intake, {"before": (Answer(self.pick(["busy", "no_answer", "failed"])),)}
        target = self.pick([*self.ids, "nowhere"])
        return intake, {"before": (Answer(transfers_to=f"<sip:{target}@handoff.example.com>"),), "asked_for": target}


def _json(data: dict[str, Any]) -> str:
    import json

    return json.dumps(data)
