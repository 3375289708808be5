"""The words and signs of the numbers pages."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.numbers.states import FLAWS, Leads, NumberState

LEADS = {
    Leads.HERE: "Connected",
    Leads.ELSEWHERE: "Points elsewhere",
    Leads.NOWHERE: "Not set",
    Leads.APPLICATION: "TwiML App",
    Leads.TRUNK: "SIP trunk",
    Leads.NO_VOICE: "No voice",
}
SIGNS = {Leads.HERE: "ok", Leads.NO_VOICE: "", Leads.ELSEWHERE: "warn"}


def state_in_a_word(state: NumberState) -> str:
    """`Connected` alone stands beside a tick; with a cross or a mark it says that something is missing."""
    sign = sign_of(state) if state.leads is Leads.HERE else ""
    return LEADS[state.leads] + {"bad": ", but not safe", "warn": ", could be better"}.get(sign, "")


def sign_of(state: NumberState) -> str:
    """`ok` when all is well, `warn` when something could be better, `bad` when callers hear an error."""
    if state.leads is not Leads.HERE:
        return SIGNS.get(state.leads, "bad" if state.leads is Leads.NOWHERE else "warn")
    worst = {FLAWS[flaw][1] for flaw in state.flaws}
    return "bad" if "fail" in worst else "warn" if "warn" in worst else "ok"


def flaws_in_words(state: NumberState, *, all_of_them: bool = False) -> Sequence[tuple[str, str]]:
    """Sentence and sign of each flaw; those that are only worth knowing are left out of lists."""
    signs = {"fail": "bad", "warn": "warn", "ok": ""}
    return [(FLAWS[flaw][0], signs[FLAWS[flaw][1]]) for flaw in state.flaws if all_of_them or FLAWS[flaw][1] != "ok"]
