"""Reading Prometheus' text format, held against prometheus_client's own parser."""

import contextlib
import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.parser import text_string_to_metric_families

from monitor.core.errors import SourceError
from monitor.sources.exposition import Exposition

WANTED = frozenset({"wanted", "wanted_total", "wanted_seconds_bucket", "wanted_seconds_sum", "ns:wanted"})


def reader():
    return Exposition(WANTED, lambda name, labels: (0,))


def read(text, exposition=None):
    """Return {(name, sorted labels): value} as our reader sees it."""
    values = (exposition or reader()).read(text.encode())
    return {(series.name, tuple(sorted(series.labels.items()))): value for series, value in values.items()}


def reference(text):
    """Return the same as prometheus_client sees it: wanted names, finite values."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): float(sample.value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name in WANTED and math.isfinite(sample.value)
    }


def reference_by_line(text):
    """Return the same of a text in which only wanted lines need be good."""
    seen = {}
    for line in text.split("\n"):
        with contextlib.suppress(ValueError, IndexError):  # the latter for a label without a name
            seen.update(reference(line))
    return seen


label_values = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(
    ['"', "\\", "\n", "\\n", '\\"', "{", "}", " # {", "a,b=c", "=", "\r", "\u2028", "1 2", "%s"]
)
values = st.floats(allow_nan=True, allow_infinity=True) | st.integers(0, 2**60).map(float)


class Families:
    """A collector of what hypothesis made up."""

    def __init__(self, families):
        self._families = families

    def collect(self):
        return self._families


@st.composite
def expositions(draw):
    """Draw the text of a registry with wanted and other families."""
    families = []
    for name, kind in (
        ("wanted", GaugeMetricFamily),
        ("wanted", CounterMetricFamily),
        ("other", GaugeMetricFamily),
    ):
        labels = draw(st.lists(st.sampled_from(["a", "b_c", "code"]), unique=True, max_size=3))
        family = kind(name, draw(label_values), labels=labels)
        rows = draw(st.lists(st.tuples(*[label_values] * len(labels)), unique=True, max_size=4))
        for row in rows:
            family.add_metric(list(row), draw(values))
        families.append(family)
    histogram = HistogramMetricFamily("wanted_seconds", "", labels=["a"])
    for value in draw(st.lists(label_values, unique=True, max_size=2)):
        buckets = [("0.1", draw(st.integers(0, 9))), ("+Inf", draw(st.integers(9, 20)))]
        histogram.add_metric([value], buckets, draw(st.floats(0, 1e6)))
    families.append(histogram)
    registry = CollectorRegistry()
    registry.register(Families(families))
    return generate_latest(registry).decode()


@given(expositions())
@settings(deadline=None)
def test_it_reads_what_prometheus_client_writes_and_reads(text):
    """Names, labels and values agree for whatever the client library can expose."""
    try:
        seen = read(text)
    except SourceError as error:
        assert str(error) == "none of the metrics that the preset maps is there"  # noqa: PT017
        seen = {}
    assert seen == reference(text)


SAMPLE = (
    '# HELP wanted Help.\n# TYPE wanted gauge\nwanted{a="x",b="y\\"\\\\"} 1.5 1234\nwanted 2\n'
    'other{a="}"} 3\nwanted_seconds_bucket{le="+Inf"} 4\nwanted_seconds_sum 1e-3\nns:wanted{} -0\n'
)


@given(
    st.lists(
        st.tuples(st.integers(0, len(SAMPLE) - 1), st.sampled_from(' \t\n"\\{},=#_1eE+-NaIinf.xä\r\0')), max_size=4
    )
)
@example([(40, " "), (53, " ")])
@settings(deadline=None, max_examples=400)
def test_damage_is_refused_or_read_as_prometheus_client_does(damage):
    """Of a damaged exposition nothing comes but a SourceError or what the reference sees, too."""
    characters = list(SAMPLE)
    for position, character in damage:
        characters[position] = character
    text = "".join(characters)
    try:
        seen = read(text)
    except SourceError:
        return
    assert seen == reference_by_line(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_source_error_or_nothing_mapped(body):
    """No other exception leaves the reader."""
    with pytest.raises(SourceError):
        reader().read(body)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("wanted 1", 1.0),
        ("wanted\t1", 1.0),
        ("  wanted   1   1700000000000", 1.0),
        ("wanted{} 1", 1.0),
        ('wanted {a="b",} 1', 1.0),
        ('wanted{ a = "b" , c="d" }1', None),
        ('wanted{ a = "b" , c="d" } 1', 1.0),
        ("wanted -0", 0.0),
        ("wanted 5e-324", 5e-324),
        ("wanted 9007199254740993", 9007199254740992.0),
        ("wanted +1", 1.0),
        ("wanted 1\r-3", None),
        ("wanted 1\x0b", None),
    ],
)
def test_forms_of_a_line(line, value):
    """Spaces, tabs, timestamps and trailing commas as the format allows them."""
    if value is None:
        with pytest.raises(SourceError, match="a line of wanted is not in Prometheus text format"):
            read(line)
    else:
        assert list(read(line).values()) == [value]


@pytest.mark.parametrize(
    "line",
    [
        "wanted",
        "wanted ",
        "wanted one",
        "wanted 1 2 3",
        "wanted 1 now",
        "wanted 1_000",
        "wanted ١",  # noqa: RUF001
        "wanted{a=b} 1",
        'wanted{a="b" 1',
        'wanted{a="b"c="d"} 1',
        'wanted{a="b",a="c"} 1',
        'wanted{1a="b"} 1',
        'wanted{,a="b"} 1',
        'wanted{a="b"} 1 # {trace="x"} 2',
        'wanted 1 # {trace="x"} 2',
        'wanted_seconds_bucket{le="wide"} 1',
        'wanted_seconds_bucket{le="NaN"} 1',
    ],
)
def test_broken_lines_of_wanted_families_fail_the_whole(line):
    """Good lines around a broken one do not save the scrape."""
    with pytest.raises(SourceError, match="is not in Prometheus text format"):
        read(f"ns:wanted 1\n{line}\nwanted_total 1\n")


def test_broken_lines_of_other_families_are_nobodys_business():
    """They are dropped by their name, unparsed."""
    assert read('other{{{ 1\n{"utf8.name"} 1\nother\nwanted 1\n') == {("wanted", ()): 1.0}


@pytest.mark.parametrize("value", ["NaN", "+Inf", "-Inf", "1e999"])
def test_a_value_that_is_not_finite_is_no_value(value):
    """The series is left out; the scrape is good."""
    assert read(f"wanted {value}\nns:wanted 1\n") == {("ns:wanted", ()): 1.0}


def test_a_series_is_the_same_object_from_scrape_to_scrape():
    """And another one after a scrape without it: what came between is not known."""
    exposition = reader()
    [first] = exposition.read(b'wanted{a="x"} 1\n')
    [again] = exposition.read(b'wanted{a="x"} 2\n')
    exposition.read(b"ns:wanted 1\n")
    [later] = exposition.read(b'wanted{a="x"} 3\n')
    assert first is again
    assert later is not first


def test_a_failed_scrape_forgets_nothing():
    """The series before and after it are the same objects."""
    exposition = reader()
    [first] = exposition.read(b'wanted{a="x"} 1\n')
    with pytest.raises(SourceError):
        exposition.read(b"wanted{\n")
    [again] = exposition.read(b'wanted{a="x"} 2\n')
    assert first is again


def test_names_that_churn_do_not_accumulate():
    """What is remembered is one scrape, whatever the target makes up."""
    exposition = reader()
    for n in range(50):
        exposition.read(b"".join(b'wanted{a="%d-%d"} 1\n' % (n, m) for m in range(100)))
    assert len(exposition._known) == 100
