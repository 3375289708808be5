"""Plays a call from the first webhook to its last status callback: document by document, verb by verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

from tests.stand_in.connecting import play_connect
from tests.stand_in.dialling import play_dial
from tests.stand_in.finished import Ended, Finished
from tests.stand_in.grammar import NotTwimlError, parse
from tests.stand_in.live_call import CallerGoneError, Document, LiveCall, RedirectedError
from tests.stand_in.referring import play_refer
from tests.stand_in.speaking import play_gather, play_pause, play_play, play_record, play_say
from tests.stand_in.steps import End, Fetch, Play, Step

WITH_A_PERSON_OR_AN_ENDING = frozenset({Ended.ANSWERED, Ended.REFERRED, Ended.UNCONFIRMED, Ended.VOICEMAIL})


def play_hangup(live: LiveCall, verb: Element, document: Document) -> Step:
    live.answer()
    return End(live.reached or Ended.HUNG_UP)


def play_reject(live: LiveCall, verb: Element, document: Document) -> Step:
    live.leg.status = "busy" if verb.get("reason") == "busy" else "no-answer"
    return End(Ended.REJECTED)


def play_redirect(live: LiveCall, verb: Element, document: Document) -> Step:
    return Fetch((verb.text or "").strip() or document.url, verb.get("method", "POST"), {}, document.url)


def play_start(live: LiveCall, verb: Element, document: Document) -> Step:
    return None


VERBS: Mapping[str, Callable[[LiveCall, Element, Document], Step]] = {
    "Say": play_say,
    "Play": play_play,
    "Pause": play_pause,
    "Gather": play_gather,
    "Record": play_record,
    "Dial": play_dial,
    "Refer": play_refer,
    "Connect": play_connect,
    "Hangup": play_hangup,
    "Reject": play_reject,
    "Redirect": play_redirect,
    "Start": play_start,
}


def play_call(live: LiveCall) -> Finished:
    """The whole call. The caller's own hang-up and a redirect by the REST API cut in wherever they come."""
    number = live.number
    step: Step = Fetch(number.voice_url, number.voice_method)
    ended: Ended | None = None
    while ended is None:
        try:
            step = perform(live, step)
            ended = step.how if isinstance(step, End) else None
        except CallerGoneError:
            ended = live.reached if live.reached in WITH_A_PERSON_OR_AN_ENDING else Ended.CALLER_HUNG_UP
        except RedirectedError:
            assert live.redirect_to is not None
            (url, method), live.redirect_to, live.reached = live.redirect_to, None, None
            live.note(f"the REST API redirects the call to {url}")
            step = Fetch(url, method)
    return finish(live, ended)


def perform(live: LiveCall, step: Step) -> Step:
    if isinstance(step, Fetch):
        document = live.fetch(live.leg, step.url, step.method, step.extra, base=step.base)
        if document is None:
            live.violation("application error", "the caller hears that an application error has occurred")
            return End(Ended.APPLICATION_ERROR)
        return Play(document)
    assert isinstance(step, Play)
    for verb in step.document.root:
        play = VERBS.get(verb.tag)
        following = play(live, verb, step.document) if play else None
        if following is not None:
            return following
    live.note("the document is at its end")
    return End(live.reached or Ended.HUNG_UP)


def finish(live: LiveCall, ended: Ended) -> Finished:
    check_the_end(live, ended)
    end_leg(live)
    live.mailbox.deliver_all()
    replay(live)
    return Finished(
        live.call, live.leg.sid, ended, live.spoken_since_attempt, live.now, live.transcript,
    )  # fmt: skip


def check_the_end(live: LiveCall, ended: Ended) -> None:
    """Promise 1: at a person, at a declared ending, or because the caller hung up. Silence is no ending, save BYE."""
    live.note(f"ended: {ended}")
    silent = ended is Ended.HUNG_UP and not live.spoken_since_attempt
    if silent and not live.leg.is_sip and not live.call.may_end_in_silence:
        live.violation("promise", "the call ends without a person, a message or a word")


def end_leg(live: LiveCall) -> None:
    """The last status callback of the caller's leg goes to the number's own status callback URL."""
    leg, number = live.leg, live.number
    if leg.status not in {"busy", "no-answer", "canceled"}:
        leg.status = "completed" if leg.is_answered else "no-answer"
    if number.status_callback is None:
        return
    seconds = int(live.now - leg.answered_at) if leg.answered_at is not None else 0
    extra = {
        "CallDuration": str(seconds),
        "Duration": str(-(-seconds // 60)),
        "Timestamp": live.timestamp(),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": leg.next_sequence(),
    }
    live.post_status(number.status_callback, number.status_callback_method, leg.parameters() | extra)


def replay(live: LiveCall) -> None:
    """Send everything again after the end, shuffled: whoever holds old requests must do no harm and get TwiML."""
    for _ in range(live.call.disturbance.replays):
        webhooks = [exchange.webhook for exchange in live.transcript.exchanges]
        live.noise.shuffle(webhooks)
        for webhook in webhooks:
            received = live.wire.send(webhook, idempotency="replay")
            if received.response is None or received.code:
                live.violation("replay", f"{webhook.url} sent again: {received.message}")
            elif webhook.kind == "document":
                try:
                    parse(received.response.body)
                except NotTwimlError as error:
                    live.violation("replay", f"{webhook.url} sent again: {error}")
