"""What use cases raise, as problems: one table, so that the same refusal is the same answer everywhere."""

from __future__ import annotations

from collections.abc import Callable

from handoff_rules.problems import ConfigurationError, errors_in
from webapp.api.problem import ApiFault, Fault
from webapp.api.reading import faults_of, pointer
from webapp.calls import handoff
from webapp.calls.reader import UnknownCallError
from webapp.calls.told import ReservedNameError
from webapp.configurations.conflicts import (
    STORE_FAULTS,
    ConflictError,
    EditRefusedError,
    EditUncertainError,
    PromotionRefusedError,
    StoreEmptyError,
    StoreNotTrustedError,
    StoreRefusedError,
    VersionNotFoundError,
)
from webapp.configurations.parts import ItemNotFoundError, OtherNameError
from webapp.configurations.strict_text import TextError
from webapp.messaging.refusals import fix_of, message_of
from webapp.numbers.account_access import NotConnectedError
from webapp.numbers.connecting import NothingToUndoError, NumberNotFoundError
from webapp.numbers.recommended import BadFallbackError, NotPublicError
from webapp.store.repeats import OtherRequestError, StillRunningError
from webapp.store.sealed import SealError
from webapp.tokens.register import TokenNameError, TokenNotFoundError, TwoTokensError
from webapp.twilio_rest.errors import TwilioRequestError


def as_problem(error: Exception) -> ApiFault | None:
    """None: not a refusal that we know, so a fault of ours."""
    if isinstance(error, ApiFault):
        return error
    if isinstance(error, STORE_FAULTS):
        # The library's own text may hold an address, so it is not shown.
        said = str(error) if hasattr(error, "fix") else "Redis does not answer. Calls go on; try again in a moment."
        return ApiFault("store_away", said)
    return next((make(error) for kinds, make in _TABLE if isinstance(error, kinds)), None)


def _said(code: str) -> Callable[[Exception], ApiFault]:
    return lambda error: ApiFault(code, str(error))


def _missing(path: str) -> Callable[[Exception], ApiFault]:
    return lambda error: ApiFault("not_found", str(error), fix=f"GET /api/v1{path} lists what there is.")


def _no_item(error: Exception) -> ApiFault:
    assert isinstance(error, ItemNotFoundError)
    return _missing(f"/{error.part}")(error)


def _conflict(error: Exception) -> ApiFault:
    assert isinstance(error, ConflictError)
    return ApiFault(
        "conflict", str(error), expected=error.expected, current=error.current, theirs=dict(error.theirs),
        yours=dict(error.yours),
    )  # fmt: skip


def _invalid(error: Exception) -> ApiFault:
    assert isinstance(error, ConfigurationError)
    return ApiFault("invalid", f"{error}.", faults_of(error.problems))


def _not_promoted(error: Exception) -> ApiFault:
    assert isinstance(error, PromotionRefusedError)
    fix = "Mend the version or the test; a run of the tests says what differs."
    tests = [
        Fault(path="tests", detail=f"The required saved test {name!r} failed.", fix=fix) for name in error.failed_tests
    ]
    return ApiFault("tests_failed" if tests else "invalid", str(error),
                    [*faults_of(errors_in(error.problems)), *tests])  # fmt: skip


def _text(error: Exception) -> ApiFault:
    assert isinstance(error, TextError)
    return ApiFault("malformed", str(error), [Fault(pointer="", detail=error.message, fix=error.fix)])


def _field(pointer: str, fix: str) -> Callable[[Exception], ApiFault]:
    return lambda error: ApiFault("invalid", str(error), [Fault(pointer=pointer, detail=str(error), fix=fix)])


def _wish(error: Exception) -> ApiFault:
    assert isinstance(error, handoff.WishError)
    return ApiFault("invalid", str(error), [Fault(pointer=pointer(error.place), detail=str(error), fix=error.fix)])


def _reserved(error: Exception) -> ApiFault:
    assert isinstance(error, ReservedNameError)
    fix = "Choose another name."
    return ApiFault(
        "invalid", str(error), [Fault(pointer=pointer(("variables", error.name)), detail=str(error), fix=fix)]
    )


def _twilio(error: Exception) -> ApiFault:
    assert isinstance(error, TwilioRequestError)
    said = f"{message_of(error)} {fix_of(error)}"
    if error.ambiguous:
        return ApiFault("twilio_uncertain", said, twilio_code=error.code)
    if not error.permanent:
        return ApiFault("twilio_away", said, twilio_code=error.code)
    return ApiFault("twilio_refused", said, twilio_code=error.code)


_TABLE: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Callable[[Exception], ApiFault]], ...] = (
    (ConflictError, _conflict),
    (VersionNotFoundError, _missing("/versions")),
    (PromotionRefusedError, _not_promoted),
    ((StoreEmptyError, StoreRefusedError, StoreNotTrustedError, EditUncertainError, SealError), _said("store_away")),
    (OtherNameError, _field("", "Name the same in both, or leave it out of the body.")),
    (TokenNameError, _field("/name", "Send a name of that kind.")),
    ((EditRefusedError, TwoTokensError), _said("refused")),
    (ConfigurationError, _invalid),
    (TextError, _text),
    (TokenNotFoundError, _missing("/tokens")),
    (NumberNotFoundError, _missing("/numbers")),
    (UnknownCallError, _missing("/calls")),
    (ItemNotFoundError, _no_item),
    (NothingToUndoError, _said("not_found")),
    (handoff.CallOverError, _said("call_over")),
    (handoff.HandoffRunningError, _said("handoff_running")),
    (handoff.WishError, _wish),
    (ReservedNameError, _reserved),
    (NotConnectedError, _said("not_connected")),
    (BadFallbackError, _field("/fallback_url", "Send another address, or none for our own route.")),
    (NotPublicError, _said("refused")),
    (StillRunningError, lambda _: ApiFault("refused", "The first request with this Idempotency-Key still runs.",
                                           fix="Send it again after a second, under the same key.",
                                           headers={"Retry-After": "1"})),
    (OtherRequestError, lambda _: ApiFault("invalid", "This Idempotency-Key was used for another request.",
                                           [Fault(parameter="Idempotency-Key", detail="Already used.",
                                                  fix="Send a new key with each new request.")])),
    (TwilioRequestError, _twilio),
)  # fmt: skip
