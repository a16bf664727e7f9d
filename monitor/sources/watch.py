"""What is watched: the sample hub, a URL, a process, or a URL and a process."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, Self

from monitor.core.errors import SettingsError
from monitor.engine.ports import Source
from monitor.net.address import Address, parse_address
from monitor.sources.preset import Preset, load_preset
from monitor.sources.process import EndedProcess, HostSource, ProcessSource, SelfSource
from monitor.sources.prometheus import PrometheusSource


class WatchSettings(Protocol):
    """The settings of what to watch; the program's settings are these and others."""

    @property
    def target(self) -> str | None:
        """Return the URL of Prometheus metrics."""
        ...

    @property
    def pid(self) -> int | None:
        """Return the number of a process."""
        ...

    @property
    def preset(self) -> str:
        """Return the name of the preset by which the target's metrics are read."""
        ...

    @property
    def map(self) -> Mapping[str, object]:
        """Return rules in place of the preset's own."""
        ...

    @property
    def scenario(self) -> str:
        """Return what the sample hub plays."""
        ...


@dataclass(frozen=True, slots=True)
class Watch:
    """Checked settings of what to watch. Without `address` and `pid` it is the sample hub, playing `scenario`."""

    address: Address | None
    pid: int | None
    preset: Preset
    scenario: str

    @classmethod
    def of(cls, settings: WatchSettings) -> Self:
        """Check the settings; raises SettingsError that names the one that breaks its rule."""
        watch = cls.again(settings)
        if watch.pid is not None:
            ProcessSource(watch.pid, 1.0).close()
        return watch

    @classmethod
    def again(cls, settings: WatchSettings) -> Self:
        """Take settings that were good when the program started; the process may have ended since."""
        address = None if settings.target is None else parse_address("target", settings.target)
        return cls(address, settings.pid, load_preset(settings.preset, settings.map), settings.scenario)

    @property
    def sample_hub(self) -> bool:
        """Tell whether the bundled sample hub is what is watched."""
        return self.address is None and self.pid is None

    @property
    def name(self) -> str:
        """Return what the page calls it."""
        if self.address is not None:
            return f"{self.address.host}:{self.address.port}"
        return "sample-hub" if self.pid is None else f"process {self.pid}"

    @property
    def description(self) -> str:
        """Return one line for the banner."""
        if self.sample_hub:
            return f"the bundled sample hub, scenario {self.scenario}"
        parts = [f"{self.address.shown} (preset {self.preset.name})"] if self.address is not None else []
        parts += [f"process {self.pid} and its children"] if self.pid is not None else []
        return ", ".join(parts)

    def sources(self, address: Address | None, interval: float) -> list[Source]:
        """Return the sources to sample every `interval` seconds; `address` is that of target or sample hub."""
        sources: list[Source] = []
        if address is not None:
            sources.append(PrometheusSource(address, self.preset, interval))
        if self.pid is not None:
            try:
                sources.append(ProcessSource(self.pid, interval))
            except SettingsError:
                sources.append(EndedProcess(self.pid))
        return [*sources, HostSource(), SelfSource(interval)]
