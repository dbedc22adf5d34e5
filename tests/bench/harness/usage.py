"""What the kernel has charged a running process with."""

import contextlib
import os
import pathlib
import time

_SCHEDULED = 2  # CPUCLOCK_SCHED: how clock_getcpuclockid(3) makes a clock of a process
_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """Of all its threads so far, those that ended included."""
    return time.clock_gettime((~pid << 3) | _SCHEDULED)


def family_cpu_seconds(pid):
    """Of the process and all its children, those that ended included: of Postgres and its backends.

    A child that ends at this very moment may be missed or counted twice.
    """
    total = cpu_seconds(pid)
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # one that has ended meanwhile
            child = int(path.parent.name)
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if child == pid:
                total += (int(fields[13]) + int(fields[14])) / _TICKS  # children waited for, see proc(5)
            elif int(fields[1]) == pid:
                total += cpu_seconds(child)
    return total


def peak_rss_bytes(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) * 1024
