"""`python -m benchmarks.crashes.recorder`: starts processes that record, and kills them.

A line `{"folder": .., "first": .., "seed": .., "opened": .., "delay": ..}` starts one that goes on at sample
`first`. It is killed `delay` seconds later, or where `opened` is true that long after its first commit. What it
says comes out: `ack <sample> <row's number or ->` after each commit, and `end <status>`.
Each is forked from this process, which has imported everything and has no file open: there is no time to import.
"""

import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from random import Random

from benchmarks.crashes.samples import commits

_LONGEST = 25


def main() -> None:
    """Serve until there are no more lines."""
    for line in sys.stdin:
        order = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            _record(Path(order["folder"]), order["first"], Random(order["seed"]), writing)
        os.close(writing)
        if order["opened"]:
            os.read(reading, 1)
        os.close(reading)
        time.sleep(order["delay"])
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        _say(f"end {os.waitstatus_to_exitcode(status)}")


def _record(folder: Path, first: int, random: Random, first_commit: int) -> None:
    try:
        for last, added in commits(folder, first, random, _LONGEST):
            _say(f"ack {last} {added.document['number'] if added and added.document else '-'}")
            if first_commit >= 0:
                os.close(first_commit)
                first_commit = -1
    except BaseException:  # noqa: BLE001 - a forked process must not go on as its parent
        traceback.print_exc()
    os._exit(1)


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main()
