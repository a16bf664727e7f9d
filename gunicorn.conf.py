"""How the server runs, whoever starts it: `hub-monitor serve`, `make run` and the Procfile."""

import os
import signal
from types import FrameType
from typing import Any

from gunicorn import util

from monitor.config import load
from monitor.logfmt import logging_configuration

_settings = load({}, os.environ)
# `hub-monitor serve` has bound the port already, so that it could say in one line that it is taken.
_listener = os.environ.get("HUB_MONITOR_LISTENER")

bind = f"fd://{_listener}" if _listener else _settings.address
workers = 1  # the rolling frame lives in this process' memory; a second worker would be a second monitor
worker_class = "gthread"
threads = _settings.threads
worker_connections = 4 * _settings.threads
keepalive = 30  # the page's polls come each 10 s
timeout = 60
graceful_timeout = 2
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
forwarded_allow_ips = ""  # a proxy's word is not taken for the scheme or the peer
control_socket_disable = True
preload_app = False  # threads do not survive a fork
logconfig_dict = logging_configuration()

# 27.0 closes connections on its accept loop and waits up to 2 s for each peer; three of them stall everybody.
_close_graceful = util.close_graceful


def _close_at_once(sock: Any, timeout: float = 0.0, max_drain: int = 65536) -> None:
    del timeout
    _close_graceful(sock, timeout=0.0, max_drain=max_drain)


util.close_graceful = _close_at_once


def post_worker_init(worker: Any) -> None:
    """Start sampling in the process that serves; let open streams end when it is told to stop."""
    application = worker.wsgi.extensions["hub-monitor"]
    application.start()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        before = signal.getsignal(number)

        def stop(signum: int, frame: FrameType | None, before: Any = before) -> None:
            application.stop_streams()
            before(signum, frame)

        signal.signal(number, stop)


def worker_exit(server: Any, worker: Any) -> None:
    """End the sampler and the sample hub."""
    del server
    if getattr(worker, "wsgi", None) is not None:
        worker.wsgi.extensions["hub-monitor"].close()
