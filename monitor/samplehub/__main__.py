"""`python -m monitor.samplehub`: reads the command line and ties the hub together."""

import argparse
import ipaddress
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from prometheus_client.registry import CollectorRegistry

from monitor.samplehub import fault_injection, lifeline, process
from monitor.samplehub.api import Api
from monitor.samplehub.arrivals import Arrivals
from monitor.samplehub.counters import Counters
from monitor.samplehub.dispatcher import WORKER_CAPACITY
from monitor.samplehub.faults import Faults
from monitor.samplehub.fleet import Fleet
from monitor.samplehub.hub import Hub
from monitor.samplehub.metrics import HubCollector
from monitor.samplehub.model import Model
from monitor.samplehub.optimizations import Optimizations
from monitor.samplehub.scenario import NAMES, RAMP, STEADY, Scenario
from monitor.samplehub.server import Server
from monitor.samplehub.worker import Worker

# Leaves room for the name of the hub's own directory and of a socket.
LONGEST_DIRECTORY = 70


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM, SIGINT or the lifeline's end; prints its address as a JSON line when it listens."""
    started = time.time()
    options = _parser().parse_args(arguments)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    if options.lifeline_fd is not None:
        lifeline.watch(options.lifeline_fd, stop.set)
    process.confine_to_one_core()

    clock = time.monotonic
    counters, faults = Counters(), Faults(clock)
    optimizations = Optimizations(enabled=options.scenario == STEADY)
    scenario = Scenario(options.scenario, optimizations, first=options.ramp_first, gap=options.ramp_gap)
    registry = CollectorRegistry()
    api = Api(registry=registry, optimizations=optimizations, faults=faults, scenario=scenario, log=_log)
    try:
        server = Server(options.host, options.port, api)
    except OSError as error:
        print(
            f"samplehub: cannot listen on {options.host} port {options.port}: {error.strerror}",
            file=sys.stderr,
        )
        return 2
    with tempfile.TemporaryDirectory(
        prefix="samplehub-", dir=_short_directory(), ignore_cleanup_errors=True
    ) as directory:
        serial = count()

        def spawn(slot: int) -> Worker:
            path = Path(directory) / f"{slot}-{next(serial)}"
            return Worker(slot, str(path), Model(faults, _random(options.seed + slot)))

        fleet = Fleet(spawn)
        hub = Hub(
            arrivals=Arrivals(options.rate, _random(options.seed), clock()),
            fleet=fleet,
            counters=counters,
            optimizations=optimizations,
            scenario=scenario,
            rng=_random(options.seed),
            clock=clock,
            log=_log,
        )
        cores = process.usable_cores()
        HubCollector(counters, hub.gauges, registry, started=started, cores=cores, batch_capacity=WORKER_CAPACITY)
        fault_injection.start(faults)
        server.start()
        print(json.dumps({"url": f"{server.url}/metrics"}), flush=True)
        hub.run(stop.is_set)
        fleet.close()
    return 0


def _short_directory() -> str:
    """A temporary directory in which a local socket's path stays within the 104 bytes that some systems allow."""
    directory = tempfile.gettempdir()
    return directory if len(os.fsencode(directory)) <= LONGEST_DIRECTORY else "/tmp"  # noqa: S108


def _random(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - repeatable on purpose, nothing secret


def _log(event: str) -> None:
    moment = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    print(f"time={moment} level=info logger=samplehub msg={json.dumps(event)}", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="samplehub", description="A small hub to watch, with three optimisations to switch."
    )
    parser.add_argument("--host", type=_loopback, default="127.0.0.1", help="loopback address to listen on")
    parser.add_argument("--port", type=_port, default=0, help="0 for any free port")
    parser.add_argument("--rate", type=_rate, default=600.0, help="requests offered per second, 1 to 2000")
    parser.add_argument("--seed", type=int, default=1, help="of arrivals, prompts and failures")
    parser.add_argument("--scenario", choices=NAMES, default=RAMP)
    parser.add_argument("--ramp-first", type=_seconds, default=90.0, help="seconds of the ramp with nothing on")
    parser.add_argument("--ramp-gap", type=_seconds, default=45.0, help="seconds between the steps of the ramp")
    parser.add_argument("--lifeline-fd", type=_descriptor, help="inherited pipe; the hub ends with it")
    return parser


def _loopback(text: str) -> str:
    address = "127.0.0.1" if text == "localhost" else text
    try:
        if ipaddress.IPv4Address(address).is_loopback:
            return address
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is not a loopback address such as 127.0.0.1")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port, 0 to 65535")


def _rate(text: str) -> float:
    return _between(text, 1.0, 2000.0)


def _seconds(text: str) -> float:
    return _between(text, 0.0, 86400.0)


def _between(text: str, low: float, high: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if low <= value <= high:
        return value
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from {low:g} to {high:g}")


def _descriptor(text: str) -> int:
    try:
        descriptor = int(text)
        os.fstat(descriptor)
    except (ValueError, OSError):
        raise argparse.ArgumentTypeError(f"{text!r} is not an open file descriptor") from None
    return descriptor


if __name__ == "__main__":
    sys.exit(main())
