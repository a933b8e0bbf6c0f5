"""Reading order of a page: columns are found as white space that many rows leave free, before any line is joined."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import numpy.typing as npt

from app.ai.processing.words import Word

_LEAST_ROWS = 5  # on each side of a gutter
_GUTTER = 0.8  # least width, in letter sizes
_MIDDLE = (0.2, 0.8)  # of the text width, where a gutter may lie: left of it are labels with hanging text
_FILLED_UP_TO = 0.15
_FILLED_ROWS = 0.25
_LEAST_LETTERS = 12  # a row; keys and tables have less
_LEAST_LETTERS_OF_QUESTIONS = 7  # a row; of both columns where questions begin
_LISTED = 0.7  # share of rows
_DEEPEST = 4
_SAME_ROW = 0.5
_GIANT = 1.6  # a letter so much higher stands beside several rows
_QUESTION_LABEL = re.compile(r"\(?(?:Q|q|No)?\.?\d{1,3}[.):]|Question$", re.IGNORECASE)
_FIRST_OPTION = re.compile(r"[(\[]?[Aa][.)\]]")
_ANY_OPTION = re.compile(r"[(\[]?[A-Ha-h][.)\]]")

Row = list[Word]


@dataclass(frozen=True, slots=True)
class _Gutter:
    """White space from `left` to `right` that the rows `first` to before `end` leave free."""

    left: float
    right: float
    first: int
    end: int


def regions(words: Sequence[Word]) -> list[list[Row]]:
    """Rows of words from the left, in regions of one column each, in reading order."""
    return [rows for part in _parts(list(words), _DEEPEST) if (rows := rows_of(part))]


def rows_of(words: Sequence[Word]) -> list[Row]:
    """Words that stand on the same line, from the left; the lines from above."""
    rows: list[Row] = []
    top = bottom = 0.0
    for word in sorted(words, key=lambda each: each.middle):
        overlap = min(bottom, word.bottom) - max(top, word.top)
        if rows and overlap >= _SAME_ROW * min(bottom - top, word.height):
            rows[-1].append(word)
            if bottom - top < word.height < _GIANT * (bottom - top):
                top, bottom = word.top, word.bottom
        else:
            rows.append([word])
            top, bottom = word.top, word.bottom
    for row in rows:
        row.sort(key=lambda each: each.left)
    return rows


def _parts(words: list[Word], depth: int) -> list[list[Word]]:
    rows = rows_of(words)
    gutter = _gutter(rows) if depth and len(rows) >= _LEAST_ROWS else None
    if gutter is None:
        return [words]
    above, inside, below = rows[: gutter.first], rows[gutter.first : gutter.end], rows[gutter.end :]
    left = [word for row in inside for word in row if word.right <= gutter.right]
    right = [word for row in inside for word in row if word.right > gutter.right]
    parts = [[word for row in band for word in row] for band in (above, below)]
    parts[1:1] = [left, right]
    return [each for part in parts if part for each in _parts(part, depth - 1)]


def _gutter(rows: Sequence[Row]) -> _Gutter | None:
    """The gutter with the most rows on both sides, if the sides are columns of text."""
    unit = median(word.height for row in rows for word in row)
    left, right = min(row[0].left for row in rows), max(word.right for row in rows for word in row)
    if right - left <= unit:
        return None
    grid = _Grid(rows, left, right, unit / 3)
    gutter = grid.best_gutter(least_width=_GUTTER * unit)
    return gutter if gutter is not None and _separates_columns(rows[gutter.first : gutter.end], gutter) else None


class _Grid:
    """Which stretches of the text width each row covers."""

    def __init__(self, rows: Sequence[Row], left: float, right: float, step: float) -> None:
        self._left, self._step = left, step
        self._bins = max(1, round((right - left) / step))
        self._covered = np.zeros((len(rows), self._bins), dtype=np.bool_)
        for index, row in enumerate(rows):
            for word in row:
                begin, end = (word.left - left) / step, (word.right - left) / step
                self._covered[index, int(begin) : max(int(begin) + 1, int(np.ceil(end)))] = True

    def best_gutter(self, least_width: float) -> _Gutter | None:
        score, first, end = self._longest_runs()
        low, high = (int(share * self._bins) for share in _MIDDLE)
        score[:low], score[high:] = 0, 0
        places = sorted(
            map(int, np.flatnonzero(score >= _LEAST_ROWS)), key=lambda at: (-score[at], first[at] - end[at])
        )
        found = (self._widened(int(first[at]), int(end[at]), at) for at in places)
        return next((gutter for gutter in found if gutter.right - gutter.left >= least_width), None)

    def _longest_runs(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """For each place the run of rows that leave it free and have most text on both its sides."""
        counts = self._covered.cumsum(axis=1, dtype=np.int64)
        has_left, has_right = np.asarray(counts > 0), np.asarray(counts < counts[:, -1:])
        best, first, end, start, lefts, rights = np.zeros((6, self._bins), dtype=np.int64)
        for index, covered in enumerate(self._covered):
            free = ~covered
            start = np.where(free, start, index + 1)
            lefts = np.where(free, lefts + has_left[index], 0)
            rights = np.where(free, rights + has_right[index], 0)
            score = np.minimum(lefts, rights)
            is_better = score > best
            best = np.where(is_better, score, best)
            first = np.where(is_better, start, first)
            end = np.where(is_better | (free & (start == first) & (best > 0)), index + 1, end)
        return best, first, end

    def _widened(self, first: int, end: int, at: int) -> _Gutter:
        free = np.logical_not(np.any(self._covered[first:end], axis=0)).tolist()
        begin = stop = at
        while begin > 0 and free[begin - 1]:
            begin -= 1
        while stop < self._bins and free[stop]:
            stop += 1
        return _Gutter(self._left + begin * self._step, self._left + stop * self._step, first, end)


def _separates_columns(rows: Sequence[Row], gutter: _Gutter) -> bool:
    """Whether the sides read as columns, and not as a table or as options that stand side by side."""
    left = [side for row in rows if (side := [word for word in row if word.right <= gutter.right])]
    right = [side for row in rows if (side := [word for word in row if word.right > gutter.right])]
    questions, beside = _count(_QUESTION_LABEL, right), _count(_QUESTION_LABEL, left)
    is_list = questions >= _LISTED * len(right) and 2 * beside < len(left)  # such as a key beside text
    least = _LEAST_LETTERS_OF_QUESTIONS if is_list or min(questions, beside) > 1 else _LEAST_LETTERS
    if _letters_a_row(left) < least or (_letters_a_row(right) < least and not is_list):
        return False
    is_filled = _filled(left, gutter) >= _FILLED_ROWS
    if not questions and _count(_ANY_OPTION, right):
        # Options of a grid, or options below questions that stand further left.
        is_alike = _count(_FIRST_OPTION, right) and _count(_FIRST_OPTION, left) and beside <= 1
        return is_filled and bool(is_alike)
    return questions > 1 or is_filled


def _count(label: re.Pattern[str], rows: Sequence[Row]) -> int:
    return sum(label.match(row[0].text) is not None for row in rows)


def _letters_a_row(rows: Sequence[Row]) -> float:
    return sum(len(word.text) for row in rows for word in row) / len(rows)


def _filled(rows: Sequence[Row], gutter: _Gutter) -> float:
    """Share of the rows that end near the gutter, as wrapped text does."""
    width = gutter.left - min(row[0].left for row in rows)
    return sum(row[-1].right >= gutter.left - _FILLED_UP_TO * width for row in rows) / len(rows)
