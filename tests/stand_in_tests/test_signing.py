"""Twilio's published signatures (docs/usage/security, SDK tests) come out of the stand-in's own HMAC."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.stand_in.signing import signature, url_to_sign, with_body_hash

DOCS = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675310",
    "Digits": "1234",
    "From": "+14158675310",
    "To": "+18005551212",
}
SDK = DOCS | {"Caller": "+14158675309", "From": "+14158675309"}
DUPLICATES = (("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234"))
COMPANY = "https://mycompany.com/myapp.php?foo=1&bar=2"


@pytest.mark.parametrize(
    ("url", "form", "expected"),
    [
        ("https://example.com/myapp.php?foo=1&bar=2", tuple(DOCS.items()), "L/OH5YylLD5NRKLltdqwSvS0BnU="),
        (COMPANY, tuple(SDK.items()), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (COMPANY.replace(".com/", ".com:443/"), tuple(SDK.items()), "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (
            COMPANY.replace("https", "http").replace(".com/", ".com:80/"),
            tuple(SDK.items()),
            "0ZXoZLH/DfblKGATFgpif+LLRf4=",
        ),
        (
            COMPANY.replace("https", "http").replace(".com/", ".com:1234/"),
            tuple(SDK.items()),
            "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
        ),
        (COMPANY, DUPLICATES, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
    ],
)
def test_the_published_form_vectors_come_out(url: str, form: tuple[tuple[str, str], ...], expected: str) -> None:
    assert signature("12345", url, form) == expected


def test_the_published_json_vector_comes_out() -> None:
    url = with_body_hash(COMPANY, b'{"property": "value", "boolean": true}')
    assert url.endswith("&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620")
    assert signature("12345", url) == "a9nBmqA0ju/hNViExpshrM61xv4="


def test_the_sha256_vector_comes_out() -> None:
    expected = "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s="
    assert signature("12345", COMPANY, SDK.items(), "HMAC_SHA256") == expected


def test_openssl_agrees_on_a_text_with_signs_beyond_ascii() -> None:
    openssl = shutil.which("openssl")
    assert openssl is not None, "the cross-check needs openssl"
    text = "https://example.com/x?dest=sip%3Abob%40example.com" + "CallerNameJosé Ångström"
    command = [openssl, "dgst", "-sha1", "-hmac", "secret", "-binary"]
    digest = subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=20).stdout
    encoded = subprocess.run(
        [openssl, "base64"], input=digest, capture_output=True, check=True, timeout=20
    ).stdout.decode()
    url, name = text.partition("CallerName")[0], "CallerName"
    assert signature("secret", url, {name: "José Ångström"}.items()) == encoded.strip()


@pytest.mark.parametrize(
    ("configured", "signed"),
    [
        ("https://user:pass@example.com:8443/a?b=c#rc=2", "https://example.com/a?b=c"),
        ("http://user:pass@example.com:8080/a", "http://example.com:8080/a"),
        ("https://example.com/a?", "https://example.com/a?"),
        (
            "https://example.com/a/?dest=sip%3Abob%40x&n=Jos%C3%A9",
            "https://example.com/a/?dest=sip%3Abob%40x&n=Jos%C3%A9",
        ),
    ],
)
def test_a_voice_url_is_signed_without_credentials_fragment_and_https_port(configured: str, signed: str) -> None:
    assert url_to_sign(configured) == signed
