"""What a setting must look like. Each message names the fix and never repeats a secret."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from pydantic import SecretStr

from webapp.store.address import AddressError, read_address

_SID_BODY = r"[0-9a-fA-F]{32}"
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_SIP_URI = re.compile(
    r"sips?:[A-Za-z0-9._~%+!*'()-]{1,64}@[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?(;[A-Za-z0-9=.;-]{1,100})?"
)
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*")
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


def origin(text: str | None) -> str | None:
    """`https://host[:port]`: Twilio signs the URL that it calls, so this must be exactly what Twilio was given."""
    if text is None:
        return None
    try:
        parts = urlsplit(text.strip())
        name = parts.hostname if parts.scheme in ("https", "http") else None
    except ValueError:
        name = None
    if not name:
        raise ValueError("is not an origin. Write it as https://handoff.example.com.")
    if parts.username is not None or parts.password is not None:
        raise ValueError("holds a user or password. Write it as https://handoff.example.com.")
    if parts.path not in ("", "/") or parts.query or parts.fragment or text.rstrip().endswith(("?", "#")):
        raise ValueError(f"has a path. Give the origin alone: {parts.scheme}://{parts.netloc}.")
    if not (_HOST.fullmatch(name) or _is_ip(name)):
        raise ValueError(
            "has a host that is not a name of letters, digits and hyphens. Twilio refuses an underscore; an "
            "international name is written in its xn-- form."
        )
    try:
        port = parts.port
    except ValueError:
        raise ValueError("has a port that is not a number between 1 and 65535. Correct it.") from None
    host = f"[{name}]" if ":" in name else name
    default = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != default else "")


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def secret_of_at_least(length: int) -> Callable[[SecretStr | None], SecretStr | None]:
    def check(secret: SecretStr | None) -> SecretStr | None:
        if secret is None:
            return None
        text = secret.get_secret_value()
        if len(text) < length:
            raise ValueError(f"is shorter than {length} characters. Give all of it.")
        if not text.isascii() or not text.isprintable() or " " in text:
            raise ValueError("holds a space, a control character or a letter outside ASCII. Copy it again.")
        if len(set(text)) < 5:
            raise ValueError("is the same few characters repeated. Use a random one.")
        return secret

    return check


def sid(kind: str) -> Callable[[str | None], str | None]:
    def check(text: str | None) -> str | None:
        if text is not None and not re.fullmatch(kind + _SID_BODY, text):
            raise ValueError(f"is not {kind} followed by 32 hexadecimal digits. Copy it from Twilio's console.")
        return text

    return check


def between(least: int, most: int) -> Callable[[int | None], int | None]:
    def check(number: int | None) -> int | None:
        if number is not None and not least <= number <= most:
            raise ValueError(f"is not between {least} and {most}. Choose one that is.")
        return number

    return check


def redis_address(url: SecretStr | None) -> SecretStr | None:
    if url is not None:
        try:
            read_address(url.get_secret_value())
        except AddressError as error:
            raise ValueError(f"cannot be read: {error}. Write it as redis://host:6379/0.") from None
    return url


def number_or_sip_uri(text: str | None) -> str | None:
    if text is not None and not (_E164.fullmatch(text) or _SIP_URI.fullmatch(text)):
        raise ValueError("is neither an E.164 number nor a SIP URI. Write +14155550100 or sip:desk@pbx.example.com.")
    return text
