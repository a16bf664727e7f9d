"""`/report.pdf` and `/api/v1/reports`: a period on paper.

The one answers with the file; the other draws it in the background, with progress, to be cancelled or fetched.
"""

from datetime import UTC, datetime
from typing import Any, Final

from flask import Flask, Response

from monitor.core.errors import ReportError
from monitor.core.event import events
from monitor.core.report import NEEDED, Report
from monitor.engine.monitor import Monitor
from monitor.engine.ports import Clock
from monitor.engine.reports import Phase, Reports, ReportState
from monitor.web.body import Body
from monitor.web.errors import answer
from monitor.web.query import Query, TimeRange

FILE: Final = "/report.pdf"
PATH: Final = "/api/v1/reports"
DEFAULT_FROM: Final = "now-24h"
MOMENT_LENGTH: Final = 40
_SPANS: Final = 400
_WAIT_SECONDS: Final = 30.0
_PDF: Final = "application/pdf"


def install(server: Flask, monitor: Monitor, clock: Clock, reports: Reports) -> None:
    """Add the routes."""

    def now() -> int:
        return round(clock.wall() * 1000)

    def head() -> Response:
        """What a GET would be."""
        Query.read().time_range(now(), DEFAULT_FROM)
        return _file(b"", now())

    server.add_url_rule(FILE, "report_head", head, methods=("HEAD",))

    @server.route(FILE, methods=("GET",))
    def report_at_once() -> Response:
        """The report of `from` (default: 24 h ago) to `to`, as soon as it is drawn."""
        within = Query.read().time_range(now(), DEFAULT_FROM)
        ended, file = reports.wait(reports.begin(lambda: _report(monitor, within, now())), _WAIT_SECONDS)
        if ended.phase is not Phase.DONE:
            raise ReportError(f"the report was not drawn: {ended.reason or 'it takes too long'}")
        return _file(file, now())

    @server.post(PATH)
    def begin_report() -> Response:
        """Begin to draw one."""
        body = Body.read(("from", "to"))
        said = {name: body.text(name, MOMENT_LENGTH) for name in ("from", "to") if name in body}
        within = Query(said).time_range(now(), DEFAULT_FROM)
        begun = reports.begin(lambda: _report(monitor, within, now()))
        return answer(_document(begun.state), 202)

    @server.get(f"{PATH}/<identity>")
    def report_state(identity: str) -> Response:
        """How far it is."""
        return answer(_document(reports.state(identity)))

    @server.delete(f"{PATH}/<identity>")
    def cancel_report(identity: str) -> Response:
        """Stop drawing it."""
        return answer(_document(reports.cancel(identity)))

    @server.get(f"{PATH}/<identity>/file")
    def report_file(identity: str) -> Response:
        """The newest report, until the next one is begun."""
        return _file(reports.file(identity), now())


def _report(monitor: Monitor, within: TimeRange, now: int) -> Report:
    state, alerts = monitor.experiment.state(), monitor.alerting.state
    spans, step = monitor.history.spans(within.start, within.end, NEEDED, _SPANS)
    # Minutes and hours are counted whole: the paper names what it counts.
    start, end = int(spans.edges[0]), int(spans.edges[-1])
    return Report.of(
        target=monitor.target,
        start=start,
        end=end,
        made=now,
        begins=monitor.history.begins,
        interval=monitor.interval,
        spans=spans,
        step=step,
        state=state,
        alerts=alerts,
        happened=events(state, alerts, start, end),
        environment=_environment(monitor),
    )


def _file(content: bytes, now: int) -> Response:
    response = Response(content, mimetype=_PDF)
    name = f"hub-monitor-{datetime.fromtimestamp(now / 1000, UTC):%Y%m%dT%H%M%SZ}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _document(state: ReportState) -> dict[str, Any]:
    return {
        "id": state.id,
        "state": state.phase.value,
        "progress": round(state.progress, 3),
        "reason": state.reason,
        "file": f"{PATH}/{state.id}/file" if state.phase is Phase.DONE else None,
    }


def _environment(monitor: Monitor) -> dict[str, str]:
    """Return what a reader elsewhere cannot know: whose figures these are."""
    told = monitor.experiment.state().fingerprint
    return {
        "Target": monitor.target,
        "Sampled": f"every {monitor.interval:g} s",
        "Host of the monitor": told.get("host", ""),
        "Cores of that host": told.get("cores", ""),
        "Hub Monitor": told.get("monitor", ""),
    }
