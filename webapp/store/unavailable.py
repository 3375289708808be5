"""Why the store cannot be used right now: one closed set of reasons, each with its sentence and its fix."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final


class Reason(StrEnum):
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    CLOSED = "closed"
    NOT_FOUND = "not_found"
    TLS = "tls"
    GARBAGE = "garbage"
    CROWDED = "crowded"
    READ_ONLY = "read_only"
    LOADING = "loading"
    OUT_OF_MEMORY = "out_of_memory"
    DISK = "disk"
    BUSY = "busy"
    DENIED = "denied"
    REPLICATION = "replication"


class StoreUnavailableError(Exception):
    """Redis did not do what was asked, for a reason that lies outside the request; `reason` names it.

    The text never holds an address, a password or a value: those sit in the library's own messages.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        self.reason = reason
        self.message, self.fix = EXPLANATIONS[reason]
        super().__init__(f"{self.message} {self.fix}" + (f" ({detail})" if detail else ""))


class CommandError(Exception):
    """Redis refused one command because of the command itself; `code` is the first word of its answer."""

    def __init__(self, answer: str) -> None:
        self.code = answer.split(" ", 1)[0]
        # Redis repeats arguments after these words, and an argument may be a phone number.
        super().__init__(answer.split(", with args", 1)[0][:120])


EXPLANATIONS: Final[Mapping[Reason, tuple[str, str]]] = {
    Reason.REFUSED: ("Redis refuses connections.", "Start the server, or correct REDIS_URL."),
    Reason.TIMED_OUT: ("Redis does not answer in time.", "See whether the server hangs, is overloaded or cut off."),
    Reason.CLOSED: ("Redis closed the connection.", "See the server's log: it was restarted or killed, most likely."),
    Reason.NOT_FOUND: ("The address of Redis is not known.", "Correct the host or path in REDIS_URL, or mend DNS."),
    Reason.TLS: (
        "No trusted TLS connection to Redis could be made.",
        "For a self-signed certificate set REDIS_TLS=self_signed, or name its authority with ?ssl_ca_certs=.",
    ),
    Reason.GARBAGE: ("What answers is not Redis.", "Correct the host and port in REDIS_URL."),
    Reason.CROWDED: ("All connections to Redis are in use.", "Redis is slow, or the plan allows too few clients."),
    Reason.READ_ONLY: ("Redis is read-only.", "A failover happened: point REDIS_URL at the primary, or use Sentinel."),
    Reason.LOADING: ("Redis is loading its data.", "Wait until it is done."),
    Reason.OUT_OF_MEMORY: ("Redis is full.", "Raise maxmemory or the plan, or lower CALL_LOG_DAYS."),
    Reason.DISK: ("Redis cannot write to its disk and refuses changes.", "Free disk space on the server of Redis."),
    Reason.BUSY: ("Redis is busy with a script.", "Wait, or end the script with SCRIPT KILL."),
    Reason.DENIED: ("Redis does not accept the user or password.", "Correct the credentials in REDIS_URL."),
    Reason.REPLICATION: ("Redis lacks its primary or its replicas.", "See the replication state of the server."),
}

_CODES: Final[Mapping[str, Reason]] = {
    # The first word of an error answer, https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
    "READONLY": Reason.READ_ONLY,
    "LOADING": Reason.LOADING,
    "OOM": Reason.OUT_OF_MEMORY,
    "MISCONF": Reason.DISK,
    "BUSY": Reason.BUSY,
    "NOAUTH": Reason.DENIED,
    "WRONGPASS": Reason.DENIED,
    "NOPERM": Reason.DENIED,
    "DENIED": Reason.DENIED,
    "MASTERDOWN": Reason.REPLICATION,
    "NOREPLICAS": Reason.REPLICATION,
    "CLUSTERDOWN": Reason.REPLICATION,
    "TRYAGAIN": Reason.REPLICATION,
}
_CROWDED_ANSWER = "ERR max number of clients"
_INSIDE_A_SCRIPT = re.compile(r"@user_script: ?\d+: -([A-Z]+) ")
"""Before Redis 7, an answer that a script got is told behind the place in the script that got it."""


def error_from_answer(answer: str) -> StoreUnavailableError | CommandError:
    """The typed form of one error answer (`-READONLY You can't write …`)."""
    if answer.startswith(_CROWDED_ANSWER):
        return StoreUnavailableError(Reason.CROWDED)
    inside = _INSIDE_A_SCRIPT.search(answer)
    reason = _CODES.get(inside[1] if inside else answer.split(" ", 1)[0])
    return StoreUnavailableError(reason) if reason else CommandError(answer)


def error_reader(noted: list[StoreUnavailableError | CommandError]) -> Callable[[Any], Exception]:
    """What hiredis calls for each error answer: it becomes a value, and is noted so that nobody has to search."""

    def note(answer: Any) -> Exception:
        error = error_from_answer(str(answer))
        noted.append(error)
        return error

    return note
