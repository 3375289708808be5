"""`handoff worker`: does the background work of the outbox until it is stopped."""

from __future__ import annotations

import signal
from collections.abc import Callable
from datetime import datetime, timedelta

import click

from webapp.calls.text_wish import JOB as CONSIDER_TEXT
from webapp.commands._answers import give_json, json_option, told
from webapp.commands._workbench import Workbench, access_of, bench_of, open_workbench
from webapp.fault_reports import begin_logging
from webapp.messaging.inbound import REFRESH_JOB
from webapp.messaging.refresh_job import RefreshRegistration
from webapp.messaging.sms import JOB as SEND_TEXT
from webapp.messaging.sms import SendText
from webapp.messaging.wished_texts import ConsiderText
from webapp.numbers.account_access import AccountAccess
from webapp.worker.loop import Answer, Later, Worker
from webapp.worker.outbox import Job


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@json_option
def worker_command(once: bool, as_json: bool) -> None:
    """Do the background work: texts, the A2P registration. Several may run; killed, they lose nothing."""
    with told(), bench_of(open_workbench) as bench:
        begin_logging(bench.settings)
        worker = worker_of(bench, lambda: access_of(bench.settings, bench.redis))
        if once:
            while worker.step():
                pass
        else:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: worker.stop())
            worker.run()
    if as_json:
        give_json({"jobs": worker.jobs})


def worker_of(bench: Workbench, access: Callable[[], AccountAccess | None] | None = None) -> Worker:
    """The table of contents of background work. The account may be connected in the console while this runs."""
    work = TwilioWork(bench, access or (lambda: bench.access))
    handlers = {REFRESH_JOB: work.refresh, CONSIDER_TEXT: work.consider, SEND_TEXT: work.send}
    return Worker(bench.redis, handlers, planners=[work.plan])


class TwilioWork:
    """Asks for the account each time; while there is none, what needs Twilio waits."""

    def __init__(self, bench: Workbench, access: Callable[[], AccountAccess | None]) -> None:
        self._bench = bench
        self._access = access

    def refresh(self, job: Job) -> Answer:
        access = self._access()
        return self._registration(access)(job) if access else self._wait()

    def consider(self, job: Job) -> Answer:
        """The texts that calls ask for: judged here, sent by `send`."""
        access = self._access()
        return ConsiderText(self._bench.redis, access.account_sid)(job) if access else self._wait()

    def send(self, job: Job) -> Answer:
        access = self._access()
        if access is None:
            return self._wait()
        base_url = self._bench.address.url
        return SendText(self._bench.redis, access.account_sid, access.client, lambda: base_url)(job)

    def plan(self, now: datetime) -> None:
        access = self._access()
        if access is not None:
            self._registration(access).plan(now)

    def _registration(self, access: AccountAccess) -> RefreshRegistration:
        return RefreshRegistration(self._bench.redis, access.account_sid, access.client)

    def _wait(self) -> Later:
        return Later(self._bench.now() + timedelta(minutes=1), "no Twilio account is connected", counts=False)
