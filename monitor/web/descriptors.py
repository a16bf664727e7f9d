"""How many threads serve, and how many connections the system lets this process have."""

import resource
from dataclasses import dataclass
from typing import Final, Self

from monitor.core.errors import SettingsError

_OWN: Final = 128
"""Files, pipes and sockets that are nobody's connection, and some to spare."""
_PER_VIEWER: Final = 2
"""Beside its socket, a viewer that lags holds the pipe of the pulse that it waits for."""
_HTTP_THREADS: Final = 32
"""Threads that viewers, who have one each, can never take from HTTP."""
STALLED_THREADS: Final = 128
"""Peers that stall hold a thread for some seconds each: so many of them before anybody else waits. A thread is
made only when it is needed."""
_IDLE_CONNECTIONS: Final = 32
"""Connections beyond all threads that are kept alive."""


@dataclass(frozen=True, slots=True)
class Budget:
    """`threads` of the server and `connections` that it keeps open, viewers included."""

    threads: int
    connections: int

    @classmethod
    def for_viewers(cls, max_connections: int) -> Self:
        """Raise the soft limit of open files as far as all threads need; take fewer where it is too low.

        Raises SettingsError where there are too few for `max_connections` viewers.
        """
        threads = max_connections + _HTTP_THREADS + STALLED_THREADS
        beside = _OWN + _PER_VIEWER * max_connections
        limit = _raise(4 * threads + beside)
        connections = min(4 * threads, limit - beside)
        least = max_connections + _HTTP_THREADS + _IDLE_CONNECTIONS
        if connections < least:
            raise SettingsError(
                f"max_connections={max_connections}: needs {least + beside} open files, "
                f"and the system allows {limit} (ulimit -n)"
            )
        return cls(min(threads, connections - _IDLE_CONNECTIONS), connections)


def _raise(wanted: int) -> int:
    """Raise the soft limit to `wanted`, or to the hard one; return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return limit
