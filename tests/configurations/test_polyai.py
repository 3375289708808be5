"""PolyAI's handoffs.yaml becomes our destinations, and the report says what became of each field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from handoff_rules.problems import ConfigurationError
from webapp.configurations.checking import checked
from webapp.configurations.polyai import import_polyai, is_polyai
from webapp.configurations.yaml_file import read_yaml

THEIRS = """
handoffs:
  - name: Billing Support
    description: Payment problems
    is_default: false
    sip_config: {method: invite, phone_number: "<sip:billing@pbx.example.com>", outbound_endpoint: trunk-1,
                 outbound_encryption: TLS/SRTP}
    sip_headers:
      - {key: X-Customer-ID, value: $customer_id}
      - {key: Language, value: en}
  - name: Front desk
    is_default: true
    sip_config: {method: refer, phone_number: +14155550100}
    sip_headers: []
  - name: Front desk
    sip_config: {method: bye}
    colour: red
  - name: Nowhere yet
    sip_config: {method: invite, phone_number: "", outbound_encryption: ""}
"""


def test_the_destinations_pass_our_own_checks() -> None:
    document = read_yaml(THEIRS)
    assert is_polyai(document)
    report = import_polyai(document)
    configuration, _ = checked(report.document)
    assert configuration.default_destination == "front-desk"
    billing, front, back, nowhere = configuration.destinations
    assert (billing.id, billing.method, billing.routes) == (
        "billing-support", "INVITE", ("sip:billing@pbx.example.com;transport=tls;secure=true",),
    )  # fmt: skip
    assert [(header.name, header.value) for header in billing.headers] == [
        ("X-Customer-ID", "$customer_id"),
        ("X-Language", "en"),
    ]
    assert (front.method, front.routes, front.headers) == ("REFER", ("+14155550100",), ())
    assert (back.id, back.method) == ("front-desk-2", "BYE")
    assert not nowhere.enabled


def test_the_report_says_what_was_mapped_what_was_changed_and_what_has_no_meaning() -> None:
    report = import_polyai(read_yaml(THEIRS))
    assert len(report.mapped) == 4
    changed, without_meaning = " ".join(report.changed), " ".join(report.without_meaning)
    assert "brackets" in changed
    assert ";transport=tls" in changed
    assert "'Language' became 'X-Language'" in changed
    assert "switched off" in changed
    assert "outbound_endpoint" in without_meaning
    assert "'colour'" in without_meaning


OURS = {
    "schema": 1, "name": "Example Hotel", "time_zone": "America/New_York", "default_destination": "reception",
    "destinations": [
        {"id": "reception", "name": "Reception", "method": "INVITE", "route": "+14155550177"},
        {"id": "billing", "name": "Billing Support", "route": "sip:old@pbx.example.com", "description": "Old",
         "headers": [{"name": "X-Old", "value": "1"}], "fallback": [{"destination": "reception"}], "ring_seconds": 30},
        {"id": "nowhere-yet", "name": "Somewhere", "method": "INVITE", "route": "+14155550178"},
    ],
    "rules": [{"id": "money", "name": "Money", "when": {"variable": "intent", "is": "billing"},
               "destination": "billing"}],
    "tests": [{"name": "Default", "call": {"from": "+12125550123", "to": "+14155550199"},
               "expect": {"path": ["reception"]}}],
}  # fmt: skip


def destinations(document: Mapping[str, Any]) -> dict[str, Any]:
    return {one["id"]: one for one in document["destinations"]}


def test_rules_tests_default_and_other_destinations_stay() -> None:
    report = import_polyai(read_yaml(THEIRS), OURS)
    checked(report.document)
    assert {name: report.document[name] for name in OURS if name != "destinations"} == {
        name: value for name, value in OURS.items() if name != "destinations"
    }
    assert destinations(report.document)["reception"] == destinations(OURS)["reception"]
    assert "front-desk is the default in PolyAI; reception stays the default here." in report.changed


def test_a_destination_of_the_same_name_takes_theirs_and_keeps_what_only_we_have() -> None:
    report = import_polyai(read_yaml(THEIRS), OURS)
    billing = destinations(report.document)["billing"]
    assert billing["route"] == "sip:billing@pbx.example.com;transport=tls;secure=true"
    assert [header["name"] for header in billing["headers"]] == ["X-Customer-ID", "X-Language"]
    assert (billing["fallback"], billing["ring_seconds"]) == ([{"destination": "reception"}], 30)
    assert "fallback, ring_seconds of billing stayed" in " ".join(report.changed)


def test_one_without_an_address_keeps_the_route_that_it_has_here() -> None:
    nowhere = destinations(import_polyai(read_yaml(THEIRS), OURS).document)["nowhere-yet"]
    assert (nowhere["route"], nowhere.get("enabled", True)) == ("+14155550178", True)


def test_the_same_file_twice_changes_nothing_the_second_time() -> None:
    once = import_polyai(read_yaml(THEIRS), OURS).document
    assert import_polyai(read_yaml(THEIRS), once).document == once


@pytest.mark.parametrize(
    ("handoffs", "place"),
    [
        ("nonsense", "handoffs"),
        ({"name": "x"}, "handoffs"),
        (["x", {"name": "y"}], "handoffs/0"),
        ([{"name": "x", "sip_config": "refer"}], "handoffs/0/sip_config"),
        ([{"name": "x", "sip_headers": [{"key": "X-A", "value": "1"}, "X-B"]}], "handoffs/0/sip_headers"),
    ],
)
def test_what_has_another_shape_is_refused_with_its_place(handoffs: Any, place: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        import_polyai({"handoffs": handoffs}, OURS)
    assert [problem.path for problem in refused.value.problems] == [place]


@pytest.mark.parametrize(
    ("route", "wanted", "becomes", "said"),
    [
        ("sip:a@b.example.com", "TLS/SRTP", "sip:a@b.example.com;transport=tls;secure=true", "changed"),
        ("sip:a@b.example.com;transport=tls", "TLS/SRTP", "sip:a@b.example.com;transport=tls;secure=true", "changed"),
        ("sip:a@b.example.com;transport=udp", "TLS/SRTP", "sip:a@b.example.com;transport=udp;secure=true", "changed"),
        ("sip:a@b.example.com", "UDP/RTP", "sip:a@b.example.com", "mapped"),
        ("sip:a@b.example.com;transport=tls", "UDP/RTP", "sip:a@b.example.com;transport=tls", "changed"),
        ("sip:a@b.example.com", "ROT13", "sip:a@b.example.com", "without_meaning"),
        ("+14155550100", "TLS/SRTP", "+14155550100", "without_meaning"),
    ],
)
def test_each_encryption_is_put_into_the_route_or_reported(route: str, wanted: str, becomes: str, said: str) -> None:
    sip = {"method": "invite", "phone_number": route, "outbound_encryption": wanted}
    report = import_polyai({"handoffs": [{"name": "A", "is_default": "true", "sip_config": sip}]})
    assert report.document["destinations"][0]["route"] == becomes
    assert any(wanted in sentence for sentence in getattr(report, said))


def test_encryption_of_a_refer_is_left_to_the_carrier_and_reported() -> None:
    sip = {"method": "refer", "phone_number": "sip:a@b.example.com", "outbound_encryption": "TLS/SRTP"}
    report = import_polyai({"handoffs": [{"name": "A", "sip_config": sip}]})
    assert report.document["destinations"][0]["route"] == "sip:a@b.example.com"
    assert "outbound_encryption TLS/SRTP" in " ".join(report.without_meaning)


def test_empty_parts_are_no_fault() -> None:
    for odd in ({"handoffs": None}, {"handoffs": [{}]}, {"handoffs": [{"sip_config": None, "sip_headers": None}]}):
        assert import_polyai(odd).document["schema"] == 1
