"""The command line: checks everything that can be checked, says what runs where, and hands over to the server."""

import argparse
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final, NoReturn

from monitor import gate
from monitor.config import CONFIG_VARIABLE, LISTENER_VARIABLE, PLATFORM_PORT, PREFIX, RAMP, Settings, load, nearest
from monitor.core.errors import NewerSchemaError, SettingsError, TakenError
from monitor.shipped import shipped
from monitor.sources.watch import Watch
from monitor.storage.database import check_version
from monitor.storage.directory_lock import DirectoryLock
from monitor.ui.address import BASE

USAGE_ERROR: Final = 2
_LOCALHOST: Final = ("127.0.0.1", "::1", "localhost")
VERDICT: Final = "verdict"
_COMMANDS: Final = ("serve", VERDICT)


class _Parser(argparse.ArgumentParser):
    """Ends with exit code 2 and one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE_ERROR, f"hub-monitor: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="hub-monitor", description="Watch a running service, live.", allow_abbrev=False)
    parser.add_argument(
        "command",
        nargs="?",
        default=_COMMANDS[0],
        help="serve (default), or verdict: has the last change helped? (verdict --help)",
    )
    parser.add_argument("--version", action="version", version=version("hub-monitor"))
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings file (default ./monitor.toml)")
    for name, field in Settings.model_fields.items():
        if name == "map":
            continue
        option = f"--{name.replace('_', '-')}"
        if field.annotation is bool:
            parser.add_argument(option, action="store_const", const="true", help=field.description)
        else:
            default = field.get_default(call_default_factory=True)
            shown = "" if field.is_required() or default in {None, ()} else f" (default {default})"
            hidden = "" if name == "token" else shown
            parser.add_argument(option, metavar=name.upper(), help=f"{field.description}{hidden}")
    return parser


def _listen(settings: Settings) -> socket.socket:
    """Bind the port here, where "in use" can still be said in one line."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise SettingsError(f"port={settings.port}: cannot listen on {settings.host}: {reason}") from None
    listener.listen(2048)
    return listener


def banner(settings: Settings, watched: str, port: int, *, sample_hub: bool = False) -> str:
    """Return what a person needs to know at the start."""
    host = "localhost" if settings.host in _LOCALHOST else settings.url_host
    access = ""
    if not settings.loopback:
        access = (
            "Access:    everybody who can reach it (insecure)\n"
            if not settings.token.get_secret_value()
            else "Access:    with the token\n"
        )
    return (
        f"Hub Monitor {version('hub-monitor')}\n"
        f"Watching:  {watched}\n"
        f"Baseline:  {_baseline(settings, sample_hub=sample_hub)}\n"
        f"Dashboard: http://{host}:{port}{BASE.rstrip('/')}\n"
        f"WebSocket: ws://{host}:{port}/ws\n"
        f"Data:      {settings.data_dir}: samples of {settings.data_retention_hours} h, "
        f"each minute of {settings.rollup_minute_days} days, each hour of {settings.rollup_hour_days}\n"
        f"{access}"
    )


def _baseline(settings: Settings, *, sample_hub: bool) -> str:
    """Say what there is to compare with, or will be."""
    if sample_hub and settings.scenario == RAMP:
        return "recorded by itself from second 15 to 90, before the first optimisation is switched on"
    kept = len(list((settings.data_dir / "baselines").glob("*.json")))
    return f"{kept} kept from earlier runs" if kept else "none recorded yet"


def serve(settings: Settings, arguments: Mapping[str, str], config: Path | None) -> NoReturn:
    """Become the server. Settings travel as environment variables, as they do under the Procfile."""
    watch = Watch.of(settings)
    DirectoryLock(settings.data_dir).check()
    check_version(settings.data_dir)
    listener = _listen(settings)
    port = listener.getsockname()[1]
    listener.set_inheritable(True)
    sys.stdout.write(banner(settings, watch.description, port, sample_hub=watch.sample_hub))
    sys.stdout.flush()
    environment = dict(os.environ)
    environment.update({f"{PREFIX}{name.upper()}": value for name, value in arguments.items()})
    environment |= {
        f"{PREFIX}HOST": settings.host,
        f"{PREFIX}PORT": str(port),
        LISTENER_VARIABLE: str(listener.fileno()),
    }
    if config is not None:
        environment[CONFIG_VARIABLE] = str(config)
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        str(shipped("gunicorn.conf.py")),
        "monitor.bootstrap:wsgi()",
    ]
    os.execve(sys.executable, command, environment)  # noqa: S606 - our own interpreter, no shell


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; `serve` returns only on an error. Returns the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == [VERDICT]:
        return gate.main(words[1:])
    parser = _parser()
    namespace, unknown = parser.parse_known_args(words)
    for word in unknown:
        option = word.partition("=")[0]
        parser.error(f"{option} is not an option{nearest(option.lstrip('-'))}")
    given = vars(namespace)
    if (command := given.pop("command")) not in _COMMANDS:
        parser.error(f"{command} is not a command; the commands are {', '.join(_COMMANDS)}")
    config: Path | None = given.pop("config")
    arguments = {name: value for name, value in given.items() if value is not None}
    try:
        # PORT is the platform's word to the Procfile; in a developer's shell it means some other program.
        environment = {name: value for name, value in os.environ.items() if name != PLATFORM_PORT}
        serve(load(arguments, environment, config), arguments, config)
    except (SettingsError, NewerSchemaError, TakenError) as error:
        sys.stderr.write(f"hub-monitor: {error}\n")
        return error.exit_code
