"""Drawing for the demo figures: the same calls always give the same PNG bytes."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

Point = tuple[float, float]

_OVERSAMPLING = 3
INK = "#1f2933"
FAINT = "#d5dbe1"
BLUE = "#1d5fa8"
ORANGE = "#b65312"
PALE_BLUE = "#c9dff5"
PALE_ORANGE = "#f7d9bf"
DOT_RISE = 14


@dataclass(frozen=True)
class Frame:
    """Maps coordinates of a drawing to pixels of its image."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float
    width: int = 480
    height: int = 360
    margin: int = 42

    def pixel(self, x: float, y: float) -> Point:
        across = (x - self.x_low) / (self.x_high - self.x_low)
        up = (y - self.y_low) / (self.y_high - self.y_low)
        return (
            self.margin + across * (self.width - 2 * self.margin),
            self.height - self.margin - up * (self.height - 2 * self.margin),
        )


class Canvas:
    """A white image in pixel coordinates, drawn larger and reduced so that edges are smooth."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        size = (frame.width * _OVERSAMPLING, frame.height * _OVERSAMPLING)
        self._image = Image.new("RGB", size, "white")
        self._draw = ImageDraw.Draw(self._image)
        self._numbers: list[tuple[Point, str, str]] = []

    def line(self, points: Iterable[Point], color: str = INK, width: float = 2) -> None:
        self._draw.line(self._large(points), fill=color, width=round(width * _OVERSAMPLING), joint="curve")

    def polygon(self, points: Iterable[Point], fill: str | None = None, color: str = INK) -> None:
        corners = [*points]
        if fill:
            self._draw.polygon(self._large(corners), fill=fill)
        self.line([*corners, corners[0]], color)

    def circle(self, center: Point, radius: float, fill: str | None = BLUE, color: str = INK) -> None:
        (x, y), size = center, radius
        box = self._large([(x - size, y - size), (x + size, y + size)])
        self._draw.ellipse(box, fill=fill, outline=color, width=2 * _OVERSAMPLING)

    def text(self, at: Point, text: str, size: int = 16, anchor: str = "mm", color: str = INK) -> None:
        font = ImageFont.load_default(size * _OVERSAMPLING)
        self._draw.text(self._large([at])[0], text, font=font, fill=color, anchor=anchor)

    def number(self, at: Point, value: float, anchor: str = "mm") -> None:
        """A number on an axis; it is drawn last, with a rim, so that no curve hides it."""
        self._numbers.append((at, f"{value:g}", anchor))

    def png(self) -> bytes:
        font = ImageFont.load_default(14 * _OVERSAMPLING)
        for at, text, anchor in self._numbers:
            place = self._large([at])[0]
            self._draw.text(place, text, INK, font, anchor, stroke_width=2 * _OVERSAMPLING, stroke_fill="white")
        reduced = self._image.resize((self.frame.width, self.frame.height), Image.Resampling.LANCZOS)
        buffer = BytesIO()
        reduced.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(buffer, "PNG", optimize=True)
        return buffer.getvalue()

    @staticmethod
    def _large(points: Iterable[Point]) -> list[Point]:
        return [(x * _OVERSAMPLING, y * _OVERSAMPLING) for x, y in points]


@dataclass(frozen=True)
class Ticks:
    """Where an axis is marked: every ``step``, with a number at every ``label`` (0: none)."""

    step: float
    label: float


def _marks(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(count * step, 9) for count in range(first, last + 1)]


def number_line(frame: Frame, ticks: Ticks, points: Mapping[str, float]) -> bytes:
    """A horizontal line with tick marks and lettered points; the frame's y range is not used."""
    canvas = Canvas(frame)
    y = frame.height / 2
    canvas.line([(frame.margin - 24, y), (frame.width - frame.margin + 24, y)])
    for mark in _marks(frame.x_low, frame.x_high, ticks.step):
        x = frame.pixel(mark, 0)[0]
        canvas.line([(x, y - 7), (x, y + 7)], width=1.5)
        if ticks.label and math.isclose(mark / ticks.label, round(mark / ticks.label)):
            canvas.number((x, y + 22), mark)
    for letter, value in points.items():
        x = frame.pixel(value, 0)[0]
        canvas.circle((x, y), 6)
        canvas.text((x, y - 22), letter, 18, color=BLUE)
    return canvas.png()


def axes(frame: Frame, x_ticks: Ticks, y_ticks: Ticks, names: tuple[str, str] = ("x", "y")) -> Canvas:
    """A canvas with a grid, both axes with numbers, and their names."""
    canvas = Canvas(frame)
    x_zero, y_zero = max(frame.x_low, 0), max(frame.y_low, 0)
    for x in _marks(frame.x_low, frame.x_high, x_ticks.step):
        canvas.line([frame.pixel(x, frame.y_low), frame.pixel(x, frame.y_high)], FAINT, 1)
    for y in _marks(frame.y_low, frame.y_high, y_ticks.step):
        canvas.line([frame.pixel(frame.x_low, y), frame.pixel(frame.x_high, y)], FAINT, 1)
    canvas.line([frame.pixel(frame.x_low, y_zero), frame.pixel(frame.x_high, y_zero)])
    canvas.line([frame.pixel(x_zero, frame.y_low), frame.pixel(x_zero, frame.y_high)])
    _axis_numbers(canvas, x_ticks, y_ticks)
    right, top = frame.pixel(frame.x_high, y_zero), frame.pixel(x_zero, frame.y_high)
    canvas.text((frame.width - 6, right[1] - 16), names[0], 15, "rm")
    canvas.text((top[0] - 10 if names[1] == "y" else 8, top[1] - 18), names[1], 15, "lm")
    return canvas


def _axis_numbers(canvas: Canvas, x_ticks: Ticks, y_ticks: Ticks) -> None:
    frame = canvas.frame
    x_zero, y_zero = max(frame.x_low, 0), max(frame.y_low, 0)
    for x in _marks(frame.x_low, frame.x_high, x_ticks.label):
        if x != x_zero or frame.y_low >= 0:
            left, base = frame.pixel(x, y_zero)
            canvas.number((left, base + 14), x)
    for y in _marks(frame.y_low, frame.y_high, y_ticks.label):
        if y != y_zero:
            left, base = frame.pixel(x_zero, y)
            canvas.number((left - 8, base), y, "rm")


def curve(canvas: Canvas, function: Callable[[float], float], color: str = BLUE) -> None:
    """The part of a function's graph that lies inside the frame; the function has to be continuous."""
    frame = canvas.frame
    steps = 400
    run: list[Point] = []
    for count in range(steps + 1):
        x = frame.x_low + (frame.x_high - frame.x_low) * count / steps
        y = function(x)
        if frame.y_low <= y <= frame.y_high:
            run.append(frame.pixel(x, y))
    canvas.line(run, color, 3)


def path(canvas: Canvas, points: Sequence[Point], color: str = BLUE) -> None:
    canvas.line([canvas.frame.pixel(*point) for point in points], color, 3)


def dot(canvas: Canvas, at: Point, label: str = "", color: str = BLUE) -> None:
    x, y = canvas.frame.pixel(*at)
    canvas.circle((x, y), 5, color)
    if label:
        canvas.text((x + 14, y - 14), label, 17, color=color)


@dataclass(frozen=True)
class Bars:
    """A bar chart: heights by label, and the axis they stand on."""

    heights: Mapping[str, float]
    y_low: float
    y_high: float
    step: float
    name: str

    @property
    def frame(self) -> Frame:
        return Frame(0, len(self.heights), self.y_low, self.y_high, width=520, margin=46)

    def corners(self, label: str) -> tuple[Point, Point]:
        """Upper left and lower right pixel of a bar."""
        position = list(self.heights).index(label)
        return (
            self.frame.pixel(position + 0.2, self.heights[label]),
            self.frame.pixel(position + 0.8, self.y_low),
        )


def bar_chart(bars: Bars) -> bytes:
    frame = bars.frame
    canvas = Canvas(frame)
    for y in _marks(bars.y_low, bars.y_high, bars.step):
        left, base = frame.pixel(0, y)
        canvas.line([(left, base), frame.pixel(frame.x_high, y)], FAINT, 1)
        canvas.number((left - 8, base), y, "rm")
    for label in bars.heights:
        (left, top), (right, base) = bars.corners(label)
        canvas.polygon([(left, top), (right, top), (right, base), (left, base)], PALE_BLUE, BLUE)
        canvas.text(((left + right) / 2, base + 16), label, 14)
    canvas.line([frame.pixel(0, bars.y_low), frame.pixel(frame.x_high, bars.y_low)])
    canvas.text((12, 20), bars.name, 15, "lm")
    return canvas.png()


def dot_plot_frame(counts: Mapping[int, int]) -> Frame:
    return Frame(min(counts) - 0.5, max(counts) + 0.5, 0, 8, height=260)


def dot_plot(counts: Mapping[int, int], name: str) -> bytes:
    """One dot for each observation above its value."""
    frame = dot_plot_frame(counts)
    canvas = Canvas(frame)
    canvas.line([frame.pixel(frame.x_low, 0), frame.pixel(frame.x_high, 0)])
    for value, count in counts.items():
        x, base = frame.pixel(value, 0)
        canvas.number((x, base + 16), value)
        for level in range(count):
            canvas.circle((x, base - DOT_RISE - 22 * level), 8)
    canvas.text((frame.width / 2, frame.height - 8), name, 14)
    return canvas.png()


def box_plot(frame: Frame, ticks: Ticks, rows: Mapping[str, tuple[float, float, float, float, float]]) -> bytes:
    """Horizontal boxes from minimum, lower quartile, median, upper quartile and maximum."""
    canvas = Canvas(frame)
    for x in _marks(frame.x_low, frame.x_high, ticks.step):
        left, base = frame.pixel(x, frame.y_low)
        canvas.line([(left, base), frame.pixel(x, frame.y_high)], FAINT, 1)
        canvas.number((left, base + 16), x)
    for position, (label, (low, lower, middle, upper, high)) in enumerate(rows.items()):
        y = frame.y_high - 1 - 1.6 * position
        path(canvas, [(low, y), (lower, y)])
        path(canvas, [(upper, y), (high, y)])
        corners = [(lower, y - 0.5), (upper, y - 0.5), (upper, y + 0.5), (lower, y + 0.5)]
        canvas.polygon([frame.pixel(*corner) for corner in corners], PALE_BLUE, BLUE)
        path(canvas, [(middle, y - 0.5), (middle, y + 0.5)], ORANGE)
        canvas.text((8, frame.pixel(low, y)[1]), label, 15, "lm")
    return canvas.png()


def shape(frame: Frame, corners: Sequence[Point], labels: Mapping[str, Point]) -> Canvas:
    """A filled polygon with texts, all in the frame's coordinates."""
    canvas = Canvas(frame)
    canvas.polygon([frame.pixel(*corner) for corner in corners], PALE_BLUE, BLUE)
    for text, at in labels.items():
        canvas.text(frame.pixel(*at), text, 17)
    return canvas
