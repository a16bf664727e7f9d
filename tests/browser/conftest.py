"""One Chromium for the whole room, one application per test."""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from browser.dashboard import Dashboard, free_port
from browser.view import View

# Without dash[testing] (an environment for running only) there is no browser to drive.
if find_spec("selenium"):
    from dash.testing.browser import Browser
    from selenium.webdriver.chrome.options import Options

    collect_ignore_glob = []
else:
    collect_ignore_glob = ["test_*.py"]

ROOM = Path(__file__).parent
SWITCHES = (
    "--headless=new",
    "--window-size=1440,1000",
    "--force-device-scale-factor=1",
    # The page has to do with what its server gives it; so has the browser.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-sandbox",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if ROOM in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # The server runs within the test: what it leaves to the collector is no finding about the page.
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = Options()
    for switch in SWITCHES:
        options.add_argument(switch)
    downloads = str(tmp_path_factory.mktemp("downloads"))
    with Browser("Chrome", headless=True, options=[options], download_path=downloads, percy_run=False) as browser:
        browser.driver.implicitly_wait(0)
        yield browser


@pytest.fixture(scope="session")
def tab(chromium: Any) -> View:
    return View(chromium)


@pytest.fixture
def view(tab: Any) -> Iterator[View]:
    """The tab, forgetful, at its usual size, and light."""
    tab.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
    tab.cdp("Emulation.clearDeviceMetricsOverride")
    # What the page of the test before said of its server, which has ended, is nobody's problem.
    tab.browser.get_logs()
    yield tab
    tab.js("localStorage.clear()")
    tab.driver.get("about:blank")


@pytest.fixture(scope="session")
def port() -> int:
    """One for all, so that the browser keeps the files that it has."""
    return free_port()


@pytest.fixture
def serve(port: int, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Start applications that end with the test."""
    started = []

    def start(history: int = 90, **settings: Any) -> Dashboard:
        dashboard = Dashboard(tmp_path, port=port, **settings)
        started.append(dashboard)
        return dashboard.start(history)

    yield start
    for dashboard in started:
        dashboard.stop()


@pytest.fixture(scope="module")
def loaded(tab: Any, port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The tab with the page's scripts, for tests of what they compute."""
    dashboard = Dashboard(tmp_path_factory.mktemp("kept"), port=port).start(10)
    tab.open(dashboard)
    tab.until(lambda: tab.js("return Boolean(window.hubMonitor?.live)"), "scripts")
    yield tab
    dashboard.stop()
    tab.problems()
