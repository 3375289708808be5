"""Settings: the site, numbers and test callers, people and roles, sessions, appearance, the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from handoff_rules.problems import ConfigurationError, Problem
from webapp.configurations.audit import Entry, read_line
from webapp.configurations.conflicts import EditRefusedError
from webapp.configurations.deployment import PromotionPolicy
from webapp.configurations.loops import loops
from webapp.console import editing
from webapp.console.access import author, who
from webapp.console.asked import whole_number
from webapp.console.conflict import Conflict, settings_conflict
from webapp.console.forms import Draft, Form, form_with, lines_of
from webapp.console.frame import BOTH, show, tell
from webapp.console.needs import needs
from webapp.console.pages import Pages
from webapp.console.pagination import Pager
from webapp.console.people_pages import audit_people
from webapp.console.twin import Twin, call_api
from webapp.people.passwords import WeakPasswordError, is_right
from webapp.people.roles import Role
from webapp.people.store_away import STORE_AWAY

pages = Pages("settings", __name__)
SECTION = "settings"
A_YEAR = 365 * 86_400
SHOWN_ENTRIES = 1_000
"""Of the audit log, which keeps more: the newest ones."""
SITE_FIELDS = ("name", "time_zone", "country", "sip_host", "default_destination")


@pages.page("/settings", Role.VIEWER)
def index() -> ResponseReturnValue:
    return _page()


@pages.page("/settings/site", Role.OPERATOR, post=True)
def site() -> ResponseReturnValue:
    """Part of the configuration, so it is versioned and promoted like everything else."""
    draft = editing.typed()
    document = editing.document_at(editing.opened_at())
    for name in SITE_FIELDS:
        text = str(draft.get(name, "")).strip()
        document.pop(name, None)
        if text:
            document[name] = text
    ending = str(draft.get("ending", "")).strip()
    if ending:
        document["ending"] = {**(document.get("ending") or {}), "say": ending}
        for other in ("voicemail", "hang_up"):
            document["ending"].pop(other, None)
    attempt = editing.save(document, note="Changed the site settings")
    if attempt.saved is None:
        form = form_with(draft, attempt.problems, root="", renamed=lambda path: path.split("/")[0])
        conflict = settings_conflict(attempt.conflict, (*SITE_FIELDS, "ending")) if attempt.conflict else None
        return _page(site_form=form, conflict=conflict, refusal=attempt.refusal), attempt.status
    editing.tell_saved(attempt.saved, "Changed the site.")
    return redirect(url_for(".index"))


@pages.page("/settings/numbers", Role.ADMIN, post=True)
def numbers() -> ResponseReturnValue:
    """The deployment document counts at once, for both environments."""
    draft = editing.typed()
    document: dict[str, Any] = {
        "numbers": {number: {"environment": "production"} for number in lines_of(str(draft.get("production", "")))}
        | {number: {"environment": "sandbox"} for number in lines_of(str(draft.get("sandbox", "")))},
        "test_callers": lines_of(str(draft.get("test_callers", ""))),
    }
    for name in ("sandbox_phone", "default_caller_id"):
        document[name] = str(draft.get(name, "")).strip() or None
    try:
        # A fresh deployment is at 0, so an unreadable one must be something else.
        expected = whole_number(request.form.get("_version", ""))
        # A number's own caller ID has no field here: what is stored of it stays.
        kept = needs().live.deployment.numbers
        for number, about in document["numbers"].items():
            if number in kept and kept[number].caller_id:
                about["caller_id"] = kept[number].caller_id
        document["promotion"] = needs().live.deployment.promotion.model_dump()
        saved = needs().configurations.deployments.save(
            document, expected=-1 if expected is None else expected, author=author(), note="Changed in the console"
        )
    except (ValidationError, ConfigurationError) as fault:
        problems = _number_problems(fault)
        return _page(numbers_form=Form(draft, problems, {problem.path: problem for problem in problems})), 422
    except (EditRefusedError, *STORE_AWAY) as refusal:
        return _page(numbers_form=Form(draft), refusal=_said(refusal)), 409
    tell(f"Saved. It counts for the next call.{'' if saved.durable else ' ' + saved.why}")
    for loop in loops(needs().live.configurations(), needs().live.deployment.own_numbers):
        tell(f"{loop.message} {loop.fix}", "warn")
    return redirect(url_for(".index"))


@pages.page("/settings/promotion", Role.ADMIN, post=True)
def promotion() -> ResponseReturnValue:
    """Counts at once, for console, API and command line alike."""
    wanted = PromotionPolicy(note_required="note_required" in request.form, two_people="two_people" in request.form)
    try:
        saved = needs().configurations.deployments.require(wanted, author=author())
    except (EditRefusedError, *STORE_AWAY) as refusal:
        return _page(refusal=_said(refusal)), 503
    tell(f"Saved. It counts for the next promote.{'' if saved.durable else ' ' + saved.why}")
    return redirect(url_for(".index"))


@pages.page("/settings/appearance", Role.VIEWER, post=True)
def appearance() -> ResponseReturnValue:
    """Kept in this browser alone."""
    theme = request.form.get("theme", "")
    answer = make_response(redirect(url_for(".index", _anchor="appearance")))
    for name, value in (
        ("theme", theme if theme in {"light", "dark"} else ""),
        ("shortcuts", "" if request.form.get("shortcuts") else "off"),
    ):
        if value:
            answer.set_cookie(name, value, max_age=A_YEAR, samesite="Lax", secure=request.is_secure, httponly=True)
        else:
            answer.delete_cookie(name)
    return answer


@pages.page("/settings/password", Role.VIEWER, post=True)
def password() -> ResponseReturnValue:
    user = who().user
    if not is_right(user.password_hash, request.form.get("_current", "")):
        tell("Your present password is not the one you typed. Nothing was changed.", "bad")
        return redirect(url_for(".index"))
    try:
        needs().people.users.change_password(user.id, request.form.get("_new", ""))
    except WeakPasswordError as weak:
        tell(f"{weak} Nothing was changed.", "bad")
        return redirect(url_for(".index"))
    audit_people("password changed", user.email)
    tell("Changed. Every session ended: sign in again.")
    return redirect(url_for("console.sign_in.index"))


@pages.page("/settings/sessions/end", Role.VIEWER, post=True)
def end_session() -> ResponseReturnValue:
    """Of one's own sessions; an admin ends those of others by switching them off or changing their role."""
    identifier, sessions = request.form.get("id", ""), needs().people.sessions
    if identifier not in {session.id for session in sessions.of(who().user.id)}:
        abort(404, description="That session is over already.")
    sessions.end(identifier)
    tell("Ended.")
    return redirect(url_for(".index"))


@pages.page("/settings.json", Role.VIEWER)
def as_json() -> ResponseReturnValue:
    """The site's own settings, and of the deployment what everybody may see."""
    site = {name: editing.sandbox().document.get(name) for name in (*SITE_FIELDS, "ending")}
    return jsonify(site=site, deployment=needs().live.deployment.shown())


@pages.page("/settings/audit", Role.ADMIN)
def audit() -> ResponseReturnValue:
    try:
        lines: list[bytes] | None = needs().configurations.store.audit_lines(-SHOWN_ENTRIES, -1)[::-1]
    except STORE_AWAY:
        lines = None
    pager = Pager.of(lines or (), request)
    return show(
        "audit.html",
        section=SECTION,
        view=BOTH,
        tab="audit",
        help="settings",
        known=lines is not None,
        pager=pager,
        entries=[entry for entry in map(_entry, pager.shown) if entry],
        read=datetime.fromisoformat,
        twin=Twin(curl=call_api("audit"), json=url_for(".audit_json")),
    )


@pages.page("/settings/audit.json", Role.ADMIN)
def audit_json() -> ResponseReturnValue:
    entries = [_entry(line) for line in needs().configurations.store.audit_lines(-SHOWN_ENTRIES, -1)]
    return jsonify([
        {name: getattr(entry, name) for name in ("sequence", "at", "actor", "action", "subject", "note")}
        for entry in entries if entry
    ])  # fmt: skip


def _page(
    *,
    site_form: Form | None = None,
    numbers_form: Form | None = None,
    conflict: Conflict | None = None,
    refusal: str = "",
) -> str:
    published = editing.sandbox()
    configuration = published.compiled.configuration
    draft = {name: getattr(configuration, name) or "" for name in SITE_FIELDS} | {
        "ending": configuration.ending.say or ""
    }
    try:
        stored = needs().configurations.deployments.read()
        deployment, serial = stored.deployment, stored.serial
        sessions = needs().people.sessions.of(who().user.id)
    except (EditRefusedError, *STORE_AWAY):
        deployment, serial, sessions = needs().live.deployment, 0, []
    return show(
        "settings.html",
        section=SECTION,
        site=site_form or Form(draft),
        numbers=numbers_form or Form(_numbers_draft(deployment)),
        promotion=deployment.promotion,
        serial=serial,
        tab="",
        conflict=conflict,
        refusal=refusal,
        version=published.version.number,
        destinations=[(item.id, item.name) for item in configuration.destinations],
        credentials=deployment.shown().get("twilio"),
        from_environment=needs().settings.twilio_account_sid,
        sessions=sessions,
        me=who(),
        days=needs().settings.call_log_days,
        roles=list(Role),
        twin=Twin(curl=call_api("deployment"), json=url_for(".as_json")),
    )


def _numbers_draft(deployment: Any) -> Draft:
    of = {"production": [], "sandbox": []}  # type: dict[str, list[str]]
    for number, about in deployment.numbers.items():
        of[about.environment].append(number)
    return {
        "production": "\n".join(of["production"]),
        "sandbox": "\n".join(of["sandbox"]),
        "test_callers": "\n".join(deployment.test_callers),
        "sandbox_phone": deployment.sandbox_phone or "",
        "default_caller_id": deployment.default_caller_id or "",
    }


def _number_problems(fault: ValidationError | ConfigurationError) -> tuple[Problem, ...]:
    if isinstance(fault, ConfigurationError):
        return fault.problems
    return tuple(_number_problem(error) for error in fault.errors())


def _number_problem(error: Any) -> Problem:
    place = [str(part) for part in error["loc"]]
    names = {"numbers": "production", "test_callers": "test_callers"}
    shown = place[1] if len(place) > 1 and place[0] == "numbers" else str(error.get("input", ""))
    return Problem(
        names.get(place[0], place[0]),
        f"{shown[:40]} is not a phone number.",
        "Write it with the country code, for example +14155550100.",
    )


def _entry(line: bytes) -> Entry | None:
    try:
        return read_line(line)[0]
    except (ValueError, TypeError):
        return None


def _said(refusal: Exception) -> str:
    if isinstance(refusal, STORE_AWAY):
        return f"The store does not answer, so nothing was saved. {editing.store_words(refusal)}"
    return str(refusal)
