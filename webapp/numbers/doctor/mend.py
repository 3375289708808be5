"""`handoff doctor --fix`: mends what is safe to mend. None of it changes where a call goes; the rest is for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from webapp.configurations.conflicts import STORE_FAULTS, in_words
from webapp.messaging.a2p.report import RefreshRunningError
from webapp.messaging.refusals import fix_of, message_of
from webapp.numbers.connecting import Change, NumberNotFoundError, Numbers
from webapp.numbers.doctor.findings import Result, Status
from webapp.numbers.doctor.surroundings import Surroundings
from webapp.numbers.recommended import NotPublicError
from webapp.numbers.states import Leads, state_of
from webapp.twilio_rest.errors import TwilioRequestError


@dataclass(frozen=True, slots=True)
class Tools:
    """What mending needs of the connected account. `read_registration` reads it at Twilio again.

    `note_connected` writes a change into the audit log, and gives empty or why it could not.
    """

    numbers: Numbers
    read_registration: Callable[[], object]
    note_connected: Callable[[Change], str]


def mend(results: Sequence[Result], seen: Surroundings, tools: Tools) -> Iterator[str]:
    """Mends what failed and can be mended here, and says of each thing what was done or why not."""
    troubled = [result.id for result in results if result.status in (Status.WARN, Status.FAIL)]
    for repair in dict.fromkeys(MENDS[one] for one in troubled if one in MENDS):
        try:
            yield from repair(seen, tools)
        except TwilioRequestError as error:
            yield f"Not mended: {message_of(error)} {fix_of(error)}"
        except (NotPublicError, NumberNotFoundError) as error:
            yield f"Not mended: {error}"
        except RefreshRunningError:
            yield "Not mended: the account is being read at this moment."
        except STORE_FAULTS as error:
            yield f"Not mended: {in_words(error)}"


def _bring_numbers_up_to_date(seen: Surroundings, tools: Tools) -> Iterator[str]:
    """Numbers that lead here already: their calls keep coming here, and `disconnect` still knows what was before."""
    states = [state_of(number, seen.address.url) for number in (seen.twilio.numbers if seen.twilio else ())]
    for e164 in [one.number.phone_number for one in states if one.leads is Leads.HERE and not one.is_fine]:
        change = tools.numbers.plan_connect(e164, seen.address.url)
        tools.numbers.connect(change)
        yield f"{e164} is set as recommended; its calls keep coming here."
        if why := tools.note_connected(change):
            yield f"It was done, and is missing in the audit log. {why}"


def _read_registration(_: Surroundings, tools: Tools) -> Iterator[str]:
    tools.read_registration()
    yield "The SMS registration was read again."


MENDS: dict[str, Callable[[Surroundings, Tools], Iterator[str]]] = {
    "numbers_fallback": _bring_numbers_up_to_date,
    "numbers_method": _bring_numbers_up_to_date,
    "numbers_status_callback": _bring_numbers_up_to_date,
    "numbers_overrides": _bring_numbers_up_to_date,
    "sms_registration": _read_registration,
}
