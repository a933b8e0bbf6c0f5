"""Outlives the supervisor for a moment to stop, in order, what a killed one left running.

It reads one line per event from its standard input: `+ leader signal timeout_s` when a part started, `- leader` when
it ended. The end of the input means that the supervisor is gone. It also holds the lock of the data folder, so that
a new start waits until the old parts have let go of it.
"""

import signal
import sys
from collections.abc import Iterable

from .process_groups import stop_group


def parts_left(events: Iterable[str]) -> dict[int, tuple[signal.Signals, float]]:
    running: dict[int, tuple[signal.Signals, float]] = {}
    for event in events:
        match event.split():
            case ["+", leader, stop_signal, timeout_s]:
                running[int(leader)] = (signal.Signals(int(stop_signal)), float(timeout_s))
            case ["-", leader]:
                running.pop(int(leader), None)
    return running


def main() -> None:
    for stop_signal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop_signal, signal.SIG_IGN)
    for leader, (stop_signal, timeout_s) in reversed(parts_left(sys.stdin).items()):
        stop_group(leader, stop_signal, timeout_s)


if __name__ == "__main__":
    main()
