"""Killed with SIGKILL at the worst moments, the worker loses no text and sends none twice."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from tests.messaging.full_account import full_account
from tests.messaging.rest_stand_in import ACCOUNT_SID, AUTH_TOKEN, NOW, sid
from tests.redis_server import wait_until
from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.a2p.report import refresh_report
from webapp.messaging.sms import TakenOn, Texts
from webapp.messaging.sms_conditions import Purpose, VerifiedCall
from webapp.twilio_rest.client import Credentials, TwilioClient
from webapp.worker.outbox import LEASE, Outbox

ROOT = Path(__file__).parents[2]
TEXTS = 6
MOMENTS = ("before_the_text_is_taken", "after_the_text_is_taken", "after_the_answer")


class Line:
    """Twilio behind a real socket. It kills the worker at one of the moments, once for each text."""

    def __init__(self, account):
        self.account, self.worker, self.kills = account, None, 0
        self.lock = threading.Lock()
        self.killed_for = set()
        line = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                line.serve(self, self.path.partition("?")[2])

            def do_POST(self):
                line.serve(self, self.rfile.read(int(self.headers["Content-Length"])).decode())

            def log_message(self, *_):
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @contextmanager
    def open(self):
        thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        thread.start()
        yield self.server.server_address[1]
        self.server.shutdown()
        self.server.server_close()
        thread.join()

    def serve(self, request, query):
        parameters = dict(parse_qsl(query))
        moment = self._moment(request.command, parameters.get("To", ""))
        if moment == MOMENTS[0]:
            self._kill()
            return
        with self.lock:
            url = "https:/" + request.path.partition("?")[0]
            status, body = self.account.answer(request.command, url, parameters, ACCOUNT_SID, AUTH_TOKEN)
        if moment == MOMENTS[1]:
            self._kill()
            return
        data = json.dumps(body).encode()
        request.send_response(status)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)
        if moment == MOMENTS[2]:
            request.wfile.flush()
            self._kill()

    def _moment(self, verb, to):
        with self.lock:
            if verb != "POST" or to in self.killed_for:
                return None
            self.killed_for.add(to)
            return MOMENTS[len(self.killed_for) % len(MOMENTS)]

    def _kill(self):
        self.kills += 1
        os.kill(self.worker.pid, signal.SIGKILL)


def start(redis_url, port, begins):
    command = [sys.executable, "-m", "tests.worker.killed_worker", redis_url, str(port), begins.isoformat()]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def worked_off(worker, outbox, at, deadline):
    """The worker is dead, has had nothing to do for a second (a lease looks the same for a moment), or had its time."""
    busy = [time.monotonic()]

    def check():
        due = outbox.oldest_due()
        if due is not None and due <= at + timedelta(seconds=20):
            busy[0] = time.monotonic()
        idle = time.monotonic() - busy[0] > 1
        return worker.poll() is not None or due is None or idle or time.monotonic() > deadline

    return check


@pytest.mark.slow
def test_killed_at_any_point_it_loses_nothing_and_sends_nothing_twice(redis, redis_url):
    account = full_account()
    with account.playing():
        client = TwilioClient(Credentials(ACCOUNT_SID, ACCOUNT_SID, AUTH_TOKEN))
        refresh_report(client, RegistrationMemory(redis, ACCOUNT_SID), NOW)
    texts, chance = Texts(redis, ACCOUNT_SID), random.Random(7)
    for index in range(TEXTS):
        call = VerifiedCall(sid("CA", index), f"+1415555013{index}", "+14155550100", NOW, "phone")
        assert isinstance(texts.take_on(call, "Example Hotel: we call back.", Purpose.MISSED, NOW), TakenOn)
    now, line = NOW, Line(account)
    with line.open() as port:
        for _ in range(40):
            if Outbox(redis).waiting() == 0:
                break
            at = now
            account.clock = lambda at=at: at
            line.worker = start(redis_url, port, now)
            # Some are killed by Twilio's side at a chosen moment, the rest at any moment at all.
            wait_until(worked_off(line.worker, Outbox(redis), now, time.monotonic() + 3 + chance.random()))
            line.worker.kill()
            line.worker.wait()
            now += LEASE + timedelta(seconds=5)
    assert line.kills == TEXTS
    assert Outbox(redis).waiting() == 0
    assert sorted(message["to"] for message in account.messages) == [f"+1415555013{n}" for n in range(TEXTS)]
    states = {Outbox(redis).state_of("send-text", sid("CA", n))["state"] for n in range(TEXTS)}
    assert states == {"done"}
