"""CPU time and memory of the parts, read from /proc."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The process and everything below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += children(int(child))
    return found


def cpu_seconds(pid: int) -> float:
    """CPU of the process tree, of children that have ended included."""
    total = 0.0
    for each in children(pid):
        try:
            values = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(map(int, values[11:15] if each == pid else values[11:13])) / TICKS
    return total


def memory_mb(pid: int) -> float:
    """Proportional set size of the process tree: shared pages count once over all who share them."""
    total = 0
    for each in children(pid):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, PermissionError, ProcessLookupError):
            continue
        total += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return total / 1024
