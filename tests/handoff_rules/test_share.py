"""Shares: as many calls as asked for, the same answer for the same call, independent from rule to rule."""

from __future__ import annotations

from handoff_rules.share import call_number, draw, rule_salt

CALLS = [call_number(f"CA{number:032x}") for number in range(20_000)]


def part(*rules: str, below: int) -> float:
    salts = [rule_salt(rule) for rule in rules]
    return sum(all(draw(call, salt) < below for salt in salts) for call in CALLS) / len(CALLS)


def test_a_share_takes_that_part_of_the_calls() -> None:
    for percent in (1, 20, 50, 99):
        assert abs(part("trial", below=percent) - percent / 100) < 0.012


def test_two_rules_draw_independently() -> None:
    assert abs(part("first", "second", below=50) - 0.25) < 0.012


def test_the_same_call_and_rule_always_draw_the_same() -> None:
    assert draw(call_number("CA1"), rule_salt("trial")) == draw(call_number("CA1"), rule_salt("trial"))


def test_every_draw_is_a_percentage() -> None:
    assert {draw(call, rule_salt("trial")) for call in CALLS} == set(range(100))


def test_a_call_sid_of_any_characters_has_a_number() -> None:
    assert call_number("\ud800\x00é") != call_number("")
