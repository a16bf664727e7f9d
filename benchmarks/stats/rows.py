"""What is tried, and what came of it: the rows of the table."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from benchmarks.stats.errors import ErrorTrial
from benchmarks.stats.fading import FadingTrial
from benchmarks.stats.families import FamilyTrial
from benchmarks.stats.loads import BY_LOAD, LoadTrial, told
from benchmarks.stats.proofs import ProofTrial
from benchmarks.stats.restarts import RestartTrial
from benchmarks.stats.suggestions import QUIET_WORLDS, SuggestionTrial
from benchmarks.stats.tail import TailTrial
from benchmarks.stats.trials import Trial, share
from benchmarks.stats.worlds import FADING_WORLDS, WORLDS, World, autoregression
from monitor.core.metric import METRIC
from monitor.core.metric_baseline import ALPHA
from monitor.core.verdict import Verdict

SEED: Final = 2026
_WRONG: Final = (Verdict.BETTER, Verdict.WORSE)
_PHI: Final = WORLDS["phi 0.7"]


@dataclass(frozen=True, slots=True)
class Row:
    """`measure(runs)` gives the share that `limit` limits; of a row that is `dear` there are fewer runs."""

    text: str
    limit: str
    measure: Callable[[int], float]
    dear: int = 1

    def line(self, runs: int) -> str:
        """Measure, and return it as a line of the table."""
        made = max(runs // self.dear, 10)
        return f"| {self.text} | {self.limit} | {made} | {100 * self.measure(made):.1f} % |"


def _trial(
    text: str, limit: str, trial: Trial, world: World, *verdicts: Verdict, within: int = 1 << 30, dear: int = 1
) -> Row:
    return Row(text, limit, lambda runs: share(trial.run(world, runs, SEED), *verdicts, within=within), dear)


def _comparisons() -> list[Row]:
    rows = [
        _trial(f"nothing changed, {name}: a false verdict in 600 looks", "<= 3.5 %", Trial(), world, *_WRONG)
        for name, world in WORLDS.items()
    ]
    better, none = Verdict.BETTER, Verdict.NO_DIFFERENCE
    free, quiet = WORLDS["no correlation"], Trial(variation=0.02, margin=3.0, looks=300)
    return [
        *rows,
        _trial("nothing but noise twice as large, phi 0.7", "<= 5 %", Trial(louder=2.0), _PHI, *_WRONG),
        _trial("nothing changed, phi 0.7, 3600 looks", "<= 4 %", Trial(looks=3600), _PHI, *_WRONG, dear=3),
        _trial("+10 %, phi 0.7: better within 60 s", ">= 95 %", Trial(change=0.1, looks=60), _PHI, better),
        _trial("+5 %, phi 0.7: better within 300 s", ">= 93 %", Trial(change=0.05, looks=300), _PHI, better),
        _trial("+5 %, no correlation: better within 25 s", ">= 50 %", Trial(change=0.05, looks=25), free, better),
        _trial("nothing changed, 2 % of variation: no difference within 300 s", ">= 95 %", quiet, _PHI, none),
        _trial("+5 %: called no difference", "<= 1 %", Trial(change=0.05, margin=3.0), _PHI, none),
    ]


def _short_baselines() -> list[Row]:
    """Of 75 s without history, as each metric is compared: what wanders slower than that was never seen."""
    trial = Trial(history=0, baseline=75, alpha=ALPHA)
    worlds = {name: WORLDS[name] for name in ("phi 0.7", "phi 0.9", "wandering 0.98")}
    worlds["phi 0.98"] = autoregression(0.98)
    return [
        _trial(f"75 s of baseline without history, {name}: called {word}", limit, trial, world, verdict, dear=2)
        for name, world in worlds.items()
        for limit in ("none set" if name.startswith("wandering") else "<= 5 %",)
        for word, verdict in (("better", Verdict.BETTER), ("worse", Verdict.WORSE))
    ]


def _errors() -> list[Row]:
    def begin(runs: int) -> float:
        return share(ErrorTrial(0.0, 0.001).run(runs, SEED), Verdict.WORSE, within=20)

    def burst(runs: int) -> float:
        return share(ErrorTrial(0.01, 0.01, bursts=True).run(runs, SEED), *_WRONG)

    return [
        Row("errors 0 to 0.1 % at 500 ops/s: worse within 20 s", ">= 99 %", begin, 10),
        Row("errors in bursts, nothing changed: a false verdict", "<= 3 %", burst, 10),
    ]


def _loads() -> list[Row]:
    @cache
    def run(load: float, slower: float, runs: int) -> list[dict[str, set[Verdict]]]:
        return LoadTrial(load, slower).run(runs, SEED)

    def row(text: str, limit: str, load: float, slower: float, metric: str, *verdicts: Verdict) -> Row:
        title = METRIC[metric].title
        return Row(f"{text}, {title}", limit, lambda runs: told(run(load, slower, runs), metric, verdicts), 10)

    fewer = [row("load x 0.8: a false verdict", "<= 8 %", 0.8, 1.0, metric, *_WRONG) for metric in BY_LOAD]
    few = [
        row("load x 0.6: not comparable", ">= 95 %", 0.6, 1.0, metric, Verdict.NOT_COMPARABLE)
        for metric in BY_LOAD
    ]
    more = row("15 % less of it at load x 1.15: better", ">= 95 %", 1.15, 0.85, "latency_ms", Verdict.BETTER)
    return [*fewer, *few, more]


def _restarts() -> list[Row]:
    def row(text: str, trial: RestartTrial) -> Row:
        def kept(runs: int) -> float:
            found = trial.run(_PHI, runs, SEED)
            return sum(one.sound and one.shown and one.unchanged for one in found) / runs

        return Row(f"{text}: no false rate, said so, the same verdicts in the end", ">= 98 %", kept, 20)

    return [
        row("restart at second 100, nothing changed", RestartTrial()),
        row("all counters from 0 at second 100, the start not told", RestartTrial(told=False)),
    ]


def _families() -> list[Row]:
    @cache
    def run(runs: int) -> list[tuple[bool, bool]]:
        return FamilyTrial().run(_PHI, runs, SEED)

    text = "five metrics, correlated by 0.5, nothing changed: a false verdict"
    return [
        Row(f"{text} of any", "<= 3 %", lambda runs: sum(one for one, _ in run(runs)) / runs, 5),
        Row(f"{text} of their mean", "<= 5 %", lambda runs: sum(mean for _, mean in run(runs)) / runs, 5),
    ]


def _proofs() -> list[Row]:
    def false(world: World) -> Callable[[int], float]:
        return lambda runs: (
            sum(any(v in _WRONG for v in one) for one in ProofTrial().run(world, runs, SEED)) / runs
        )

    def found(change: float) -> Callable[[int], float]:
        def measure(runs: int) -> float:
            verdicts = [one for run in ProofTrial(change).run(_PHI, runs, SEED) for one in run]
            return verdicts.count(Verdict.BETTER) / len(verdicts)

        return measure

    worlds = ("phi 0.7", "wandering 0.98", "30-minute cycle")
    return [
        *(
            Row(f"proof, nothing changed, {name}: any false verdict", "<= 5 %", false(WORLDS[name]), 2)
            for name in worlds
        ),
        Row("proof, 5 % better: a metric found, phi 0.7", ">= 75 %", found(0.05), 2),
        Row("proof, 10 % better: a metric found, phi 0.7", ">= 95 %", found(0.10), 2),
    ]


def _fading() -> list[Row]:
    def row(text: str, limit: str, trial: FadingTrial, world: World) -> Row:
        def share_of(runs: int) -> float:
            return sum(second is not None for second in trial.run(world, runs, SEED)) / runs

        return Row(text, limit, share_of, 5)

    def ends(trial: FadingTrial) -> Callable[[int], float]:
        def measure(runs: int) -> float:
            found = trial.run(_PHI, runs, SEED)
            return sum(second is not None and abs(second - 120) <= 30 for second in found) / runs

        return measure

    full, alone = "a steady +10 %", "a steady +10 %, 75 s of baseline without history"
    short = {"history": 0, "baseline": 75}
    rows = []
    for name, world in FADING_WORLDS.items():
        rows.append(row(f"{full}, {name}: called fading", "<= 1 %", FadingTrial(), world))
        rows.append(row(f"{alone}, {name}: called fading", "<= 1 %", FadingTrial(**short), world))
    for text, options in ((full, {}), (alone, short)):
        trial = FadingTrial(louder=2.0, **options)
        rows.append(row(f"{text}, noise twice as large, phi 0.7: called fading", "<= 1 %", trial, _PHI))
    gone = ((0.2, 120), (0.0, 480))
    last = "+20 % that ends after 120 s: found where it ended"
    return [
        *rows,
        Row(f"{last}, one metric", ">= 80 %", ends(FadingTrial(gone, metrics=1)), 5),
        Row(f"{last}, four metrics", ">= 80 %", ends(FadingTrial(gone)), 5),
        Row(f"{last}, 75 s of baseline without history", "none set", ends(FadingTrial(gone, **short)), 5),
    ]


def _tail() -> list[Row]:
    def false(runs: int) -> float:
        return share(TailTrial().run(runs, SEED), *_WRONG)

    def seen(runs: int) -> float:
        return share(TailTrial(slower=0.9, looks=120).run(runs, SEED), Verdict.BETTER)

    text = "slow operations, 200 ops/s, phi 0.8"
    return [
        Row(f"{text}, nothing changed: a false verdict", "<= 5 %", false, 10),
        Row(f"{text}, latency -10 %: better within 120 s", ">= 77 %", seen, 10),
    ]


def _suggestions() -> list[Row]:
    def row(text: str, limit: str, hours: int, step: float, world: World) -> Row:
        trial = SuggestionTrial(3600 * hours, step)
        return Row(
            f"suggested, {hours} h of {text}", limit, lambda runs: sum(trial.run(world, runs, SEED)) / runs, 5
        )

    quiet = [
        row(f"{name}: any step", "<= 5 %", hours, 0.0, world)
        for name, world in QUIET_WORLDS.items()
        for hours in (1, 6)
    ]
    real = [
        row(f"phi 0.7 with a step of {100 * step:.0f} %: found there", limit, hours, step, _PHI)
        for hours, step, limit in (
            (1, 0.1, ">= 80 %"),
            (1, 0.2, ">= 95 %"),
            (6, 0.05, ">= 90 %"),
            (6, 0.1, ">= 95 %"),
        )
    ]
    cycle = row("30-minute cycle with a step of 10 %: found there", "none set", 6, 0.1, WORLDS["30-minute cycle"])
    return [*quiet, *real, cycle]


ROWS: Final = (
    *_comparisons(), *_short_baselines(), *_errors(), *_tail(), *_loads(), *_restarts(), *_families(), *_proofs(),
    *_fading(), *_suggestions(),
)  # fmt: skip
