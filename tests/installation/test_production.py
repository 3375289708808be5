"""Promoting and rolling back a server elsewhere: the same checks and answers as on its own machine."""

from __future__ import annotations

from tests.installation.conftest import FAILING, Edit, Sides


def test_a_server_promotes_and_rolls_back(sides: Sides, edit: Edit) -> None:
    before = sides.local.ask("versions", "--json")["data"]
    production = next(one["version"] for one in before if "production" in one["environments"])
    number = edit(name="To be promoted")
    promoted = sides.remote.run("promote", "-m", "From elsewhere")
    assert promoted.stdout == f"Version {number} is in production. To go back: handoff rollback {production}\n"
    assert sides.local.ask("config", "export", "--version", "production")["name"] == "To be promoted"
    assert sides.remote.run("rollback").stdout == f"Version {production} is in production again.\n"
    assert sides.local.ask("config", "export", "--version", "production")["name"] != "To be promoted"


def test_a_second_roll_back_in_a_row_is_a_conflict_on_both_sides(sides: Sides, edit: Edit) -> None:
    edit(name="To be rolled back")
    sides.local.run("promote")
    sides.remote.run("rollback")
    answer = sides.same("rollback")
    assert (answer.exit_code, "rolled production back" in answer.stderr) == (4, True)


def test_a_roll_back_that_means_to_leave_another_production_is_a_conflict_on_both_sides(
    sides: Sides, edit: Edit
) -> None:
    edit(name="Not to be left")
    sides.local.run("promote")
    assert sides.same("rollback", "1", "--expected-production", "999").exit_code == 4


def test_a_promote_that_expects_another_production_is_a_conflict_on_both_sides(sides: Sides, edit: Edit) -> None:
    edit(name="Another one")
    assert sides.same("promote", "--expected-production", "999").exit_code == 4


def test_a_failing_test_stops_a_promote_on_both_sides(sides: Sides, edit: Edit) -> None:
    number = str(edit(tests=[FAILING]))
    answer = sides.same("promote", number)
    assert answer.exit_code == 1
    assert "The desk answers" in answer.stderr


def test_a_version_that_never_was_in_production_is_a_conflict_on_both_sides(sides: Sides, edit: Edit) -> None:
    assert sides.same("rollback", str(edit(name="Never promoted"))).exit_code == 4
