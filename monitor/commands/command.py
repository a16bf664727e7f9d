"""What the commands that watch or serve have in common: options, a bound port, and becoming the server."""

import argparse
import os
import socket
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from monitor.config import (
    CONFIG_VARIABLE,
    FILE_ONLY,
    LISTENER_VARIABLE,
    NAMES,
    PLATFORM_PORT,
    PREFIX,
    Settings,
    load,
)
from monitor.core.errors import SettingsError
from monitor.core.nearest import nearest
from monitor.shipped import shipped
from monitor.ui.address import BASE

USAGE_ERROR: Final = 2
_LOCALHOST: Final = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Given:
    """A command line: each argument's text by name, and the settings file."""

    texts: dict[str, str]
    config: Path | None

    def settings(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return those that are settings, and `more` in their place."""
        return {name: text for name, text in self.texts.items() if name in NAMES} | dict(more or {})

    def load(self, more: Mapping[str, str] | None = None) -> Settings:
        """Put the settings together; raises SettingsError."""
        # PORT is the platform's word to the Procfile; in a developer's shell it means some other program.
        environment = {name: value for name, value in os.environ.items() if name != PLATFORM_PORT}
        return load(self.settings(more), environment, self.config)


class Parser(argparse.ArgumentParser):
    """Ends with exit code 2 and one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command line."""
        self.exit(USAGE_ERROR, f"hub-monitor: {message}\n")

    def add_settings(self, names: Iterable[str] = NAMES) -> None:
        """Take settings as options, and the file that has others."""
        self.add_argument("--config", type=Path, metavar="FILE", help="settings file (default ./monitor.toml)")
        for name in names:
            field = Settings.model_fields[name]
            if name in FILE_ONLY:
                continue
            option = f"--{name.replace('_', '-')}"
            if field.annotation is bool:
                self.add_argument(option, action="store_const", const="true", help=field.description)
            else:
                default = field.get_default(call_default_factory=True)
                shown = "" if field.is_required() or default in {None, ()} else f" (default {default})"
                hidden = "" if name == "token" else shown
                self.add_argument(option, metavar=name.upper(), help=f"{field.description}{hidden}")

    def read(self, words: Sequence[str]) -> "Given":
        """Return what was given; an unknown option ends with a hint at the nearest one."""
        namespace, unknown = self.parse_known_args(words)
        for word in unknown:
            option = word.partition("=")[0]
            own = [name for name in vars(namespace) if name in NAMES]
            hint = nearest(option.lstrip("-"), own, "settings") if option.startswith("-") else ""
            self.error(f"{option} is not an option{hint}")
        texts = {name: value for name, value in vars(namespace).items() if value is not None}
        config = texts.pop("config", None)
        return Given({name: str(value) for name, value in texts.items()}, config)


def listen(settings: Settings) -> socket.socket:
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
    listener.set_inheritable(True)
    return listener


def addresses(settings: Settings, port: int) -> str:
    """Return the lines of a banner that say where it is and who gets in."""
    host = "localhost" if settings.host in _LOCALHOST else settings.url_host
    access = ""
    if not settings.loopback:
        access = (
            "Access:    everybody who can reach it (insecure)\n"
            if not settings.token.get_secret_value()
            else "Access:    with the token\n"
        )
    return f"Dashboard: http://{host}:{port}{BASE.rstrip('/')}\nWebSocket: ws://{host}:{port}/ws\n{access}"


def become_server(
    factory: str,
    settings: Settings,
    listener: socket.socket,
    given: Given,
    more: Mapping[str, str] | None = None,
) -> NoReturn:
    """Become the server of `factory()`. Settings travel as environment variables, as they do under the Procfile.

    `more` are variables beside them, and beat them.
    """
    environment = dict(os.environ)
    environment.update({f"{PREFIX}{name.upper()}": value for name, value in given.settings().items()})
    environment |= {
        f"{PREFIX}HOST": settings.host,
        f"{PREFIX}PORT": str(listener.getsockname()[1]),
        LISTENER_VARIABLE: str(listener.fileno()),
        **(more or {}),
    }
    if given.config is not None:
        environment[CONFIG_VARIABLE] = str(given.config)
    command = [sys.executable, "-m", "gunicorn", "-c", str(shipped("gunicorn.conf.py")), factory]
    os.execve(sys.executable, command, environment)  # noqa: S606 - our own interpreter, no shell
