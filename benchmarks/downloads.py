"""Somebody who downloads the whole day as a file, again and again."""

import http.client
import threading
import time
from typing import Self
from urllib.parse import urlsplit


class Downloads:
    """Downloads in `count` threads for as long as the `with` block lasts; its end waits for the last ones."""

    def __init__(self, url: str, count: int = 1, path: str = "/export.csv") -> None:
        """Prepare to download `path` from the server at `url`."""
        self._path = path
        self._kind = path.partition("?")[0].rpartition(".")[2]
        self._kind = "Parquet" if self._kind == "parquet" else self._kind.upper()
        self._netloc = urlsplit(url).netloc
        self._stop = threading.Event()
        # Each repeats one download; the main thread measures meanwhile.
        self._threads = [threading.Thread(target=self._run) for _ in range(count)]
        self.seconds: list[float] = []
        self.bytes: list[int] = []
        self.failures = 0

    def once(self) -> None:
        """Download and throw away."""
        began = time.monotonic()
        connection = http.client.HTTPConnection(self._netloc, timeout=60)
        try:
            connection.request("GET", self._path)
            answer = connection.getresponse()
            size = 0
            while piece := answer.read(1 << 18):
                size += len(piece)
            complete = answer.status == 200
        except (OSError, http.client.HTTPException):
            complete = False
        finally:
            connection.close()
        if complete:
            self.seconds.append(time.monotonic() - began)
            self.bytes.append(size)
        else:
            self.failures += 1
            time.sleep(0.2)

    def __str__(self) -> str:
        if not self.seconds:
            return f"no {self._kind} came through, {self.failures} failed"
        mean = sum(self.seconds) / len(self.seconds)
        failed = f", {self.failures} failed" if self.failures else ""
        return f"{len(self.seconds)} {self._kind} of {max(self.bytes) / 1e6:.0f} MB, {mean:.1f} s each{failed}"

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(90)

    def _run(self) -> None:
        while not self._stop.is_set():
            self.once()
