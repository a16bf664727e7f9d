"""`python -m benchmarks.pollers URL COUNT`: pages that have no socket, each a kept-alive connection at 1 Hz.

They send what the page's interval callback sends, with the cursor of the patch before, spread over the second.
"""

import asyncio
import json
import re
import sys
import time
from urllib.parse import urlsplit

from benchmarks.crowd import answer, order

_PATH = "/dashboard/_dash-update-component"
_EPOCH = re.compile(rb'"epoch":"([^"]+)"')
_SEQ = re.compile(rb'"seq":(\d+)')
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Poller:
    """One page: ms per request, bytes of the answers, and how often there was nothing new."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._cursor: dict[str, object] = {}
        self._ticks = 0
        self.reset()

    def reset(self) -> None:
        """Forget what was measured."""
        self.times: list[float] = []
        self.bytes = 0
        self.unchanged = 0
        self.failures = 0

    async def run(self, offset: float, stop: asyncio.Event) -> None:
        """Poll each second from `offset` seconds on."""
        reader, writer = await asyncio.open_connection(self._host, self._port)
        due = time.monotonic() + offset
        while not stop.is_set():
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            due += 1.0
            began = time.perf_counter()
            writer.write(self._request())
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            body = await reader.readexactly(int(length[1])) if length else b""
            self.times.append((time.perf_counter() - began) * 1000.0)
            self._take(int(head.split(b" ", 2)[1]), body)
        writer.close()
        await writer.wait_closed()

    def _request(self) -> bytes:
        self._ticks += 1
        body = json.dumps(
            {
                "output": "poll.data",
                "outputs": {"id": "poll", "property": "data"},
                "inputs": [{"id": "poll-interval", "property": "n_intervals", "value": self._ticks}],
                "changedPropIds": ["poll-interval.n_intervals"],
                "parsedChangedPropsIds": ["poll-interval.n_intervals"],
                "state": [{"id": "cursor", "property": "data", "value": self._cursor}],
            },
            separators=(",", ":"),
        ).encode()
        head = (
            f"POST {_PATH} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nContent-Type: application/json\r\n"
            f"Accept: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _take(self, status: int, body: bytes) -> None:
        self.bytes += len(body)
        if status == 204:
            self.unchanged += 1
            return
        epoch, seq = _EPOCH.search(body), _SEQ.search(body)
        if status != 200 or epoch is None or seq is None:
            self.failures += 1
            return
        self._cursor = {"epoch": epoch[1].decode(), "seq": int(seq[1])}


async def main(url: str, count: int) -> None:
    """Connect, obey, report."""
    address = urlsplit(url)
    assert address.hostname is not None
    assert address.port is not None
    pollers = [Poller(address.hostname, address.port) for _ in range(count)]
    stop = asyncio.Event()
    tasks = [asyncio.create_task(one.run(index / count, stop)) for index, one in enumerate(pollers)]
    answer({"connected": count})
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, order) == "reset":
        for poller in pollers:
            poller.reset()
        answer({})
    stop.set()
    await asyncio.gather(*tasks)
    answer(
        {
            "times": [round(one, 2) for poller in pollers for one in poller.times],
            "bytes": sum(poller.bytes for poller in pollers),
            "unchanged": sum(poller.unchanged for poller in pollers),
            "failures": sum(poller.failures for poller in pollers),
        }
    )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
