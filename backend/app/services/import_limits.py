"""What the process that reads a file may use up of time, memory and disk."""

import ctypes
import math
import os
import signal
import sys
import time
from dataclasses import dataclass
from typing import Final

from app.services.document_reading import may_need_recognition

MEMORY_BYTES: Final = 512 * 1024 * 1024
OUTPUT_BYTES: Final = 2 * 1024 * 1024 * 1024
CPU_S: Final = 30
CPU_S_PER_MB: Final = 10
LONGEST_CPU_S: Final = 600
PAGE_CPU_S: Final = 120
PAGES_CPU_S: Final = 7_200
RECOGNITION_MEMORY_BYTES: Final = 3 * 1024 * 1024 * 1024  # address space; the models of RapidOCR reserve most of it


SET_PARENT_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG of linux/prctl.h


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """`cpu_s` is for the whole file, or for each page of a paper until `most_cpu_s` are used up.

    A process that recognises characters may raise its memory to `most_memory_bytes` when it comes to that.
    """

    cpu_s: int
    most_cpu_s: int
    memory_bytes: int
    most_memory_bytes: int
    output_bytes: int

    @property
    def silence_s(self) -> float:
        """Longest time on the clock without anything read."""
        return 2 * self.cpu_s


def limits_for(head: bytes, size: int) -> ReadLimits:
    """By the first bytes of a file and its size in bytes."""
    if may_need_recognition(head):
        return ReadLimits(PAGE_CPU_S, PAGES_CPU_S, MEMORY_BYTES, RECOGNITION_MEMORY_BYTES, OUTPUT_BYTES)
    cpu_s = min(LONGEST_CPU_S, CPU_S + CPU_S_PER_MB * size // 1_000_000)
    return ReadLimits(cpu_s, cpu_s, MEMORY_BYTES, MEMORY_BYTES, OUTPUT_BYTES)


def impose(limits: ReadLimits) -> None:
    """On this process and those that it starts."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.most_memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.most_cpu_s))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.output_bytes, limits.output_bytes))


def end_with(parent_id: int) -> None:
    """Let the kernel kill this process when the one that started it is killed: nobody would want its work."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent_id:
        sys.exit(1)


def grant_page(limits: ReadLimits) -> None:
    """As much time again, for this process has read a page."""
    if sys.platform == "win32":
        return
    import resource

    until = math.ceil(time.process_time()) + limits.cpu_s
    resource.setrlimit(resource.RLIMIT_CPU, (min(until, limits.most_cpu_s), limits.most_cpu_s))
