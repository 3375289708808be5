"""The whole conversation with Twilio: which question meets which answer. No Flask here.

A fault of ours is never heard by the caller: an unhandled exception becomes the default destination, and when that
fails as well, the document of the last resort. Only a refused signature is 403.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog

from twiml.screening import declined
from twiml.spoken import hang_up
from webapp import urls
from webapp.services import Services
from webapp.voice import agents, attempts, other_events, screening, transfer
from webapp.voice.conversation import Conversation
from webapp.voice.last_resort import LastResort
from webapp.voice.state import CallState
from webapp.voice.webhook import LostStateError, Webhook

log = structlog.get_logger(__name__)

Begins = Callable[[Conversation, Webhook], str | None]
GoesOn = Callable[[Conversation, Webhook, CallState], str]

BEGINS: dict[str, Begins] = {
    urls.CALL: Conversation.call_comes_in,
    urls.FALLBACK: other_events.fallback,
    urls.STATUS: other_events.status,
}
"""What Twilio asks of itself. None means 204: it was told something and expects no document."""

GOES_ON: dict[str, GoesOn] = {
    urls.GATHERED: agents.gathered,
    urls.AGENT_ENDED: agents.agent_ended,
    urls.REFERRED: agents.referred,
    urls.TRANSFER: transfer.transfer,
    urls.SCREEN: screening.screen,
    urls.SCREENED: screening.screened,
    urls.DIAL_ENDED: attempts.dial_ended,
    urls.REFER_ENDED: attempts.refer_ended,
    urls.RECORDED: other_events.recorded,
}
"""Callbacks of documents that we sent: each carries the state of its call."""

PLAINLY: dict[str, Callable[[Conversation, Webhook], str]] = {
    urls.SCREEN: screening.ask_plainly,
    urls.SCREENED: screening.plainly_screened,
    urls.RECORDED: other_events.recorded_plainly,
}
"""What answers without the state, or after a fault, where nobody may be rung: the leg is not the caller's, or the
caller has said what there was to say. Everywhere else the default destination takes the call."""

LAST = {urls.SCREEN: declined(), urls.SCREENED: declined(), urls.RECORDED: hang_up()}
"""What is left there when that fails as well: the far leg ends and the ladder goes on, or the call is over."""


class VoiceAnswers:
    def __init__(self, services: Services) -> None:
        self._conversation = Conversation(services)
        self._services = services
        self._last_resort = LastResort(services.settings)

    @property
    def paths(self) -> tuple[str, ...]:
        return (*BEGINS, *GOES_ON)

    def answer(self, path: str, fields: Mapping[str, str], query: str) -> str | None:
        """The document for a signed webhook; None where Twilio expects none. Never raises."""
        try:
            webhook = Webhook(fields, state_in(query))
            begins = BEGINS.get(path)
            return begins(self._conversation, webhook) if begins else self._go_on(path, webhook)
        except Exception as error:
            log.error("voice route failed", path=path, error=type(error).__name__, exc_info=True)
            return None if path == urls.STATUS else self._plainest(path, fields, query)

    def _go_on(self, path: str, webhook: Webhook) -> str:
        """Go on from the state in the URL; without a readable one, the default destination takes the call."""
        try:
            state = self._conversation.state_of(webhook)
        except LostStateError:
            return self._without_state(path, webhook)
        return GOES_ON[path](self._conversation, webhook, state)

    def _without_state(self, path: str, webhook: Webhook) -> str:
        plainly = PLAINLY.get(path, other_events.default_destination)
        return plainly(self._conversation, webhook)

    def _plainest(self, path: str, fields: Mapping[str, str], query: str) -> str:
        """The default destination, and where it was tried already the last resort: a fault that stays never loops."""
        try:
            webhook = Webhook(fields, state_in(query))
            path = urls.SCREEN if screening.is_asked(webhook) else path
            if path not in PLAINLY and self._default_was_tried(webhook):
                return self._last(path, fields)
            return self._without_state(path, webhook)
        except Exception as error:
            log.error("default destination failed", error=type(error).__name__)
            return self._last(path, fields)

    def _last(self, path: str, fields: Mapping[str, str]) -> str:
        return LAST.get(path) or self._last_resort.document(fields, self._default_caller_id)

    def _default_caller_id(self) -> str | None:
        return self._services.live.deployment.default_caller_id

    def _default_was_tried(self, webhook: Webhook) -> bool:
        try:
            state = self._conversation.state_of(webhook)
        except LostStateError:
            return False
        default = self._conversation.published_for(state).compiled.configuration.default_destination
        return state.progress is not None and default in state.progress.tried


def state_in(query: str) -> str:
    """Our own parameter `s` of the query; other parameters are signed by Twilio and never read."""
    return next((pair[2:] for pair in query.split("&") if pair.startswith("s=")), "") if query else ""
