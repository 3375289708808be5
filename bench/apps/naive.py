"""Our work as one would first write it: a round trip for each thing, and a loop over the rules."""

from __future__ import annotations

import json
import os
import time

import redis
from flask import Flask, Response, request

from bench.apps.tutorial import handoff, validated
from bench.configuration import document

app = Flask(__name__)
store = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
store.set("bench:configuration", json.dumps(document(rules=100)))


def holds(condition: dict[str, object], variables: dict[str, str]) -> bool:
    if "all" in condition:
        return all(holds(child, variables) for child in condition["all"])  # type: ignore[attr-defined]
    value = variables.get(str(condition["variable"]))
    if "is" in condition:
        return value == condition["is"]
    return value is not None and value.startswith(str(condition["starts_with"]))


@app.post("/voice/call")
@validated
def call() -> Response:
    form = request.form.to_dict()
    key = f"call:{form['CallSid']}"
    store.hset(key, mapping=form)
    store.expire(key, 3600)
    configuration = json.loads(store.get("bench:configuration") or "{}")
    variables = {"caller_id": form["From"], "called_number": form["To"], **store.hgetall(f"{key}:variables")}
    trace = []
    for rule in configuration["rules"]:
        matched = holds(rule["when"], variables)
        trace.append({"rule": rule["id"], "matched": matched})
        if matched:
            break
    store.rpush(f"{key}:timeline", json.dumps({"at": time.time(), "trace": trace}))
    store.expire(f"{key}:timeline", 3600)
    store.zadd("bench:calls", {form["CallSid"]: time.time()})
    return Response(handoff(), content_type="text/xml")
