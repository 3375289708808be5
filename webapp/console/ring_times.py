"""How long callers of the last day waited before somebody took their call."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from handoff_rules.outcomes import Ends
from webapp.calls.wanted import Wanted
from webapp.console.needs import needs
from webapp.console.pictures.ring_time import ring_time
from webapp.people.store_away import STORE_AWAY

MOST = 100


def ring_times(destination: str = "") -> Markup | None:
    """The picture over the latest answered production calls, at most MOST, of this destination or of all.

    None when there are none, and when the store does not answer.
    """
    since = int((needs().clock() - timedelta(hours=24)).timestamp() * 1000)
    wanted = Wanted(environment="production", destination=destination, ends=Ends.ANSWERED.value)
    try:
        found = needs().calls.find(wanted, after=since, limit=MOST).calls
        lasting = needs().calls.lasting([call.call_sid for call in found])
    except STORE_AWAY:
        return None
    seconds = [one.ring for one in lasting.values() if one.ring is not None]
    return ring_time(seconds) if seconds else None
