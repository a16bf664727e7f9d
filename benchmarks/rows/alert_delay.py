"""From the sample that breaks a rule to the alert on the page."""

import json
import time
import urllib.request
from typing import Final

from benchmarks.chromium import Chromium
from benchmarks.figure import Figure, Plan, at_most
from benchmarks.server import Server
from benchmarks.spread import Spread

_LIMIT_SECONDS: Final = 1.5
_SETTLE_SECONDS: Final = 4.0
_WINDOWS: Final = 4
"""Of plan.seconds each: p99 is of some hundred alerts."""
_METRICS: Final = ("throughput_ops_sec", "latency_ms", "cpu_utilization")
_PARTS: Final = (0.4, 0.6)
"""Of the values that are below a level. Rules: as many as the page has rows for their alerts."""
_QUICK: Final = {"severity": "info", "for_secs": 0, "keep_firing_secs": 0, "cooldown_secs": 0}

# The page's own rows, each by the alert that it names: Chromium and server share a clock.
_OBSERVER: Final = """
(() => {
  const seen = (window.alertsSeen = []);
  const known = new Set();
  const look = () => {
    const now = performance.timeOrigin + performance.now();
    for (const { textContent: id } of document.querySelectorAll('#panel-alerts-rows [id$="-id"]')) {
      if (!id || known.has(id)) continue;
      known.add(id);
      seen.push([Number(id.split('-').at(-1)), now]);
    }
  };
  look();
  seen.length = 0;
  new MutationObserver(look).observe(document.getElementById('panel-alerts-rows'),
    { subtree: true, childList: true, characterData: true });
})()
"""


def measure(plan: Plan) -> list[Figure]:
    """Watch a page whose rules fire and end each few seconds, at levels that the figures of the target cross."""
    with Server.program("--scenario", "steady") as server, Chromium() as browser:
        server.ready()
        time.sleep(_SETTLE_SECONDS + plan.seconds)
        _replace_rules(server)
        browser.open(f"{server.url}/dashboard/")
        browser.drawn()
        time.sleep(_SETTLE_SECONDS)
        browser.evaluate(_OBSERVER)
        time.sleep(_WINDOWS * plan.seconds)
        seen = browser.evaluate("window.alertsSeen")
    delays = Spread.of([(shown - fired) / 1000.0 for fired, shown in seen])
    return [
        at_most(
            "from the bad sample to the alert on the page, p99",
            _LIMIT_SECONDS,
            delays.p99,
            "s",
            worst=f"{delays.most:.2f} s (median {delays.median:.3f} s, {delays.count} alerts)",
            decimals=2,
        )
    ]


def _replace_rules(server: Server) -> None:
    """Let no rule watch but some that fire at once, at levels within what the target has just shown."""
    for rule in server.get("/api/v1/rules")["rules"]:
        _send(server, "PUT", f"/api/v1/rules/{rule['id']}", {**rule, "enabled": False})
    history = server.get("/api/v1/history?from=now-1m&points=raw&metrics=" + ",".join(_METRICS))
    for metric in _METRICS:
        values = sorted(value for value in history[metric] if value is not None)
        for part in _PARTS:
            level = values[int(part * len(values))]
            rule = {"name": f"{metric} {part}", "metric": metric, "condition": "above", "threshold": level}
            _send(server, "POST", "/api/v1/rules", {**rule, **_QUICK, "clear": level})


def _send(server: Server, method: str, path: str, document: dict[str, object]) -> None:
    request = urllib.request.Request(
        server.url + path,
        data=json.dumps(document).encode(),
        method=method,
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30):
        pass
