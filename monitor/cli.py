"""The command line: checks everything that can be checked, says what runs where, and hands over to the server."""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import Final, NoReturn

from monitor import gate
from monitor.command import Given, Parser, addresses, become_server, listen
from monitor.config import RAMP, Settings
from monitor.core.errors import NewerSchemaError, SettingsError, TakenError
from monitor.sources.watch import Watch
from monitor.storage.database import check_version
from monitor.storage.directory_lock import DirectoryLock

# These import the whole application, for which `serve` does not wait before it says where it is.


def _record(words: Sequence[str]) -> int:
    from monitor import record  # noqa: PLC0415

    return record.main(words)


def _replay(words: Sequence[str]) -> NoReturn:
    from monitor import playback  # noqa: PLC0415

    playback.replay(words)


def _open(words: Sequence[str]) -> NoReturn:
    from monitor import opening  # noqa: PLC0415

    opening.main(words)


SERVE: Final = "serve"
_OTHERS: Final[Mapping[str, Callable[[Sequence[str]], int]]] = {
    "verdict": gate.main,
    "record": _record,
    "replay": _replay,
    "open": _open,
}
_COMMANDS: Final = (SERVE, *_OTHERS)


def _parser() -> Parser:
    parser = Parser(prog="hub-monitor", description="Watch a running service, live.", allow_abbrev=False)
    parser.add_argument(
        "command",
        nargs="?",
        default=SERVE,
        help="serve (default); verdict: has the last change helped?; record FILE: write a session down; "
        "replay FILE: show it again; open FILE: show an exported CSV (each with --help)",
    )
    parser.add_argument("--version", action="version", version=version("hub-monitor"))
    parser.add_settings()
    return parser


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


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; `serve` returns only on an error. Returns the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        if words and words[0] in _OTHERS:
            return _OTHERS[words[0]](words[1:])
        parser = _parser()
        given = parser.read(words)
        if (command := given.texts["command"]) != SERVE:
            parser.error(f"{command} is not a command; the commands are {', '.join(_COMMANDS)}")
        serve(given.load(), given)
    except (SettingsError, NewerSchemaError, TakenError) as error:
        sys.stderr.write(f"hub-monitor: {error}\n")
        return error.exit_code
