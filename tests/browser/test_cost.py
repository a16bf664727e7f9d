"""What the page costs the browser at one sample a second."""

import time
from collections.abc import Callable
from typing import Any

SECONDS = 10


def measured(view: Any) -> dict[str, float]:
    view.cdp("HeapProfiler.collectGarbage")
    return {entry["name"]: entry["value"] for entry in view.cdp("Performance.getMetrics")["metrics"]}


def test_main_thread_work_and_heap(serve: Any, view: Any, record_property: Callable[[str, object], None]) -> None:
    """Six charts and all cards at 1 Hz take less than 10 % of a core, by the thread's clock; the heap is flat."""
    dashboard = serve(history=120)
    view.open(dashboard).until_drawn()
    for _ in range(70):
        dashboard.tick()
        time.sleep(0.02)
    view.until_at(dashboard.seq)
    view.cdp("Performance.enable", timeDomain="threadTicks")
    before = measured(view)
    start = time.monotonic()
    for tick in range(SECONDS):
        dashboard.tick()
        time.sleep(max(0.0, start + tick + 1 - time.monotonic()))
    after = measured(view)
    work = (after["TaskDuration"] - before["TaskDuration"]) / (time.monotonic() - start)
    record_property("main_thread_share", round(work, 4))
    assert work <= 0.10
    assert after["JSHeapUsedSize"] - before["JSHeapUsedSize"] < 1_500_000
    for _ in range(600):
        dashboard.tick()
    view.until_at(dashboard.seq)
    assert measured(view)["JSHeapUsedSize"] - before["JSHeapUsedSize"] < 2_000_000
