"""Who may be texted and when: what they wish, their evening, and whose word counts."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handoff_rules.facts import Facts
from tests.messaging.rest_stand_in import NOW, sid
from tests.messaging.texting_desk import CALLER, OURS, call
from webapp.calls.record import CallRecord
from webapp.messaging.callers import verified_call
from webapp.messaging.opt_out import Wish, wish_in
from webapp.messaging.quiet_hours import earliest, is_quiet, zones_of


@pytest.mark.parametrize(
    ("body", "opt_out_type", "wish"),
    [
        ("STOP", "", Wish.STOP),
        (" Stop. ", "", Wish.STOP), ("anything", "STOP", Wish.STOP), ("hi", "START", Wish.START),
        ("hi", "HELP", Wish.HELP), ("unstop", "", Wish.START), ("INFO", "", Wish.HELP), ("cancel", "", Wish.STOP),
        ("please don’t text me again", "", Wish.STOP), ("wrong number!", "", Wish.STOP), ("opt me out", "", Wish.STOP),
        ("I will stop by at noon", "", Wish.NONE), ("Thanks!", "", Wish.NONE), ("", "", Wish.NONE),
        ("Please stop", "", Wish.STOP), ("STOP NOW", "", Wish.STOP), ("stop it", "", Wish.STOP),
        ("stop sending me these", "", Wish.STOP), ("I revoke my consent", "", Wish.STOP),
        ("Can you please STOP this!!", "", Wish.STOP), ("I no longer want your messages", "", Wish.STOP),
        ("please", "", Wish.NONE), ("Is this the bus stop?", "", Wish.NONE), ("Cancel my room", "", Wish.NONE),
        ("ＳＴＯＰ", "", Wish.STOP), ("ARRET", "", Wish.STOP), ("arrêt", "", Wish.STOP), ("Arrêtez !", "", Wish.STOP),
        ("ALTO", "", Wish.STOP), ("Parar", "", Wish.STOP), ("¡Basta!", "", Wish.STOP),
        ("PARE por favor", "", Wish.STOP),
        ("No más", "", Wish.STOP), ("No me manden más mensajes", "", Wish.STOP),
        ("No quiero recibir textos", "", Wish.STOP),
        ("Ne m’envoyez plus de messages", "", Wish.STOP), ("désabonnement", "", Wish.STOP), ("Cancelar", "", Wish.STOP),
        ("Quiero cancelar mi reserva", "", Wish.NONE), ("Un alto para dos", "", Wish.NONE),
        ("Nous arrivons à l’arrêt", "", Wish.NONE), ("No tengo más dudas", "", Wish.NONE),
        ("¿Para qué hora?", "", Wish.NONE),
        ("yes", "", Wish.START), ("x" * 100_000, "", Wish.NONE),
    ],
)  # fmt: skip
def test_what_a_text_asks_for(body, opt_out_type, wish):
    assert wish_in(body, opt_out_type) is wish


def test_quiet_hours_follow_the_area_code_and_a_number_without_a_place_waits_for_both_coasts():
    assert zones_of("+14155550123") == ("America/Los_Angeles",)
    assert len(zones_of("+18005550123")) == 2
    evening = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)  # 21:30 in New York, 18:30 in Los Angeles
    assert is_quiet("+12125550123", evening)
    assert not is_quiet("+14155550123", evening)
    assert earliest("+12125550123", evening) == datetime(2026, 11, 21, 13, 0, tzinfo=UTC)
    assert earliest("nobody", evening) > evening


def test_only_the_signed_webhooks_word_names_whom_to_text():
    facts = Facts({"caller_id": CALLER, "called_number": OURS, "arrived_over": "phone", "stir_verstat": ""}, NOW)
    written_by_an_agent = {"caller_id": "+14155550199"}
    record = CallRecord(sid("CA", 1), "1-a", "production", "phone", facts, written_by_an_agent, (), {})
    assert verified_call(record) == call()
    assert verified_call(None) is None
    assert verified_call(replace(record, facts=None)) is None
