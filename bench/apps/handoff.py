"""Handoff itself, as gunicorn serves it."""

from webapp.wsgi import app

__all__ = ["app"]
