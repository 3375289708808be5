"""A seeded supply of texts that break careless writers of XML and SIP, the same on every machine."""

from __future__ import annotations

import random
from collections.abc import Iterator

SEED = 20_261_121
PIECES = (
    # XML
    *("<", ">", "&", '"', "'", "]]>", "<![CDATA[", "<!--", "-->", "<?xml?>", "<!DOCTYPE x [<!ENTITY a 'b'>]>", "&a;"),
    *("&amp;", "&#0;", "&#x1F;", "</Say><Dial>+19005550100</Dial><Say>", '" action="https://evil.example/', "<Say/>"),
    # SIP
    *(
        ";",
        "?",
        "=",
        ",",
        "@",
        "#",
        "%",
        "%0d%0a",
        "%00",
        "%",
        "%2",
        "%zz",
        "sip:",
        "sips:evil@evil.example",
        ">;tag=1",
    ),
    *("X-A: b", "\r\nVia: SIP/2.0/UDP evil.example", ";method=BYE", "?Route=%3Csip:evil.example%3E", "user:pw@"),
    # characters
    *("\x00", "\x07", "\x0b", "\x1b[2J", "\x7f", "\x85", "\x9f", "\n", "\r", "\t", "\u2028", "\u2029", "\ufeff"),
    *("\u200b", "\u200d", "\u202e", "\u2066", "\u2069", "\ufffe", "\uffff", "\ud800", "\udfff", "\U0001fffe"),
    *("\U0001f600", "e\u0301", "ß", "漢字", "עברית", "\u0660\uff11", "\U0010ffff", "\u00a0"),
    # templates, shells, log lines
    *("{0.__class__}", "{{7*7}}", "${x}", "$$", "$caller_id", "`id`", "'; DROP TABLE--", "\\", "\\x00", "../..", "+ "),
    # what people really say
    *("Let me put you through.", "C-1042", "en", "+14155550100", "billing question", "a" * 90, " "),
)


def texts(count: int, *, seed: int = SEED, longest: int = 300) -> Iterator[str]:
    """`count` texts of one to eight pieces, some with whole random characters in between."""
    source = random.Random(seed)
    for _ in range(count):
        parts = source.choices(PIECES, k=source.randint(1, 8))
        if source.random() < 0.3:
            parts.insert(source.randint(0, len(parts)), chr(source.randrange(0x110000)))
        yield "".join(parts)[:longest]
