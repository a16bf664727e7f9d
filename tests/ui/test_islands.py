"""Static parts of the layout as markup: the same elements, fewer components."""

from html.parser import HTMLParser

from dash import dcc, html

from monitor.ui.islands import ATTRIBUTE, with_islands

HOSTILE = '"><img src=x onerror="window.ran=1">&'


class Elements(HTMLParser):
    """Reads markup: every element's tag and attributes, and all text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def of(component) -> Elements:
    return Elements(getattr(component, ATTRIBUTE))


def test_what_no_callback_names_is_one_component(components):
    """The largest static part is folded; a part with a called element or one of Dash's own stays."""
    tree = html.Div(
        [
            html.Section([html.H2("a"), html.P([html.B("b"), "c"])], id="folded"),
            html.Section([html.Button("go", id="called"), html.P([html.B("d")], id="beside")], id="kept"),
            dcc.Store(id="store"),
        ]
    )
    folded = with_islands(tree, {"called"})
    assert [getattr(part, "id", None) for part in components(folded)] == [
        None, "folded", "kept", "called", "beside", "store",
    ]  # fmt: skip
    assert [tag for tag, _ in of(folded.children[0]).found] == ["h2", "p", "b"]
    assert of(folded.children[0]).text == "abc"


def test_attributes_are_those_that_dash_would_set():
    """Class, tabindex, hidden, aria and data attributes arrive; what is only Dash's does not."""
    inner = html.Button(
        "x",
        className="a b",
        tabIndex=-1,
        hidden=True,
        disabled=False,
        disable_n_clicks=True,
        **{"aria-label": "say"},
    )
    found = of(with_islands(html.Div(html.Div(inner)), set()).children[0]).found
    assert found == [("button", {"class": "a b", "tabindex": "-1", "hidden": None, "aria-label": "say"})]


def test_hostile_text_stays_text():
    """Markup in a target's name or a setting's value becomes no element, in text or attribute."""
    part = with_islands(html.Div(html.P(html.B(HOSTILE, title=HOSTILE))), set()).children[0]
    assert of(part).found == [("b", {"title": HOSTILE})]
    assert of(part).text == HOSTILE


def test_the_whole_page_keeps_its_elements(page, components):
    """Every id of the page is in the folded layout once, in a fifth of the components."""
    before = list(components(page.layout({})))
    after = list(components(with_islands(page.layout({}), {"switch-memory_pools"})))
    ids = [part.id for part in after if getattr(part, "id", None)]
    for part in after:
        if hasattr(part, ATTRIBUTE):
            ids += [attributes["id"] for _, attributes in of(part).found if "id" in attributes]
    assert sorted(ids) == sorted(part.id for part in before if getattr(part, "id", None))
    assert len(after) < len(before) / 5
