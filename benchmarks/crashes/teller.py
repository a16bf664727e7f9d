"""`python -m benchmarks.crashes.teller`: starts processes that raise alerts and tell of them; others kill them.

A line `{"folder": .., "first": .., "port": .., "raise": ..}` starts one that goes on at alert `first` and tells a
webhook on `port`; where `raise` is false it raises none, and ends when everything was told. What it says comes
out: `pid <number>`, `ack <alert>` when an alert is on the disk, and `end <status>`.
Each is forked from this process, which has imported everything and has no file open: there is no time to import.
"""

import json
import os
import random
import sys
import time
import traceback
from pathlib import Path
from typing import Any, Final

from benchmarks.crashes.samples import BEGIN, RETENTION, TARGET
from monitor.core.alert import Alert, Happened
from monitor.core.channel import Channel
from monitor.core.channel_settings import ChannelKind
from monitor.core.entry import Entry, Kind
from monitor.core.notice import Notice
from monitor.core.rule import RULES
from monitor.engine.courier import MOST_SPELLED
from monitor.engine.delivery import Delivery
from monitor.engine.history_writer import HistoryWriter
from monitor.notify.webhook import WebhookSender
from monitor.storage.archive import Archive
from monitor.storage.history_file import HistoryFile

SPEED: Final = 20.0
"""Times as fast as the machine's clocks: a group of messages is 1.5 s long, and not 30."""
_PAUSE: Final = 0.005
_LONGEST: Final = 30.0
_MOST: Final = 2 * MOST_SPELLED
"""More do not wait at once: each is to be spelled out, and soon."""


class _Clock:
    """The machine's clocks, faster."""

    def wall(self) -> float:
        """Return fast epoch seconds."""
        return BEGIN / 1000 + SPEED * time.monotonic()

    def monotonic(self) -> float:
        """Return fast seconds."""
        return SPEED * time.monotonic()


def main() -> None:
    """Serve until there are no more lines."""
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            _tell(order)
        _, status = os.waitpid(child, 0)
        _say(f"end {os.waitstatus_to_exitcode(status)}")


def _tell(order: dict[str, Any]) -> None:
    _say(f"pid {os.getpid()}")
    try:
        folder = Path(order["folder"])
        writer = HistoryWriter(HistoryFile(folder, TARGET, RETENTION), Archive(folder, TARGET), _Clock(), 1.0)
        delivery = Delivery(
            {ChannelKind.WEBHOOK: WebhookSender()},
            writer,
            _Clock(),
            random.Random(),
            target=TARGET,
            link="http://x/",
        )
        writer.open()
        writer.start()
        delivery.restore()
        settings = {"url": f"http://127.0.0.1:{order['port']}/"}
        delivery.put(Channel.read({"id": "sink", "name": "sink", "kind": "webhook", "settings": settings}))
        delivery.start()
        if order["raise"]:
            _raise(writer, delivery, order["first"])
        while delivery.get("sink")[1].waiting:
            time.sleep(_PAUSE)
        delivery.close()
        writer.close()
    except BaseException:  # noqa: BLE001 - a forked process must not go on as its parent
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _raise(writer: HistoryWriter, delivery: Delivery, number: int) -> None:
    """Raise one alert after the other until the process is killed."""
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until:
        if delivery.get("sink")[1].waiting >= _MOST:
            time.sleep(_PAUSE)
            continue
        alert = Alert.fired(RULES[0], 162.0, BEGIN + number, None)
        told = delivery.take([Notice(f"{alert.id}:0", alert, Happened.FIRED, alert.fired_at)])
        ticket = writer.keep([Entry(Kind.ALERT, alert.id, alert.fired_at, alert.document()), *told])
        if writer.settled(ticket, 5.0):
            _say(f"ack {number}")
        number += 1
        time.sleep(_PAUSE)


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main()
