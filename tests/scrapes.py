"""Scrapes to make readings of, one after the other."""

import math

from monitor.net.address import parse_address
from monitor.sources.preset import load_preset
from monitor.sources.prometheus import PrometheusSource

ADDRESS = parse_address("target", "http://127.0.0.1/metrics")


def source(preset="hub", mapping=None, interval=1.0):
    return PrometheusSource(ADDRESS, load_preset(preset, mapping), interval)


def take(scraper, text, at):
    return scraper.take(text.encode(), float(at))


def values(scraper, text, at):
    return dict(take(scraper, text, at).values)


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
