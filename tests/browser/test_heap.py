"""What the page keeps in the browser's memory; benchmarks/rows/page.py measures its work."""

import time
from typing import Any

SECONDS = 10


def heap(view: Any) -> float:
    """Return the bytes in use after a collection."""
    view.cdp("HeapProfiler.collectGarbage")
    metrics = {entry["name"]: entry["value"] for entry in view.cdp("Performance.getMetrics")["metrics"]}
    used: float = metrics["JSHeapUsedSize"]
    return used


def test_the_heap_is_flat(serve: Any, view: Any) -> None:
    """Neither a sample a second nor ten minutes of them at once stay in the browser."""
    dashboard = serve(history=120)
    view.open(dashboard).until_drawn()
    for _ in range(70):
        dashboard.tick()
        time.sleep(0.02)
    view.until_at(dashboard.seq)
    view.cdp("Performance.enable")
    before = heap(view)
    start = time.monotonic()
    for tick in range(SECONDS):
        dashboard.tick()
        time.sleep(max(0.0, start + tick + 1 - time.monotonic()))
    assert heap(view) - before < 1_500_000
    for _ in range(600):
        dashboard.tick()
    view.until_at(dashboard.seq)
    assert heap(view) - before < 2_000_000
