"""Runs every check. One that breaks is itself a finding: the doctor must work on the worst day."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from webapp.numbers.doctor.address_checks import ADDRESS_CHECKS
from webapp.numbers.doctor.findings import Check, Finding, Result, Status
from webapp.numbers.doctor.machine_checks import MACHINE_CHECKS
from webapp.numbers.doctor.production_checks import PRODUCTION_CHECKS
from webapp.numbers.doctor.store_checks import STORE_CHECKS
from webapp.numbers.doctor.surroundings import Surroundings
from webapp.numbers.doctor.twilio_checks import TWILIO_CHECKS

log = structlog.get_logger(__name__)

CHECKS: tuple[Check, ...] = (
    *MACHINE_CHECKS, *STORE_CHECKS, *PRODUCTION_CHECKS, *ADDRESS_CHECKS, *TWILIO_CHECKS,
)  # fmt: skip


def examine(seen: Surroundings, checks: Sequence[Check] = CHECKS) -> tuple[Result, ...]:
    return tuple(_result(check, _run(check, seen)) for check in checks)


def has_failed(results: Sequence[Result]) -> bool:
    return any(result.status is Status.FAIL for result in results)


def _run(check: Check, seen: Surroundings) -> Finding:
    try:
        return check.run(seen)
    except Exception as error:
        log.exception("check broke", check=check.id)
        return Finding(
            Status.FAIL, f"The check itself broke ({type(error).__name__}).", "Report it as a bug of Handoff."
        )


def _result(check: Check, finding: Finding) -> Result:
    return Result(check.id, check.title, finding.status, finding.found, finding.fix)
