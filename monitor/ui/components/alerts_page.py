"""The Alerts page: what is wrong, what was, who has seen it, and how often each rule fires."""

from typing import Final

from dash import html

from monitor.ui.address import BASE
from monitor.ui.component import WRITES, Element
from monitor.ui.components.dialog import dialog_head
from monitor.ui.components.icon import icon
from monitor.ui.components.panel import panel
from monitor.ui.components.table import table

RANGES: Final = (("now-1h", "1 h"), ("now-24h", "24 h"), ("now-7d", "7 d"), ("all", "all"))
_SEVERITIES: Final = (("", "Any severity"), ("critical", "Critical"), ("warning", "Warning"), ("info", "Info"))
_STATES: Final = (
    ("", "Any state"),
    ("resolved", "Over"),
    ("dismissed", "Dismissed, not over"),
    ("unseen", "Over, never acknowledged"),
)
_FREQUENCY: Final = ("Rule", "Fired", "Open in total", "Longest", "Share of the period", "")


class AlertsPage:
    """Places for what the browser's part asks /api/v1/alerts for."""

    def layout(self) -> Element:
        """Return the page without data."""
        return html.Div(
            [
                self._head(),
                html.P(id="alerts-note", className="alarms__note", role="alert"),
                self._active(),
                html.Div([self._acknowledged(), self._pending()], className="alarms__seen"),
                self._bar(),
                self._frequency(),
                self._history(),
                self._dialog(),
            ],
            id="page-alerts",
            className="page alarms",
            hidden=True,
        )

    @staticmethod
    def _head() -> Element:
        every = html.Button(
            [icon("check2-all"), html.Span("Acknowledge all")],
            id="alerts-all",
            type="button",
            className="btn btn-outline-secondary",
            disable_n_clicks=True,
            hidden=True,
            **WRITES,
        )
        words = [
            html.H1("Alerts", className="page__title"),
            html.P("Reading the alerts …", id="alerts-lead", className="page__lead"),
        ]
        return html.Div([html.Div(words), every], className="page__head")

    @staticmethod
    def _active() -> Element:
        rules = html.A("rules", href=f"{BASE}settings", **{"data-goes": "settings"})
        empty = html.Div(
            [
                icon("check-circle-fill"),
                html.P("Nothing asks for you", className="empty__title"),
                html.P(
                    [
                        "An alert stands here from the moment that one of the ",
                        rules,
                        " finds a value bad for long enough until somebody acknowledges it, or it is over.",
                    ],
                    className="empty__text",
                ),
            ],
            id="alerts-active-none",
            className="empty alarms__empty",
            hidden=True,
        )
        return panel("panel-active", "Active", "bell", [_list("alerts-active"), empty], _count("active"))

    @staticmethod
    def _acknowledged() -> Element:
        none = _none(
            "acknowledged", "What somebody has seen moves here: it no longer asks, and its end is still told."
        )
        body = [_list("alerts-acknowledged"), none]
        return panel("panel-acknowledged", "Acknowledged", "person-check", body, _count("acknowledged"))

    @staticmethod
    def _pending() -> Element:
        none = _none(
            "pending", "No rule is about to fire. A bad value waits here until it has been bad for long enough."
        )
        more = html.P(id="alerts-pending-more", className="panel__caption", hidden=True)
        body = [html.Ul(id="alerts-pending", className="alarms__list"), more, none]
        return panel("panel-pending", "Pending", "hourglass-split", body, _count("pending"))

    @staticmethod
    def _bar() -> Element:
        ranges = [
            html.Button(
                words,
                type="button",
                className="range-picker__button",
                disable_n_clicks=True,
                **{"data-alerts-from": start, "aria-pressed": str(start == "now-24h").lower()},
            )
            for start, words in RANGES
        ]
        picker = html.Div(
            ranges, className="range-picker", role="group", **{"aria-label": "Period of what is listed below"}
        )
        return html.Div(
            [html.H2("What happened", className="alarms__heading"), picker],
            className="alarms__bar",
        )

    @staticmethod
    def _frequency() -> Element:
        headings = [
            html.Th(title, scope="col")
            if title
            else html.Th(html.Span("Change", className="visually-hidden"), scope="col")
            for title in _FREQUENCY
        ]
        body = [
            table("frequency", "How often each rule fired", headings, [], id="alerts-frequency", hidden=True),
            _none("frequency", "No rule fired in this period."),
            html.P(id="alerts-frequency-note", className="panel__caption alarms__foot", hidden=True),
        ]
        return panel("panel-frequency", "How often", "bar-chart", body, html.P(className="panel__aside"))

    @staticmethod
    def _history() -> Element:
        filters = html.Div(
            [
                _select("alerts-severity", "Severity", _SEVERITIES),
                _select("alerts-rule", "Rule", (("", "Any rule"),)),
                _select("alerts-state", "State", _STATES),
                html.Div(id="alerts-search-place", className="alarms__search"),
                html.Button(
                    "Clear",
                    id="alerts-clear",
                    type="button",
                    className="btn btn-outline-secondary btn-small",
                    disable_n_clicks=True,
                    hidden=True,
                    **{"aria-label": "Clear the filters"},
                ),
            ],
            className="alarms__filters",
            role="search",
            **{"aria-label": "Filter the history of alerts"},
        )
        body = [
            filters,
            _list("alerts-over"),
            html.P(id="alerts-over-none", className="panel__empty", hidden=True),
        ]
        return panel("panel-over", "History", "clock-history", body, _count("over"))

    @staticmethod
    def _dialog() -> Element:
        note = html.Textarea(
            id="alerts-dialog-note",
            rows=2,
            maxLength=500,
            placeholder="restarting the cache, ticket 4711",
            className="dialog__input",
            disable_n_clicks=True,
        )
        by = html.Textarea(
            id="alerts-dialog-by",
            rows=1,
            maxLength=80,
            placeholder="your name",
            className="dialog__input",
            disable_n_clicks=True,
        )
        return html.Dialog(
            [
                dialog_head("alerts", "Acknowledge"),
                html.P(html.Strong(id="alerts-dialog-what"), className="alarms__what"),
                html.P(id="alerts-dialog-words"),
                html.Div([html.Label("By", htmlFor="alerts-dialog-by"), by], className="dialog__field"),
                html.Div([html.Label("Note", htmlFor="alerts-dialog-note"), note], className="dialog__field"),
                html.Div(
                    html.Button(
                        "Acknowledge",
                        id="alerts-dialog-send",
                        type="button",
                        className="btn btn-primary",
                        disable_n_clicks=True,
                    ),
                    className="dialog__buttons",
                ),
                html.P(id="alerts-dialog-error", className="switch__error", role="alert"),
            ],
            id="alerts-dialog",
            className="shortcuts dialog",
            **{"aria-labelledby": "alerts-dialog-title", **WRITES},
        )


def _list(element_id: str) -> Element:
    return html.Ul(id=element_id, className="alarms__list")


def _count(name: str) -> Element:
    return html.P(id=f"alerts-{name}-count", className="panel__aside")


def _none(name: str, words: str) -> Element:
    return html.P(words, id=f"alerts-{name}-none", className="panel__empty", hidden=True)


def _select(element_id: str, label: str, options: tuple[tuple[str, str], ...]) -> Element:
    return html.Select(
        [html.Option(words, value=value) for value, words in options],
        id=element_id,
        className="dialog__input alarms__select",
        **{"aria-label": label},
    )
