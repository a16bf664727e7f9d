"""A real Chromium that watches its own page."""

import json
from typing import Any, Self

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.support.wait import WebDriverWait

_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
_WIDTH, _HEIGHT = 1440, 1400
CHARTS = 6

# Looks each 25 ms until everything has been seen, then never again. Not once per picture: asking for pictures that
# nobody else wants would cost more than looking.
_OBSERVER = """
(() => {
  const seen = (window.benchmark = { drawn: null, moving: null });
  let first = null;
  const path = (chart) =>
    [...chart.querySelectorAll('.scatterlayer .js-line')].map((line) => line.getAttribute('d') || '').join('');
  const look = () => {
    const now = [...document.querySelectorAll('.live-chart')].map(path);
    const all = now.length === %d && now.every(Boolean);
    if (seen.drawn === null && all) seen.drawn = performance.now();
    first ??= now.some(Boolean) ? now : null;
    if (seen.moving === null && first && now.some((line, i) => first[i] && line !== first[i])) {
      seen.moving = performance.timeOrigin + performance.now();
    }
    if (seen.drawn === null || seen.moving === null) setTimeout(look, 25);
  };
  look();
})();
"""


class Chromium:
    """One browser with a profile of its own and an empty cache, its page tall enough to show all six charts."""

    def __init__(self) -> None:
        """Start it on an empty page."""
        options = Options()
        for flag in (*_FLAGS, f"--window-size={_WIDTH},{_HEIGHT}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
        options.page_load_strategy = "none"
        self._driver: Any = webdriver.Chrome(options=options)
        self.run(
            "Emulation.setDeviceMetricsOverride", width=_WIDTH, height=_HEIGHT, deviceScaleFactor=1, mobile=False
        )
        self.run("Page.addScriptToEvaluateOnNewDocument", source=_OBSERVER % CHARTS)
        self.run("Performance.enable", timeDomain="threadTicks")

    def run(self, command: str, **parameters: object) -> dict[str, Any]:
        """Run a command of the DevTools protocol."""
        result: dict[str, Any] = self._driver.execute_cdp_cmd(command, parameters)
        return result

    def open(self, url: str) -> None:
        """Begin to load a page."""
        self._driver.get(url)

    def drawn(self, seconds: float = 30.0) -> float:
        """Wait until all six charts have a line; return seconds since the page was asked for."""
        return self._wait("drawn", seconds) / 1000.0

    def moving(self, seconds: float = 30.0) -> float:
        """Wait until a line has changed; return the moment in epoch seconds."""
        return self._wait("moving", seconds) / 1000.0

    def received(self) -> int:
        """Return the bytes of all HTTP answers since the last call, heads included, as they came over the wire."""
        messages = [json.loads(entry["message"])["message"] for entry in self._driver.get_log("performance")]
        return round(
            sum(
                message["params"]["encodedDataLength"]
                for message in messages
                if message["method"] == "Network.loadingFinished"
            )
        )

    def busy_seconds(self) -> float:
        """Return the CPU time of the page's main thread."""
        return self._metric("TaskDuration")

    def heap_mb(self) -> float:
        """Collect garbage and return what is left on the page's heap, MB of 10^6 bytes."""
        self.run("HeapProfiler.collectGarbage")
        return self._metric("JSHeapUsedSize") / 1e6

    def in_sight(self) -> int:
        """Return how many charts are wholly within the window."""
        return int(
            self._driver.execute_script(
                "return [...document.querySelectorAll('.live-chart')].filter((chart) => {"
                "const box = chart.getBoundingClientRect();"
                "return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight; }).length"
            )
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._driver.quit()

    def _metric(self, name: str) -> float:
        metrics = self.run("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == name))

    def _wait(self, name: str, seconds: float) -> float:
        def look(driver: Any) -> object:  # noqa: ANN401 - selenium has no types
            return driver.execute_script(f"return window.benchmark && window.benchmark.{name}")

        found: float = WebDriverWait(self._driver, seconds, 0.25).until(look, f"never {name}")
        return found
