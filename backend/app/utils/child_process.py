"""What a process that reads files of strangers may use up, and how long it lives."""

import ctypes
import os
import signal
import sys
from dataclasses import dataclass
from typing import Final

SET_PARENT_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG of linux/prctl.h


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds of computing, bytes of address space, and bytes of each file that is written."""

    cpu_s: int
    memory_bytes: int
    output_bytes: int


def confine(usage: Usage, *, most_cpu_s: int | None = None, most_memory_bytes: int | None = None) -> None:
    """Bind this process and those that it starts: the kernel ends what computes longer, and refuses more memory.

    Up to the `most` the process may raise its limits by itself.
    """
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (usage.memory_bytes, most_memory_bytes or usage.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (usage.cpu_s, most_cpu_s or usage.cpu_s))
    resource.setrlimit(resource.RLIMIT_FSIZE, (usage.output_bytes, usage.output_bytes))


def end_with(parent_id: int) -> None:
    """Let the kernel kill this process when the one that started it is killed: nobody would want its work."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent_id:
        sys.exit(1)
