"""`hub-monitor serve`: checks everything that can be checked, says what runs where, and becomes the server."""

import sys
from importlib.metadata import version
from typing import NoReturn

from monitor.commands.command import Given, addresses, become_server, listen
from monitor.config import RAMP, Settings
from monitor.sources.watch import Watch
from monitor.storage.database import check_version
from monitor.storage.directory_lock import DirectoryLock


def banner(settings: Settings, watched: str, port: int, *, sample_hub: bool = False) -> str:
    """Return what a person needs to know at the start."""
    where, _, access = addresses(settings, port).partition("Access:")
    return (
        f"Hub Monitor {version('hub-monitor')}\n"
        f"Watching:  {watched}\n"
        f"Baseline:  {_baseline(settings, sample_hub=sample_hub)}\n"
        f"{where}"
        f"Data:      {settings.data_dir}: samples of {settings.data_retention_hours} h, "
        f"each minute of {settings.rollup_minute_days} days, each hour of {settings.rollup_hour_days}\n"
        f"{'Access:' if access else ''}{access}"
    )


def _baseline(settings: Settings, *, sample_hub: bool) -> str:
    """Say what there is to compare with, or will be."""
    if sample_hub and settings.scenario == RAMP:
        return "recorded by itself from second 15 to 90, before the first optimisation is switched on"
    kept = len(list((settings.data_dir / "baselines").glob("*.json")))
    return f"{kept} kept from earlier runs" if kept else "none recorded yet"


def serve(settings: Settings, given: Given) -> NoReturn:
    """Become the server that watches."""
    watch = Watch.of(settings)
    DirectoryLock(settings.data_dir).check()
    check_version(settings.data_dir)
    listener = listen(settings)
    port = listener.getsockname()[1]
    sys.stdout.write(banner(settings, watch.description, port, sample_hub=watch.sample_hub))
    sys.stdout.flush()
    become_server("monitor.bootstrap:wsgi()", settings, listener, given)
