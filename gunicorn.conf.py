"""The web server, as Procfile, Dockerfile and `handoff run` use it; gunicorn reads this file by itself."""

import importlib
import os
from typing import Any

from gunicorn.glogging import Logger

bind = f"0.0.0.0:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
worker_class = "gthread"
threads = 8

# Twilio gives up after 15 s (https://www.twilio.com/docs/api/errors/11200), and we answer within 3.
timeout = 10
# Platforms send SIGKILL 30 s after SIGTERM (https://devcenter.heroku.com/articles/dyno-shutdown-behavior).
graceful_timeout = 25
# Longer than a router keeps an idle connection, so that it never picks one that we are just closing.
keepalive = 95

# Heroku's buildpack sets FORWARDED_ALLOW_IPS; anywhere else only a proxy on this machine is believed.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS") or "127.0.0.1,::1"
# Twilio puts everything into the query when a number is set to GET.
limit_request_line = 8190
# The heartbeat file on a disk can block a worker; memory cannot (https://docs.gunicorn.org/en/stable/faq.html).
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 (gunicorn makes a file of its own)
control_socket_disable = True


class NoAccessLog(Logger):  # type: ignore[misc]  # the library has no types
    """One line for each request would repeat our own, with numbers and signatures in it.

    With a `logconfig_dict` gunicorn puts each line together although nobody takes it, and a caller waits meanwhile.
    """

    @property
    def access_log_enabled(self) -> bool:
        return False


logger_class = NoAccessLog
loglevel = "warning"
# gunicorn's lines take the way of all others (webapp.logs), so that they are masked and readable in the same way.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {
        "gunicorn.error": {"level": "WARNING", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "WARNING", "handlers": [], "propagate": True},
    },
}


def on_starting(_server: Any) -> None:
    """Import once what all workers need, before they are forked; each still makes its own app, threads and sockets."""
    for name in ("wiring", "voice.routes", "messaging.routes", "api.routes", "console.blueprint", "health"):
        importlib.import_module(f"webapp.{name}")


def post_worker_init(worker: object) -> None:
    """What is loaded by now stays for good: the collector need not look at it again and again between two calls."""
    import gc

    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
