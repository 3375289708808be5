"""Why another server gave no answer, for people: the library's own text repeats whole addresses and its own objects."""

from __future__ import annotations

import socket
import ssl

import requests
from urllib3.exceptions import NameResolutionError


def why_unanswered(fault: requests.RequestException) -> str:
    """A clause, such as `nothing listens there`."""
    behind = getattr(fault.args[0], "reason", None) if fault.args else None
    if isinstance(fault, requests.exceptions.SSLError):
        return "no trusted TLS connection can be made"
    if isinstance(fault, requests.ConnectTimeout):
        return "it cannot be reached in time"
    if isinstance(fault, requests.Timeout):
        return "no answer came in time"
    if isinstance(behind, NameResolutionError):
        return "its name is not known"
    return "nothing listens there" if is_refused(fault) else "the connection broke off"


def why_unreached(fault: OSError) -> str:
    """The same of a plain socket."""
    return next((words for kinds, words in _OF_SOCKETS if isinstance(fault, kinds)), "the connection broke off")


_OF_SOCKETS: tuple[tuple[type[OSError], str], ...] = (
    (ssl.SSLError, "no trusted TLS connection can be made"),
    (TimeoutError, "no answer came in time"),
    (socket.gaierror, "its name is not known"),
    (ConnectionRefusedError, "nothing listens there"),
)


def is_refused(fault: requests.RequestException) -> bool:
    """Whether no server took the request, so that it cannot have done anything."""
    return "Connection refused" in str(fault)
