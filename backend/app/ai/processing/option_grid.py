"""Options that stand side by side in a grid, each perhaps over several lines of its own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from app.ai.processing.words import Word

Row = list[Word]

_LABEL = re.compile(r"[(\[]?([A-Ha-h])[.)\]]")
_QUESTION_LABEL = re.compile(r"\(?(?:Q|q|No)?\.?\d{1,3}[.):]|Question$", re.IGNORECASE)
_WIDE_GAP = 1.2  # in word heights
_ALIGNED = 0.35
_LINE_GAP = 0.6
_ROW_GAP = 2.0
_WIDE_SHARE = 0.5


@dataclass(slots=True)
class _Cell:
    column: int
    rows: list[Row] = field(default_factory=list)

    @property
    def label(self) -> str:
        found = _LABEL.match(self.rows[0][0].text)
        return found[1].lower() if found else ""


def without_grids(rows: Sequence[Row]) -> list[Row]:
    """The rows with each grid of options unrolled: one option after the other, in the order of their letters."""
    if not rows:
        return []
    unit = median(word.height for row in rows for word in row)
    columns = _columns(rows, unit)
    return [each for band in _bands(rows, columns, unit) for each in band] if columns else [*rows]


def _columns(rows: Sequence[Row], unit: float) -> list[float]:
    """Left edges at which labels stand that are not the first of their rows, mostly after a wide gap."""
    places: list[tuple[float, bool]] = []
    for row in rows:
        for last, word in pairwise(row):
            if _LABEL.match(word.text):
                places.append((word.left, word.left - last.right > _WIDE_GAP * unit))
    groups: list[list[tuple[float, bool]]] = []
    for place in sorted(places):
        if groups and place[0] - groups[-1][-1][0] <= _ALIGNED * unit:
            groups[-1].append(place)
        else:
            groups.append([place])
    grids = [group for group in groups if sum(is_wide for _, is_wide in group) >= _WIDE_SHARE * len(group)]
    return [median(left for left, _ in group) for group in grids]


def _bands(rows: Sequence[Row], columns: Sequence[float], unit: float) -> Iterator[list[Row]]:
    """Rows one by one, or those of one grid together."""
    band: list[list[Row]] = []
    for row in rows:
        segments = _segments(row, columns, unit)
        if band and _goes_on(segments, band, unit):
            band.append(segments)
            continue
        yield _unrolled(band, columns, unit)
        band = [segments] if _begins(segments) else []
        if not band:
            yield [row]
    yield _unrolled(band, columns, unit)


def _segments(row: Row, columns: Sequence[float], unit: float) -> list[Row]:
    """The row cut where a word stands at the left edge of a column."""
    segments = [[row[0]]]
    for word in row[1:]:
        if any(abs(word.left - column) <= _ALIGNED * unit for column in columns):
            segments.append([word])
        else:
            segments[-1].append(word)
    return segments


def _begins(segments: Sequence[Row]) -> bool:
    return all(_LABEL.match(segment[0].text) for segment in segments)


def _goes_on(segments: Sequence[Row], band: Sequence[Sequence[Row]], unit: float) -> bool:
    """Whether all of the row stands below the labels of the grid and is no new question."""
    edge = min(segment[0].left for row in band for segment in row)
    first = segments[0][0]
    is_outside = first.left < edge - _ALIGNED * unit and not _LABEL.match(first.text)
    if is_outside or _QUESTION_LABEL.match(first.text):
        return False
    begins_with_label = any(_LABEL.match(segment[0].text) for segment in segments)
    gap = min(word.top for segment in segments for word in segment) - max(
        word.bottom for segment in band[-1] for word in segment
    )
    if gap > (_ROW_GAP if begins_with_label else _LINE_GAP) * unit:
        return False
    labels = [found[1].lower() for segment in segments if (found := _LABEL.match(segment[0].text))]
    seen = {found[1].lower() for row in band for segment in row if (found := _LABEL.match(segment[0].text))}
    return not seen.intersection(labels)


def _unrolled(band: Sequence[Sequence[Row]], columns: Sequence[float], unit: float) -> list[Row]:
    cells: list[_Cell] = []
    current: dict[int, _Cell] = {}
    for segments in band:
        for segment in segments:
            column = sum(segment[0].left >= edge - _ALIGNED * unit for edge in columns)
            if column not in current or _LABEL.match(segment[0].text):
                cells.append(_Cell(column))
                current[column] = cells[-1]
            current[column].rows.append(segment)
    return [row for cell in sorted(cells, key=lambda cell: cell.label) for row in cell.rows]
