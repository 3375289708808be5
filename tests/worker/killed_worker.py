"""The worker as a process of its own, with its clock and Twilio's address from outside, so that a test can kill it."""

import sys
import time
from datetime import datetime, timedelta

from tests.messaging.rest_stand_in import ACCOUNT_SID, AUTH_TOKEN
from webapp.messaging.sms import SendText
from webapp.store.redis import open_redis
from webapp.twilio_rest.client import Credentials, Hosts, TwilioClient
from webapp.worker.loop import Worker


def main(redis_url: str, port: str, begins: str) -> None:
    start, begun = datetime.fromisoformat(begins), time.monotonic()

    def clock() -> datetime:
        return start + timedelta(seconds=time.monotonic() - begun)

    redis = open_redis(redis_url)
    origin = f"http://127.0.0.1:{port}"
    hosts = Hosts(f"{origin}/api.twilio.com/2010-04-01", f"{origin}/messaging.twilio.com/v1", f"{origin}/voice")
    client = TwilioClient(Credentials(ACCOUNT_SID, ACCOUNT_SID, AUTH_TOKEN), hosts=hosts)
    send = SendText(redis, ACCOUNT_SID, lambda: client, lambda: "https://handoff.example.com", clock=clock)
    worker = Worker(redis, {"send-text": send}, clock=clock)
    worker.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
