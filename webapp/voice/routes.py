"""The voice routes in Flask's map. What they answer is in `answers`; POST requests take the short way of `direct`."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, g, request

from webapp import urls
from webapp.voice.answers import VoiceAnswers

ALSO_GET = (urls.CALL, urls.FALLBACK)
"""A number that somebody set to GET is served as well; doctor warns about it."""


def voice_blueprint(answers: VoiceAnswers) -> Blueprint:
    voice = Blueprint("voice", __name__)
    for path in answers.paths:
        methods = ["GET", "POST"] if path in ALSO_GET else ["POST"]
        voice.add_url_rule(path, path.rpartition("/")[2], _view(answers, path), methods=methods)
    return voice


def _view(answers: VoiceAnswers, path: str) -> Callable[[], Response]:
    def view() -> Response:
        document = answers.answer(path, g.twilio, request.environ.get("QUERY_STRING", ""))
        return Response(status=204) if document is None else Response(document, content_type="text/xml")

    return view
