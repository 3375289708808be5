"""A bare Flask view that parses the form and answers a constant: the floor of Flask."""

from __future__ import annotations

from flask import Flask, Response, request

from bench.apps.bare_wsgi import DOCUMENT

app = Flask(__name__)


@app.post("/voice/call")
def call() -> Response:
    assert request.form["CallSid"]
    return Response(DOCUMENT, content_type="text/xml")
