"""What is wrong, on the Live page: the most urgent alerts, with buttons for who has seen them."""

from typing import Final

from dash import html

from monitor.core.alert import Alert
from monitor.core.alerts import Alerts
from monitor.core.snapshot import Snapshot
from monitor.ui.address import BASE
from monitor.ui.alert_words import SEVERITY, seen_by, silent_since, waits, wrong
from monitor.ui.component import WRITES, Element, Props
from monitor.ui.components.alert_sign import alert_sign, sign_props
from monitor.ui.components.icon import icon
from monitor.ui.components.notify_switch import NotifySwitch
from monitor.ui.components.panel import panel
from monitor.ui.impact_words import Word

ROWS: Final = 6
"""The most urgent ones; the Alerts page has all."""
PENDING: Final = 3
"""Rules that are named while they wait to fire."""
_QUIET: Final = Word("Nothing is wrong", "check-circle-fill", "good")
_WAITING: Final = Word("Bad values, no alert yet", "hourglass-split", "warning")
_UNJUDGED: Final = Word("Nothing is judged: no data", "question-circle", "none")
_UNWATCHED: Final = Word("No rule is on", "bell-slash", "none")
_OFF: Final = Word("Alerts are off", "bell-slash", "none")


class AlertsPanel:
    """One row per alert, those that nobody has seen first; the browser's part sends what is clicked."""

    def __init__(self) -> None:
        self.id = "panel-alerts"

    def layout(self) -> Element:
        """Return the panel without data."""
        body = [
            html.Ul([self._row(place) for place in range(ROWS)], id=f"{self.id}-rows", className="alerts"),
            html.A(id=f"{self.id}-more", hidden=True, **_link("alerts")),
            self._empty(),
            html.P(className="switch__error", role="alert", **{"data-alert-error": ""}),
            NotifySwitch().layout(),
        ]
        count = html.A(id=f"{self.id}-count", className="panel__aside alerts__count", **_link("alerts"))
        return panel(self.id, "Active alerts", "bell", body, count)

    def _row(self, place: int) -> Element:
        row = f"{self.id}-{place}"
        told = [
            html.Span(id=f"{row}-wrong"),
            html.Span([" · for ", html.Span(id=f"{row}-for")], id=f"{row}-long"),
            html.Span([" · ", html.Span(id=f"{row}-by"), " ", html.Span(id=f"{row}-at")], id=f"{row}-seen"),
        ]
        return html.Li(
            [
                html.Span(id=f"{row}-id", hidden=True),
                html.Div(
                    [
                        html.P(
                            [html.Span(id=f"{row}-name", className="alerts__name"), alert_sign(f"{row}-sign")],
                            className="alerts__head",
                        ),
                        html.P(told, className="alerts__told"),
                    ],
                    className="alerts__text",
                ),
                html.Div(
                    [
                        _button(row, "acknowledge", "Acknowledge", html.Span("Ack")),
                        _button(row, "dismiss", "Dismiss", icon("x-lg")),
                    ],
                    className="alerts__buttons",
                ),
            ],
            id=row,
            className="alerts__row",
            hidden=True,
            **{"data-alert-row": ""},
        )

    def _empty(self) -> Element:
        """Return what stands there without alerts; where the data is old it is said by the style sheet alone."""
        told = html.P(
            [icon(_UNJUDGED.icon, element_id=f"{self.id}-empty-icon"), html.Span(id=f"{self.id}-empty-word")],
            id=f"{self.id}-empty-status",
            className="status alerts__now",
        )
        old = html.P([icon(_UNJUDGED.icon), html.Span(_UNJUDGED.text)], className="status alerts__old")
        rules = html.P(
            [html.Span(id=f"{self.id}-rules"), html.A("Settings", **_link("settings"))],
            className="empty__text",
        )
        return html.Div([told, old, rules], id=f"{self.id}-empty", className="empty alerts__empty")

    def patch(self, snapshot: Snapshot) -> Props:
        """Return the head and the rows."""
        alerts = snapshot.alerts
        shown = sorted(alerts.active, key=lambda alert: not alert.asks)
        firing = sum(alert.asks for alert in shown)
        seen = len(shown) - firing
        more = len(shown) - ROWS
        props: Props = {
            f"{self.id}-count": {
                "text": f"{firing} active" + (f" · {seen} acknowledged" if seen else ""),
                "hidden": not shown,
            },
            f"{self.id}-more": {"text": f"and {more} more" if more > 0 else "", "hidden": more <= 0},
        }
        for place in range(ROWS):
            props |= self._shown(place, shown[place] if place < len(shown) else None)
        return props | self._nothing(alerts, known=not shown)

    def _shown(self, place: int, alert: Alert | None) -> Props:
        row = f"{self.id}-{place}"
        if alert is None:
            # Not what the last one said: a click on its way would name it.
            empty: Props = {row: {"hidden": True, "class": "alerts__row"}, f"{row}-id": {"text": ""}}
            empty |= sign_props(f"{row}-sign", Word("", "dash", "none"))
            for part in ("name", "wrong", "by"):
                empty[f"{row}-{part}"] = {"text": ""}
            return empty | {
                f"{row}-long": {"hidden": True},
                f"{row}-for": {"since": None},
                f"{row}-seen": {"hidden": True},
                f"{row}-at": {"time": None},
                f"{row}-acknowledge": {"disabled": True},
            }
        who = alert.acknowledgement
        silent = silent_since(alert)
        return sign_props(f"{row}-sign", SEVERITY[alert.rule.severity]) | {
            row: {
                "hidden": False,
                "class": f"alerts__row alerts__row--{'asks' if alert.asks else 'seen'}",
            },
            f"{row}-id": {"text": alert.id},
            f"{row}-name": {"text": alert.rule.name},
            f"{row}-wrong": {"text": wrong(alert)},
            f"{row}-long": {"hidden": False},
            f"{row}-for": {"since": alert.fired_at if silent is None else silent},
            f"{row}-seen": {"hidden": who is None},
            f"{row}-by": {"text": seen_by(alert)},
            f"{row}-at": {"time": None if who is None else who.at},
            f"{row}-acknowledge": {"disabled": not alert.asks},
        }

    def _nothing(self, alerts: Alerts, *, known: bool) -> Props:
        """Return what is said where there is no alert."""
        watching = sum(rule.enabled for rule in alerts.rules)
        if not alerts.enabled:
            word, rules = _OFF, "The settings turn them off: enable_alerting. "
        elif not watching:
            word, rules = _UNWATCHED, "Rules are turned on in the "
        elif alerts.pending:
            word, rules = _WAITING, f"{'. '.join(map(waits, alerts.pending[:PENDING]))}. The rules are in the "
        else:
            word = _UNJUDGED if alerts.health is None else _QUIET
            rules = f"{watching} {'rule watches' if watching == 1 else 'rules watch'}; they are in the "
        return {
            f"{self.id}-empty": {"hidden": not known},
            f"{self.id}-empty-status": {"class": f"status status--{word.state} alerts__now"},
            f"{self.id}-empty-icon": {"class": f"bi bi-{word.icon}"},
            f"{self.id}-empty-word": {"text": word.text},
            f"{self.id}-rules": {"text": rules},
        }


def _link(page: str) -> dict[str, str]:
    """Return the attributes of a link to another page, which the browser follows without loading it."""
    return {"href": f"{BASE}{page}", "data-goes": page}


def _button(row: str, action: str, words: str, shown: Element) -> Element:
    return html.Button(
        shown,
        id=f"{row}-{action}",
        type="button",
        title=words,
        className="btn btn-outline-secondary btn-small",
        disable_n_clicks=True,
        **{"aria-label": words, "aria-labelledby": f"{row}-{action} {row}-name", "data-alert": action} | WRITES,
    )
