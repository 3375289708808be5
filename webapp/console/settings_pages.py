"""Settings: the site, numbers and test callers, people and roles, sessions, appearance, the audit log."""

from __future__ import annotations

from datetime import datetime

from flask import jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from handoff_rules.configuration import Configuration
from handoff_rules.problems import ConfigurationError
from webapp.configurations.audit import Entry, read_line
from webapp.configurations.conflicts import ConflictError, EditRefusedError
from webapp.configurations.deployment import PromotionPolicy
from webapp.configurations.loops import loops
from webapp.console import editing, own_numbers_form, told
from webapp.console.access import author, who
from webapp.console.conflict import Conflict, configuration_with, opened_at_or, settings_conflict
from webapp.console.forms import Draft, Form, form_with
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
        if conflict is not None:
            form = Form(conflict.followed(draft, lambda parts: _site_draft(configuration_with(parts))))
        return _page(site_form=form, conflict=conflict, refusal=attempt.refusal), attempt.status
    told.tell_saved(attempt.saved, "Changed the site.")
    return redirect(url_for(".index", _anchor="main"))


@pages.page("/settings/numbers", Role.ADMIN, post=True)
def numbers() -> ResponseReturnValue:
    """The deployment document counts at once, for both environments."""
    draft = editing.typed()
    try:
        saved = needs().configurations.deployments.save(
            own_numbers_form.document_of(draft, needs().live.deployment),
            expected=own_numbers_form.serial_sent(), author=author(), note="Changed in the console",
        )  # fmt: skip
    except (ValidationError, ConfigurationError) as fault:
        problems = own_numbers_form.problems_of(fault)
        return _page(numbers_form=Form(draft, problems, {problem.path: problem for problem in problems})), 422
    except ConflictError as refused:
        conflict = own_numbers_form.conflict_of(refused)
        return _page(numbers_form=Form(conflict.followed(draft, dict)), conflict=conflict), 409
    except (EditRefusedError, *STORE_AWAY) as refusal:
        return _page(numbers_form=Form(draft), refusal=_said(refusal)), 409
    tell(f"Saved. It counts for the next call.{'' if saved.durable else ' ' + saved.why}")
    for loop in loops(needs().live.configurations(), needs().live.deployment.own_numbers):
        tell(f"{loop.message} {loop.fix}", "warn")
    return redirect(url_for(".index", _anchor="main"))


@pages.page("/settings/promotion", Role.ADMIN, post=True)
def promotion() -> ResponseReturnValue:
    """Counts at once, for console, API and command line alike."""
    try:
        wanted = _policy(needs().configurations.deployments.read().deployment.promotion)
        saved = needs().configurations.deployments.require(wanted, author=author())
    except (EditRefusedError, *STORE_AWAY) as refusal:
        return _page(refusal=_said(refusal)), 503
    tell(f"Saved. It counts for the next promote.{'' if saved.durable else ' ' + saved.why}")
    return redirect(url_for(".index"))


def _policy(stored: PromotionPolicy) -> PromotionPolicy:
    """What is stored, besides the ticks that were changed here: another one may have been set while this was open."""
    ticked = {name: name in request.form for name in PromotionPolicy.model_fields}
    changed = {name: tick for name, tick in ticked.items() if str(tick) != request.form.get(f"_was_{name}")}
    return stored.model_copy(update=changed)


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
        tell("That session was over already.")
        return redirect(url_for(".index"))
    sessions.end(identifier)
    tell("The session is ended.")
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
    try:
        stored = needs().configurations.deployments.read()
        deployment, serial = stored.deployment, stored.serial
        sessions = needs().people.sessions.of(who().user.id)
    except (EditRefusedError, *STORE_AWAY):
        deployment, serial, sessions = needs().live.deployment, 0, []
    return show(
        "settings.html",
        section=SECTION,
        site=site_form or Form(_site_draft(configuration)),
        numbers=numbers_form or Form(own_numbers_form.draft_of(deployment)),
        opened=own_numbers_form.as_sent()
        if numbers_form and not conflict
        else own_numbers_form.Opened(serial, own_numbers_form.draft_of(deployment)),
        promotion=deployment.promotion,
        tab="",
        conflict=conflict,
        refusal=refusal,
        version=opened_at_or(published, conflict) if site_form else published.version.number,
        destinations=[(item.id, item.name) for item in configuration.destinations],
        credentials=deployment.shown().get("twilio"),
        from_environment=needs().settings.twilio_account_sid,
        sessions=sessions,
        me=who(),
        days=needs().settings.call_log_days,
        roles=list(Role),
        twin=Twin(curl=call_api("deployment"), json=url_for(".as_json")),
    )


def _site_draft(configuration: Configuration) -> Draft:
    site = {name: getattr(configuration, name) or "" for name in SITE_FIELDS}
    return site | {"ending": configuration.ending.say or ""}


def _entry(line: bytes) -> Entry | None:
    try:
        return read_line(line)[0]
    except (ValueError, TypeError):
        return None


def _said(refusal: Exception) -> str:
    if isinstance(refusal, STORE_AWAY):
        return f"The store does not answer, so nothing was saved. {editing.store_words(refusal)}"
    return str(refusal)
