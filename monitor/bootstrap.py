"""The only place where rooms meet: builds the application out of settings, and gives it a life."""

import logging
import math
import os
import platform
import random
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final, Self

from flask import Flask

from monitor.config import RAMP, Settings, load
from monitor.core.channel_settings import ChannelKind
from monitor.core.experiment import Opening
from monitor.core.rollup import DAY_MS, HOUR_MS
from monitor.core.window import Window
from monitor.engine.alerting import Alerting
from monitor.engine.clock import SystemClock
from monitor.engine.delivery import Delivery
from monitor.engine.experiment import Experiment
from monitor.engine.experiment_setup import ExperimentSetup
from monitor.engine.forecasts import Forecasts
from monitor.engine.history_writer import HistoryWriter
from monitor.engine.latency_history import LatencyHistory
from monitor.engine.monitor import Monitor
from monitor.engine.ports import Clock, Sender, Source, Switchboard
from monitor.engine.prover import Prover
from monitor.engine.reports import Reports
from monitor.engine.sampler import Sampler
from monitor.engine.viewers import Viewers
from monitor.net.address import parse_address
from monitor.notify.apprise_sender import AppriseSender
from monitor.notify.slack import SlackSender
from monitor.notify.smtp import SmtpSender
from monitor.notify.webhook import WebhookSender
from monitor.report.drawing import ChildDrawing
from monitor.shipped import shipped
from monitor.sources.sample_hub import SampleHub
from monitor.sources.switchboard import HttpSwitchboard
from monitor.sources.watch import Watch
from monitor.storage.archive import Archive
from monitor.storage.baseline_files import BaselineFiles
from monitor.storage.history_file import HistoryFile
from monitor.storage.notes_file import NotesFile
from monitor.storage.proof_file import ProofFile
from monitor.storage.retention import Retention
from monitor.ui.address import BASE, POLL
from monitor.ui.dash_app import create_dash, script_hashes
from monitor.ui.page import Page
from monitor.web.access import Access
from monitor.web.server import create_server

log = logging.getLogger(__name__)

_WARM_UP_SECONDS: Final = 30
_SAMPLE_HUB_WARM_UP_SECONDS: Final = 5
_ANY_HOST: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - where it listens, no address to be reached by
_OPENING: Final = Opening("before batching", "Recorded by itself while the sample hub had everything off", 15, 90)


class Application:
    """Everything that lives as long as the server: a Monitor per target, its sampler, the WSGI server.

    Building it starts nothing.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        target: str,
        sources: Sequence[Source],
        switchboard: Switchboard | None = None,
        sample_hub: SampleHub | None = None,
        clock: Clock | None = None,
        pace: float | None = None,
        read_only: str = "",
    ) -> None:
        """Watch `target` through `sources`; `sample_hub` is a child process that ends with the application.

        `pace` is how many seconds there are between two samples where that is not their interval. `read_only` says
        why nothing may be written.
        """
        clock = clock or SystemClock()
        viewers = Viewers(settings.max_connections)
        window = Window(settings.capacity)
        latency = LatencyHistory(math.ceil(settings.capacity * settings.interval / 60.0))
        warm_up = _WARM_UP_SECONDS if sample_hub is None else _SAMPLE_HUB_WARM_UP_SECONDS
        writer = _build_writer(settings, target, clock)
        experiment = _build_experiment(settings, target, window, latency, warm_up, sample_hub, writer)
        self._delivery = _build_delivery(settings, target, writer, clock)
        self._tells = settings.enable_alerting
        monitor = Monitor(
            target=target,
            epoch=secrets.token_hex(4),
            interval=settings.interval,
            window=window,
            latency=latency,
            experiment=experiment,
            prover=Prover(
                switchboard,
                interval=settings.interval,
                warm_up=warm_up,
                keep=experiment.keep,
                notes=ProofFile(settings.data_dir / "proof.json", target),
                chance=random.SystemRandom(),
            ),
            alerting=Alerting(
                target,
                writer,
                clock,
                settings.interval,
                speed=settings.interval / pace if pace else 1.0,
                rules=settings.alert_rules,
                announce=self._delivery.take,
                enabled=settings.enable_alerting,
            ),
            writer=writer,
            clock=clock,
            viewers=viewers,
        )
        self._retention_hours = settings.data_retention_hours
        self.monitors = {target: monitor}
        self._sampler = Sampler(target, sources, monitor, clock, pace or settings.interval)
        self._sample_hub = sample_hub
        self._running = False
        # Guards the life: start and close may come from the server's hooks and from tests, in any order.
        self._life = threading.Lock()
        self._reports = Reports(ChildDrawing)
        self.server = _build_server(
            settings, monitor, viewers, switchboard, clock, self._reports, self._delivery, read_only
        )
        self.server.extensions["hub-monitor"] = self

    def start(self) -> None:
        """Take in what was kept and start sampling; idempotent.

        Raises TakenError where another instance uses the data directory, and NewerSchemaError.
        """
        with self._life:
            if not self._running:
                for monitor in self.monitors.values():
                    monitor.writer.open()
                self._running = True
                for monitor in self.monitors.values():
                    restored = monitor.restore(monitor.writer.past(self._retention_hours))
                    log.info("history read", extra={"samples": restored})
                    monitor.writer.start()
                self._delivery.restore()
                for monitor in self.monitors.values():
                    monitor.experiment.start()
                    monitor.alerting.start()
                    monitor.prover.start()
                if self._tells:
                    self._delivery.start()
                self._sampler.start()
                log.info("sampling started", extra={"target": ",".join(self.monitors)})

    def stop_streams(self) -> None:
        """Let every open stream end; safe in a signal handler."""
        for monitor in self.monitors.values():
            # A thread of its own: the handler may have interrupted whoever holds the feed's lock.
            threading.Thread(target=monitor.feed.close, name="stop-streams", daemon=True).start()

    def close(self) -> None:
        """Stop the sampler first, then write what waits, then the streams, then the sample hub; idempotent."""
        with self._life:
            if self._running:
                self._running = False
                self._sampler.close()
                log.info("sampling stopped")
            self._delivery.close()
            for monitor in self.monitors.values():
                # Puts the switch back, while the target is still there, and may still have a row for the ledger.
                monitor.prover.close()
                monitor.experiment.close()
                monitor.writer.close()
                monitor.feed.close()
            self._reports.close()
            if self._sample_hub is not None:
                self._sample_hub.close()


def _build_writer(settings: Settings, target: str, clock: Clock) -> HistoryWriter:
    retention = Retention(
        samples=settings.data_retention_hours * HOUR_MS,
        minutes=settings.rollup_minute_days * DAY_MS,
        hours=settings.rollup_hour_days * DAY_MS,
    )
    return HistoryWriter(
        HistoryFile(settings.data_dir, target, retention, settings.address),
        Archive(settings.data_dir, target),
        clock,
        settings.interval,
    )


def _build_delivery(settings: Settings, target: str, entries: HistoryWriter, clock: Clock) -> Delivery:
    senders: dict[ChannelKind, Sender] = {
        ChannelKind.EMAIL: SmtpSender(),
        ChannelKind.SLACK: SlackSender(),
        ChannelKind.WEBHOOK: WebhookSender(),
        ChannelKind.APPRISE: AppriseSender(),
    }
    # A link in a mail is opened elsewhere.
    host = platform.node() if settings.host in _ANY_HOST else settings.url_host
    link = f"http://{host}:{settings.port}{BASE}alerts"
    return Delivery(senders, entries, clock, random.SystemRandom(), target=target, link=link)


def _build_experiment(
    settings: Settings,
    target: str,
    window: Window,
    latency: LatencyHistory,
    warm_up: int,
    sample_hub: SampleHub | None,
    entries: HistoryWriter,
) -> Experiment:
    ramp = sample_hub is not None and settings.scenario == RAMP
    fingerprint = {
        "host": platform.node(),
        "cores": str(os.cpu_count() or ""),
        "monitor": version("hub-monitor"),
    }
    return Experiment(
        ExperimentSetup(
            target,
            window,
            latency,
            settings.collection_interval_ms,
            warm_up,
            fingerprint,
            opening=_OPENING if ramp else None,
        ),
        store=BaselineFiles(settings.data_dir / "baselines"),
        entries=entries,
        notes=NotesFile(settings.data_dir / "notes.json", target),
    )


def _build_server(
    settings: Settings,
    monitor: Monitor,
    viewers: Viewers,
    switchboard: Switchboard | None,
    clock: Clock,
    reports: Reports,
    delivery: Delivery,
    read_only: str,
) -> Flask:
    page = Page(
        target=monitor.target,
        settings=settings.shown(),
        refresh_ms=settings.refresh_rate_ms,
        read_only=read_only,
    )
    server = create_server(
        monitor=monitor,
        forecasts=Forecasts(monitor),
        viewers=viewers,
        page_patch=page.patch,
        access=Access(
            token=settings.token.get_secret_value(),
            allowed_hosts=settings.hosts,
            allowed_origins=settings.allowed_origins,
            loopback=settings.loopback,
        ),
        clock=clock,
        delivery=delivery,
        reports=reports,
        dashboard=BASE,
        poll_output=f"{POLL}.data",
        heartbeat_seconds=settings.heartbeat_seconds,
        page_ticks=settings.page_ticks,
        script_hashes=lambda: script_hashes(dash),
        read_only=read_only,
    )
    dash = create_dash(
        server,
        monitor=monitor,
        page=page,
        switchboard=switchboard,
        assets_folder=shipped("assets"),
        max_data_points=settings.max_data_points,
    )
    return server


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched, and what sees it."""

    name: str
    sources: Sequence[Source]
    switchboard: HttpSwitchboard | None
    sample_hub: SampleHub | None

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Build what the settings describe, starting the sample hub where that is the target."""
        watch = Watch.again(settings)
        sample_hub = SampleHub(settings.scenario) if watch.sample_hub else None
        address = watch.address if sample_hub is None else parse_address("target", sample_hub.start())
        sources = watch.sources(address, settings.interval)
        switchboard = None if address is None else HttpSwitchboard(address)
        seeing = sources if switchboard is None else [*sources, switchboard]
        return cls(watch.name, seeing, switchboard, sample_hub)


def build(settings: Settings) -> Application:
    """Build the application that the settings describe, starting the sample hub where that is the target."""
    watched = Watched.of(settings)
    return Application(
        settings,
        target=watched.name,
        sources=watched.sources,
        switchboard=watched.switchboard,
        sample_hub=watched.sample_hub,
    )


def wsgi() -> Flask:
    """Return the WSGI application of this process' settings; the server's hooks start and close it."""
    return build(load({}, os.environ)).server
