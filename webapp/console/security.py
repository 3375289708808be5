"""What guards every answer and every change: headers, cookies, and three independent checks against forged requests."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, Request, Response, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from webapp.settings import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
TWO_YEARS = 63_072_000
csrf = CSRFProtect()


def secure(app: Flask, settings: Settings, *, https: bool) -> None:
    """Keys, cookie rules and the token. Browsers refuse a `__Host-` cookie from any other host or path."""
    newest, *older = [key.get_secret_value() for key in settings.secret_keys]
    app.config.update(
        SECRET_KEY=newest,
        SECRET_KEY_FALLBACKS=older,
        SESSION_COOKIE_NAME="__Host-handoff" if https else "handoff",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(days=7),
        # The console's own check decides when the token is asked for; webhooks and the API have other gates.
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_FIELD_NAME="_token",
        # A form that was open for long must still save: the token lives as long as the session.
        WTF_CSRF_TIME_LIMIT=None,
        # The referrer may be missing behind privacy proxies; Sec-Fetch-Site and Origin say more, below.
        WTF_CSRF_SSL_STRICT=False,
    )
    csrf.init_app(app)


def add_headers(response: Response) -> Response:
    """On every answer of the console. What a signed-in person sees is stored by nobody (OWASP ASVS 14.3.2)."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    response.vary.add("Cookie")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={TWO_YEARS}; includeSubDomains")
    return response


def refuse_forgery() -> None:
    """Raises CSRFError unless this change comes from our own page: fetch metadata, origin, and the session's token."""
    if not comes_from_here(request):
        raise CSRFError("The request came from another site.")
    csrf.protect()


def comes_from_here(asked: Request) -> bool:
    """`Sec-Fetch-Site` where the browser sends it (all current ones do), else `Origin`; else the token decides."""
    site = asked.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = asked.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == asked.host
