"""A real Chromium that watches its own page."""

import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any, Final, Self

from websockets.sync.client import connect

_PROGRAMS: Final = ("chromium", "google-chrome", "chromium-browser")
_FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)
_TRIES, _PAUSE_SECONDS = 200, 0.1
_WIDTH, _HEIGHT = 1440, 1400
CHARTS: Final = 6

# Looks each 25 ms until everything has been seen, then never again. Not once per picture: asking for pictures that
# nobody else wants would cost more than looking.
_OBSERVER: Final = """
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
    """One browser with a profile of its own and an empty cache, its page tall enough to show all six charts.

    It is asked over the DevTools protocol, not through a driver. A driver turns on the domain `Runtime`, in which
    V8 notes the stack of each exception, caught ones too, and compiles once more whatever is on it: with plotly.js
    half a second per load that no user waits for. `Runtime.evaluate` alone does no such thing.
    """

    def __init__(self) -> None:
        """Start it on an empty page."""
        program = next(filter(None, map(shutil.which, _PROGRAMS)), _PROGRAMS[0])
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [program, *_FLAGS, f"--user-data-dir={self._profile.name}", "about:blank"], stderr=subprocess.DEVNULL
        )
        self._socket = connect(self._page(), max_size=None, max_queue=None, ping_interval=None)
        self._commands = 0
        self._received = 0
        self.run("Network.enable")
        self.run("Page.enable")
        self.run(
            "Emulation.setDeviceMetricsOverride", width=_WIDTH, height=_HEIGHT, deviceScaleFactor=1, mobile=False
        )
        self.run("Page.addScriptToEvaluateOnNewDocument", source=_OBSERVER % CHARTS)
        self.run("Performance.enable", timeDomain="threadTicks")

    def run(self, command: str, **parameters: object) -> dict[str, Any]:
        """Run a command of the protocol; what happened before it has been counted when it returns."""
        self._commands += 1
        self._socket.send(json.dumps({"id": self._commands, "method": command, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=30))
            if message.get("method") == "Network.loadingFinished":
                self._received += round(message["params"]["encodedDataLength"])
            if message.get("id") == self._commands:
                if "error" in message:
                    raise RuntimeError(f"{command}: {message['error']['message']}")
                result: dict[str, Any] = message["result"]
                return result

    def open(self, url: str) -> None:
        """Begin to load a page."""
        self.run("Page.navigate", url=url)

    def drawn(self, seconds: float = 30.0) -> float:
        """Wait until all six charts have a line; return seconds since the page was asked for."""
        return self._wait("drawn", seconds) / 1000.0

    def moving(self, seconds: float = 30.0) -> float:
        """Wait until a line has changed; return the moment in epoch seconds."""
        return self._wait("moving", seconds) / 1000.0

    def received(self) -> int:
        """Return the bytes of all HTTP answers since the last call, heads included, as they came over the wire."""
        self.evaluate("0")
        received, self._received = self._received, 0
        return received

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
            self.evaluate(
                "[...document.querySelectorAll('.live-chart')].filter((chart) => {"
                "const box = chart.getBoundingClientRect();"
                "return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight; }).length"
            )
        )

    def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - whatever JavaScript says
        """Return what an expression is on the page, as JSON."""
        return self.run("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(10)
        self._profile.cleanup()

    def _page(self) -> str:
        """Return where the one page listens; the browser writes its port into its profile."""
        port = Path(self._profile.name, "DevToolsActivePort")
        for _ in range(_TRIES):
            if port.is_file() and (lines := port.read_text().splitlines()):
                with urllib.request.urlopen(f"http://127.0.0.1:{lines[0]}/json/list", timeout=10) as answer:
                    pages = [target for target in json.load(answer) if target["type"] == "page"]
                if pages:
                    return str(pages[0]["webSocketDebuggerUrl"])
            time.sleep(_PAUSE_SECONDS)
        raise RuntimeError("Chromium did not start")

    def _metric(self, name: str) -> float:
        metrics = self.run("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == name))

    def _wait(self, name: str, seconds: float) -> float:
        end = time.monotonic() + seconds
        while (found := self.evaluate(f"window.benchmark && window.benchmark.{name}")) is None:
            if time.monotonic() > end:
                raise TimeoutError(f"never {name}")
            time.sleep(0.25)
        return float(found)
