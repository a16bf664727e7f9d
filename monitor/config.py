"""Settings: command line > environment `MONITOR_*` > `monitor.toml` > defaults."""

import ipaddress
import os
import socket
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from monitor.core.errors import InvalidInputError, SettingsError
from monitor.core.nearest import nearest
from monitor.core.rule import Origin, Rule

PREFIX: Final = "MONITOR_"
RAMP: Final = "ramp"
"""The sample hub's scenario that switches one mechanism on after the other."""
DEFAULT_FILE: Final = "monitor.toml"
CONFIG_VARIABLE: Final = "MONITOR_CONFIG"
"""Names the settings file where `--config` cannot: under the Procfile."""
LISTENER_VARIABLE: Final = "HUB_MONITOR_LISTENER"
"""Tells the server the descriptor of a socket that is bound already."""
TEMPORARY_VARIABLE: Final = "HUB_MONITOR_TEMPORARY"
"""Names a folder that was made for this run alone, and goes with it."""
PLATFORM_PORT: Final = "PORT"
"""A platform that runs a Procfile tells the port by this, and expects to be reached from outside."""
EVERY_ADDRESS: Final = "0.0.0.0"  # noqa: S104 - refused without a token

CommaSeparated = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Every setting, with its rule."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, validate_default=True)

    host: str = Field("127.0.0.1", min_length=1, description="Address to listen on")
    port: int = Field(8081, ge=0, le=65535, description="Port of page, API and /ws; 0 takes a free one")
    collection_interval_ms: int = Field(1000, ge=1000, le=60000, description="Time between two samples")
    refresh_rate_ms: int = Field(
        1000, ge=1000, le=60000, description="Time between two updates of the page; a multiple of the former"
    )
    data_retention_hours: int = Field(24, ge=1, le=168, description="Hours of samples that are kept")
    rollup_minute_days: int = Field(30, ge=1, le=366, description="Days of figures per minute that are kept")
    rollup_hour_days: int = Field(730, ge=1, le=3660, description="Days of figures per hour that are kept")
    max_data_points: int = Field(300, ge=60, le=2000, description="Points drawn per chart")
    max_connections: int = Field(100, ge=1, le=500, description="Open /ws connections; the next gets 1013")
    heartbeat_seconds: int = Field(30, ge=1, le=300, description="Time between two pings on /ws")
    allowed_origins: CommaSeparated = Field((), description="Origins besides its own that may use /api and /ws")
    allowed_hosts: CommaSeparated = Field((), description="Host names besides its own that it answers to")
    target: str | None = Field(None, description="URL of Prometheus metrics to watch")
    pid: int | None = Field(None, ge=1, description="Process to watch, with its children")
    preset: str = Field("hub", description="How the target names its metrics")
    scenario: Literal["ramp", "steady", "off"] = Field(RAMP, description="What the sample hub plays")
    data_dir: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("hub-monitor", appauthor=False),
        description="Folder of what outlives the process",
    )
    token: SecretStr = Field(SecretStr(""), description="Secret that every caller must know")
    insecure: bool = Field(default=False, description="Listen beyond loopback without a token")
    enable_alerting: bool = Field(default=True, description="Watch the rules; without, no alert is raised")
    rules: tuple[dict[str, Any], ...] = Field((), description="Rules of alerts, [[rules]]; file only")
    map: dict[str, Any] = Field(default_factory=dict, description="Metrics of the target by hand; file only")

    @field_validator("allowed_origins", "allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("allowed_origins")
    @classmethod
    def _exact_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            scheme, separator, rest = origin.partition("://")
            if scheme not in {"http", "https"} or not separator or not rest or set(rest) & set("/*?# "):
                raise ValueError("must be exact origins such as https://ops.example, never * and without a path")
        return origins

    @field_validator("allowed_hosts")
    @classmethod
    def _exact_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        if any(set(host) & set("/* ") for host in hosts):
            raise ValueError("must be exact names such as monitor.example or monitor.example:8081, never *")
        return hosts

    @field_validator("rules")
    @classmethod
    def _good_rules(cls, documents: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
        ids: set[str] = set()
        for place, document in enumerate(documents, 1):
            try:
                rule = Rule.read(document, Origin.FILE)
            except InvalidInputError as problem:
                raise ValueError(f"rule {place}, {problem.field}: {problem.message}") from None
            if rule.id in ids:
                raise ValueError(f"rule {place}, id: must not be {rule.id} again")
            ids.add(rule.id)
        return documents

    @field_validator("token")
    @classmethod
    def _long_token(cls, token: SecretStr) -> SecretStr:
        if 0 < len(token.get_secret_value()) < 16:
            raise ValueError("must have at least 16 characters")
        return token

    @field_validator("data_dir")
    @classmethod
    def _directory(cls, path: Path) -> Path:
        # os.path, which takes what may not be looked into for what is not there: that is for the store to say.
        there = next((one for one in (path, *path.parents) if os.path.lexists(one)), None)
        if there is not None and not os.path.isdir(there):  # noqa: PTH112
            raise ValueError("must be a directory, or a place where one can be made, not a file")
        return path

    @model_validator(mode="before")
    @classmethod
    def _refresh_follows(cls, values: Any) -> Any:  # noqa: ANN401 - whatever was given
        """Update the page with each sample unless something else is asked for."""
        if isinstance(values, dict) and "refresh_rate_ms" not in values and "collection_interval_ms" in values:
            return {**values, "refresh_rate_ms": values["collection_interval_ms"]}
        return values

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.refresh_rate_ms % self.collection_interval_ms:
            raise ValueError(
                f"refresh_rate_ms={self.refresh_rate_ms} must be a multiple of "
                f"collection_interval_ms={self.collection_interval_ms}"
            )
        if not self.loopback and not self.token.get_secret_value() and not self.insecure:
            raise ValueError(
                f"host={self.host!r} is not loopback: set a token (MONITOR_TOKEN), or insecure to do without"
            )
        return self

    @property
    def alert_rules(self) -> tuple[Rule, ...]:
        """Return the rules of the settings' file."""
        return tuple(Rule.read(document, Origin.FILE) for document in self.rules)

    @property
    def loopback(self) -> bool:
        """Tell whether only this machine can connect."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def interval(self) -> float:
        """Return seconds between two samples."""
        return self.collection_interval_ms / 1000.0

    @property
    def capacity(self) -> int:
        """Return how many samples the rolling frame keeps."""
        return round(self.data_retention_hours * 3600 / self.interval)

    @property
    def hosts(self) -> frozenset[str]:
        """Return the Host headers to answer to: its own address in each spelling, and the allowed ones."""
        names = {"127.0.0.1", "localhost", "[::1]", self.url_host}
        if not self.loopback:
            names.add(socket.gethostname())
        own = {f"{name}:{self.port}" for name in names} | (names if self.port in {80, 443} else set())
        return frozenset(own | set(self.allowed_hosts))

    @property
    def address(self) -> str:
        """Return host and port as they stand in a URL."""
        return f"{self.url_host}:{self.port}"

    @property
    def page_ticks(self) -> int:
        """Return how many samples there are between two updates of the page."""
        return self.refresh_rate_ms // self.collection_interval_ms

    @property
    def url_host(self) -> str:
        """Return the host as it stands in a URL: an IPv6 address in brackets."""
        return f"[{self.host}]" if ":" in self.host else self.host

    def shown(self) -> dict[str, str]:
        """Return the settings as text, secrets left out: the token, and the query of the target's URL."""
        texts = {name: getattr(self, name) for name in NAMES if name not in FILE_ONLY}
        texts["token"] = "set" if self.token.get_secret_value() else "not set"
        texts["target"] = self.target.partition("?")[0] if self.target else None
        return {
            name: ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
            for name, value in texts.items()
        }

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read only what `load` hands over."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


NAMES: Final[tuple[str, ...]] = tuple(Settings.model_fields)
FILE_ONLY: Final = frozenset({"map", "rules"})
"""Settings that are tables."""


def load(arguments: Mapping[str, str], environment: Mapping[str, str], file: Path | None = None) -> Settings:
    """Put the settings together, the first that names one wins: arguments, environment, file, default.

    `file` must exist when it is given; else MONITOR_CONFIG names it; else ./monitor.toml is read where it exists.
    Raises SettingsError with one line that names key, value and rule.
    """
    platform = {"port": environment[PLATFORM_PORT]} if PLATFORM_PORT in environment else {}
    reached = {"host": EVERY_ADDRESS} if platform else {}
    values: dict[str, Any] = {
        **reached,
        **_from_file(file, environment),
        **platform,
        **_from_environment(environment),
        **arguments,
    }
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None


def _from_file(file: Path | None, environment: Mapping[str, str]) -> dict[str, Any]:
    named = file or (Path(environment[CONFIG_VARIABLE]) if environment.get(CONFIG_VARIABLE) else None)
    path = named or Path(DEFAULT_FILE)
    if named is None and not path.is_file():
        return {}
    try:
        with path.open("rb") as stream:
            values = tomllib.load(stream)
    except OSError as error:
        raise SettingsError(f"config={str(path)!r} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"config={str(path)!r} is not TOML: {error}") from None
    _known(values, f"{path}: ")
    return values


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    values = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and name != CONFIG_VARIABLE
    }
    _known(values, PREFIX)
    return values


def _known(values: Mapping[str, Any], where: str) -> None:
    for key in values:
        if key not in NAMES:
            raise SettingsError(f"{where}{key} is not a setting{nearest(key, NAMES, 'settings')}")


def _sentence(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_context=False)[0]
    rule = problem["msg"].removeprefix("Value error, ")
    if not problem["loc"]:
        return rule
    name = str(problem["loc"][0])
    shown = "(hidden)" if name == "token" else repr(problem["input"])
    return f"{'.'.join(map(str, problem['loc']))}={shown}: {rule[0].lower()}{rule[1:]}"
