"""What gunicorn serves in the demo: the application as it always is, but for its clock."""

from __future__ import annotations

import os
from dataclasses import replace

from webapp import create_app
from webapp.demo.clock import clock_of
from webapp.logs import configure_logging
from webapp.settings import load_settings
from webapp.wiring import default_services

settings = load_settings(os.environ)
configure_logging(settings.log_level)
app = create_app(settings, replace(default_services(settings), clock=clock_of(settings.handoff_data_dir)))
