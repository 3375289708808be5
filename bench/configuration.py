"""Configurations of any size for the benchmarks; the rule that matches is the last one."""

from __future__ import annotations

from typing import Any


def document(rules: int) -> dict[str, Any]:
    """`rules` rules with two conditions each, six headers on the destination that the call reaches."""
    headers = {
        "X-Caller": "$caller_id", "X-Called": "$called_number", "X-Language": "${language|en}",
        "X-Reason": "$handoff_reason", "X-City": "$caller_city", "X-Call": "$call_sid",
    }  # fmt: skip
    others = [
        {
            "id": f"rule-{number}",
            "name": f"Rule {number}",
            "when": {"all": [
                {"variable": "caller_id", "starts_with": f"+1{200 + number % 700}555{number:04d}"},
                {"variable": "intent", "is": f"intent-{number}"},
            ]},
            "destination": "front-desk",
        }
        for number in range(rules - 1)
    ]  # fmt: skip
    last = {
        "id": "billing-line", "name": "The billing line", "destination": "billing", "reason": "billing",
        "when": {"all": [
            {"variable": "called_number", "is": "+14155550199"},
            {"variable": "caller_id", "starts_with": "+1212"},
        ]},
    }  # fmt: skip
    return {
        "schema": 1,
        "name": "Benchmark",
        "default_destination": "front-desk",
        "variables": {"language": {"sample": "en"}, "intent": {"sample": "billing"}},
        "destinations": [
            {
                "id": "billing", "name": "Billing", "method": "INVITE", "time_limit_seconds": 3600,
                "route": "sip:billing@pbx.example.com;transport=tls",
                "headers": [{"name": name, "value": value} for name, value in headers.items()],
            },
            {"id": "front-desk", "name": "Front desk", "method": "INVITE", "route": "+14155550100"},
        ],
        "rules": [*others, last],
    }  # fmt: skip
