"""The text form of hours in their form, without JavaScript: it follows the grid, fills it, and neither is preferred."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.console.conftest import Person
from tests.console.test_tasks import _fields as fields
from webapp.console.needs import Needs

PAGE = "/hours/support-hours"
pytestmark = pytest.mark.usefixtures("labelled")
SAYS = "Mo-Fr 09:00-17:30; Sa 10:00-14:00; PH off; 2026-12-24 09:00-12:00"


def stored(needs: Needs) -> dict[str, Any]:
    document = needs.versions.get("sandbox").document
    return dict(next(item for item in document["hours"] if item["id"] == "support-hours"))


def sends(admin: Person, order: str, **changed: str) -> tuple[int, str]:
    """The form as it is drawn with these fields changed; `__` in a name stands for a slash."""
    typed = fields(admin.sees(PAGE)) | {name.replace("__", "/"): text for name, text in changed.items()}
    answer = admin.posts(PAGE, typed | {"_order": order})
    return answer.status_code, answer.text


@pytest.fixture
def labelled(needs: Needs) -> None:
    """Hours with all that a text cannot carry."""
    document = needs.versions.get(1).document
    hours = [dict(document["hours"][0]), *document["hours"][1:]]
    hours[0] |= {
        "time_zone": "America/New_York",
        "weekly": {"mon-fri": ["09:00-17:30"], "sat": ["10:00-14:00"]},
        "holidays": {"country": "US", "subdivision": "NY"},
        "exceptions": [{"date": "2026-12-24", "open": ["09:00-12:00"], "label": "Christmas Eve"}],
    }
    needs.versions.save({**document, "hours": hours}, expected=1, author="kim")
    needs.live.refresh()


def test_the_text_says_what_the_grid_says(admin: Person) -> None:
    page = admin.sees(PAGE)
    assert fields(page)["text"] == fields(page)["drawn"] == SAYS
    assert f'<p class="mono">{SAYS}</p>' in admin.sees("/hours")


def test_a_form_sent_as_it_was_drawn_changes_nothing(admin: Person, needs: Needs) -> None:
    before = stored(needs)
    assert sends(admin, "save")[0] == 302
    assert stored(needs) == before


def test_a_change_of_the_grid_alone_is_saved(admin: Person, needs: Needs) -> None:
    assert sends(admin, "save", week__sat="closed")[0] == 302
    assert stored(needs)["weekly"] == {"mon-fri": ["09:00-17:30"]}


def test_a_change_of_the_text_alone_is_saved_and_keeps_what_a_text_cannot_carry(admin: Person, needs: Needs) -> None:
    before = stored(needs)
    text = "Mo-Thu 9-17:30; PH off; 2026-12-24 off; 2026-12-31 09:00-12:00"
    assert sends(admin, "save", text=text)[0] == 302
    exceptions = [
        {"date": "2026-12-24", "closed": True, "label": "Christmas Eve"},
        {"date": "2026-12-31", "open": ["09:00-12:00"]},
    ]
    assert stored(needs) == before | {"weekly": {"mon-thu": ["09:00-17:30"]}, "exceptions": exceptions}


def test_the_grid_is_filled_from_the_text_and_nothing_is_saved(admin: Person, needs: Needs) -> None:
    text = "mon-fri 8-12, 13-18; 2026-12-24 - 2026-12-26 closed"
    status, page = sends(admin, "fill:grid", text=text, name="Desk hours")
    drawn = fields(page)
    assert status == 200
    assert (drawn["week/mon"], drawn["week/sat"]) == ("08:00-12:00, 13:00-18:00", "")
    assert (drawn["exceptions/0/until"], drawn["holidays/country"]) == ("", "")
    assert [drawn[f"exceptions/1/{name}"] for name in ("date", "until")] == ["2026-12-25", "2026-12-26"]
    assert drawn["exceptions/0/label"] == "Christmas Eve"
    assert drawn["name"] == "Desk hours"
    assert drawn["text"] == "Mo-Fr 08:00-12:00,13:00-18:00; 2026-12-24 - 2026-12-26 off"
    assert needs.versions.pointers().newest == 2


def test_public_holidays_that_are_taken_out_and_written_again_have_their_place_again(admin: Person) -> None:
    page = sends(admin, "fill:grid", text="Mo 09:00-12:00")[1]
    assert fields(page)["holidays/country"] == ""
    again = admin.posts(PAGE, fields(page) | {"text": "Mo 09:00-12:00; PH off", "_order": "fill:grid"}).text
    assert [fields(again)[f"holidays/{name}"] for name in ("country", "subdivision")] == ["US", "NY"]


NEW = "/hours/new"
PLACE = {"holidays/country": "CA", "holidays/subdivision": "ON"}


def fills(admin: Person, page: str, text: str, **typed: str) -> str:
    return admin.posts(NEW, fields(page) | typed | {"text": text, "_order": "fill:grid"}).text


def test_a_region_that_was_never_saved_outlives_a_text_without_public_holidays(admin: Person) -> None:
    out = fills(admin, admin.sees(NEW), "Mo 09:00-12:00", **PLACE)
    assert [fields(out)[name] for name in PLACE] == ["", ""]
    later = admin.posts(NEW, fields(out) | {"_order": "add:exceptions"}).text
    again = fills(admin, later, "Mo 09:00-12:00; PH off")
    assert {name: fields(again)[name] for name in PLACE} == PLACE


def test_a_label_that_was_never_saved_outlives_a_text_without_its_date(admin: Person) -> None:
    row = {"exceptions/0/date": "2026-12-24", "exceptions/0/windows": "9-12", "exceptions/0/label": "Christmas Eve"}
    out = fills(admin, admin.sees(NEW), "Mo 09:00-12:00", **row)
    assert "exceptions/0/date" not in fields(out)
    other = fills(admin, out, "Mo 09:00-12:00; 2026-12-31 off")
    assert fields(other)["exceptions/0/label"] == ""
    again = fills(admin, other, "Mo 09:00-12:00; 2026-12-24 off")
    assert (fields(again)["exceptions/0/date"], fields(again)["exceptions/0/label"]) == ("2026-12-24", "Christmas Eve")


UNDATED = {
    "exceptions/0/windows": "09:00-12:00", "exceptions/0/label": "Stocktaking", "exceptions/1/label": "Fair",
}  # fmt: skip


def test_exceptions_that_have_no_date_yet_stay_in_the_grid_and_count_once_they_have_one(admin: Person) -> None:
    out = fills(admin, admin.sees(NEW), "Mo 09:00-12:00; 2026-12-24 off", **UNDATED)
    drawn = fields(out)
    assert drawn["exceptions/0/date"] == "2026-12-24"
    assert (drawn["exceptions/1/windows"], drawn["exceptions/1/label"]) == ("09:00-12:00", "Stocktaking")
    assert drawn["exceptions/2/label"] == "Fair"
    assert "Which of the two counts?" not in out
    dates = {"exceptions/1/date": "2026-12-30", "exceptions/2/date": "2026-12-31"}
    later = admin.posts(NEW, drawn | dates | {"_order": "refresh:"}).text
    assert fields(later)["text"] == "Mo 09:00-12:00; 2026-12-24 off; 2026-12-30 09:00-12:00; 2026-12-31 off"


def test_a_save_of_the_text_refuses_an_exception_without_a_date_and_keeps_it(admin: Person, needs: Needs) -> None:
    typed = fields(admin.sees(NEW)) | UNDATED | {"name": "Fair", "text": "Mo 09:00-12:00", "_order": "save:text"}
    refused = admin.posts(NEW, typed)
    assert (refused.status_code, needs.versions.pointers().newest) == (422, 2)
    assert fields(refused.text)["exceptions/0/label"] == "Stocktaking"


def test_what_was_typed_last_comes_back_in_place_of_what_is_saved(admin: Person) -> None:
    changed = {"text": "Mo 09:00-12:00", "holidays/subdivision": "CA", "exceptions/0/label": "Short day"}
    out = sends(admin, "fill:grid", **changed)[1]
    text = "Mo 09:00-12:00; PH off; 2026-12-24 off"
    again = admin.posts(PAGE, fields(out) | {"text": text, "_order": "fill:grid"}).text
    assert (fields(again)["holidays/subdivision"], fields(again)["exceptions/0/label"]) == ("CA", "Short day")


def test_a_region_without_a_country_is_left_alone_by_a_text_and_goes_with_its_country(admin: Person) -> None:
    typed = fills(admin, admin.sees(NEW), "Mo 09:00-12:00", **{"holidays/subdivision": "NY"})
    assert [fields(typed)[name] for name in PLACE] == ["", "NY"]
    whole = fills(admin, typed, "Mo 09:00-12:00; PH off")
    assert [fields(whole)[name] for name in PLACE] == ["US", "NY"]


@pytest.mark.parametrize("order", ["save", "fill:grid"])
def test_a_text_that_cannot_be_read_is_refused_with_every_fault_and_nothing_is_lost(
    admin: Person, needs: Needs, order: str
) -> None:
    text = "Jan-Mar 09:00-12:00; Mo-Fr 08:00-sunset"
    status, page = sends(admin, order, text=text)
    assert status == 422
    assert re.search(r'<textarea [^>]*name="text"[^>]*aria-invalid="true"', page)
    assert "At character 1: “Jan-Mar” picks a part of every year." in page
    assert "At character 28: “08:00-sunset” goes by the sun." in page
    assert (fields(page)["text"], fields(page)["week/mon"]) == (text, "09:00-17:30")
    assert needs.versions.pointers().newest == 2


def test_when_both_were_changed_a_save_asks_which_counts(admin: Person, needs: Needs) -> None:
    status, page = sends(admin, "save", text="Mo 09:00-12:00", week__sat="closed")
    assert status == 422
    assert "Which of the two counts? Nothing was saved." in page
    assert needs.versions.pointers().newest == 2
    drawn = fields(page)
    assert (drawn["text"], drawn["week/mon"], drawn["week/sat"]) == ("Mo 09:00-12:00", "09:00-17:30", "closed")
    assert admin.posts(PAGE, drawn | {"_order": "save:text"}).status_code == 302
    assert stored(needs)["weekly"] == {"mon": ["09:00-12:00"]}


def test_the_grid_can_be_chosen_too(admin: Person, needs: Needs) -> None:
    drawn = fields(sends(admin, "save", text="Mo 09:00-12:00", week__sat="closed")[1])
    assert admin.posts(PAGE, drawn | {"_order": "save:grid"}).status_code == 302
    assert stored(needs)["weekly"] == {"mon-fri": ["09:00-17:30"]}
    assert stored(needs)["holidays"] == {"country": "US", "subdivision": "NY"}


def test_both_may_be_changed_to_the_same(admin: Person, needs: Needs) -> None:
    assert sends(admin, "save", text=SAYS.replace("Sa 10:00-14:00; ", ""), week__sat="closed")[0] == 302
    assert stored(needs)["weekly"] == {"mon-fri": ["09:00-17:30"]}


def test_another_button_leaves_a_changed_text_and_says_that_the_grid_is_behind(admin: Person) -> None:
    page = sends(admin, "add:exceptions", text="Mo 09:00-12:00")[1]
    assert fields(page)["text"] == "Mo 09:00-12:00"
    assert "The grid does not say this yet." in page
    back = admin.posts(PAGE, fields(page) | {"_order": "fill:text"}).text
    assert fields(back)["text"] == SAYS


def test_a_text_that_nobody_changed_follows_the_grid_at_any_button(admin: Person) -> None:
    page = sends(admin, "copy-monday", week__mon="08:00-12:00", week__sat="")[1]
    assert fields(page)["text"].startswith("Mo-Fr 08:00-12:00; PH off;")
    unread = sends(admin, "refresh:", week__mon="nine to noon")[1]
    assert fields(unread)["text"] == SAYS
    assert "Something in the grid cannot be read yet." in unread


def test_a_fault_elsewhere_leaves_the_text_as_it_was_read(admin: Person) -> None:
    status, page = sends(admin, "save", text="Mo 09:00-12:00", name="")
    assert status == 422
    assert fields(page)["week/mon"] == "09:00-12:00"
    assert fields(page)["text"] == fields(page)["drawn"] == "Mo 09:00-12:00"


def test_a_grid_that_was_changed_is_filled_from_a_text_that_was_not(admin: Person) -> None:
    page = sends(admin, "fill:grid", week__mon="08:00-12:00")[1]
    assert (fields(page)["week/mon"], fields(page)["text"]) == ("09:00-17:30", SAYS)


def test_new_hours_that_close_on_public_holidays_take_the_country_of_the_site(admin: Person) -> None:
    typed = fields(admin.sees("/hours/new")) | {"text": "Mo-Fr 09:00-17:00; PH off", "_order": "fill:grid"}
    assert fields(admin.posts("/hours/new", typed).text)["holidays/country"] == "US"


def test_while_somebody_types_each_side_is_drawn_from_the_other(admin: Person) -> None:
    typed = fields(admin.sees(PAGE)) | {"_id": "support-hours"}
    by_grid = admin.posts("/hours/form/changed?side=grid", typed | {"week/sat": ""}, page=PAGE).text
    assert SAYS.replace("Sa 10:00-14:00; ", "") in by_grid
    assert 'hx-target="#hours-grid"' not in by_grid
    by_text = admin.posts("/hours/form/changed?side=text", typed | {"text": "Mo 10:00-12:00"}, page=PAGE).text
    assert re.search(r'name="week/mon"[^>]* value="10:00-12:00"', by_text)
    both = admin.posts("/hours/form/changed?side=text", typed | {"text": "Mo 10-12", "week/sat": ""}, page=PAGE).text
    assert "Which of the two counts?" in both
    assert 'hx-target="#hours-grid"' not in both


def test_the_changes_say_weeks_and_dates_as_text(admin: Person) -> None:
    changed = "Mo-Fr 09:00-17:00; PH off; 2026-12-24 - 2026-12-26 off"
    assert sends(admin, "save", text=changed, exceptions__0__label="")[0] == 302
    page = admin.sees("/changes")
    said = re.sub(r"</?bdi>", "", page)
    assert "<del>Mo-Fr 09:00-17:30; Sa 10:00-14:00</del> \u2192 <ins>Mo-Fr 09:00-17:00</ins>" in said
    assert "<del>2026-12-24 09:00-12:00 (Christmas Eve)</del> \u2192 <ins>2026-12-24 - 2026-12-26 off</ins>" in said


def test_the_fields_of_a_form_can_hold_anything_that_a_stranger_sends(admin: Person) -> None:
    kept = ("kept", "kept/holidays", "kept/exceptions", "kept/exceptions/0", "kept/exceptions/0/date/x")
    for name in ("week", "exceptions", "holidays", "text/0", "drawn/x", "exceptions/0", *kept):
        for order in ("save", "fill:grid", "fill:text", "save:text", "copy-monday", "fill:x"):
            for text in ({}, {"text": "Mo 09:00-12:00; PH off; 2026-12-24 off"}):
                answer = admin.posts(PAGE, {"name": "Desk", name: "x", "_order": order} | text)
                assert answer.status_code < 500, (name, order, text)
