"""Faults told to Sentry: those of the log, as clean as the log, and never more than the log says."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from webapp.fault_reports import begin_logging
from webapp.logs import LibraryHandler
from webapp.numbers.doctor.look import look_at_machine
from webapp.settings import Settings, load_settings
from webapp.version import VERSION

DSN = "https://key@sentry.example.com/1"


class Sentry:
    """A stand-in for the package: what it was started with, and what it was given."""

    def __init__(self) -> None:
        self.started: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        self.is_broken = False

    def init(self, **options: Any) -> None:
        self.started = options

    def capture_event(self, event: dict[str, Any]) -> None:
        if self.is_broken:
            raise OSError("nobody takes it")
        self.events.append(event)


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    level = root.level
    yield
    structlog.reset_defaults()
    root.setLevel(level)
    for handler in [*root.handlers]:
        if isinstance(handler, LibraryHandler):
            root.removeHandler(handler)


def settings(tmp_path: Path, **more: str) -> Settings:
    return load_settings({"HANDOFF_DATA_DIR": str(tmp_path), "SECRET_KEY": "canary-secret-7f3a9c-canary-secret"} | more)


def test_a_fault_is_told_with_its_place_and_without_what_the_log_masks(tmp_path: Path) -> None:
    sentry = Sentry()
    begin_logging(settings(tmp_path, SENTRY_DSN=DSN), sentry)
    try:
        raise ValueError("no canary-secret-7f3a9c-canary-secret for +12125550123")
    except ValueError:
        structlog.get_logger().exception("api route failed", route="get_calls", pii_caller="+12125550123")
    (event,) = sentry.events
    (fault,) = event["exception"]["values"]
    assert (event["level"], event["message"]) == ("error", "api route failed")
    assert event["extra"] == {"route": "get_calls", "pii_caller": "******23"}
    assert (fault["type"], fault["value"]) == ("ValueError", "no [secret] for ******23")
    assert fault["stacktrace"]["frames"][-1]["filename"] == "logs/test_fault_reports.py"
    assert fault["stacktrace"]["frames"][-1]["lineno"] > 1


def test_faults_of_libraries_are_told_and_what_is_no_fault_is_not(tmp_path: Path) -> None:
    sentry = Sentry()
    begin_logging(settings(tmp_path, SENTRY_DSN=DSN), sentry)
    structlog.get_logger().warning("webhook refused")
    logging.getLogger("gunicorn.error").critical("the worker died")
    assert [(event["level"], event["message"]) for event in sentry.events] == [("fatal", "the worker died")]


def test_the_package_is_started_so_that_it_sends_nothing_by_itself(tmp_path: Path) -> None:
    sentry = Sentry()
    begin_logging(settings(tmp_path, SENTRY_DSN=DSN), sentry)
    assert sentry.started == {
        "dsn": DSN, "release": VERSION, "default_integrations": False, "auto_enabling_integrations": False,
        "max_breadcrumbs": 0, "send_default_pii": False, "include_local_variables": False,
    }  # fmt: skip


def test_a_report_that_nobody_takes_harms_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sentry = Sentry()
    sentry.is_broken = True
    begin_logging(settings(tmp_path, SENTRY_DSN=DSN), sentry)
    structlog.get_logger().error("a page failed")
    assert "a page failed" in capsys.readouterr().err


def test_without_a_dsn_nothing_is_started(tmp_path: Path) -> None:
    sentry = Sentry()
    begin_logging(settings(tmp_path), sentry)
    structlog.get_logger().error("a page failed")
    assert (sentry.started, sentry.events) == ({}, [])


@pytest.mark.skipif("sentry_sdk" in sys.modules, reason="the package is here")
def test_a_dsn_without_the_package_is_said_by_log_and_doctor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = settings(tmp_path, SENTRY_DSN=DSN)
    begin_logging(asked)
    assert "the package sentry-sdk is not installed" in capsys.readouterr().err
    assert look_at_machine(asked, tmp_path).missing_packages == ("sentry_sdk",)
