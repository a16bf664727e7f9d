"""The page as a user sees it, in a real Chromium."""

import re
import time
from collections.abc import Callable
from typing import Any

from browser.dashboard import Dashboard

CHARTS = (
    "chart-throughput",
    "chart-latency",
    "chart-memory",
    "chart-cpu",
    "chart-connections",
    "chart-errors",
)

# Runs before every page: counts what a Content-Security-Policy forbade, and what the page asked for.
WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation',
  (e) => window.violations.push(`${e.violatedDirective} ${e.blockedURI}`));
"""


class View:
    """Drives one tab. Waits are bounded; what they wait for is read from the page itself."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self.driver = browser.driver
        self.cdp("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        # The tab's first document came before the script.
        self.driver.get("about:blank")

    def cdp(self, command: str, **parameters: Any) -> Any:
        return self.driver.execute_cdp_cmd(command, parameters)

    def js(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def open(self, dashboard: Dashboard, path: str = "") -> "View":
        self.driver.get(dashboard.url + path)
        return self

    def until(self, condition: Callable[[], Any], what: str, timeout: float = 10.0) -> Any:
        """Wait for a true answer; fail with what was awaited and what the page says."""
        end = time.monotonic() + timeout
        while not (answer := condition()):
            if time.monotonic() > end:
                raise AssertionError(f"not within {timeout} s: {what}; pill: {self.pill!r}, seq: {self.seq}")
            time.sleep(0.03)
        return answer

    def until_at(self, seq: int, timeout: float = 10.0) -> None:
        """Wait until the page has drawn sample `seq`."""
        self.until(lambda: self.seq == seq, f"page at seq {seq}", timeout)
        self.frame()

    def until_page(self, name: str, timeout: float = 10.0) -> None:
        """Wait until a page is shown and its own scripts have come."""
        shown = f"return document.querySelector('#page-{name}:not([hidden], [aria-busy])') !== null"
        self.until(lambda: self.js(shown), f"page {name}", timeout)

    def until_drawn(self, timeout: float = 15.0) -> None:
        """Wait until each chart shows a line."""
        self.until(lambda: all(self.path(chart) for chart in CHARTS), "six charts drawn", timeout)

    def until_pill(self, start: str, timeout: float = 10.0) -> str:
        self.until(lambda: self.pill.startswith(start), f"pill {start!r}", timeout)
        return self.pill

    def until_live(self, dashboard: Dashboard, timeout: float = 10.0) -> str:
        """Take samples, as a living server does, until the page says that it is live."""
        next_tick = 0.0

        def live() -> bool:
            nonlocal next_tick
            if self.pill.startswith("Live"):
                return True
            if time.monotonic() > next_tick:
                dashboard.tick()
                next_tick = time.monotonic() + 0.5
            return False

        self.until(live, "live", timeout)
        self.until_at(dashboard.seq)
        return self.pill

    def frame(self) -> None:
        """Wait for the picture after the next."""
        self.driver.execute_async_script(
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done));"
        )

    @property
    def seq(self) -> int | None:
        return self.js("return window.hubMonitor?.live?.model.seq ?? null")

    @property
    def epoch(self) -> str | None:
        return self.js("return window.hubMonitor?.live?.model.epoch ?? null")

    @property
    def pill(self) -> str:
        return self.text("connection-text")

    @property
    def body(self) -> set[str]:
        return set(self.js("return [...document.body.classList]"))

    def text(self, element_id: str) -> str:
        """Return the words; between a number and its unit the page has a space that does not break."""
        script = "return (document.getElementById(arguments[0])?.textContent ?? '').replaceAll('\\u00a0', ' ')"
        return self.js(script, element_id)

    def attribute(self, element_id: str, name: str) -> str | None:
        return self.js("return document.getElementById(arguments[0]).getAttribute(arguments[1])", element_id, name)

    def click(self, element_id: str) -> None:
        element = self.browser.find_element(f"#{element_id}")
        # The driver would have it scrolled smoothly, as the page does, and click before it is there.
        self.js("arguments[0].scrollIntoView({block: 'nearest', behavior: 'instant'})", element)
        element.click()

    def path(self, chart: str, trace: int = 0) -> str:
        """Return the geometry of a line as it stands on the page."""
        script = (
            "const lines = document.querySelectorAll(`#${arguments[0]} .scatterlayer .trace`)[arguments[1]]"
            "?.querySelectorAll('.js-line') ?? [];"
            "return [...lines].map((line) => line.getAttribute('d') ?? '').join('')"
        )
        return self.js(script, chart, trace)

    def data(self, chart: str, trace: int = 0) -> tuple[list[float], list[float | None]]:
        """Return x and y as Plotly holds them."""
        script = (
            "const trace = document.querySelector(`#${arguments[0]}`).data[arguments[1]];return [trace.x, trace.y]"
        )
        x, y = self.js(script, chart, trace)
        return x, y

    def problems(self) -> list[str]:
        """Return the console's errors and the policy's violations since the last call."""
        return [entry["message"] for entry in self.browser.get_logs()] + self.js(
            "return window.violations.splice(0)"
        )


def corners(path: str) -> list[tuple[float, float]]:
    """Return the corners of a line's path: M, L, H and V commands; h0 after the first is a dot, no corner."""
    found: list[tuple[float, float]] = []
    for command, rest in re.findall(r"([MLHV])([^A-Za-z]*)", path):
        numbers = [float(number) for number in re.findall(r"-?[0-9.]+", rest)]
        if command == "H":
            found += [(x, found[-1][1]) for x in numbers]
        elif command == "V":
            found += [(found[-1][0], y) for y in numbers]
        else:
            found += zip(numbers[::2], numbers[1::2], strict=True)
    return found
