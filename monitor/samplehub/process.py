"""What the operating system says about this process: CPU, resident memory, usable cores.

prometheus_client's own collector reads /proc only, in steps of 10 ms of CPU time, so these figures are read
here.
"""

import contextlib
import os
import resource
import sys
import time
from pathlib import Path

_STATM = Path("/proc/self/statm")
_PROC_PIDTASKINFO = 4
_TASKINFO_WORDS = 12  # struct proc_taskinfo is 96 bytes; its first two words are the virtual and the resident size


def cpu_seconds() -> float:
    """User and system CPU time of the process, in seconds."""
    return time.process_time()


def resident_bytes(platform: str = sys.platform) -> int | None:
    """Memory that is resident now (not its peak), in bytes; None where the system does not tell."""
    if platform == "darwin":
        return _resident_bytes_darwin()
    try:
        return int(_STATM.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    except OSError:
        return None


def _resident_bytes_darwin() -> int | None:
    """By libproc's proc_pidinfo(PROC_PIDTASKINFO), since getrusage knows the peak only."""
    import ctypes  # noqa: PLC0415 - half a megabyte that only this system needs

    info = (ctypes.c_uint64 * _TASKINFO_WORDS)()
    try:
        size = ctypes.CDLL("/usr/lib/libproc.dylib").proc_pidinfo(
            os.getpid(), _PROC_PIDTASKINFO, ctypes.c_uint64(0), ctypes.byref(info), ctypes.sizeof(info)
        )
    except (OSError, AttributeError):
        return None
    return int(info[1]) if size == ctypes.sizeof(info) else None


def confine_to_one_core() -> None:
    """Keep this process on one core where the system allows it; threads that start later inherit it."""
    if hasattr(os, "sched_setaffinity"):
        with contextlib.suppress(OSError):  # a sandbox may forbid it; usable_cores tells what came of it
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def usable_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
