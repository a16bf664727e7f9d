"""`python -m benchmarks.viewers URL VIEW COUNT`: viewers of `/ws` that note when each frame came.

Of a frame only its first bytes are looked at. All of them share one event loop: what waiting for their turn costs
them is part of the delay.
"""

import asyncio
import re
import sys
import time

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.crowd import answer, order

_HEAD = re.compile(rb'"seq":(\d+).*?"(?:timestamp|t)":(\d+)')
_HEAD_BYTES = 400


class Viewer:
    """One connection: delays in ms, and how many frames were left out between the first and the last."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._socket: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self._seq: int | None = None
        self.reset()

    def reset(self) -> None:
        """Forget what came."""
        self.delays: list[float] = []
        self.missed = 0

    async def enter(self) -> None:
        """Connect and read from now on."""
        self._seq = None
        self._socket = await connect(
            self._url, compression=None, max_size=None, ping_interval=None, open_timeout=60
        )
        self._task = asyncio.create_task(self._read(self._socket))

    async def leave(self) -> None:
        """Close and stop reading."""
        if self._socket is not None and self._task is not None:
            await self._socket.close()
            await self._task

    async def _read(self, socket: ClientConnection) -> None:
        while True:
            try:
                frame = await socket.recv(decode=False)
            except ConnectionClosed:
                return
            now = time.time()
            head = _HEAD.search(frame, 0, _HEAD_BYTES)
            if head is None:
                continue
            seq, timestamp = int(head[1]), int(head[2])
            if self._seq is not None:
                # The first frame after connecting is as old as it is: it says nothing about delivery.
                self.missed += seq - self._seq - 1
                self.delays.append(now * 1000.0 - timestamp)
            self._seq = seq


async def main(url: str, view: str, count: int) -> None:
    """Connect, obey, report."""
    address = f"{url.replace('http', 'ws', 1)}/ws?view={view}"
    viewers = [Viewer(address) for _ in range(count)]
    await asyncio.gather(*(viewer.enter() for viewer in viewers))
    answer({"connected": count})
    loop = asyncio.get_running_loop()
    while word := await loop.run_in_executor(None, order):
        if word == "reset":
            for viewer in viewers:
                viewer.reset()
        elif word == "reconnect":
            await asyncio.gather(*(viewer.leave() for viewer in viewers))
            await asyncio.gather(*(viewer.enter() for viewer in viewers))
        answer({})
    await asyncio.gather(*(viewer.leave() for viewer in viewers))
    answer(
        {
            "delays": [round(delay, 2) for viewer in viewers for delay in viewer.delays],
            "missed": sum(viewer.missed for viewer in viewers),
            "client_cpu_seconds": time.process_time(),
        }
    )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
