"""The published vectors of Twilio's signature (reference: docs/usage/security and the SDK's own tests)."""

from __future__ import annotations

import pytest

from webapp.signatures import SigningKey, base_variants, body_digest, matches, signed_text

TOKEN = "12345"
NUMBERS = {"Digits": "1234", "To": "+18005551212", "CallSid": "CA1234567890ABCDE"}
V1 = {**NUMBERS, "Caller": "+14158675310", "From": "+14158675310"}
V2 = {**NUMBERS, "Caller": "+14158675309", "From": "+14158675309"}
PATH = "/myapp.php?foo=1&bar=2"


@pytest.mark.parametrize(
    ("url", "form", "signature"),
    [
        ("https://example.com" + PATH, V1, "L/OH5YylLD5NRKLltdqwSvS0BnU="),
        ("https://mycompany.com" + PATH, V2, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com:443" + PATH, V2, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        ("http://mycompany.com:80" + PATH, V2, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        ("http://mycompany.com:1234" + PATH, V2, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    ],
)
def test_a_published_form_vector_is_reproduced(url: str, form: dict[str, str], signature: str) -> None:
    assert SigningKey(TOKEN).sign(url + signed_text(form.items())) == signature


def test_the_vector_with_repeated_names_is_reproduced() -> None:
    pairs = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")]
    assert SigningKey(TOKEN).sign("https://mycompany.com" + PATH + signed_text(pairs)) == "IK+Dwps556ElfBT0I3Rgjkr1wJU="


def test_the_json_vector_is_reproduced() -> None:
    body = b'{"property": "value", "boolean": true}'
    digest = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
    assert body_digest(body) == digest
    url = f"https://mycompany.com{PATH}&bodySHA256={digest}"
    assert SigningKey(TOKEN).sign(url) == "a9nBmqA0ju/hNViExpshrM61xv4="


def test_the_sha256_vector_is_reproduced() -> None:
    key = SigningKey(TOKEN, "HMAC_SHA256")
    signed = "https://mycompany.com" + PATH + signed_text(V2.items())
    assert key.sign(signed) == "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s="


def test_a_signature_over_the_url_with_its_default_port_is_accepted() -> None:
    urls = [base + PATH for base in base_variants("https://mycompany.com")]
    appended = signed_text(V2.items())
    assert matches([SigningKey(TOKEN)], urls, appended, "kvajT1Ptam85bY51eRf/AJRuM3w=")
    assert matches([SigningKey(TOKEN)], urls, appended, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")


def test_every_accepted_token_is_tried() -> None:
    signature = SigningKey("old").sign("https://h/x")
    assert matches([SigningKey("new"), SigningKey("old")], ["https://h/x"], "", signature)
    assert not matches([SigningKey("new")], ["https://h/x"], "", signature)


@pytest.mark.parametrize("signature", ["", "é", "=", "\ud800", "A" * 100_000])
def test_a_signature_that_is_none_never_matches_and_never_raises(signature: str) -> None:
    assert not matches([SigningKey(TOKEN)], ["https://h/x"], "", signature)
