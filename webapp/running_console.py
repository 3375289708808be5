"""Where people begin after `handoff run`: the console, and in development the one-time link to its first account."""

from __future__ import annotations

import json
import urllib.request

from webapp.people.assembly import people_of
from webapp.people.store_away import STORE_AWAY
from webapp.settings import Settings


def console_address(settings: Settings, local_url: str) -> str:
    """In development the one-time link, while there is nobody who could sign in."""
    address = f"{local_url}/"
    if settings.is_production or _edits_are_refused(local_url):
        return address  # A link is an edit, and a store that hangs was waited for once already.
    try:
        set_up = people_of(settings).set_up
        return set_up.make_link(address) if set_up.is_needed() else address
    except STORE_AWAY:
        return address


def _edits_are_refused(local_url: str) -> bool:
    """Does the web server that runs there say so? What it does not say is tried."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{local_url}/readyz", timeout=1) as answer:
            readiness = json.load(answer)
    except (OSError, ValueError):
        return False
    configuration = readiness.get("configuration") if isinstance(readiness, dict) else None
    return isinstance(configuration, dict) and configuration.get("edits_refused") is not None
