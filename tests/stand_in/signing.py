"""How Twilio signs a request (docs/usage/security): HMAC over the URL and the sorted form, in Base64."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

ALGORITHMS = {"HMAC_SHA1": hashlib.sha1, "HMAC_SHA256": hashlib.sha256}


def url_to_sign(url: str) -> str:
    """The URL as a voice request signs it: no fragment, no user and password, and over HTTPS no port."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme == "https":
        host = host if host.endswith("]") else host.partition(":")[0] if host.count(":") == 1 else host
    text = urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
    # urlunsplit drops the "?" of an empty query, which Twilio signs as it is configured.
    return text + "?" if url.partition("#")[0].endswith("?") and not parts.query else text


def signature(token: str, url: str, form: Iterable[tuple[str, str]] = (), algorithm: str = "HMAC_SHA1") -> str:
    """Sign `url` exactly as given. A name that repeats counts once for each distinct value, in order of value."""
    text = url + "".join(name + value for name, value in sorted(set(form)))
    digest = hmac.new(token.encode(), text.encode("utf-8", "surrogatepass"), ALGORITHMS[algorithm]).digest()
    return base64.b64encode(digest).decode()


def with_body_hash(url: str, body: bytes) -> str:
    """A JSON body is not signed itself: its SHA-256 goes into the query, and the URL is signed."""
    bare, _, fragment = url.partition("#")
    hashed = f"{bare}{'&' if '?' in bare else '?'}bodySHA256={hashlib.sha256(body).hexdigest()}"
    return f"{hashed}#{fragment}" if fragment else hashed
