"""Alerts and changes on the History page: each is seen, reached, and says what it means."""

from typing import Any

from browser.dashboard import Values, wave
from browser.past import with_past
from browser.test_history import open_page, soon
from browser.test_live_alerts import at_once
from monitor.core.experiment import ExperimentState
from monitor.core.ledger import LedgerRow
from monitor.core.verdict import Verdict

REACHED = """
const found = [...document.querySelectorAll('.history-lane--alert .history-event')];
return found.map((button) => {
  button.scrollIntoView({block: 'center', behavior: 'instant'});
  const { left, top, width, height } = button.getBoundingClientRect();
  const places = [left + 1, left + width / 2, left + width - 1];
  return places.every((x) => document.elementFromPoint(x, top + height / 2) === button);
});
"""


def slow(number: int) -> Values:
    return {**wave(number), "latency_ms": 400.0, "throughput_ops_sec": 100.0, "cpu_utilization": 99.0}


def test_alerts_of_the_same_time_stand_in_rows_of_their_own(serve: Any, view: Any) -> None:
    """None hides another: each is met by the pointer wherever it is, and tells of itself when it has the focus."""
    dashboard = with_past(serve, 0.1)
    at_once(dashboard, "high-latency", "low-throughput", "high-cpu-usage")
    dashboard.tick(20, slow)
    dashboard.tick(40)
    open_page(view, dashboard, f"?from=now-5m&to={soon()}")
    view.until(lambda: view.js(REACHED), "drawn", 15)
    assert len(dashboard.monitor.alerting.state.ended) == 3, dashboard.monitor.alerting.state
    assert view.js(REACHED) == [True, True, True]
    tops = view.js(
        "return [...document.querySelectorAll('.history-lane--alert .history-event')]"
        ".map((button) => Math.round(button.getBoundingClientRect().top))"
    )
    assert len(set(tops)) == 3
    for place, name in enumerate(("High Latency", "Low Throughput", "High CPU")):
        view.js("document.querySelectorAll('.history-lane--alert .history-event')[arguments[0]].focus()", place)
        assert any(
            name in view.text("history-event") for name in ("High Latency", "Low Throughput", "High CPU")
        ), name
    assert view.problems() == []


def test_the_figure_beside_a_change_is_of_all_since_the_baseline(serve: Any, view: Any) -> None:
    """It is no effect of that change alone, and says so; a proof's is."""
    dashboard = with_past(serve, 0.2)
    at = soon() - 200_000
    rows = (
        LedgerRow("b-1", at, "pools on", "calm", Verdict.BETTER, 66.2, 60.0, 70.0, 26),
        LedgerRow("proof-1", at - 100_000, "proof: pools on", "off", Verdict.BETTER, 12.0, 10.0, 14.0, 50),
    )
    open_page(view, dashboard, f"?from=now-9m&to={soon()}")
    state = ExperimentState(ledger=rows)
    monitor = dashboard.monitor
    monitor.experiment.state = lambda: state
    view.js("document.querySelector('#history-lengths [data-from=\"now-1h\"]').click()")
    view.until(
        lambda: len(view.js("return [...document.querySelectorAll('.history-lane--change .history-event')]")) == 2,
        "both",
        15,
    )
    names = view.js(
        "return [...document.querySelectorAll('.history-lane--change .history-event')].map((b) => b.ariaLabel)"
    )
    assert names[0].endswith("proof: pools on · Better, +12.0 %")
    assert names[1].endswith("pools on · Better, +66.2 % against the baseline, everything since then included")
    marks = view.js(
        "return [...document.querySelectorAll('.history-mark__words')].map((words) => words.textContent)"
    )
    assert marks == ["proof: pools on: +12.0 %", "pools on → +66.2 % in all"]
