"""What travels to the browser of the alerts, and when."""

from dataclasses import replace

import orjson

from episodes import AT, acknowledged, fired, raised, resolved
from monitor.core.alert import Happened, State
from monitor.core.alerts import Alerts, Pending
from monitor.core.rule import RULES, Severity
from monitor.ui.alert_marks import LINES, MOST, SPANS, limit_note, limiting, marks
from monitor.ui.chart import CHARTS

CHART = {chart.id: chart for chart in CHARTS}


def test_only_what_asks_is_counted():
    """The worst of these gives the colour."""
    made = marks(Alerts(active=(acknowledged(fired("high-cpu-usage", 97.0)), fired("high-latency", 162.0))))
    assert (made["asking"], made["worst"]) == (1, "warning")
    assert [one["asks"] for one in made["active"]] == [False, True]
    assert marks(Alerts())["worst"] is None


def test_an_alert_that_asks_again_has_another_key():
    """So it is told anew, while one that was only acknowledged is not."""

    def key(alert):
        return marks(Alerts(active=(alert,)))["active"][0]["key"]

    alert = fired("high-latency", 162.0)
    assert key(acknowledged(alert)) == key(alert)
    assert key(raised(acknowledged(alert))) != key(alert)


def test_the_text_is_what_fired_it():
    """It does not change with each value, so it travels once."""
    alert = fired("high-latency", 162.0)
    assert (
        marks(Alerts(active=(alert.seen(190.0, counts=True),)))["active"]
        == marks(Alerts(active=(alert,)))["active"]
    )


def test_the_end_of_a_dismissed_one_is_not_told():
    """Somebody wanted to hear no more of it."""
    alert = fired("high-latency", 162.0)
    dismissed = alert.after(Happened.DISMISSED, State.DISMISSED, AT + 1000)
    assert marks(Alerts(ended=(resolved(alert),)))["over"] == [alert.id]
    assert marks(Alerts(ended=(resolved(dismissed), dismissed)))["over"] == []


def test_limits_stand_on_the_chart_of_their_metric():
    """A limit of the mean stands among the percentiles, and says what it is of."""
    limits = marks(Alerts(rules=RULES))["limits"]
    assert limits["chart-throughput"] == [{"value": 400.0, "text": "limit 400"}]
    assert limits["chart-latency"] == [{"value": 150.0, "text": "limit 150 of the mean"}]
    assert "chart-connections" not in limits
    off = tuple(replace(rule, enabled=False) for rule in RULES)
    assert marks(Alerts(rules=off))["limits"] == marks(Alerts(rules=RULES, enabled=False))["limits"] == {}


def test_the_head_names_the_limits():
    """One or two by their values, more by their number."""
    rule = RULES[0]
    two = [rule, replace(rule, id="higher", name="Higher", threshold=300.0)]
    assert limit_note(limiting(Alerts(rules=RULES), CHART["chart-latency"])) == (
        "limit 150 ms",
        "High Latency: > 150 ms",
    )
    assert limit_note(two)[0] == "limits 150, 300 ms"
    assert limit_note([*two, replace(rule, threshold=2.5)])[0] == "3 limits"
    assert limit_note([]) == ("", "")
    assert limit_note([rule] * 9)[1].endswith("; and 4 more")


def test_of_many_limits_some_are_lines():
    """A chart is no ruler; the same limit of two rules is one line."""
    many = tuple(replace(RULES[0], id=f"r{number}", threshold=100.0 + number // 2) for number in range(100))
    lines = marks(Alerts(rules=many))["limits"]["chart-latency"]
    assert [line["value"] for line in lines] == [100.0 + number for number in range(LINES)]


def test_alerts_are_marked_from_their_beginning_to_their_end():
    """The newest of each chart; one that goes on has no end."""
    open_one, over = fired("high-latency", 162.0, AT + 100_000), resolved(fired("high-latency", 170.0))
    spans = marks(Alerts(active=(open_one,), ended=(over,)))["spans"]["chart-latency"]
    text = "High Latency (warning)"
    assert spans == [
        {"from": AT, "to": AT + 60_000, "severity": "warning", "text": text},
        {"from": AT + 100_000, "to": None, "severity": "warning", "text": text},
    ]
    assert "spans" in marks(Alerts(active=(fired("worse-verdict", -1.0),)))
    assert marks(Alerts(active=(fired("worse-verdict", -1.0),)))["spans"] == {}


def test_of_ten_thousand_alerts_a_page_gets_its_share():
    """They are counted, but what travels stays small."""
    many = tuple(fired("high-latency", 162.0, AT + number) for number in range(10_000))
    made = marks(Alerts(active=many))
    assert made["asking"] == 10_000
    assert len(made["active"]) == MOST
    assert len(made["spans"]["chart-latency"]) == SPANS
    assert len(orjson.dumps(made)) < 20_000


def test_it_travels_when_it_changes(feeder, page):
    """Not with each second's value."""

    def patched(before, now):
        return "alerts" in orjson.loads(page.patch(before, now))

    first = feeder.observe()
    assert patched(None, first)
    quiet = replace(feeder.observe(), alerts=first.alerts)
    assert not patched(first, quiet)
    alert = fired("high-latency", 162.0)
    firing = replace(feeder.observe(), alerts=Alerts(rules=RULES, active=(alert,)))
    assert patched(quiet, firing)
    goes_on = replace(feeder.observe(), alerts=Alerts(rules=RULES, active=(alert.seen(190.0, counts=True),)))
    assert not patched(firing, goes_on)
    severe = replace(RULES[0], severity=Severity.CRITICAL)
    edited = replace(feeder.observe(), alerts=replace(goes_on.alerts, rules=(severe, *RULES[1:])))
    assert patched(goes_on, edited)


def test_a_card_says_what_is_wrong_with_its_metric(feeder, page):
    """By its edge, an icon and its title; within its limits it is good, without one it says nothing."""
    now = feeder.observe()
    firing = replace(now, alerts=Alerts(rules=RULES, active=(fired("high-latency", 162.0),)))
    props = page.render(firing)
    assert props["card-latency_ms"]["class"] == "card metric-card metric-card--warning"
    assert props["card-latency_ms"]["title"].startswith("High Latency: 162 ms > 150 ms\n")
    assert props["card-latency_ms-alert"]["hidden"] is False
    assert props["card-latency_ms-alert-word"] == {"text": "warning"}
    assert props["card-memory_mb"]["class"] == "card metric-card metric-card--good"
    assert props["card-memory_mb-alert"]["hidden"] is True
    assert props["card-active_connections"]["class"] == "card metric-card metric-card--none"


def test_a_card_of_bad_values_is_not_good_before_they_are_an_alert(feeder, page):
    """It says what the rule waits for."""
    waiting = Alerts(rules=RULES, pending=(Pending(RULES[0], 40.0, 200.0),))
    props = page.render(replace(feeder.observe(), alerts=waiting))
    assert props["card-latency_ms"]["class"] == "card metric-card metric-card--none"
    assert props["card-latency_ms"]["title"].startswith("High Latency, bad for 40 s: held back")
    assert props["card-latency_ms-alert-word"] == {"text": "pending"}
    assert props["card-latency_ms-alert"]["hidden"] is False


def test_what_a_cooldown_holds_back_is_counted():
    """The badge and the title say that something is wrong."""
    made = marks(Alerts(rules=RULES, pending=(Pending(RULES[1], 40.0, 200.0),)))
    assert (made["asking"], made["worst"], made["active"]) == (1, "critical", [])
