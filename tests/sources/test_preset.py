"""Presets that come along, and maps written by hand."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.errors import SettingsError
from monitor.core.metric import METRIC
from monitor.sources.preset import KEYS, OWN, PRESETS, load_preset


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_valid_and_has_the_figures_of_a_service(name):
    """Throughput, latency, errors, memory and CPU are what every preset is for."""
    preset = load_preset(name)
    assert {"throughput_ops_sec", "latency_ms", "error_rate", "memory_mb", "cpu_utilization"} <= set(preset.rules)
    assert "started_at" in preset.rules


def test_keys_are_metrics_or_fill_several():
    """What others derive, and what the monitor measures itself, cannot be mapped."""
    assert KEYS - set(METRIC) == {"worker_cpu", "switches", "started_at"}
    assert not KEYS & {"latency_p95_ms", "optimization_score", "worker_cpu_1", "monitor_cpu", "host_cpu"}


def test_a_map_replaces_rules_of_the_preset_key_by_key():
    """The others stay."""
    preset = load_preset("hub", {"queue_depth": {"gauge": "my_queue"}})
    assert preset.rules["queue_depth"][0].selector.family == "my_queue"
    assert set(preset.rules) == set(load_preset("hub").rules)


def test_a_map_alone():
    """The preset "map" has nothing of its own."""
    assert set(load_preset(OWN, {"queue_depth": {"gauge": "q"}}).rules) == {"queue_depth"}


def test_the_documented_map():
    """The example of docs/sources.md is valid and means what it says."""
    text = (Path(__file__).parents[2] / "docs" / "sources.md").read_text()
    example = tomllib.loads(text.partition("```toml\n")[2].partition("```")[0])
    preset = load_preset(example["preset"], example["map"])
    assert preset.rules["latency_ms"][0].scale == 0.001
    assert len(preset.rules["memory_mb"]) == 2
    failed = preset.rules["error_rate"][0].selector
    assert failed.matches("jobs_total", {"state": "lost"})
    assert not failed.matches("jobs_total", {"state": "losts"})
    assert not failed.matches("jobs_total", {})


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"queue_dept": {"gauge": "q"}}, "map.queue_dept: is not a metric; did you mean 'queue_depth'?"),
        (
            {"latency_p95_ms": {"gauge": "q"}},
            "map.latency_p95_ms: is derived from other metrics and cannot be mapped",
        ),
        ({"queue_depth": "q"}, "map.queue_depth: must be a table"),
        ({"queue_depth": []}, "map.queue_depth: must have at least one table"),
        ({"queue_depth": {}}, "map.queue_depth: needs exactly one of gauge, counter, histogram"),
        (
            {"queue_depth": {"gauge": "q", "counter": "q"}},
            "map.queue_depth: needs exactly one of gauge, counter, histogram",
        ),
        (
            {"queue_depth": [{"gauge": "q"}, {"gauge": 1}]},
            "map.queue_depth[1].gauge: must be the name of a Prometheus metric",
        ),
        ({"queue_depth": {"gauge": "a b"}}, "map.queue_depth.gauge: must be the name of a Prometheus metric"),
        (
            {"queue_depth": {"gauge": "q", "label": {}}},
            "map.queue_depth.label: is not an option of a metric; did you mean 'labels'?",
        ),
        ({"queue_depth": {"gauge": "q", "labels": "x"}}, "map.queue_depth.labels: must be a table"),
        (
            {"queue_depth": {"gauge": "q", "labels": {"a b": "x"}}},
            "map.queue_depth.labels.a b: is not the name of a label",
        ),
        ({"queue_depth": {"gauge": "q", "labels": {"a": 1}}}, "map.queue_depth.labels.a: must be a string"),
        (
            {"queue_depth": {"gauge": "q", "labels": {"a": "~("}}},
            "map.queue_depth.labels.a: is not a regular expression (missing ), unterminated subpattern)",
        ),
        ({"queue_depth": {"gauge": "q", "scale": 0}}, "map.queue_depth.scale: must be a number above 0"),
        ({"queue_depth": {"gauge": "q", "scale": True}}, "map.queue_depth.scale: must be a number above 0"),
        (
            {"queue_depth": {"gauge": "q", "scale": float("nan")}},
            "map.queue_depth.scale: must be a number above 0",
        ),
        (
            {"queue_depth": {"gauge": "q", "combine": "min"}},
            "map.queue_depth.combine: must be one of sum, mean, max",
        ),
        (
            {"queue_depth": {"counter": "q", "combine": "max"}},
            "map.queue_depth.combine: series of a counter can only be summed",
        ),
        (
            {"queue_depth": {"histogram": "q"}},
            "map.queue_depth.histogram: only latency_ms can be read from a histogram",
        ),
        (
            {"latency_ms": {"histogram": "q", "per": {"gauge": "x"}}},
            "map.latency_ms.per: latency_ms cannot be divided",
        ),
        (
            {"error_rate": {"counter": "q", "per": {"histogram": "x"}}},
            "map.error_rate.per.histogram: divide by a counter or a gauge",
        ),
        (
            {"error_rate": {"counter": "q", "per": {"gauge": "x", "otherwise": "1"}}},
            "map.error_rate.per.otherwise: must be a number above 0",
        ),
        (
            {"queue_depth": {"gauge": "q", "each": "x"}},
            "map.queue_depth.each: queue_depth cannot have a label to tell its series apart",
        ),
        (
            {"worker_cpu": {"counter": "q"}},
            "map.worker_cpu.each: worker_cpu needs a label to tell its series apart",
        ),
        ({"worker_cpu": {"counter": "q", "each": "x y"}}, "map.worker_cpu.each: must be the name of a label"),
        (
            {"worker_cpu": {"gauge": "q", "each": "x"}},
            "map.worker_cpu: worker_cpu must be read from a counter",
        ),
        ({"started_at": {"counter": "q"}}, "map.started_at: started_at must be read from a gauge"),
    ],
)
def test_a_mistake_is_named_with_its_key_and_rule(mapping, sentence):
    """In one line, fit for a terminal."""
    with pytest.raises(SettingsError, match=f"^{re.escape(sentence)}$"):
        load_preset(OWN, mapping)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("hubb", "preset: 'hubb' is not one of hub, http, vllm, map; did you mean 'hub'?"),
        ("", "preset: '' is not one of hub, http, vllm, map"),
        ("../hub", "preset: '../hub' is not one of hub, http, vllm, map; did you mean 'hub'?"),
        ("map", "preset: 'map' needs a table [map] with at least one metric"),
    ],
)
def test_a_preset_that_is_not_there(name, sentence):
    """The nearest one is named."""
    with pytest.raises(SettingsError, match=f"^{re.escape(sentence)}$"):
        load_preset(name)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["gauge", "counter", "histogram", "per", "labels", "scale", "each", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(KEYS)), anything, min_size=1, max_size=2))
def test_nonsense_is_a_settings_error(mapping):
    """Whatever TOML can hold; nothing else is raised."""
    try:
        load_preset(OWN, mapping)
    except SettingsError as error:
        assert str(error).startswith("map.")  # noqa: PT017
