"""The configuration that the console's tests and screenshots begin with: a hotel with every kind of thing in it."""

from __future__ import annotations

from typing import Any

DOCUMENT: dict[str, Any] = {
    "schema": 1,
    "name": "Example Hotel",
    "time_zone": "America/New_York",
    "default_destination": "front-desk",
    "sip_host": "pbx.example.com",
    "variables": {
        "customer_id": {"sample": "C-1042"},
        "customer_tier": {"sample": "vip"},
        "intent": {"sample": "billing"},
        "language": {"sample": "en"},
    },
    "destinations": [
        {
            "id": "billing-support",
            "name": "Billing Support",
            "description": "Payment problems, refunds, a declined card",
            "method": "INVITE",
            "route": "sip:billing@pbx.example.com;transport=tls",
            "headers": [
                {"name": "X-Customer-ID", "value": "$customer_id"},
                {"name": "X-Language", "value": "${language|en}"},
            ],
            "utterance": "Let me put you through to billing.",
            "reason": "billing_question",
            "hours": "support-hours",
            "fallback": [
                {"destination": "front-desk", "on": ["busy", "no_answer", "failed", "declined", "closed"]},
                {"voicemail": {"greeting": "Please leave a message.", "max_seconds": 120}},
            ],
        },
        {
            "id": "front-desk",
            "name": "Front desk",
            "description": "Everything that nobody else takes",
            "method": "INVITE",
            "route": "+14155550100",
            "screen": "accept",
            "fallback": [{"voicemail": {"greeting": "Please leave a message after the tone."}}],
        },
        {
            "id": "vip-host",
            "name": "VIP host",
            "description": "Guests of the top tier",
            "method": "REFER",
            "route": "sip:vip@pbx.example.com",
            "fallback": [{"destination": "front-desk"}],
        },
        {
            "id": "after-hours",
            "name": "After hours",
            "description": "The night desk on its mobile",
            "method": "INVITE",
            "route": ["+14155550102", "+14155550103"],
            "ring": "in_order",
            "fallback": [{"say": "Nobody is at the desk right now. Please call again in the morning."}],
        },
    ],
    "rules": [
        {
            "id": "vip",
            "name": "VIP guests",
            "when": {
                "all": [
                    {"variable": "customer_tier", "is": "vip"},
                    {"any": [
                        {"variable": "caller_id", "starts_with": ["+1212", "+1646"]},
                        {"variable": "intent", "is_one_of": ["booking", "change_booking"]},
                    ]},
                ]
            },
            "destination": "vip-host",
            "reason": "vip_caller",
        },
        {
            "id": "billing-in-hours",
            "name": "Billing, in hours",
            "when": {"all": [{"variable": "intent", "is": "billing"}, {"hours": "support-hours", "is": "open"}]},
            "destination": "billing-support",
        },
        {
            "id": "night",
            "name": "At night",
            "when": {"hours": "support-hours", "is": "closed"},
            "destination": "after-hours",
        },
    ],
    "hours": [
        {
            "id": "support-hours",
            "name": "Support hours",
            "time_zone": "America/New_York",
            "weekly": {"mon-fri": ["09:00-17:30"], "sat": ["10:00-14:00"]},
            "holidays": {"country": "US", "subdivision": "NY"},
            "exceptions": [{"date": "2026-12-24", "open": ["09:00-12:00"], "label": "Christmas Eve"}],
        }
    ],
    "tests": [
        {
            "name": "Billing in hours, line busy",
            "call": {
                "from": "+12125550123",
                "to": "+14155550199",
                "at": "2026-11-20T15:00:00-05:00",
                "variables": {"intent": "billing", "customer_id": "C-1042"},
            },
            "far_end": ["busy"],
            "expect": {"path": ["billing-support", "front-desk"], "ends": "answered"},
        }
    ],
}  # fmt: skip
