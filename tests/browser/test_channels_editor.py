"""Channels written in a real browser: added, tried, turned off, deleted; what is secret is never shown again."""

from collections.abc import Iterator
from typing import Any

import pytest

from browser.dashboard import Dashboard
from peers import Peer, Server, serving

SECRET = "s3cret-t0ken"  # noqa: S105 - no password of anything
ROW = "return document.querySelector('#channels .channel')?.innerText ?? ''"


@pytest.fixture
def asked() -> list[bytes]:
    """What the receiver was sent."""
    return []


@pytest.fixture
def hook(asked: list[bytes]) -> Iterator[Server]:
    """A receiver of webhooks that takes everything."""

    def take(peer: Peer) -> None:
        while request := peer.request():
            asked.append(request)
            peer.answer(b"{}")

    with serving() as start:
        yield start(take)


def settings(serve: Any, view: Any) -> Dashboard:
    dashboard: Dashboard = serve(5)
    # Each answer waits for what it changed to be on the disk.
    dashboard.monitor.writer.open()
    dashboard.monitor.writer.start()
    view.open(dashboard, "settings")
    view.until_page("settings")
    view.until(lambda: not view.js("return document.getElementById('channels-none').hidden"), "no channel yet")
    return dashboard


def write(view: Any, field: str, text: str) -> None:
    box = view.browser.find_element(f"#channel-field-{field}")
    box.clear()
    box.send_keys(text)


def choose(view: Any, field: str, value: str) -> None:
    view.browser.find_element(f"#channel-field-{field} option[value='{value}']").click()


def press(view: Any, action: str) -> None:
    button = view.browser.find_element(f"#channels [data-channel='{action}']")
    view.js("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button)
    button.click()


def text(view: Any) -> str:
    return " ".join(view.js(ROW).split())


def kept(dashboard: Dashboard) -> Any:
    """Return the one channel that there is."""
    ((channel, _),) = dashboard.delivery.channels()
    return channel


def test_a_webhook_is_added_tried_changed_and_deleted(
    serve: Any, view: Any, hook: Server, asked: list[bytes]
) -> None:
    """Its address and its secret are shown as host and "set"; left empty they stay."""
    dashboard = settings(serve, view)
    view.click("channel-new")
    write(view, "name", "On call")
    choose(view, "kind", "webhook")
    assert view.js("return document.getElementById('channel-field-name').value") == "On call"
    write(view, "settings-url", "example")
    view.click("channel-save")
    view.until(lambda: view.text("channel-field-settings-url-wrong"), "refused at its field")
    write(view, "settings-url", f"{hook.url}/{SECRET}")
    write(view, "settings-authorization", f"Bearer {SECRET}")
    view.click("channel-save")
    view.until(lambda: "On call" in text(view), "listed")
    assert "tells of warnings and critical" in text(view)
    assert "nothing sent since the start" in text(view)
    press(view, "test")
    view.until(lambda: "The test message was taken in" in text(view), "taken")
    assert SECRET.encode() in asked[-1]
    press(view, "edit")
    assert view.js("return document.getElementById('channel-field-settings-url').value") == ""
    assert (
        view.attribute("channel-field-settings-authorization", "placeholder") == "set; leave it empty to keep it"
    )
    assert SECRET not in view.js("return document.documentElement.outerHTML")
    choose(view, "severity", "critical")
    view.js("document.getElementById('channel-field-quiet_hours-from').value = '22:00'")
    view.click("channel-save")
    view.until(lambda: view.text("channel-field-quiet_hours-to-wrong"), "half of the quiet hours is refused")
    view.js("document.getElementById('channel-field-quiet_hours-to').value = '07:00'")
    view.click("channel-save")
    view.until(lambda: "tells of critical only" in text(view), "changed")
    assert "quiet 22:00–07:00" in text(view)  # noqa: RUF001 - as times are written
    assert kept(dashboard).text("url") == f"{hook.url}/{SECRET}"
    press(view, "turn")
    view.until(lambda: text(view).startswith("off "), "off")
    assert kept(dashboard).text("authorization") == f"Bearer {SECRET}"
    press(view, "delete")
    press(view, "delete")
    view.until(lambda: text(view) == "", "deleted")
    assert dashboard.delivery.channels() == []
    # The browser notes each answer that is a refusal; there were two.
    assert [problem for problem in view.problems() if "Failed to load resource" not in problem] == []


def test_a_mail_server_that_does_not_answer_is_said(serve: Any, view: Any) -> None:
    """The test says why; several recipients by commas."""
    dashboard = settings(serve, view)
    view.click("channel-new")
    write(view, "name", "Mail")
    write(view, "settings-host", "127.0.0.1")
    write(view, "settings-port", "1")
    write(view, "settings-sender", "hub@example.org")
    write(view, "settings-recipients", "ops@example.org, ann@example.org")
    view.click("channel-save")
    view.until(lambda: "ops@example.org, ann@example.org via 127.0.0.1:1" in text(view), "listed")
    assert kept(dashboard).settings["recipients"] == ("ops@example.org", "ann@example.org")
    press(view, "test")
    view.until(lambda: "Not sent: connection refused" in text(view), "why not")
