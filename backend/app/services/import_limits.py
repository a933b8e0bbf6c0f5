"""What the process that reads a file may use up of time, memory and disk."""

import math
import sys
import time
from dataclasses import dataclass
from typing import Final

from app.services.document_reading import may_need_recognition
from app.utils.child_process import Usage, confine

MEMORY_BYTES: Final = 512 * 1024 * 1024
OUTPUT_BYTES: Final = 2 * 1024 * 1024 * 1024
CPU_S: Final = 30
CPU_S_PER_MB: Final = 10
LONGEST_CPU_S: Final = 600
PAGE_CPU_S: Final = 120
PAGES_CPU_S: Final = 7_200
RECOGNITION_MEMORY_BYTES: Final = 3 * 1024 * 1024 * 1024  # address space; the models of RapidOCR reserve most of it


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
    confine(
        Usage(limits.cpu_s, limits.memory_bytes, limits.output_bytes),
        most_cpu_s=limits.most_cpu_s,
        most_memory_bytes=limits.most_memory_bytes,
    )


def grant_page(limits: ReadLimits) -> None:
    """As much time again, for this process has read a page."""
    if sys.platform == "win32":
        return
    import resource

    until = math.ceil(time.process_time()) + limits.cpu_s
    resource.setrlimit(resource.RLIMIT_CPU, (min(until, limits.most_cpu_s), limits.most_cpu_s))
