"""Plays the verbs that speak to the caller, ask and record: Say, Play, Pause, Gather, Record."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from tests.stand_in.finished import Ended
from tests.stand_in.legs import sid
from tests.stand_in.live_call import CallerGoneError, Document, LiveCall
from tests.stand_in.steps import Fetch, Step

LONGEST_SILENCE = 6


def play_say(live: LiveCall, verb: Element, document: Document) -> Step:
    live.answer()
    live.hears((verb.text or "").strip())
    live.point(f"during Say {live.begin('Say')}")
    return None


def play_play(live: LiveCall, verb: Element, document: Document) -> Step:
    live.answer()
    live.hears(f"[audio {(verb.text or verb.get('digits') or '').strip()}]")
    return None


def play_pause(live: LiveCall, verb: Element, document: Document) -> Step:
    seconds = int(verb.get("length", "1"))
    if seconds > LONGEST_SILENCE:
        live.violation("silence", f"the caller hears nothing for {seconds} s")
    live.pass_time(seconds)
    if document.root[0] is not verb:  # as the first verb Twilio waits before it answers
        live.answer()
    return None


def play_gather(live: LiveCall, verb: Element, document: Document) -> Step:
    live.answer()
    number = live.begin("Gather")
    for child in verb:
        {"Say": play_say, "Play": play_play, "Pause": play_pause}[child.tag](live, child, document)
    live.point(f"during Gather {number}")
    given = what_the_caller_gives(live, verb)
    if not given:
        live.pass_time(int(verb.get("timeout", "5")))
        if verb.get("actionOnEmptyResult") != "true":
            return None
        given = {"Digits": ""}
    live.note(f"the caller gives {given}")
    return Fetch(verb.get("action", document.url), verb.get("method", "POST"), given, document.url)


def what_the_caller_gives(live: LiveCall, verb: Element) -> dict[str, str]:
    wanted = verb.get("input", "dtmf").split()
    digits = live.digits.pop(0) if "dtmf" in wanted and live.digits else ""
    if digits:
        end = verb.get("finishOnKey", "#")
        digits = digits.partition(end)[0] if end else digits
        return {"Digits": digits[: int(verb.get("numDigits", "100"))]}
    words = live.speech.pop(0) if "speech" in wanted and live.speech else ""
    return {"SpeechResult": words, "Confidence": "0.93"} if words else {}


def play_record(live: LiveCall, verb: Element, document: Document) -> Step:
    live.answer()
    number, message = live.begin("Record"), live.call.message
    live.point(f"during Record {number}")
    seconds = min(message.seconds, int(verb.get("maxLength", "3600")))
    if not seconds:
        live.pass_time(int(verb.get("timeout", "5")))
        return None
    live.pass_time(seconds)
    live.reached = Ended.VOICEMAIL
    live.note(f"the caller leaves a message of {seconds} s")
    url = f"https://api.twilio.com/2010-04-01/Accounts/{live.leg.fixed['AccountSid']}/Recordings/"
    url += sid("RE", live.random)
    post_recording(live, verb, document, url, seconds)
    action, method = verb.get("action", document.url), verb.get("method", "POST")
    key = {"hangup": "hangup", "key": "#", "silence": ""}[message.ends]
    sent = {"RecordingUrl": url, "RecordingDuration": str(seconds), "Digits": key}
    if message.ends == "hangup":
        live.leg.status = "completed"
        live.send_unplayed(live.resolve(action, document.url), method, live.leg.parameters() | sent)
        raise CallerGoneError
    return Fetch(action, method, sent, document.url)


def post_recording(live: LiveCall, verb: Element, document: Document, url: str, seconds: int) -> None:
    callback = verb.get("recordingStatusCallback")
    if callback is None or "completed" not in verb.get("recordingStatusCallbackEvent", "completed").split():
        return
    parameters = {
        "AccountSid": live.leg.fixed["AccountSid"],
        "CallSid": live.leg.sid,
        "RecordingSid": url.rpartition("/")[2],
        "RecordingUrl": url,
        "RecordingStatus": "completed",
        "RecordingDuration": str(seconds),
        "RecordingChannels": "1",
        "RecordingStartTime": live.timestamp(),
        "RecordingSource": "RecordVerb",
        "RecordingTrack": "inbound",
    }
    method = verb.get("recordingStatusCallbackMethod", "POST")
    live.post_status(live.resolve(callback, document.url), method, parameters)
