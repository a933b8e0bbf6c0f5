import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

POLL_S = 0.05
SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of linux/prctl.h

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(stop_signal: signal.Signals) -> Callable[[], None]:
    """What a child runs between fork and exec so that it never outlives us, even after `kill -9`.

    It has to run after the change of user, which clears the setting; `subprocess` keeps that order.
    """
    parent = os.getpid()

    def ask_the_kernel() -> None:
        if sys.platform == "linux":
            _libc.prctl(SET_PARENT_DEATH_SIGNAL, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask_the_kernel


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] == "Z"


def ask_to_stop(leader: int, stop_signal: signal.Signals) -> None:
    """Only the leader is asked: it knows how to wind up its own children."""
    try:
        os.kill(leader, stop_signal)
    except ProcessLookupError:
        return


def kill_group(leader: int) -> None:
    """Take down whatever is left of the group; a leader that died hard may have left children behind."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        return


def stop_group(leader: int, stop_signal: signal.Signals, timeout_s: float) -> None:
    ask_to_stop(leader, stop_signal)
    deadline = time.monotonic() + timeout_s
    while is_running(leader) and time.monotonic() < deadline:
        time.sleep(POLL_S)
    kill_group(leader)
