"""Render once, send to everyone."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Rendering(Generic[P, R]):
    """A pure function of hashable arguments, computed once per argument whoever asks, kept for the newest few."""

    def __init__(self, render: Callable[P, R], key: Callable[P, Hashable], size: int) -> None:
        """Keep `size` results of `render` under what `key` makes of its arguments."""
        self._render = render
        self._key = key
        self._size = size
        self._results: OrderedDict[Hashable, R] = OrderedDict()
        # Guards the results, and makes the second asker wait for the first one's work instead of doing it again.
        self._lock = threading.Lock()

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Return the result, computing it when nobody has yet."""
        key = self._key(*args, **kwargs)
        with self._lock:
            if key in self._results:
                return self._results[key]
            result = self._results[key] = self._render(*args, **kwargs)
            if len(self._results) > self._size:
                self._results.popitem(last=False)
            return result
