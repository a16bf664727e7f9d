"""The command line of `hub-monitor`: calls the command that its first word names, `serve` where it names none."""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import Final, NoReturn

from monitor.commands import verdict
from monitor.commands.command import Parser
from monitor.commands.serve import serve
from monitor.core.errors import NewerSchemaError, SettingsError, TakenError

# These import the whole application, for which `serve` does not wait before it says where it is.


def _record(words: Sequence[str]) -> int:
    from monitor.commands import record  # noqa: PLC0415

    return record.main(words)


def _replay(words: Sequence[str]) -> NoReturn:
    from monitor.commands import replay  # noqa: PLC0415

    replay.main(words)


def _open(words: Sequence[str]) -> NoReturn:
    from monitor.commands import open as open_  # noqa: PLC0415

    open_.main(words)


SERVE: Final = "serve"
_OTHERS: Final[Mapping[str, Callable[[Sequence[str]], int]]] = {
    "verdict": verdict.main,
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
