"""Programs that read characters from pictures: Tesseract, and RapidOCR where that is missing or unsure."""

import csv
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from statistics import median
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PIL import Image

from app.ai.processing.words import Word

if TYPE_CHECKING:
    from rapidocr import RapidOCR

_TIMEOUT_S = 120
_MOST_LANGUAGES = 3
_HUGE = 2.5  # in usual words
_LOOKALIKES = {"©": "(c)", "®": "(r)"}
_ROMAN = re.compile(r"(?<![\w|])(?:\||Il)(?![\w|])")  # what Tesseract makes of I and II
_RAPID_SIDE = 1600
_RAPID_MEMORY_BYTES = 2_500_000_000


class OcrEngine(Protocol):
    """``passes_over``: whether it may leave out single letters of tables and whole paragraphs."""

    name: str
    passes_over: bool

    def words(self, page: Image.Image) -> list[Word]:
        """Words of an upright grey page, in pixels."""
        ...

    def cells(self, table: Image.Image) -> list[Word]:
        """Words of a table without lines, in which there may be single letters."""
        ...

    def quarter_turns(self, page: Image.Image) -> tuple[int, ...]:
        """How often the page may have to be turned counter-clockwise to be upright, of what is worth a try."""
        ...


class OcrError(Exception):
    """The program that reads characters failed or took too long."""


class Tesseract:
    """Runs ``tesseract`` on one thread for each page, without files: picture in, table of words out."""

    name = "tesseract"
    passes_over = True

    def __init__(self, program: str) -> None:
        self._program = program

    def words(self, page: Image.Image) -> list[Word]:
        """Labels of options below each other look like a column, and then like one huge word: then it is one column."""
        found = self._read(page, "3")
        return min(found, self._read(page, "4"), key=_huge_words) if _huge_words(found) else found

    def cells(self, table: Image.Image) -> list[Word]:
        return self._read(table, "6")

    def _read(self, page: Image.Image, layout: str) -> list[Word]:
        return list(_words_of_table(self._run(page, "-l", _languages(self._program), "--psm", layout, "tsv")))

    def quarter_turns(self, page: Image.Image) -> tuple[int, ...]:
        try:
            report = self._run(page, "--psm", "0")
        except OcrError:
            return ()  # too few characters to tell
        found = dict(line.split(": ", 1) for line in report.splitlines() if ": " in line)
        clockwise = found.get("Rotate", "0")
        turns = -int(clockwise) // 90 % 4 if clockwise.isdecimal() else 0
        return (turns,) if turns else ()

    def _run(self, page: Image.Image, *options: str) -> str:
        picture = io.BytesIO()
        page.save(picture, "PPM")
        command = [self._program, "stdin", "stdout", *options]
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        try:
            done = subprocess.run(  # noqa: S603  # the program found on PATH, and no shell
                command, input=picture.getvalue(), capture_output=True, env=environment, timeout=_TIMEOUT_S, check=True
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise OcrError("Tesseract could not read the page.") from error
        return done.stdout.decode("utf-8", "replace")


def _huge_words(words: Sequence[Word]) -> int:
    usual = median(word.height for word in words) if words else 0.0
    return sum(word.height > _HUGE * usual and len(word.text) > 1 for word in words)


def _words_of_table(table: str) -> Iterator[Word]:
    heights: dict[tuple[str, str, str], float] = {}
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        line = row["block_num"], row["par_num"], row["line_num"]
        left, top, width, height = (float(row[name]) for name in ("left", "top", "width", "height"))
        if row["level"] == "4":
            heights[line] = height
        text = _readable((row["text"] or "").strip())
        if row["level"] != "5" or not text:
            continue
        confidence = min(max(float(row["conf"]) / 100, 0.0), 1.0)
        size = heights.get(line, height)
        yield Word(text, left, top, left + width, top + height, size, top + height, confidence=confidence)


def _readable(text: str) -> str:
    return _LOOKALIKES.get(text) or _ROMAN.sub(lambda found: "I" * len(found[0]), text)


@cache
def _languages(program: str) -> str:
    """All installed languages if these are few, else English: each costs time on every page."""
    listed = subprocess.run(  # noqa: S603  # the program found on PATH, and no shell
        [program, "--list-langs"], capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
    ).stdout
    names = [name for name in listed.splitlines()[1:] if name and name != "osd" and "/" not in name]
    return "+".join(names) if 0 < len(names) <= _MOST_LANGUAGES else "eng"


class Rapid:
    """RapidOCR with the models of its wheel; they are loaded once and kept."""

    name = "rapidocr"
    passes_over = False

    def words(self, page: Image.Image) -> list[Word]:
        read = _rapid()  # before any import of the package, which alone takes more memory than there was
        from rapidocr.utils.output import RapidOCROutput

        found = read(np.asarray(page.convert("RGB")), use_rec=True)
        if not isinstance(found, RapidOCROutput) or found.boxes is None or not found.txts or not found.scores:
            return []
        lines = zip(found.boxes, found.txts, found.scores, strict=True)
        return [word for box, text, score in lines for word in _words_of_line(np.asarray(box), text, float(score))]

    def cells(self, table: Image.Image) -> list[Word]:
        return self.words(table)

    def quarter_turns(self, page: Image.Image) -> tuple[int, ...]:
        """The detector finds lines of any direction, so a page on its side has boxes that stand upright."""
        found = _rapid()(np.asarray(page.convert("RGB")), use_rec=False)
        boxes = getattr(found, "boxes", None)
        sizes = [np.ptp(np.asarray(box), axis=0) for box in (() if boxes is None else boxes)]
        standing = sum(height > width for width, height in sizes)
        return (1, 3) if standing * 2 > len(sizes) else (2,)


@cache
def _rapid() -> "RapidOCR":
    _claim_memory()
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": _RAPID_SIDE,
            "Global.use_cls": False,  # it turns lines that stand on their head, but not their order
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _words_of_line(box: np.ndarray, text: str, score: float) -> Iterator[Word]:
    """The words of a line, which the engine gives as one, by the share of the letters before them."""
    (left, top), (right, bottom) = box.min(axis=0).tolist(), box.max(axis=0).tolist()
    step = (right - left) / max(len(text), 1)
    at = 0
    for part in text.split():
        start = text.index(part, at)
        at = start + len(part)
        begin, end = left + start * step, left + at * step
        yield Word(part, begin, top, end, bottom, bottom - top, bottom, confidence=score)


def engines() -> list[OcrEngine]:
    """What this machine and the limits of this process allow, the first choice first."""
    found: list[OcrEngine] = []
    if program := shutil.which("tesseract"):
        found.append(Tesseract(program))
    if _attainable_memory() >= _RAPID_MEMORY_BYTES:
        found.append(Rapid())
    return found


def _attainable_memory() -> float:
    if sys.platform == "win32":
        return float("inf")
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_AS)
    return float("inf") if most == resource.RLIM_INFINITY else most


def _claim_memory() -> None:
    """As much as the process may take; so far it may have kept within less."""
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
