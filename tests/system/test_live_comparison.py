"""The sample hub compared with itself in fast time, as `make stats-live` does, only shorter."""

import json
import urllib.request
from collections.abc import Sequence
from urllib.parse import urljoin

import numpy as np
import pytest

from benchmarks.stats.live import busy, cell, passed, summary
from benchmarks.stats.live_run import HEADLINES, Headline, Plan, Report, run
from monitor.core.snapshot import Ticks
from monitor.core.verdict import Gain, Verdict
from monitor.core.window import Rows

PLAN = Plan(history=10, baseline=80, watched=40, factor=10.0)


def fail_some(url: str) -> None:
    """Have a twentieth of the tasks fail from now on."""
    body = json.dumps({"amount": 5, "seconds": 600}).encode()
    headers = {"Content-Type": "application/json"}
    with urllib.request.urlopen(
        urllib.request.Request(urljoin(url, "/faults/errors"), body, headers, method="PUT"), timeout=10
    ) as answer:
        assert answer.status == 200


def test_a_true_change_is_seen_in_fast_time() -> None:
    """Each fast second has its sample, with as many tasks as are offered in one; tasks that fail are headlines."""
    report = run(PLAN, 1, fail_some)
    assert report.ticks.done + report.ticks.missed == pytest.approx(PLAN.seconds, abs=3)
    assert report.baseline_seconds == pytest.approx(PLAN.baseline, abs=15)
    assert np.nanmean(report.rows.column("offered_ops_sec")) == pytest.approx(600, rel=0.05)
    assert 900 < np.median(np.diff(report.rows.timestamp)) < 1100
    assert set(report.headlines) == set(HEADLINES)
    assert {"errors", "overall"} <= set(report.wrong)
    assert not passed([report], 1)
    assert busy(report, PLAN).count("%") == 2


def report(verdicts: Sequence[Verdict], missed: int = 0) -> Report:
    """Return a run whose headlines said these, one a second, all the same."""
    told = {verdict: second for second, verdict in reversed(list(enumerate(verdicts)))}
    headlines = dict.fromkeys(HEADLINES, Headline(told, verdicts[-1], Gain(0.0, -1.0, 1.0)))
    return Report(headlines, Ticks(1500 - missed, 0, missed), 300, 600, Rows.joined([]))


def test_one_wrong_run_in_twenty_passes_and_two_do_not() -> None:
    """A verdict counts that was only told on the way."""
    right = report([Verdict.COLLECTING, Verdict.NO_DIFFERENCE])
    wrong = report([Verdict.COLLECTING, Verdict.WORSE, Verdict.NO_DIFFERENCE])
    assert passed([right], 1)
    assert not passed([wrong], 1)
    assert passed([right] * 19 + [wrong], 20)
    assert not passed([right] * 18 + [wrong] * 2, 20)
    assert cell(wrong.headlines["overall"]) == "WORSE at 1 s, no difference -1.0..+1.0"
    assert list(summary([right, wrong]))[-1] == "| overall | 1 | no difference 2 | 1 % |"


def test_a_run_with_many_samples_missed_is_none() -> None:
    """One in a hundred may be missed."""
    assert passed([report([Verdict.NO_DIFFERENCE], missed=15)], 1)
    assert not passed([report([Verdict.NO_DIFFERENCE], missed=16)], 1)
