"""The whole page: its static tree, what a snapshot makes of it, and the patch from one snapshot to another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import orjson
from dash import dcc, html

from monitor.core.baseline import load_of
from monitor.core.health import STALE_INTERVALS
from monitor.core.impact_document import course_after
from monitor.core.metric import COLUMN, HEADLINE, METRIC
from monitor.core.snapshot import Snapshot
from monitor.core.window import Rows
from monitor.engine.rendering import Rendering
from monitor.ui import alert_marks, axis
from monitor.ui.address import BASE, POLL
from monitor.ui.alert_changes import alert_changes
from monitor.ui.chart import CHARTS, DECIMALS, LIVE_SECONDS
from monitor.ui.component import Component, Element, Props
from monitor.ui.components.alerts_page import AlertsPage
from monitor.ui.components.alerts_panel import AlertsPanel
from monitor.ui.components.balancer_panel import BalancerPanel
from monitor.ui.components.changes_panel import ChangesPanel
from monitor.ui.components.experiment_dialogs import ExperimentDialogs
from monitor.ui.components.facts_panel import FactsPanel
from monitor.ui.components.health_panel import HealthPanel
from monitor.ui.components.history_dialog import HistoryDialog
from monitor.ui.components.history_page import HistoryPage
from monitor.ui.components.impact_page import ImpactPage
from monitor.ui.components.live_chart import LiveChart
from monitor.ui.components.metric_card import MetricCard
from monitor.ui.components.monitor_cost import MonitorCost
from monitor.ui.components.notice import Notice
from monitor.ui.components.page_problem import PageProblem
from monitor.ui.components.settings_page import SettingsPage
from monitor.ui.components.shortcuts import ShortcutsDialog
from monitor.ui.components.target_bar import TargetBar
from monitor.ui.components.top_bar import TopBar
from monitor.ui.components.verdict_panel import VerdictPanel
from monitor.ui.expected import LOAD, document, expectations, with_expected

RANGE_MS: Final = 5000
MARKERS: Final = 30
"""Noted changes that the charts show."""
_KEPT: Final = 16
_JSON: Final = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
_COLUMNS: Final = {chart.id: [COLUMN[metric] for metric in chart.metrics] for chart in CHARTS}

Axes = dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Everything that a snapshot puts on the page, points aside."""

    props: Props
    axes: Axes


class Page:
    """Knows every component. Rendered once per snapshot and once per pair of snapshots, whoever asks."""

    def __init__(
        self, *, target: str, settings: Mapping[str, str], refresh_ms: int = 1000, read_only: str = ""
    ) -> None:
        """Name the target before its first sample; update each `refresh_ms`.

        `settings` are shown as they are, secrets left out before. `read_only` says why nothing can be changed, ""
        where it can: what would change something is then neither shown nor opened.
        """
        self._refresh_ms = refresh_ms
        self._marks = {"data-read-only": read_only} if read_only else {}
        self._history = HistoryPage(writable=not read_only)
        self._top = TopBar(BASE)
        self._target = TargetBar(target)
        self._notice = Notice()
        self._verdict = VerdictPanel()
        self._changes = ChangesPanel()
        self._health = HealthPanel()
        self._cards = [MetricCard(METRIC[metric]) for metric in HEADLINE]
        self._charts = [LiveChart(chart) for chart in CHARTS]
        self._batching = FactsPanel(
            "panel-batching",
            title="Message batching",
            icon="envelope-paper",
            optimization="message_batching",
            metrics=("batch_efficiency", "compression_ratio", "messages_per_batch"),
        )
        self._pools = FactsPanel(
            "panel-pools",
            title="Memory pools",
            icon="memory",
            optimization="memory_pools",
            metrics=("pool_hit_rate", "pool_saved_mb", "pool_allocated_mb", "pool_in_use"),
        )
        self._balancer = BalancerPanel()
        self._alerts = AlertsPanel()
        self._cost = MonitorCost()
        self._impact = ImpactPage()
        self._settings = SettingsPage(settings)
        self._shortcuts = ShortcutsDialog()
        self.switches = [panel.switch for panel in (self._batching, self._pools, self._balancer)]
        patched: list[Component] = [
            self._target,
            self._notice,
            self._verdict,
            self._changes,
            self._health,
            *self._cards,
            *self._charts,
            self._batching,
            self._pools,
            self._balancer,
            self._alerts,
            self._cost,
            self._impact,
        ]
        self._patched = tuple(patched)
        self._frame = Rendering(self._make_frame, lambda snapshot: (snapshot.epoch, snapshot.seq), _KEPT)
        self._patch = Rendering(
            self._make_patch,
            lambda before, now: (now.epoch, before.seq if before is not None else None, now.seq),
            _KEPT,
        )

    def layout(self, files: Mapping[str, Sequence[str]]) -> Element:
        """Return the static tree; its elements' contents belong to the patches.

        `files`: {page: addresses of its scripts and styles}, loaded when it is first shown.
        """
        return html.Div(
            [
                dcc.Location(id="location", refresh=False),
                dcc.Store(id="cursor", data={}),
                dcc.Store(id=POLL),
                dcc.Store(id="range", data=LIVE_SECONDS),
                dcc.Store(id="range-data"),
                dcc.Interval(id="poll-interval", interval=self._refresh_ms),
                dcc.Interval(id="range-interval", interval=RANGE_MS, max_intervals=0),
                html.A("Skip to content", href="#main", className="skip-link visually-hidden-focusable"),
                self._top.layout(),
                html.Main(
                    [
                        self._target.layout(),
                        self._notice.layout(),
                        PageProblem(files).layout(),
                        self._live(),
                        self._impact.layout(),
                        self._history.layout(),
                        AlertsPage().layout(),
                        self._settings.layout(),
                    ],
                    id="main",
                    tabIndex=-1,
                ),
                self._cost.layout(),
                self._shortcuts.layout(),
                ExperimentDialogs().layout(),
                HistoryDialog().layout(),
                html.Div(id="live-region", className="visually-hidden", role="status", **{"aria-live": "polite"}),
            ],
            id="app",
            **self._marks,
        )

    def _live(self) -> Element:
        def titled(title: str, words: str, children: list[Element]) -> Element:
            heading = html.H2(title, className="visually-hidden")
            return html.Div([heading, *children], className=words)

        panels: list[Component] = [self._batching, self._pools, self._balancer, self._alerts]
        return html.Div(
            [
                html.H1("Live", className="visually-hidden"),
                html.Div(
                    [self._verdict.layout(), self._changes.layout(), self._health.layout()], className="row-impact"
                ),
                titled("Now", "row-cards", [card.layout() for card in self._cards]),
                titled("The last minutes", "row-charts", [chart.layout() for chart in self._charts]),
                html.Div([panel.layout() for panel in panels], className="row-panels"),
            ],
            id="page-live",
            className="page",
        )

    def render(self, snapshot: Snapshot) -> Props:
        """Return all properties of the page. Pure; computed once per snapshot."""
        return self._frame(snapshot).props

    def axes(self, snapshot: Snapshot) -> Axes:
        """Return each chart's y range."""
        return self._frame(snapshot).axes

    def patch(self, before: Snapshot | None, now: Snapshot) -> bytes:
        """Return what brings a page at `before` to `now`, as JSON: whole when there is no usable `before`."""
        return self._patch(before if self._reachable(before, now) else None, now)

    @staticmethod
    def _reachable(before: Snapshot | None, now: Snapshot) -> bool:
        """Tell whether `now` still holds the row after `before`."""
        if before is None or before.epoch != now.epoch or before.seq > now.seq:
            return False
        return before.seq == now.seq or int(now.recent.seq[0]) <= before.seq + 1

    def _make_frame(self, snapshot: Snapshot) -> _Frame:
        props: Props = {}
        for component in self._patched:
            props |= component.patch(snapshot)
        end = snapshot.sample.timestamp
        values = _between(snapshot.recent, end - axis.HOLD_SECONDS * 1000, end).values
        expected, load = expectations(snapshot), load_of(values)
        axes: Axes = {}
        for chart in CHARTS:
            columns = [values[:, column] for column in _COLUMNS[chart.id]]
            thresholds = [rule.threshold for rule in alert_marks.limiting(snapshot.alerts, chart)]
            shown = with_expected(columns, expected.get(chart.id), load)
            axes[chart.id] = axis.with_limits(chart, shown, thresholds)
        return _Frame(props, axes)

    def _make_patch(self, before: Snapshot | None, now: Snapshot) -> bytes:
        frame = self._frame(now)
        if before is None:
            props, axes = frame.props, frame.axes
            rows = _between(now.recent, now.sample.timestamp - LIVE_SECONDS * 1000, now.sample.timestamp)
        else:
            old = self._frame(before)
            props = _changed(old.props, frame.props)
            axes = {chart: limits for chart, limits in frame.axes.items() if limits != old.axes[chart]}
            rows = now.recent.tail(now.seq - before.seq)
        patch: dict[str, object] = {
            "type": "page",
            "epoch": now.epoch,
            "seq": now.seq,
            "from": None if before is None else before.seq,
            "t": now.sample.timestamp,
            "interval": now.interval_ms,
            "refresh": self._refresh_ms,
            # What was fresh when it was sent grows older until the next one comes.
            "stale": STALE_INTERVALS * now.interval_ms + self._refresh_ms - now.interval_ms,
            "final": now.sample.final,
            "viewers": now.viewers,
            "props": props,
            "points": points(rows),
            "axes": axes,
        }
        if before is None or _noted(before) != _noted(now):
            patch |= overlays(now)
        if before is None or alert_marks.basis(before.alerts) != alert_marks.basis(now.alerts):
            patch["alerts"] = alert_marks.marks(now.alerts)
        if before is not None:
            # A page that begins here, or shows the Impact page later, asks /api/v1/impact/course for all of it.
            patch |= _course(before, now)
        if alerts := alert_changes(None if before is None else before.alerts, now.alerts):
            patch["alert_changes"] = alerts
        return orjson.dumps(patch, option=_JSON)


def overlays(now: Snapshot) -> dict[str, object]:
    """Return what stands on the charts beside what is measured: the expected, and the newest noted changes."""
    return {
        "expected": {chart: document(one) for chart, one in expectations(now).items()},
        "markers": [{"at": marker.at, "text": marker.text} for marker in now.experiment.markers[-MARKERS:]],
    }


def _course(before: Snapshot, now: Snapshot) -> dict[str, object]:
    """Return the points that came meanwhile, or the name of another comparison; mostly nothing in a long one."""
    old, new = before.experiment.impact, now.experiment.impact
    known = course_after(old, now.sample.timestamp)["comparison"]
    points = () if old is None else old.course.points
    course = course_after(new, points[-1].at if points else 0)
    return {"course": course} if course["timestamp"] or course["comparison"] != known else {}


def _noted(snapshot: Snapshot) -> tuple[object, ...]:
    """Return what the overlays depend on."""
    impact = snapshot.experiment.impact
    return snapshot.experiment.markers, None if impact is None else impact.baseline.id


def points(rows: Rows) -> dict[str, object]:
    """Return the rows as each chart's traces, beside moments in epoch ms and loads; NaN becomes null in JSON."""
    rounded = np.round(rows.values, DECIMALS)
    drawn: dict[str, object] = {"t": rows.timestamp.tolist(), LOAD: [load_of(rounded).tolist()]}
    for chart, columns in _COLUMNS.items():
        drawn[chart] = [rounded[:, column].tolist() for column in columns]
    return drawn


def _between(rows: Rows, start: int, end: int) -> Rows:
    """Return the rows later than `start` up to `end` (epoch ms). A clock that was set back has left later ones."""
    return rows[(rows.timestamp > start) & (rows.timestamp <= end)]


def _changed(old: Props, new: Props) -> Props:
    """Return only the properties whose values differ; every render names the same ids and properties."""
    changes: Props = {}
    for element, properties in new.items():
        known = old.get(element, {})
        if known is properties or known == properties:
            continue
        changes[element] = {
            name: value for name, value in properties.items() if name not in known or known[name] != value
        }
    return changes
