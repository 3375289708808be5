"""What gunicorn serves."""

import sys

from webapp import create_app
from webapp.fault_reports import begin_logging
from webapp.settings import SettingsError, settings_of_this_process

GUNICORN_STOPS: int = 4
"""`Arbiter.APP_LOAD_ERROR`: gunicorn ends instead of starting this worker again and again."""

try:
    settings = settings_of_this_process()
except SettingsError as error:
    sys.stderr.write(f"{error}\n")
    raise SystemExit(GUNICORN_STOPS) from None

begin_logging(settings)
app = create_app(settings)
