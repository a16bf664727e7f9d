"""How the server runs, whoever starts it: `hub-monitor serve`, `make run` and the Procfile."""

import ctypes
import gc
import os
import shutil
import signal
import sys
from logging.config import dictConfig
from types import FrameType
from typing import Any

from gunicorn import glogging, util

from monitor.config import LISTENER_VARIABLE, TEMPORARY_VARIABLE, Settings, load
from monitor.core.errors import NewerSchemaError, SettingsError, TakenError
from monitor.logfmt import logging_configuration
from monitor.web.descriptors import Budget

# `hub-monitor serve` has bound the port already, so that it could say in one line that it is taken.
_listener = os.environ.get(LISTENER_VARIABLE)


def _checked() -> tuple[Settings, Budget]:
    """Return the settings and the budget of threads; end with exit code 2 and one line where either is bad."""
    try:
        settings = load({}, os.environ)
        if _listener is None:
            # Nobody has looked at what is to be watched: it is the Procfile.
            from monitor.sources.watch import Watch  # noqa: PLC0415 - the master needs it for nothing else

            Watch.of(settings)
        return settings, Budget.for_viewers(settings.max_connections)
    except SettingsError as error:
        sys.stderr.write(f"hub-monitor: {error}\n")
        sys.exit(2)


class _Logger(glogging.Logger):
    """Logs as the rest of the program. `logconfig_dict` would make it put together an access line per request."""

    def setup(self, cfg: Any) -> None:
        """Configure logging, in the master before its first line and again with each reload."""
        super().setup(cfg)
        dictConfig(logging_configuration())


_settings, _budget = _checked()

bind = f"fd://{_listener}" if _listener else _settings.address
workers = 1  # the rolling frame lives in this process' memory; a second worker would be a second monitor
worker_class = "monitor.web.worker.Worker"
threads = _budget.threads
worker_connections = _budget.connections
keepalive = 30  # the page's polls come each 10 s
timeout = 60
graceful_timeout = 2
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
forwarded_allow_ips = ""  # a proxy's word is not taken for the scheme or the peer
control_socket_disable = True
preload_app = False  # threads do not survive a fork
logger_class = _Logger

# 27.0 closes connections on its accept loop and waits up to 2 s for each peer; three of them stall everybody.
_close_graceful = util.close_graceful


def _close_at_once(sock: Any, timeout: float = 0.0, max_drain: int = 65536) -> None:
    del timeout
    _close_graceful(sock, timeout=0.0, max_drain=max_drain)


util.close_graceful = _close_at_once


_M_MMAP_THRESHOLD = -3
_MAPPED_BYTES = 128 * 1024


def post_fork(server: Any, worker: Any) -> None:
    """Import without looking for garbage, of which importing makes none; give large arrays back when they go."""
    del server, worker
    gc.disable()
    # glibc raises the threshold with each large array that is freed, and then keeps the next ones' room: 15 MB.
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _MAPPED_BYTES)


def post_worker_init(worker: Any) -> None:
    """Start sampling in the process that serves; let open streams end when it is told to stop."""
    application = worker.wsgi.extensions["hub-monitor"]
    try:
        application.start()
    except (NewerSchemaError, TakenError) as error:
        sys.stderr.write(f"hub-monitor: {error}\n")
        sys.exit(error.exit_code)  # 3 and 4 are what makes the master end with the same code, and start no other
    # What was built until now, 90,000 objects, lives as long as the process: a full collection would visit it all,
    # for 55 ms in the middle of some tick.
    gc.freeze()
    gc.enable()
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


def on_exit(server: Any) -> None:
    """Remove what was made for this run alone."""
    del server
    if folder := os.environ.get(TEMPORARY_VARIABLE):
        shutil.rmtree(folder, ignore_errors=True)
