"""PolyAI's handoffs.yaml becomes our destinations, and the report says what became of each field."""

from __future__ import annotations

from webapp.configurations.polyai import import_polyai, is_polyai
from webapp.configurations.versions import checked
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
        "billing-support", "INVITE", ("sip:billing@pbx.example.com;transport=tls",),
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


def test_importing_keeps_what_only_we_have() -> None:
    ours = {"schema": "1", "name": "Example Hotel", "time_zone": "America/New_York", "destinations": [], "x": 1}
    document = import_polyai(read_yaml(THEIRS), ours).document
    assert (document["name"], document["time_zone"], len(document["destinations"])) == (
        "Example Hotel", "America/New_York", 4,
    )  # fmt: skip


def test_odd_files_are_reported_and_never_crash() -> None:
    for odd in ({"handoffs": None}, {"handoffs": ["x", 1]}, {"handoffs": [{}]}, {"handoffs": [{"sip_config": "x"}]}):
        assert import_polyai(odd).document["schema"] == 1
