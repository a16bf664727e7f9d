"""`hub-monitor record FILE`: samples a target as the server does, and writes each sample down."""

import argparse
import signal
import sys
from collections.abc import Sequence
from logging.config import dictConfig
from pathlib import Path
from typing import Final

from monitor.bootstrap import Watched
from monitor.commands.command import USAGE_ERROR, Parser
from monitor.core.session import MOST_SAMPLES, Header
from monitor.engine.clock import SystemClock
from monitor.engine.sampler import Sampler
from monitor.logfmt import logging_configuration
from monitor.sources.watch import Watch
from monitor.storage.session_file import SessionFile

_SETTINGS: Final = ("target", "pid", "preset", "scenario", "collection_interval_ms")
_NOT_RECORDED: Final = 1


def main(argv: Sequence[str]) -> int:
    """Record until told to stop. Returns 1 where there is not what was asked for; raises SettingsError."""
    given = _parser().read(argv)
    settings = given.load()
    watch = Watch.of(settings)
    interval_ms = settings.collection_interval_ms
    file = Path(given.texts["file"])
    most = MOST_SAMPLES
    if "for" in given.texts:
        most = min(most, max(1, int(given.texts["for"]) * 1000 // interval_ms))
    session = SessionFile(file, Header(target=watch.name, interval_ms=interval_ms), most)
    dictConfig(logging_configuration())
    sys.stdout.write(f"Recording {watch.description} into {file}; Ctrl-C ends it\n")
    sys.stdout.flush()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: session.ended.set())
    watched = Watched.of(settings)
    sampler = Sampler(watched.name, watched.sources, session, SystemClock(), settings.interval)
    try:
        sampler.start()
        session.ended.wait()
    finally:
        sampler.close()
        session.close()
        if watched.sample_hub is not None:
            watched.sample_hub.close()
    sys.stdout.write(f"{session.samples} sample{'' if session.samples == 1 else 's'} in {file}\n")
    if session.silence:
        sys.stderr.write(
            f"hub-monitor: {watch.name} never answered ({session.silence}): no sample has a figure of it\n"
        )
    if session.problem:
        sys.stderr.write(f"hub-monitor: {file}: cannot be written: {session.problem}\n")
    return _NOT_RECORDED if session.problem or session.silence else 0


def _parser() -> Parser:
    parser = Parser(
        prog="hub-monitor record",
        description="Sample a target and write each sample down, for `hub-monitor replay`. "
        f"Ends with Ctrl-C, and after {MOST_SAMPLES} samples. "
        "Exit code 1: the disk did not take it, or the target never answered; "
        f"{USAGE_ERROR}: an argument cannot be used.",
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE", help="must not exist; gzip where its name ends with .gz")
    parser.add_argument("--for", type=_seconds, metavar="SECONDS", help="end after so many seconds")
    parser.add_settings(_SETTINGS)
    return parser


def _seconds(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 6 and 1 <= int(text) <= MOST_SAMPLES:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 1 to {MOST_SAMPLES}")
