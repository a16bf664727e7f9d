"""The page as it lives: drawn at once, moved by each sample, fed by the socket."""

from typing import Any

from browser.view import CHARTS, corners


def test_page_draws_six_charts_and_the_whole_minute_at_once(serve: Any, view: Any) -> None:
    """What was sampled before the page was opened is on it."""
    dashboard = serve(history=90)
    view.open(dashboard).until_drawn()
    for chart in CHARTS:
        x, y = view.data(chart)
        assert x[-1] == 0
        assert 59 <= len([value for value in y if value is not None]) <= 61
        assert min(x) <= -59
    assert len(view.browser.find_elements("#chart-latency .js-line")) == 3


def test_each_sample_moves_the_charts_and_the_cards(serve: Any, view: Any) -> None:
    """A sample is on the page without a reload, and once only."""
    dashboard = serve()
    view.open(dashboard).until_drawn()
    before = {chart: view.path(chart) for chart in CHARTS}
    for _ in range(3):
        view.until_at(dashboard.tick())
    assert all(view.path(chart) != before[chart] for chart in CHARTS)
    _, y = view.data("chart-throughput")
    assert y[-3:] == [600.0 + number % 7 for number in range(dashboard.number - 2, dashboard.number + 1)]
    view.until_at(dashboard.tick(values=lambda _: {"throughput_ops_sec": 777.0}))
    assert view.text("card-throughput_ops_sec-value") == "777"


def test_line_is_where_plotly_itself_would_draw_it(serve: Any, view: Any) -> None:
    """The moved line and a full drawing by Plotly of the same data agree to half a pixel."""
    dashboard = serve()
    view.open(dashboard).until_drawn()
    for _ in range(3):
        view.until_at(dashboard.tick())
    script = """
      const done = arguments[1];
      const plot = document.querySelector(`#${arguments[0]}`);
      const bare = document.createElement('div');
      bare.style.cssText = `width:${plot.clientWidth}px;height:${plot.clientHeight}px`;
      document.body.append(bare);
      const trace = {...plot.data[0], line: {...plot.data[0].line, simplify: false}};
      const layout = JSON.parse(JSON.stringify(plot.layout));
      Plotly.newPlot(bare, [trace], layout, {staticPlot: true}).then(() => {
        const theirs = bare.querySelector('.js-line').getAttribute('d');
        Plotly.purge(bare);
        bare.remove();
        done(theirs);
      });
    """
    theirs = corners(view.driver.execute_async_script(script, "chart-cpu"))
    assert len(theirs) > 50
    for (x, y), (their_x, their_y) in zip(corners(view.path("chart-cpu")), theirs, strict=True):
        assert abs(x - their_x) <= 0.5
        assert abs(y - their_y) <= 0.5


def test_moving_is_cheap_not_a_redraw_by_plotly(serve: Any, view: Any) -> None:
    """Plotly draws once; a sample that leaves the axes alone does not call it."""
    dashboard = serve()
    view.open(dashboard).until_drawn()
    view.until_at(dashboard.tick())
    view.js(
        "window.calls = 0; for (const name of ['react', 'animate', 'newPlot', 'restyle', 'relayout', 'update'])"
        " { const inner = Plotly[name]; Plotly[name] = (...all) => { window.calls += 1; return inner(...all); }; }"
    )
    before = view.path("chart-throughput")
    for _ in range(5):
        view.until_at(dashboard.tick())
    assert view.path("chart-throughput") != before
    assert view.js("return window.calls") == 0


def test_missing_is_a_gap_in_line_and_area(serve: Any, view: Any) -> None:
    """No reading, no line: neither zero nor a bridge, and the area below is open too."""
    dashboard = serve(history=30)
    dashboard.tick(5, values=lambda _: {})
    dashboard.tick(20)
    view.open(dashboard).until_drawn()
    view.until_at(dashboard.tick())
    assert view.path("chart-throughput").count("M") == 2
    areas = (
        "return [...document.querySelectorAll('#chart-throughput .js-fill')]"
        ".map((area) => area.getAttribute('d')).join('')"
    )
    assert view.js(areas).count("Z") == 2
    _, y = view.data("chart-throughput")
    assert y.count(None) == 5


def test_a_pause_of_the_server_is_a_gap(serve: Any, view: Any) -> None:
    """Ticks that were missed are not bridged by a line."""
    dashboard = serve(history=30)
    dashboard.tick(1, seconds=10.0)
    dashboard.tick(10)
    view.open(dashboard).until_drawn()
    assert view.path("chart-cpu").count("M") == 2


def test_axis_follows_values_that_outgrow_it(serve: Any, view: Any) -> None:
    """A value beyond the axis is on the chart, not above it."""
    dashboard = serve()
    view.open(dashboard).until_drawn()
    view.until_at(dashboard.tick(values=lambda _: {"throughput_ops_sec": 5000.0}))
    assert view.js("return document.querySelector('#chart-throughput').layout.yaxis.range[1]") >= 5000
    assert min(y for _, y in corners(view.path("chart-throughput"))) >= 0


def test_clock_of_the_server_does_not_matter(serve: Any, view: Any) -> None:
    """A server whose clock is a day off is shown as live as any other."""
    dashboard = serve(skew=-86_400.0)
    view.open(dashboard).until_drawn()
    view.until_at(dashboard.tick())
    assert view.until_live(dashboard).endswith(" · 1 viewer")
    assert "is-stale" not in view.body


def test_a_clock_that_is_set_back_does_not_blank_the_charts(serve: Any, view: Any) -> None:
    """What was seen at times that are now to come is void; the line goes on from the new time."""
    dashboard = serve()
    view.open(dashboard).until_drawn()
    view.until_at(dashboard.tick())
    view.until_at(dashboard.tick(seconds=-3600.0))
    for _ in range(3):
        view.until_at(dashboard.tick())
    x, y = view.data("chart-throughput")
    assert x == [-3, -2, -1, 0]
    assert y == [600.0 + number % 7 for number in range(dashboard.number - 3, dashboard.number + 1)]
    view.driver.refresh()
    view.until_drawn()
    assert max(view.data("chart-throughput")[0]) == 0
