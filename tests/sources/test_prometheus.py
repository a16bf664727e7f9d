"""From expositions to readings: rates, ratios, percentiles, gaps."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.errors import SourceError
from monitor.core.histogram import BOUNDS, RELATIVE_WIDTH, Histogram, quantile
from monitor.net.address import parse_address
from monitor.sources.preset import OWN, PRESETS, load_preset
from monitor.sources.prometheus import PrometheusSource

ADDRESS = parse_address("target", "http://127.0.0.1/metrics")


def source(preset="hub", mapping=None, interval=1.0):
    return PrometheusSource(ADDRESS, load_preset(preset, mapping), interval)


def take(scraper, text, at):
    return scraper.take(text.encode(), float(at))


def values(scraper, text, at):
    return dict(take(scraper, text, at).values)


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


BUCKETS = (0.01, 0.05, 0.1, 0.5, math.inf)


def histogram_text(observations, name="hub_operation_duration_seconds", labels=""):
    lines = []
    for bound in BUCKETS:
        count = sum(one <= bound for one in observations)
        le = "+Inf" if math.isinf(bound) else bound
        lines.append(f'{name}_bucket{{{labels}le="{le}"}} {count}')
    lines.append(f"{name}_sum{{{labels}}} {math.fsum(observations)!r}")
    lines.append(f"{name}_count{{{labels}}} {len(observations)}")
    return "\n".join(lines) + "\n"


durations = st.lists(st.floats(0.0001, 2.0), max_size=50)


@given(durations, durations)
@settings(deadline=None)
def test_latency_is_that_of_the_operations_between_the_scrapes(before, since):
    """The mean is exact, percentiles interpolate in the target's buckets, the histogram counts every operation."""
    scraper = source()
    take(scraper, histogram_text(before), 0)
    reading = take(scraper, histogram_text(before + since), 1)
    if not since:
        assert reading.values == {}
        assert reading.latency.count == 0
        return
    counts = np.histogram(since, bins=[0, *BUCKETS])[0].astype(float)
    for one in set(since) & set(BUCKETS):  # numpy counts a bound into the bucket above, Prometheus below
        counts[BUCKETS.index(one)] += since.count(one)
        counts[BUCKETS.index(one) + 1] -= since.count(one)
    assert reading.values["latency_ms"] == pytest.approx(1000 * math.fsum(since) / len(since), rel=1e-6, abs=1e-6)
    for metric, q in (("latency_p50_ms", 0.5), ("latency_p95_ms", 0.95), ("latency_p99_ms", 0.99)):
        expected = quantile(np.array(BUCKETS), counts, q)
        if expected is None:
            assert metric not in reading.values
            assert reading.latency.quantile(q) is None
        else:
            assert reading.values[metric] == pytest.approx(1000 * expected.value)
    assert reading.latency.count == pytest.approx(len(since))
    assert (reading.latency.counts >= 0).all()
    assert reading.latency.mean == pytest.approx(math.fsum(since) / len(since), rel=1e-6, abs=1e-6)


def test_the_width_of_a_coarse_bucket_is_stated():
    """The bucket at p95 goes from 0.1 to 0.5 s: four times its lower bound."""
    scraper = source()
    take(scraper, histogram_text([]), 0)
    assert take(scraper, histogram_text([0.2] * 10), 1).latency_width == pytest.approx(4.0)


def test_operations_slower_than_the_last_bucket_have_no_percentile():
    """All took 60 s and the last bound is 0.5 s: the mean is known, percentiles are not, at no time."""
    scraper = source()
    take(scraper, histogram_text([]), 0)
    reading = take(scraper, histogram_text([60.0] * 10), 1)
    assert set(reading.values) == {"latency_ms"}
    assert reading.values["latency_ms"] == pytest.approx(60_000)
    assert reading.latency_width is None
    assert reading.latency.quantile(0.95) is None
    assert reading.latency.count == pytest.approx(10)
    some = take(scraper, histogram_text([60.0] * 11 + [0.02] * 9), 2)
    assert set(some.values) == {"latency_ms", "latency_p50_ms"}


def test_the_first_bucket_begins_at_0():
    """All took 0.2 ms and the first bound is 10 ms: interpolated, and known to 100 % only."""
    scraper = source()
    take(scraper, histogram_text([]), 0)
    reading = take(scraper, histogram_text([0.0002] * 10), 1)
    assert reading.values["latency_p95_ms"] == pytest.approx(9.5)
    assert reading.latency_width == 1.0
    assert reading.latency.quantile(0.95).width == 1.0


def test_buckets_as_fine_as_ours_state_our_width():
    """The target's own bounds are those that the monitor keeps."""
    scraper = source()
    name = "hub_operation_duration_seconds"

    def text(counts, total):
        lines = [f'{name}_bucket{{le="{bound}"}} {n}\n' for bound, n in zip(BOUNDS.tolist(), counts, strict=True)]
        return "".join([*lines, f"{name}_sum {total}\n"])

    take(scraper, text([0] * 64, 0), 0)
    reading = take(scraper, text([0] * 40 + [5] * 24, 1.25), 1)
    assert reading.latency_width == pytest.approx(RELATIVE_WIDTH)
    assert reading.latency.counts[40] == pytest.approx(5)
    assert reading.latency.mean == pytest.approx(0.25)


def test_a_histogram_whose_counts_are_reset_is_a_gap():
    """No percentile, no mean, no histogram, until two scrapes agree again."""
    scraper = source()
    take(scraper, histogram_text([0.02] * 9), 0)
    reading = take(scraper, histogram_text([0.02]), 1)
    assert (dict(reading.values), reading.latency) == ({}, None)
    assert take(scraper, histogram_text([0.02] * 3), 2).latency.count == 2


def test_a_reset_of_one_label_set_makes_the_latency_a_gap():
    """The distribution of the others is not that of all."""
    scraper = source()
    a, b = 'route="/a",', 'route="/b",'
    take(scraper, histogram_text([0.2] * 5, labels=a) + histogram_text([0.2] * 5, labels=b), 0)
    reading = take(scraper, histogram_text([0.2] * 6, labels=a) + histogram_text([0.2], labels=b), 1)
    assert (dict(reading.values), reading.latency) == ({}, None)


def test_label_sets_of_a_histogram_are_added_up():
    """Routes together make the latency; one that has just appeared adds nothing yet."""
    scraper = source()
    a, b = 'route="/a",', 'route="/b",'
    take(scraper, histogram_text([0.2], labels=a), 0)
    first = take(scraper, histogram_text([0.2, 0.3], labels=a) + histogram_text([1.0] * 99, labels=b), 1)
    assert first.latency.count == pytest.approx(1)
    assert first.values["latency_ms"] == pytest.approx(300)
    second = take(scraper, histogram_text([0.2, 0.3], labels=a) + histogram_text([1.0] * 100, labels=b), 2)
    assert second.values["latency_ms"] == pytest.approx(1000)


def test_series_with_different_buckets_meet_in_the_common_ones():
    """Counts and mean stay exact, percentiles are as good as the common buckets."""
    scraper = source()
    other = (
        'hub_operation_duration_seconds_bucket{{route="/b",le="0.2"}} {0}\n'
        'hub_operation_duration_seconds_bucket{{route="/b",le="+Inf"}} {0}\n'
        'hub_operation_duration_seconds_sum{{route="/b"}} {1}\n'
    )
    take(scraper, histogram_text([], labels='route="/a",') + other.format(0, 0), 0)
    reading = take(scraper, histogram_text([0.03] * 10, labels='route="/a",') + other.format(30, 3.0), 1)
    assert reading.latency.count == pytest.approx(40)
    assert reading.values["latency_ms"] == pytest.approx(82.5)
    assert 50 <= reading.values["latency_p95_ms"] <= 200
    assert reading.latency_width is None, "the two share no bound, so nothing is exact"


def test_what_one_layout_cannot_tell_the_whole_cannot():
    """One route's buckets end at 0.2 s with slower ones beyond: they may lie anywhere among the other's."""
    scraper = source()
    short = (
        'hub_operation_duration_seconds_bucket{{route="/b",le="0.2"}} 0\n'
        'hub_operation_duration_seconds_bucket{{route="/b",le="+Inf"}} {0}\n'
    )
    take(scraper, histogram_text([], labels='route="/a",') + short.format(0), 0)
    text = histogram_text([0.03] * 50 + [0.45] * 40, labels='route="/a",') + short.format(10)
    reading = take(scraper, text, 1)
    assert "latency_p50_ms" in reading.values
    assert "latency_p95_ms" not in reading.values


def test_a_bucket_read_in_between_is_levelled_out():
    """A target that counts while it is read may show a bucket below the one before it: no negative counts."""
    scraper = source()
    take(scraper, histogram_text([]), 0)
    text = histogram_text([0.02] * 5).replace('le="0.1"} 5', 'le="0.1"} 4')
    reading = take(scraper, text, 1)
    assert (reading.latency.counts >= 0).all()
    assert reading.latency.count == pytest.approx(5)


def test_without_a_sum_there_are_percentiles_but_no_mean():
    """The histogram is kept for longer spans' percentiles; its mean is unknown."""
    scraper = source()

    def without_sum(text):
        return "\n".join(line for line in text.split("\n") if "_sum" not in line)

    take(scraper, without_sum(histogram_text([])), 0)
    reading = take(scraper, without_sum(histogram_text([0.2] * 4)), 1)
    assert "latency_p50_ms" in reading.values
    assert "latency_ms" not in reading.values
    assert reading.latency.count == pytest.approx(4)
    assert reading.latency.mean is None


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


def test_errors_are_zero_only_where_the_target_would_say_so():
    """No 5xx among series that have a code is 0 %; series without a code say nothing of errors."""
    scraper = source("http")
    values(scraper, 'http_requests_total{code="200"} 0\n', 0)
    assert values(scraper, 'http_requests_total{code="200"} 10\n', 1)["error_rate"] == 0.0
    silent = source("http")
    values(silent, 'http_requests_total{route="/"} 0\n', 0)
    assert "error_rate" not in values(silent, 'http_requests_total{route="/"} 10\n', 1)


def test_the_first_error_is_a_gap_then_a_rate():
    """Its series has no past yet; what it started from is not guessed."""
    scraper = source("http")
    text = 'http_requests_total{{code="200"}} {}\nhttp_requests_total{{code="503"}} {}\n'
    values(scraper, 'http_requests_total{code="200"} 0\n', 0)
    assert "error_rate" not in values(scraper, text.format(10, 1), 1)
    assert values(scraper, text.format(19, 2), 2)["error_rate"] == pytest.approx(10.0)


def test_of_alternatives_the_first_counts_that_the_target_has():
    """Milliseconds of the older convention are converted."""
    scraper = source("http")
    name = "http_server_duration_milliseconds"

    def text(count, total):
        buckets = "".join(f'{name}_bucket{{le="{le}"}} {count}\n' for le in ("100", "+Inf"))
        return f"{buckets}{name}_sum {total}\n{name}_count {count}\n"

    take(scraper, text(0, 0), 0)
    reading = take(scraper, text(4, 200), 1)
    assert reading.values["latency_ms"] == pytest.approx(50)
    assert reading.values["throughput_ops_sec"] == 4.0
    assert reading.latency.mean == pytest.approx(0.05)


def test_a_summary_has_a_mean_but_no_percentiles():
    """Quantiles of a summary are not those of the last second."""
    scraper = source("http")
    text = "http_server_requests_seconds_sum {}\nhttp_server_requests_seconds_count {}\n"
    values(scraper, text.format(0, 0), 0)
    assert values(scraper, text.format(2, 8), 1) == {"throughput_ops_sec": 8.0, "latency_ms": 250.0}


def test_a_recorded_hub(exposition):
    """Two scrapes of the sample hub, about a second apart, give every metric that its preset maps."""
    scraper = source()
    scraper.take(exposition("hub-1"), 0.0)
    reading = scraper.take(exposition("hub-2"), 1.0)
    assert set(reading.values) == {
        *("throughput_ops_sec", "latency_ms", "latency_p50_ms", "latency_p95_ms", "latency_p99_ms", "memory_mb"),
        *("cpu_utilization", "active_connections", "error_rate", "offered_ops_sec", "shed_ops_sec", "queue_depth"),
        *("batch_efficiency", "compression_ratio", "messages_per_batch", "pool_hit_rate", "pool_saved_mb"),
        *("pool_allocated_mb", "pool_in_use", "worker_count", "worker_imbalance"),
        *(f"worker_cpu_{n}" for n in range(1, 5)),
    }
    assert 500 < reading.values["throughput_ops_sec"] < 700
    assert reading.latency.mean * 1000 == pytest.approx(reading.values["latency_ms"])
    assert reading.latency.count == pytest.approx(reading.values["throughput_ops_sec"])
    assert reading.latency_width == pytest.approx(RELATIVE_WIDTH, rel=1e-3)
    assert reading.latency.quantile(0.95).width == pytest.approx(RELATIVE_WIDTH, rel=1e-2)
    assert set(reading.switches) == {"message_batching", "memory_pools", "load_balancer"}


@pytest.mark.parametrize("name", ["otel", "fastapi"])
def test_recorded_http_servers(exposition, name):
    """Ten requests between two scrapes, one of them failed, as two instrumentations of Python expose them."""
    scraper = source("http")
    scraper.take(exposition(f"{name}-1"), 0.0)
    reading = scraper.take(exposition(f"{name}-2"), 1.0)
    assert reading.values["throughput_ops_sec"] == 10.0
    assert reading.values["error_rate"] == pytest.approx(10.0)
    assert reading.latency.count == pytest.approx(10)
    assert reading.values["active_connections"] == 0.0
    assert reading.values["memory_mb"] > 1
    assert reading.latency_width == 1.0


def vllm(finished, aborted, hits, queries):
    """Return an exposition of two engines that have done the same."""
    text = ""
    for one in ('engine="0",model_name="m"', 'engine="1",model_name="m"'):
        text += f"""vllm:num_requests_running{{{one}}} 3
vllm:num_requests_waiting{{{one}}} 2
vllm:request_success_total{{{one},finished_reason="stop"}} {finished - aborted}
vllm:request_success_total{{{one},finished_reason="abort"}} {aborted}
vllm:prefix_cache_queries_total{{{one}}} {queries}
vllm:prefix_cache_hits_total{{{one}}} {hits}
vllm:e2e_request_latency_seconds_bucket{{{one},le="0.5"}} {finished}
vllm:e2e_request_latency_seconds_bucket{{{one},le="+Inf"}} {finished}
vllm:e2e_request_latency_seconds_sum{{{one}}} {finished / 10}
"""
    return text


def test_vllm():
    """The names that vLLM's documentation lists, two engines, one request of ten aborted."""
    scraper = source("vllm")
    values(scraper, vllm(0, 0, 0, 0), 0)
    assert values(scraper, vllm(10, 1, 1, 4), 1) == pytest.approx(
        {
            "throughput_ops_sec": 20.0,
            "error_rate": 10.0,
            "active_connections": 6.0,
            "queue_depth": 4.0,
            "pool_hit_rate": 25.0,
            "latency_ms": 100.0,
            "latency_p50_ms": 250.0,
            "latency_p95_ms": 475.0,
            "latency_p99_ms": 495.0,
        }
    )


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_and_an_empty_registry(preset):
    """One mapped metric is enough for a reading, and nothing else is made up."""
    reading = take(source(preset), "process_start_time_seconds 1000\n", 0)
    assert (dict(reading.values), reading.started_at, reading.switches) == ({}, 1000, {})


def test_a_merged_minute_has_the_latencies_of_its_seconds():
    """Histograms of several readings add up."""
    scraper = source()
    seen, readings = [], []
    for at in range(5):
        readings.append(take(scraper, histogram_text(seen), at))
        seen += [0.03 * (at + 1)] * 10
    merged = Histogram.merge(one.latency for one in readings if one.latency is not None)
    assert merged.count == pytest.approx(40)
    assert merged.mean == pytest.approx(0.075)


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
