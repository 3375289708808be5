"""The tutorial application with one Redis round trip: the call's parameters are kept in a hash."""

from __future__ import annotations

import os

import redis
from flask import Flask, Response, request

from bench.apps.tutorial import handoff, validated

app = Flask(__name__)
store = redis.Redis.from_url(os.environ["REDIS_URL"])


@app.post("/voice/call")
@validated
def call() -> Response:
    with store.pipeline(transaction=False) as pipeline:
        key = f"call:{request.form['CallSid']}"
        pipeline.hset(key, mapping=request.form.to_dict())
        pipeline.expire(key, 3600)
        pipeline.execute()
    return Response(handoff(), content_type="text/xml")
