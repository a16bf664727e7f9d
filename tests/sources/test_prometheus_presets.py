"""What each preset makes of the targets that it is for."""

import pytest

from monitor.core.histogram import RELATIVE_WIDTH
from monitor.sources.preset import PRESETS
from scrapes import source, take, values


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
