"""The `<Dial>` of a handoff. All that is the same for every call to a destination is written once and kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from handoff_rules.destinations import Destination
from handoff_rules.routes import PhoneRoute, SipRoute
from handoff_rules.same import Same
from twiml import attribute_values
from twiml.callbacks import StatusCallback
from twiml.dial import MachineDetection, NumberTarget, SipTarget, checked_caller_id, dial
from twiml.sip_address import header_fields, sip_uri
from twiml.spoken import Spoken
from twiml.stencil import Stencil
from webapp import urls
from webapp.urls import PublicURLs

Routes = tuple[PhoneRoute | SipRoute, ...]


class OfOneCall(NamedTuple):
    """What differs from call to call: the state in its callbacks, the caller ID shown, the headers sent.

    `machine_state` is the state for the callback of machine detection, "" without it.
    """

    state: str
    machine_state: str
    caller_id: str | None
    headers: Sequence[tuple[str, str]]


_STATE, _MACHINE_STATE, _CALLER_ID = "mark-of-the-state", "mark-of-the-machine", "+999999999999999"
_HEADERS = (("X-Mark", "headers"),)
_HEADER_FIELDS = f"?{header_fields(_HEADERS)}"
_MARKS = (_STATE, _MACHINE_STATE, _CALLER_ID, _HEADER_FIELDS)


def dialled(
    destination: Destination, routes: Routes, public: PublicURLs, call: OfOneCall, *, before: Sequence[Spoken],
    is_said_to_all: bool,
) -> str:  # fmt: skip
    """The document that dials these routes. `is_said_to_all`: no variable of the call is in the words before it.

    Raises DocumentError as `twiml.dial.dial` does.
    """
    if not is_said_to_all or any(mark in words.text for words in before for mark in _MARKS):
        return _written(destination, routes, public, call, tuple(before))
    stencil = _stencil(Same(destination), routes, public, tuple(before), call.caller_id is not None)
    attribute_values.callback_url(public.to(urls.DIAL_ENDED, call.state), "Dial action")
    if call.caller_id is not None:
        checked_caller_id(call.caller_id, phone=_rings_a_phone(routes))
    fields = header_fields(call.headers)
    return stencil.filled({
        _STATE: call.state, _MACHINE_STATE: call.machine_state, _CALLER_ID: call.caller_id or "",
        _HEADER_FIELDS: f"?{fields}" if fields else "",
    })  # fmt: skip


@lru_cache(maxsize=2048)
def _stencil(
    same: Same[Destination], routes: Routes, public: PublicURLs, before: tuple[Spoken, ...], shows: bool
) -> Stencil:
    marks = OfOneCall(_STATE, _MACHINE_STATE, _CALLER_ID if shows else None, _HEADERS)
    return Stencil(_written(same.value, routes, public, marks, before), _MARKS)


def _written(
    destination: Destination, routes: Routes, public: PublicURLs, call: OfOneCall, before: tuple[Spoken, ...]
) -> str:
    return dial(
        [_target(route, destination, public, call) for route in routes],
        action=public.to(urls.DIAL_ENDED, call.state),
        timeout_seconds=destination.ring_seconds,
        time_limit_seconds=destination.time_limit_seconds,
        caller_id=call.caller_id,
        in_order=destination.ring == "in_order" and len(routes) > 1,
        before=before,
    )


def _target(
    route: PhoneRoute | SipRoute, destination: Destination, public: PublicURLs, call: OfOneCall
) -> NumberTarget | SipTarget:
    status = StatusCallback(public.to(urls.STATUS, call.state))
    screen = None if destination.screen == "off" else public.to(urls.SCREEN, call.state)
    heard = public.to(urls.STATUS, call.machine_state)
    detection = MachineDetection(heard) if destination.machine_detection else None
    if isinstance(route, PhoneRoute):
        digits = destination.send_digits or None
        return NumberTarget(
            number=route.e164, status=status, send_digits=digits, screen_url=screen, machine_detection=detection
        )
    return SipTarget(
        uri=sip_uri(route.uri, call.headers), status=status, screen_url=screen, machine_detection=detection
    )


def _rings_a_phone(routes: Routes) -> bool:
    return any(isinstance(route, PhoneRoute) for route in routes)
