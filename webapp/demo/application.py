"""What gunicorn serves in the demo: the application as it always is, but for its clock and one code rule."""

from __future__ import annotations

import os
from dataclasses import replace

from webapp import create_app
from webapp.demo.calls import suite_guest
from webapp.demo.clock import clock_of
from webapp.logs import configure_logging
from webapp.settings import load_settings
from webapp.voice.code_rules import CodeRules
from webapp.wiring import default_services

settings = load_settings(os.environ)
configure_logging(settings.log_level, secrets=settings.secrets)
services = replace(
    default_services(settings), clock=clock_of(settings.handoff_data_dir),
    code_rules=CodeRules({suite_guest.__name__: suite_guest}),
)  # fmt: skip
app = create_app(settings, services)
