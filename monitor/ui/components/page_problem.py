"""What stands above a page whose files did not come."""

from collections.abc import Mapping, Sequence

import orjson
from dash import html

from monitor.ui.component import Element
from monitor.ui.components.icon import icon


class PageProblem:
    """Hidden while everything came; knows what there is to load."""

    def __init__(self, files: Mapping[str, Sequence[str]]) -> None:
        """`files`: {page: addresses of its scripts and styles}."""
        self._files = files

    def layout(self) -> Element:
        """Return the hidden sentence with its button."""
        again = html.Button(
            "Try again",
            id="page-retry",
            type="button",
            className="btn btn-outline-secondary btn-small",
            disable_n_clicks=True,
        )
        return html.Div(
            [
                icon("exclamation-triangle-fill"),
                html.P("Not all of this page came: the server did not answer."),
                again,
            ],
            id="page-problem",
            className="notice notice--warning",
            role="alert",
            hidden=True,
            **{"data-files": orjson.dumps(self._files).decode()},
        )
