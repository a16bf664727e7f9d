"""`hub-monitor verdict`: asks a running monitor whether it helped; scripts go on or stop by its exit code."""

import argparse
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

_TIMEOUT_SECONDS: Final = 10.0
_LONGEST_SECONDS: Final = 86_400
_LIVE: Final = "live"
_LEAST_SHARE: Final = 0.5
"""Of the seconds that were watched; a pass is not made of those before."""


class Exit(IntEnum):
    """What a script reads."""

    PASSED = 0
    WORSE = 1
    UNDECIDED = 2


class AskError(Exception):
    """The monitor cannot be asked; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Api:
    """A monitor's `/api/v1/`, asked with the token where it needs one."""

    url: str
    token: str

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Return the answer; raises AskError with the monitor's own words."""
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {self.token}"} if self.token else {}
        )
        data = None if body is None else json.dumps(body).encode()
        address = f"{self.url.rstrip('/')}/api/v1/{path}"
        if not address.startswith(("http://", "https://")):
            raise AskError(f"--url: {self.url!r} is no http:// or https:// address")
        try:
            request = urllib.request.Request(address, data=data, headers=headers, method=method)  # noqa: S310 - checked
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
                content = json.load(answer)
        except urllib.error.HTTPError as error:
            raise AskError(f"{address}: HTTP {error.code}") from None
        except (OSError, ValueError, RecursionError, http.client.HTTPException) as error:
            raise AskError(f"{address}: {getattr(error, 'reason', error)}") from None
        if not isinstance(content, dict):
            raise AskError(f"{address}: the answer is not a monitor's")
        return content


def main(argv: Sequence[str], sleep: Callable[[float], object] = time.sleep) -> int:
    """Run the command; returns 0 for better or no difference, 1 for worse, 2 where it is undecided."""
    options = _parser().parse_args(argv)
    api = Api(options.url, options.token)
    try:
        if options.baseline:
            _activate(api, options.baseline)
        before = api.ask("GET", "impact")
        sleep(options.seconds)
        impact, status = api.ask("GET", "impact"), api.ask("GET", "snapshot")["health"]["status"]
        verdict, words = judge(impact, options.min_effect), sentence(impact)
        doubt = objection(before, impact, status, options.seconds)
    except (KeyError, TypeError, AttributeError, ValueError):
        sys.stderr.write(f"hub-monitor: {options.url}: the answer is not a monitor's\n")
        return Exit.UNDECIDED
    except AskError as error:
        sys.stderr.write(f"hub-monitor: {error}\n")
        return Exit.UNDECIDED
    if doubt:
        sys.stderr.write(f"hub-monitor: undecided: {doubt}\n")
        verdict = Exit.UNDECIDED
    line = json.dumps({"exit": int(verdict), **impact}) if options.json else words
    # A terminal may not know every letter of a change's name.
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    return verdict


def objection(before: dict[str, Any], after: dict[str, Any], status: str, seconds: int) -> str:
    """Say why the impact `after` watching for `seconds` says nothing of the present, "" where it does.

    A target that died keeps the verdict that it had while it lived.
    """
    if status != _LIVE:
        return f"the target is {status}"
    if before["baseline"] is None or after["baseline"] is None:
        return ""
    if before["baseline"]["id"] != after["baseline"]["id"]:
        return "another baseline was activated meanwhile"
    same = before["since"] == after["since"] and before["fading_since"] == after["fading_since"]
    grown = after["seconds"] - (before["seconds"] if same else 0)
    if grown < _LEAST_SHARE * (seconds - after["warm_up_seconds"] if same else 0):
        return f"only {grown} of the {seconds} s that were watched could be compared"
    return ""


def judge(impact: dict[str, Any], min_effect: float) -> Exit:
    """Return what the impact means; what got worse by less than `min_effect` percent did not."""
    overall = impact["overall"]
    if overall is None:
        return Exit.UNDECIDED
    if overall["verdict"] in {"better", "no_difference"}:
        return Exit.PASSED
    if overall["verdict"] != "worse":
        return Exit.UNDECIDED
    errors = impact["errors"]
    if errors is not None and errors["verdict"] == "worse":
        return Exit.WORSE
    falls = [one["figure_percent"] for one in impact["comparisons"] if one["verdict"] == "worse"]
    if not falls:
        return Exit.UNDECIDED
    return Exit.WORSE if any(fall <= -min_effect for fall in falls) else Exit.PASSED


def sentence(impact: dict[str, Any]) -> str:
    """Return the impact in a line."""
    overall, baseline = impact["overall"], impact["baseline"]
    if overall is None:
        return "no baseline to compare with"
    verdict = overall["verdict"].replace("_", " ")
    figure = ""
    if overall["figure_percent"] is not None:
        low, high = overall["interval_percent"]
        figure = f", {overall['figure_percent']:+.1f} % ({low:+.1f} to {high:+.1f})"
    change = f" since {impact['change']!r}" if impact["change"] else ""
    return f"{verdict}{figure} against {baseline['name']!r}{change}, {impact['seconds']} s of evidence"


def _activate(api: Api, name: str) -> None:
    found = api.ask("GET", "baselines")
    chosen = [one for one in found["baselines"] if name in {one["name"], one["id"]}]
    if not chosen:
        names = ", ".join(repr(one["name"]) for one in found["baselines"]) or "there is none"
        raise AskError(f"--baseline: there is no {name!r}; the baselines are {names}")
    if chosen[-1]["id"] != found["active"]:
        api.ask("POST", f"baselines/{chosen[-1]['id']}/activate", {})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hub-monitor verdict",
        description="Watch for a while, then say whether the last change helped. "
        "Exit code 0: better or no difference, 1: worse, 2: undecided, or the monitor cannot be asked.",
        allow_abbrev=False,
    )
    parser.add_argument("--url", default="http://127.0.0.1:8081", help="the running monitor (default %(default)s)")
    parser.add_argument("--baseline", help="name or id of the baseline (default: the active one)")
    parser.add_argument("--for", dest="seconds", type=_seconds, default=60, help="seconds to watch (default 60)")
    parser.add_argument(
        "--min-effect", type=_percent, default=0.0, help="percent below which a fall does not count (default 0)"
    )
    parser.add_argument("--token", default=os.environ.get("MONITOR_TOKEN", ""), help="where the monitor needs one")
    parser.add_argument("--json", action="store_true", help="print the whole impact")
    return parser


def _seconds(text: str) -> int:
    return int(_between(text, _LONGEST_SECONDS))


def _percent(text: str) -> float:
    return _between(text, 100.0)


def _between(text: str, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if 0 <= value <= most:
        return value
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to {most:g}")
