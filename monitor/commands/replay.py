"""`hub-monitor replay FILE`, and the server that plays a session: the same pages, at any speed.

What is shown is kept in a folder of its own, which goes at the end.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final, NoReturn

import orjson
from flask import Flask

from monitor.bootstrap import Application
from monitor.commands.command import Given, Parser, addresses, become_server, listen
from monitor.config import PREFIX, TEMPORARY_VARIABLE, load
from monitor.core.rollup import HOUR_MS
from monitor.sources.session import LAST_WORDS, ReplaySource, Session, SessionClock

REPLAY_VARIABLE: Final = "HUB_MONITOR_REPLAY"
"""Tells the server what to play, as JSON."""
SETTINGS: Final = (
    "host", "port", "token", "insecure", "max_data_points", "max_connections", "heartbeat_seconds",
    "allowed_origins", "allowed_hosts",
)  # fmt: skip
"""Those that mean something where nothing is watched."""
MOST_HOURS: Final = 168
"""The longest that samples are kept."""
LEAST_SPEED: Final = 0.1
MOST_SPEED: Final = 100.0
_LEAST_HOURS: Final = 24
_LONG: Final = {"rollup_minute_days": "366", "rollup_hour_days": "3660"}


@dataclass(frozen=True, slots=True)
class Play:
    """What the server plays, how fast, what samples and the last one remark, and why nothing may be written."""

    file: str
    speed: float = 1.0
    remark: str = ""
    last_words: str = LAST_WORDS
    read_only: str = ""


def main(argv: Sequence[str]) -> NoReturn:
    """Become a server that plays a session; raises SettingsError where it cannot."""
    parser = Parser(
        prog="hub-monitor replay",
        description="Show a session as if it happened now, as fast as you like.",
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE", help="what `hub-monitor record` has written")
    parser.add_argument(
        "--speed", type=_speed, default=1.0, help=f"{LEAST_SPEED:g} to {MOST_SPEED:g} times real time (default 1)"
    )
    parser.add_settings(SETTINGS)
    given = parser.read(argv)
    session = Session.check(Path(given.texts["file"]))
    speed = float(given.texts["speed"])
    about = f"{session.file}: {session.header.target}, {span(session.start, session.end)}, {speed:g} x"
    pace = "as fast as it happened" if speed == 1.0 else f"{speed:g} times as fast as it happened"
    play = Play(str(session.file.absolute()), speed, f"this is a replay of {session.file.name}, {pace}")
    with own_folder() as folder:
        show(given, folder, session, play, session.start, about)


def wsgi() -> Flask:
    """Return the WSGI application that plays what the environment names."""
    settings = load({}, os.environ)
    told = orjson.loads(os.environ[REPLAY_VARIABLE])
    play = Play(**told["play"])
    session = Session.again(Path(play.file), **told["found"])
    clock = SessionClock(session.start)
    return Application(
        settings,
        target=session.header.target,
        sources=[ReplaySource(session, clock, play.last_words, play.remark)],
        clock=clock,
        pace=settings.interval / play.speed,
        read_only=play.read_only,
    ).server


@contextmanager
def own_folder() -> Iterator[Path]:
    """Make a folder for this run: left to the server that this process becomes, removed where it does not."""
    folder = Path(tempfile.mkdtemp(prefix="hub-monitor-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def show(given: Given, folder: Path, session: Session, play: Play, start: int, about: str) -> NoReturn:
    """Become the server that plays `session`; its past in `folder` begins at `start` (epoch ms)."""
    interval = str(session.header.interval_ms)
    hours = min(MOST_HOURS, max(_LEAST_HOURS, -(-(session.end - start) // HOUR_MS)))
    more = {
        "data_dir": str(folder),
        "collection_interval_ms": interval,
        "refresh_rate_ms": interval,
        "data_retention_hours": str(hours),
        **_LONG,
    }
    settings = given.load(more)
    listener = listen(settings)
    sys.stdout.write(
        f"Hub Monitor {version('hub-monitor')}\n"
        f"Playing:   {about}\n"
        f"{addresses(settings, listener.getsockname()[1])}"
        f"Data:      {folder}, removed at the end\n"
    )
    sys.stdout.flush()
    variables = {f"{PREFIX}{name.upper()}": text for name, text in more.items()}
    found = {name: getattr(session, name) for name in ("samples", "start", "end", "asked")}
    told = orjson.dumps({"play": play, "found": found}).decode()
    variables |= {REPLAY_VARIABLE: told, TEMPORARY_VARIABLE: str(folder)}
    become_server("monitor.commands.replay:wsgi()", settings, listener, given, variables)


def span(start: int, end: int) -> str:
    """Return two moments (epoch ms) in words."""
    first, last = (datetime.fromtimestamp(moment / 1000.0, UTC) for moment in (start, end))
    return f"{first:%Y-%m-%d %H:%M:%S} to {last:%Y-%m-%d %H:%M:%S} UTC"


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if LEAST_SPEED <= speed <= MOST_SPEED:
        return speed
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from {LEAST_SPEED:g} to {MOST_SPEED:g}")
