"""Why a call went where it went, with many rules: the one that decided is seen at once, the others are folded."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.console.conftest import Person
from webapp.console.needs import Needs
from webapp.console.trace_rows import OPEN

TAG = re.compile(r"<[^>]*>")


def with_rules(needs: Needs, count: int) -> None:
    rules: list[dict[str, Any]] = [
        {"id": f"r-{number}", "name": f"Branch {number}", "destination": "front-desk",
         "when": {"variable": "intent", "is": f"branch_{number}"}}
        for number in range(1, count + 1)
    ]  # fmt: skip
    document = {**needs.versions.get("sandbox").document, "rules": rules, "tests": []}
    needs.versions.save(document, expected=1, author="kim@example.com")
    needs.live.refresh()


def why(page: str) -> str:
    return page.split('id="t-why"')[1].partition("</section>")[0]


def folds(page: str) -> list[tuple[str, str]]:
    return re.findall(r"<details class=\"top\"><summary>(.*?)</summary>(.*?)</details>", why(page), re.DOTALL)


def test_of_many_rules_the_one_that_decided_is_open_and_the_others_are_folded(admin: Person, needs: Needs) -> None:
    with_rules(needs, 50)
    page = admin.sees("/test?variables=intent%3Dbranch_20")
    (above, its_rules), (below, others) = folds(page)
    assert (above, below) == ("19 rules above did not match", "30 rules below were not asked")
    assert its_rules.count("Not matched") == 19
    assert "it was branch_20" in TAG.sub("", its_rules)
    assert "Branch 50" in others
    seen = re.sub(r"<details.*?</details>", "", why(page), flags=re.DOTALL)
    assert seen.count("<li") == 1
    assert "Branch 20" in seen


def test_when_no_rule_of_many_decided_it_says_so(admin: Person, needs: Needs) -> None:
    with_rules(needs, 50)
    ((summary, inside),) = folds(admin.sees("/test?variables=intent%3Dother"))
    assert summary == "None of the 50 rules decided"
    assert inside.count("Not matched") == 50


@pytest.mark.parametrize("decides", [1, 50])
def test_nothing_is_folded_above_the_first_rule_or_below_the_last_one(
    admin: Person, needs: Needs, decides: int
) -> None:
    with_rules(needs, 50)
    assert len(folds(admin.sees(f"/test?variables=intent%3Dbranch_{decides}"))) == 1


def test_a_few_rules_are_all_seen_at_once(admin: Person, needs: Needs) -> None:
    with_rules(needs, OPEN)
    page = admin.sees("/test?variables=intent%3Dbranch_2")
    assert folds(page) == []
    assert why(page).count("<li") == OPEN
