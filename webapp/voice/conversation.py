"""The conversation with Twilio about one call: each webhook in, the next document out. No Flask here.

Twilio asks, we answer, best effort around a pure flow: what Redis remembers makes an answer richer and is never what
makes it possible.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog

from handoff_rules.intake import NoIntake
from handoff_rules.outcomes import Outcome
from webapp import urls
from webapp.calls import leg_words
from webapp.calls.log import TALKED, CallLog, Remembered
from webapp.calls.timeline import GENERATION, Event
from webapp.configurations import Published, VersionId
from webapp.services import Services
from webapp.urls import PublicURLs
from webapp.voice import flow, texting
from webapp.voice.answer import Answer, answer
from webapp.voice.attempt_health import AttemptHealth
from webapp.voice.call_setting import CallSetting, our_numbers
from webapp.voice.documents import Setting
from webapp.voice.kept import (
    as_first,
    as_remembered,
    claim_of,
    ended,
    facts_of,
    milliseconds,
    only_told,
    summary_of,
    told_from_outside,
    wished_again,
)
from webapp.voice.lines import Lines, lines_of
from webapp.voice.meanwhile import Meanwhile
from webapp.voice.outcomes import SEEN_AFTER_A_REDIRECT, Attempted, refused_caller_id, refused_document
from webapp.voice.state import CallState, StateError
from webapp.voice.steps import Turn
from webapp.voice.variables import arrived_over, call_variables
from webapp.voice.webhook import LostStateError, Webhook

log = structlog.get_logger(__name__)


class Conversation:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._log = CallLog(services.voice_store, services.settings.call_log_days)
        self._attempts = AttemptHealth(services.health, self._log)

    # What every webhook needs.

    def state_of(self, webhook: Webhook) -> CallState:
        try:
            return self._services.state_keys.read(webhook.state, webhook.call_sid)
        except StateError as error:
            log.warning("call state unreadable", reason=str(error), call_sid=webhook.call_sid)
            raise LostStateError(str(error)) from error

    def published_for(self, state: CallState) -> Published:
        """The version that the call began with; the environment's current one when nobody has it any more."""
        try:
            kept = self._services.live.version(VersionId.parse(state.version))
        except ValueError:
            kept = None
        if kept is not None:
            return kept
        log.error("version of a running call is missing", version=state.version)
        return self._services.live.environment("sandbox" if state.environment == "sandbox" else "production")

    def first_context(self, webhook: Webhook) -> flow.Context:
        form = webhook.form
        environment = self._services.live.environment_of(form.get("To", ""), form.get("From", ""))
        published = self._services.live.environment(environment)
        variables = call_variables(form)
        return flow.Context(
            compiled=published.compiled,
            version=str(published.version),
            environment=environment,
            variables=variables,
            over=arrived_over(form),
            at=self._services.clock(),
            failing=self._services.health.failing(),
            refused_caller_id=refused_caller_id(form),
            refused_document=refused_document(form),
            texting=self._services.may_text(form.get("To", "")),
        )

    def later_context(self, webhook: Webhook, state: CallState) -> flow.Context:
        published = self.published_for(state)
        return flow.Context(
            compiled=published.compiled,
            version=state.version,
            environment=state.environment,
            variables={} if webhook.is_far_leg else call_variables(webhook.form),
            over=arrived_over(webhook.form),
            at=self._services.clock(),
            failing=self._services.health.failing(),
            refused_caller_id=refused_caller_id(webhook.form),
            refused_document=refused_document(webhook.form),
            ours=our_numbers(self._services.live.deployment, webhook.form.get("To", "")),
        )

    def remembering(self, context: flow.Context, found: Remembered | None, state: CallState) -> flow.Context:
        """The context with what Redis knew: the first request's variables, what an agent or the API has set, and for
        a repeated webhook the moment of the first, so that it gets the same document."""
        if found is None:
            return context
        self._services.health.learn(found.failing)
        return as_remembered(context, found, state)

    def rendered(self, webhook: Webhook, context: flow.Context, turn: Turn) -> Answer:
        """The document of this turn, with callback URLs that carry its state; nothing is done yet."""
        return answer(context, turn, lambda turn: self._setting(webhook, context, turn))

    def _setting(self, webhook: Webhook, context: flow.Context, turn: Turn) -> Setting:
        services = self._services
        setting = CallSetting(
            PublicURLs(services.base_url()), services.state_keys, services.live.deployment, webhook.form.get("To", "")
        )
        return setting.of(context, turn, webhook.call_sid)

    def finish(self, webhook: Webhook, context: flow.Context, answered: Answer) -> str:
        """This answer counts: the text that it wishes is asked for, its document goes out and may ring somebody."""
        if answered.turn.text is not None:
            filled = self._setting(webhook, context, answered.turn).filled
            job = texting.job(answered.turn.text, filled, webhook.call_sid, context.at, context.version)
            self._services.voice_store.later([job])  # while Redis is away, the call goes on without
        self._attempts.begins(answered.turn.step, context.environment)
        return answered.document.xml

    def note(
        self, webhook: Webhook, events: tuple[Event, ...], summary: Mapping[str, str] | None = None,
        *, unless_known: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        at_ms = milliseconds(self._services.clock())
        self._log.note(webhook.call_sid, events, at_ms, summary, unless_known=unless_known)

    def appeared(self, webhook: Webhook, context: flow.Context) -> None:
        """A call that came in without our having heard of it is in the call log all the same."""
        self._log.appeared(webhook.call_sid, facts_of(context), milliseconds(context.at))

    def lines_of(self, state: CallState) -> Lines:
        configuration = self.published_for(state).compiled.configuration
        return lines_of(configuration, state, self._services.live.deployment.sandbox_phone)

    def leg_said(self, webhook: Webhook, state: CallState, word: Outcome) -> None:
        """A line of the attempt said this before the bridge; that somebody took the call is kept for lists as well."""
        self._log.leg_said(webhook.call_sid, state.attempt, webhook.form["CallSid"], word, until=ended(state))
        if word is Outcome.ANSWERED:
            self.note(webhook, (), unless_known={f"{TALKED}{state.attempt}": "1"})

    def picked_up(self, webhook: Webhook, state: CallState) -> None:
        """The far leg of an attempt was answered."""
        destinations = self.published_for(state).compiled.configuration.destination_by_id
        self._attempts.picked_up(webhook.call_sid, destinations.get(state.destination or ""), state)

    def callback_to_screened(self, webhook: Webhook, state: CallState | None) -> str:
        text = self._services.state_keys.write(state, webhook.call_sid) if state else None
        return PublicURLs(self._services.base_url()).to(urls.SCREENED, text)

    def recalled(self, webhook: Webhook, state: CallState, claim: str, *, unless: str = "") -> flow.Context:
        """The context of a webhook that must know the call before it can go on: one round trip, then the decision.
        Where the claim `unless` was made, the call was taken elsewhere."""
        context = self._before_a_decision(webhook, state)
        found = self._log.step(
            webhook.call_sid, claim, claim_of(context), summary={}, events=(), at_ms=milliseconds(context.at),
            beside=(unless,) if unless else (),
        )  # fmt: skip
        context = self.remembering(context, found, state)
        return context._replace(taken_elsewhere=True) if found and unless in found.beside else context

    def recalled_with_wish(self, webhook: Webhook, state: CallState) -> tuple[flow.Context, Mapping[str, Any] | None]:
        """The same for a call that the API took elsewhere, with what was wished; None when Redis does not say."""
        context, number = self._before_a_decision(webhook, state), state.attempt // GENERATION
        found = self._log.step(
            webhook.call_sid, f"transfer:{number}", claim_of(context), summary={}, events=(),
            at_ms=milliseconds(context.at), transfer=number,
        )  # fmt: skip
        return self.remembering(context, found, state), found.wish if found else None

    def _before_a_decision(self, webhook: Webhook, state: CallState) -> flow.Context:
        """A decision begins a new state, and what Twilio refused to show before it is not shown after it either."""
        context = self.later_context(webhook, state)
        return context._replace(refused_caller_id=True) if state.own_caller_id else context

    def decide_again(
        self, webhook: Webhook, context: flow.Context, events: tuple[Event, ...], destination: str | None = None,
        reason: str = "", *, said: flow.Said | None = None, base: int = 0,
    ) -> str:  # fmt: skip
        """The rules decide with what is known by now, or the named destination counts."""
        context = context._replace(votes=self._services.code_rules.votes(context.variables))
        turn = flow.hand_off(context, destination, reason, said=said, base=base)
        if not context.taken_elsewhere:
            self._log.decided(webhook.call_sid, facts_of(context))
        return self.conclude(webhook, context, turn._replace(events=(*events, *turn.events)))

    def conclude(self, webhook: Webhook, context: flow.Context, turn: Turn) -> str:
        """Render the turn and write its events down without waiting."""
        answered = self.rendered(webhook, context, turn)
        at_ms = milliseconds(context.at)
        if context.taken_elsewhere:
            self._log.note(webhook.call_sid, only_told(answered.events), at_ms)
        else:
            self._log.note(webhook.call_sid, answered.events, at_ms, summary_of(answered.turn, context))
        return self.finish(webhook, context, answered)

    # The first webhook of a call.

    def call_comes_in(self, webhook: Webhook) -> str:
        context = self._with_votes(self.first_context(webhook))
        turn = flow.begin(context)
        at_ms = milliseconds(context.at)
        ready = Meanwhile(lambda: self.rendered(webhook, context, turn))
        found = self._log.open(
            webhook.call_sid, facts_of(context), summary_of(turn, context), turn.events, at_ms, meanwhile=ready
        )  # fmt: skip
        if found is None:
            return self._sent(webhook, context, turn, ready.result())
        self._services.health.learn(found.failing)
        if found.is_first and not found.variables:
            return self._sent(webhook, context, turn, ready.result())
        told = self._as_first_told(context, found)
        again = flow.begin(told)
        if found.is_first:
            self._log.open_with_more(webhook.call_sid, facts_of(told), again.events, at_ms)
        return self._sent(webhook, told, again, self.rendered(webhook, told, again))

    def _sent(self, webhook: Webhook, context: flow.Context, turn: Turn, answered: Answer) -> str:
        """Goes out; what rendering found out beyond the turn is written down as well."""
        if len(answered.events) > len(turn.events):
            went_on = summary_of(answered.turn, context) if answered.turn is not turn else None
            found_out = answered.events[len(turn.events) :]
            self._log.note(webhook.call_sid, found_out, milliseconds(context.at), unless_known=went_on)
        return self.finish(webhook, context, answered)

    def _with_votes(self, context: flow.Context) -> flow.Context:
        """Code rules are asked when the rules are: not before a menu or an agent, which decide on more than this."""
        if not isinstance(context.configuration.intake, NoIntake):
            return context
        votes = self._services.code_rules.votes(context.variables)
        return context._replace(votes=votes) if votes else context

    def _as_first_told(self, context: flow.Context, found: Remembered) -> flow.Context:
        """A repeated webhook decides on the facts and the version of the first, so its document is the same."""
        with_more = context._replace(variables={**told_from_outside(found), **context.variables})
        if found.is_first:
            return with_more
        try:
            published = self._services.live.version(VersionId.parse(str(found.facts.get("version", ""))))
        except ValueError:
            published = None
        return (published and as_first(context, found.facts, published)) or with_more

    # A handoff ended.

    def attempt_ended(self, webhook: Webhook, state: CallState, attempted: Attempted) -> str:
        if attempted.outcome in SEEN_AFTER_A_REDIRECT and attempted.caller_is_there:
            return self.ended_as_remembered(webhook, state, lambda _: attempted, attempted.outcome)
        context = self.later_context(webhook, state)
        turn = flow.after_attempt(context, state, attempted)
        found = self._log.step(
            webhook.call_sid, ended(state), claim_of(context, attempted.outcome), summary=summary_of(turn, context),
            events=turn.events, at_ms=milliseconds(context.at),
            wish=wished_again(context, state),
        )  # fmt: skip
        context = self.remembering(context, found, state)
        if found is not None and (found.wish or not found.is_first):
            turn = flow.after_attempt(context, state, attempted)
        self._attempts.ended(webhook.call_sid, context, state, attempted, found)
        return self._sent(webhook, context, turn, self.rendered(webhook, context, turn))

    def ended_as_remembered(
        self, webhook: Webhook, state: CallState, outcome_of: OutcomeOf, told: Outcome | None
    ) -> str:
        """What the store knows decides what follows: what the lines said where somebody picked up and was never
        connected or the ending never reached us, and whether the API took the call elsewhere, which ends a `<Dial>` as
        well and moves nothing. `told` is what this webhook says by itself, None when it says nothing of the outcome."""
        context = self.later_context(webhook, state)
        found = self._log.step(
            webhook.call_sid, ended(state), claim_of(context, told), summary={}, events=(),
            at_ms=milliseconds(context.at), beside=leg_words.fields_of(state.attempt),
            wish=wished_again(context, state),
        )  # fmt: skip
        attempted = outcome_of(found)
        context = self.remembering(context, found, state)
        self._attempts.ended(webhook.call_sid, context, state, attempted, found)
        return self.conclude(webhook, context, flow.after_attempt(context, state, attempted))


OutcomeOf = Callable[[Remembered | None], Attempted]
