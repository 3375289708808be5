"""A value that was moved into a name keeps a valid signature, and is refused where it has a shape (M5a, T-03)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.application import AUTH_TOKEN, BASE_URL, Application
from tests.stand_in.signing import signature
from tests.stand_in.transport import Request, WsgiTransport
from tests.voice.test_gate import FORM, FORM_TYPE
from webapp import urls
from webapp.signatures import signed_text

OVER_SIP = {name: value for name, value in FORM.items() if not name.endswith(("City", "State", "Name", "Verstat"))} | {
    "SipDomain": "d.sip.twilio.com",
    "SipCallId": "x",
    "From": "sip:a@b.example",
    "To": "sip:1001@d.sip.twilio.com",
}
Post = Callable[[dict[str, str], dict[str, str]], int]


@pytest.fixture
def post(redis_url: str, tmp_path: Path) -> Iterator[Post]:
    """Sends a form under the signature of another one, which has the same signed text; the status of the answer."""
    with Application(redis_url, tmp_path) as application:

        def post(form: dict[str, str], signed: dict[str, str]) -> int:
            assert signed_text(form.items()) == signed_text(signed.items())
            headers = {
                "Content-Type": FORM_TYPE,
                "X-Twilio-Signature": signature(AUTH_TOKEN, BASE_URL + urls.CALL, signed.items()),
            }
            body = urlencode(form).encode()
            return WsgiTransport(application.app).send(Request("POST", urls.CALL, headers, body)).status

        yield post


@pytest.mark.parametrize(
    ("signed", "moved"),
    [
        (FORM, {"FromState": "", "NY": ""}),
        (FORM, {"FromState": "", "N": "Y"}),
        (FORM, {"StirVerstat": "", "TN-Validation-Passed-A": ""}),
        (FORM, {"StirVerstat": "", "TN-Valid": "ation-Passed-A"}),
        (FORM | {"ToState": "UT"}, {"ToState": "", "UT": ""}),
        (OVER_SIP, {"To": "", "sip": ":1001@d.sip.twilio.com"}),
        (OVER_SIP, {"To": "", "s": "ip:1001@d.sip.twilio.com"}),
    ],
)
def test_a_value_that_became_a_name_is_refused_although_its_signature_is_valid(
    post: Post, signed: dict[str, str], moved: dict[str, str]
) -> None:
    assert post(signed, signed) == 200
    assert post(signed | moved, signed) == 403
