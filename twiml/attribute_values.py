"""What may stand in an attribute: each check returns the text to write, or says which rule the value breaks."""

from __future__ import annotations

import re

from twiml.errors import DocumentError

_CALLBACK_URL = re.compile(r"(?:https?://[A-Za-z0-9.:\[\]-]+|(?!//))/[!#-;=?-Z\[\]_a-z~]*")
_WEB_SOCKET_URL = re.compile(r"wss://[A-Za-z0-9.:\[\]-]+(?:/[!$-;=@-Z_a-z~]*)?")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_DIGITS_TO_SEND = re.compile(r"[0-9A-D*#wW]{1,32}")
_CALLER_NAME = re.compile(r"[A-Za-z0-9+_.-]{1,64}")
_KEY = re.compile(r"[0-9*#]?")
_PARAMETER_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_MODEL_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_CREDENTIAL = re.compile(r"[!-~]{1,255}")
_KEYS = re.compile(r"[0-9*#]{0,12}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_VOICE = re.compile(r"[A-Za-z0-9._:-]{1,120}")
_RING_TONE = re.compile(
    "at|au|bg|br|be|ch|cl|cn|cz|de|dk|ee|es|fi|fr|gr|hu|il|in|it|lt|jp|mx|my|nl|no|nz|ph|pl|pt|ru|se|sg|th|uk|us|us-old"
    "|tw|ve|za"
)
_URL_LIMIT = 4_000


def _matching(pattern: re.Pattern[str], value: str, where: str, why: str) -> str:
    if pattern.fullmatch(value) is None:
        raise DocumentError(where, why)
    return value


def flag(value: bool) -> str:
    return "true" if value else "false"


def whole_number(value: int, low: int, high: int, where: str) -> str:
    """An integer within Twilio's documented limits, both included."""
    if not low <= value <= high:
        raise DocumentError(where, f"must be {low} to {high}")
    return str(value)


def callback_url(value: str, where: str) -> str:
    """An absolute http(s) URL, or a path on the host of the current document; never `//elsewhere`, never a space."""
    if len(value) > _URL_LIMIT:
        raise DocumentError(where, f"must be at most {_URL_LIMIT} characters long")
    return _matching(
        _CALLBACK_URL, value, where, "must be an http(s) URL or a path that begins with one slash, percent-encoded"
    )


def web_socket_url(value: str, where: str) -> str:
    """`wss://` (error 31922) without a query, which Twilio may drop: values travel as `<Parameter>`."""
    return _matching(_WEB_SOCKET_URL, value, where, "must be a wss:// URL without query or fragment")


def e164(value: str, where: str) -> str:
    """A phone number as ITU-T E.164 writes it: a plus sign and 7 to 15 ASCII digits."""
    return _matching(_E164, value, where, "must be an E.164 number, such as +14155550100")


def digits_to_send(value: str, where: str) -> str:
    return _matching(_DIGITS_TO_SEND, value, where, "may hold 0-9, A-D, *, #, w (half a second) and W (a second)")


def caller_name(value: str, where: str) -> str:
    """What `callerId` takes when only SIP targets are dialled (Twilio's Dial page)."""
    return _matching(_CALLER_NAME, value, where, "may hold letters, digits and + - _ . only")


def keys(value: str, where: str) -> str:
    """The keys that end an input; none at all turns the function off."""
    return _matching(_KEYS, value, where, "may hold the keys 0-9, * and # only")


def key(value: str, where: str) -> str:
    """The one key that ends the digits; none at all turns the function off."""
    return _matching(_KEY, value, where, "must be one of the keys 0-9, * and #, or nothing")


def parameter_name(value: str, where: str) -> str:
    return _matching(_PARAMETER_NAME, value, where, "may hold letters, digits and _ . - only")


def model_name(value: str, where: str) -> str:
    return _matching(_MODEL_NAME, value, where, "must be a speech model, such as phone_call or googlev2_telephony")


def language(value: str, where: str) -> str:
    return _matching(_LANGUAGE, value, where, "must be a BCP 47 language, such as en-US")


def voice(value: str, where: str) -> str:
    return _matching(_VOICE, value, where, "must be a voice name, such as Polly.Joanna-Neural")


def credential(value: str, where: str) -> str:
    """A digest user name or password: visible ASCII, because peers disagree about the encoding of anything else."""
    return _matching(_CREDENTIAL, value, where, "must be 1 to 255 visible ASCII characters")


def ring_tone(value: str, where: str) -> str:
    """The country whose ringing the caller hears, as Twilio's Dial page lists them."""
    return _matching(_RING_TONE, value, where, "must be one of Twilio's ring tones, such as us or uk")
