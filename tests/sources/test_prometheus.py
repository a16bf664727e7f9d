"""From expositions to readings: rates, ratios, gaps, switches."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.errors import SourceError
from monitor.sources.preset import OWN
from scrapes import source, take, values


def test_the_first_scrape_has_gauges_but_no_rates():
    """What a counter grew by is not known from one reading."""
    assert values(source(), "hub_operations_total 5\nhub_queue_depth 2\n", 0) == {"queue_depth": 2.0}


def test_a_rate_is_growth_over_the_time_between_the_scrapes():
    """Not over the nominal interval."""
    scraper = source()
    values(scraper, "hub_operations_total 5\n", 0)
    assert values(scraper, "hub_operations_total 20\n", 1.5) == {"throughput_ops_sec": 10.0}


def test_a_reset_is_a_gap_never_a_negative_or_a_spike():
    """A smaller counter gives nothing; the next scrape gives a rate again."""
    scraper = source()
    values(scraper, "hub_operations_total 500\n", 0)
    assert values(scraper, "hub_operations_total 3\n", 1) == {}
    assert values(scraper, "hub_operations_total 13\n", 2) == {"throughput_ops_sec": 10.0}


def test_a_reset_of_one_series_makes_the_sum_a_gap():
    """What the others grew by is not the whole."""
    scraper = source("map", {"throughput_ops_sec": {"counter": "c_total"}})
    values(scraper, 'c_total{s="a"} 100\nc_total{s="b"} 100\n', 0)
    assert values(scraper, 'c_total{s="a"} 110\nc_total{s="b"} 3\n', 1) == {}
    assert values(scraper, 'c_total{s="a"} 120\nc_total{s="b"} 5\n', 2) == {"throughput_ops_sec": 12.0}


def test_a_change_of_the_start_time_forgets_all_counters():
    """A restarted target that has already counted further than before makes no spike."""
    scraper = source()
    text = "hub_operations_total {}\nprocess_start_time_seconds {}\n"
    values(scraper, text.format(5, 1000), 0)
    restarted = take(scraper, text.format(90, 2000), 1)
    assert dict(restarted.values) == {}
    assert restarted.started_at == 2000
    assert values(scraper, text.format(100, 2000), 2) == {"throughput_ops_sec": 10.0}


def test_a_start_time_that_jitters_is_no_restart():
    """Some targets compute it anew from the boot time with each scrape."""
    scraper = source()
    values(scraper, "hub_operations_total 5\nprocess_start_time_seconds 1000.0\n", 0)
    assert values(scraper, "hub_operations_total 9\nprocess_start_time_seconds 1000.4\n", 1) == {
        "throughput_ops_sec": 4.0
    }


@pytest.mark.parametrize(("at", "rate"), [(3.0, 10.0), (3.1, None)])
def test_after_a_hole_of_more_than_three_intervals_the_first_rate_is_a_gap(at, rate):
    """A mean over a long hole is not the last second."""
    scraper = source()
    values(scraper, "hub_operations_total 0\n", 0)
    assert values(scraper, f"hub_operations_total {10 * at}\n", at).get("throughput_ops_sec") == rate
    assert values(scraper, f"hub_operations_total {10 * at + 7}\n", at + 1)["throughput_ops_sec"] == pytest.approx(
        7
    )


def test_series_that_come_and_go_make_no_spike():
    """A new label set brings no past into the sum, one that has gone takes nothing out of it."""
    scraper = source("map", {"throughput_ops_sec": {"counter": "requests_total"}})
    a, b = 'requests_total{{route="/a"}} {}\n'.format, 'requests_total{{route="/b"}} {}\n'.format
    values(scraper, a(100), 0)
    assert values(scraper, a(110) + b(5000), 1) == {"throughput_ops_sec": 10.0}
    assert values(scraper, a(115) + b(5010), 2) == {"throughput_ops_sec": 15.0}
    assert values(scraper, b(5030), 3) == {"throughput_ops_sec": 20.0}
    assert values(scraper, a(100), 4) == {}


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abcd"), st.tuples(st.integers(0, 100), st.booleans()), max_size=4),
        min_size=2,
        max_size=12,
    )
)
@settings(deadline=None)
def test_a_rate_is_never_negative_and_never_more_than_what_happened(steps):
    """Whatever series come, go and are reset: each step is {series: (growth, reset)}."""
    scraper = source("map", {"throughput_ops_sec": {"counter": "c_total"}, "queue_depth": {"gauge": "always"}})
    counted = {}
    for at, step in enumerate(steps):
        happened = 0
        for series, (growth, reset) in step.items():
            counted[series] = (0 if reset else counted.get(series, 1000)) + growth
            happened += growth
        text = "always 1\n" + "".join(f'c_total{{s="{series}"}} {counted[series]}\n' for series in step)
        rate = values(scraper, text, at).get("throughput_ops_sec")
        assert rate is None or 0 <= rate <= happened


def test_ratios_of_nothing_are_absent():
    """A second without messages has no messages per batch, one without operations no error rate."""
    scraper = source()
    text = (
        "hub_operations_total 5\nhub_operation_errors_total 1\nhub_messages_total 5\nhub_batches_total 2\n"
        "hub_batch_capacity_messages 16\nhub_batch_raw_bytes_total 10\nhub_batch_sent_bytes_total 5\n"
        'hub_pool_requests_total{result="hit"} 4\n'
    )
    values(scraper, text, 0)
    assert values(scraper, text, 1) == {"throughput_ops_sec": 0.0}


def test_ratios_of_the_last_second():
    """Errors per completed operation, messages per batch and per place, bytes per byte, hits per request."""
    scraper = source()
    text = (
        "hub_operations_total {}\nhub_operation_errors_total {}\nhub_messages_total {}\nhub_batches_total {}\n"
        "hub_batch_capacity_messages 16\nhub_batch_raw_bytes_total {}\nhub_batch_sent_bytes_total {}\n"
        'hub_pool_requests_total{{result="hit"}} {}\nhub_pool_requests_total{{result="miss"}} {}\n'
        "hub_pool_reused_bytes_total {}\nhub_pool_allocated_bytes_total {}\n"
    )
    values(scraper, text.format(*[0] * 10), 0)
    assert values(scraper, text.format(200, 1, 80, 10, 9000, 3000, 3, 1, 5_000_000, 250_000), 2) == pytest.approx(
        {
            "throughput_ops_sec": 100.0,
            "error_rate": 0.5,
            "messages_per_batch": 8.0,
            "batch_efficiency": 50.0,
            "compression_ratio": 3.0,
            "pool_hit_rate": 75.0,
            "pool_saved_mb": 2.5,
            "pool_allocated_mb": 0.125,
        }
    )


@pytest.mark.parametrize(
    ("cores", "utilization", "one_core"),
    [("hub_cpu_cores 4\n", 25.0, False), ("", 100.0, True), ("hub_cpu_cores 0\n", None, False)],
)
def test_cpu_is_divided_by_the_cores_that_the_target_says_it_may_use(cores, utilization, one_core):
    """Else it is percent of one core, and the reading says so."""
    scraper = source()
    take(scraper, "process_cpu_seconds_total 0\n" + cores, 0)
    reading = take(scraper, "process_cpu_seconds_total 1\n" + cores, 1)
    assert reading.values.get("cpu_utilization") == utilization
    assert reading.cpu_of_one_core is one_core


def workers(**seconds):
    return "".join(f'hub_worker_cpu_seconds_total{{worker="{n[1:]}"}} {used}\n' for n, used in seconds.items())


def test_workers_have_a_column_each_and_an_imbalance():
    """Percent of one core by number; imbalance is one minus Jain's index of all of them."""
    scraper = source()
    values(scraper, workers(w1=0, w2=0, w9=0), 0)
    assert values(scraper, workers(w1=0.1, w2=0.2, w9=0.3), 1) == pytest.approx(
        {"worker_cpu_1": 10.0, "worker_cpu_2": 20.0, "worker_imbalance": 100 * (1 - 0.36 / (3 * 0.14))}
    )


@pytest.mark.parametrize("used", [{"w1": 0.0, "w2": 0.0}, {"w1": 0.5}], ids=["all idle", "one alone"])
def test_there_is_no_imbalance_of_idle_workers_or_of_one(used):
    """Nothing is shared out, so nothing can be uneven."""
    scraper = source()
    values(scraper, workers(**dict.fromkeys(used, 0)), 0)
    assert "worker_imbalance" not in values(scraper, workers(**used), 1)


def test_there_is_no_imbalance_while_a_worker_is_new():
    """What it did in the last second is not known yet."""
    scraper = source()
    values(scraper, workers(w1=0, w2=0), 0)
    assert set(values(scraper, workers(w1=1, w2=1, w3=1), 1)) == {"worker_cpu_1", "worker_cpu_2"}


def test_switches_are_booleans_by_name():
    """As the gauges say, not as somebody clicked."""
    reading = take(source(), 'hub_optimization_enabled{name="a"} 1\nhub_optimization_enabled{name="b"} 0\n', 0)
    assert reading.switches == {"a": True, "b": False}


@pytest.mark.parametrize("value", ["NaN", "+Inf"])
def test_a_value_that_is_not_finite_makes_its_metric_absent(value):
    """For one scrape; then the counter's past is unknown for one more."""
    scraper = source()
    values(scraper, "hub_operations_total 1\nhub_queue_depth 1\n", 0)
    assert values(scraper, f"hub_operations_total {value}\nhub_queue_depth 1\n", 1) == {"queue_depth": 1.0}
    assert values(scraper, "hub_operations_total 9\nhub_queue_depth 1\n", 2) == {"queue_depth": 1.0}


def test_huge_values_never_become_infinite():
    """What overflows on the way to a display unit is absent."""
    assert values(source(), "hub_queue_depth 1e308\nhub_workers 1e308\n", 0)["worker_count"] == 1e308
    scraper = source("map", {"queue_depth": {"gauge": "g"}, "worker_count": {"gauge": "w"}})
    assert values(scraper, 'g{a="1"} 1.7e308\ng{a="2"} 1.7e308\nw 1\n', 0) == {"worker_count": 1.0}


@pytest.mark.parametrize("started", ["+Inf", "1e308", "-5", "NaN", "9e9"])
def test_a_start_time_that_cannot_be_is_none(started):
    """Nothing that a target says may keep the page from being drawn."""
    reading = take(source(), f"hub_queue_depth 3\nprocess_start_time_seconds {started}\n", 0)
    assert (dict(reading.values), reading.started_at) == ({"queue_depth": 3.0}, None)


def test_of_several_start_times_the_latest_counts():
    """Their sum would be a moment of the next century."""
    text = 'process_start_time_seconds{p="a"} 1700000000\nprocess_start_time_seconds{p="b"} 1700000100\n'
    assert take(source(), text, 0).started_at == 1_700_000_100


@pytest.mark.parametrize(("names", "kept"), [(32, 32), (33, 0)])
def test_switches_are_few_and_their_names_short(names, kept):
    """They stand in every sample, snapshot and frame."""
    text = "".join(f'hub_optimization_enabled{{name="n{number}"}} 1\n' for number in range(names))
    assert len(take(source(), text, 0).switches) == kept
    long = 'hub_optimization_enabled{name="%s"} 1\nhub_optimization_enabled{name="a b"} 1\nhub_queue_depth 1\n'
    assert take(source(), long % ("x" * 65), 0).switches == {}


@pytest.mark.parametrize("twin", ['c_total{b="2",a="1"}', 'c_total{ a="1",b="2"}', 'c_total{a="1",b="2",}'])
def test_one_series_in_two_spellings_is_refused(twin):
    """It would be counted twice."""
    scraper = source(OWN, {"throughput_ops_sec": {"counter": "c_total"}})
    with pytest.raises(SourceError, match="exposed twice"):
        take(scraper, f'c_total{{a="1",b="2"}} 1\n{twin} 1\n', 0)
