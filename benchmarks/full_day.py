"""The real application with a full frame, for gunicorn: `benchmarks.full_day:wsgi()`."""

import os
import time

from flask import Flask

from benchmarks.day import fill
from monitor.bootstrap import build
from monitor.config import load


def wsgi() -> Flask:
    """Build the application as `monitor.bootstrap.wsgi` does, and give it a past."""
    application = build(load({}, os.environ))
    for monitor in application.monitors.values():
        fill(monitor, time.time())
    return application.server
