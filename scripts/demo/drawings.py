"""The drawing of every demo image, and the frames that say where something is in it."""

import math

from .images import (
    BLUE,
    FAINT,
    ORANGE,
    PALE_BLUE,
    PALE_ORANGE,
    Bars,
    Canvas,
    Frame,
    Ticks,
    axes,
    bar_chart,
    box_plot,
    curve,
    dot,
    dot_plot,
    number_line,
    path,
    shape,
)

_ONES = Ticks(1, 1)

LINE_BLANK = Frame(-8, 4, 0, 1, 560, 110)
LINE_SIXTHS = Frame(0, 1, 0, 1, 560, 110)
GRID_FIVE = Frame(-5, 5, -5, 5, 460, 460)
CROSSING = Frame(-2, 5, -3, 6, 420, 500)
PARABOLA = Frame(-3, 5, -5, 6, 440, 480)
DICE = Frame(0, 6, 0, 6, 400, 400)
TEMPERATURE = Frame(0, 24, -6, 12, 560, 400)
AREA_MODEL = Frame(0, 8, 0, 7, 420, 380, 36)
PARALLELS = Frame(0, 10, 0, 6, 480, 300, 16)
VISITORS = Bars({"Q1": 200, "Q2": 250, "Q3": 300, "Q4": 240}, 0, 350, 50, "Visitors (thousands)")
BOOKS = Bars({"0": 3, "1": 6, "2": 8, "3": 5, "4": 2, "5": 1}, 0, 9, 1, "Number of students")
_SHADED_CELLS = 9
_BLUE_PARTS = 2
SPINNER = ("1", "2", "3", "1", "2", "1", "1", "4")
GOALS = {1: 1, 2: 3, 3: 5, 4: 4, 5: 2, 6: 0, 7: 0, 8: 1}


def draw_letters() -> bytes:
    return number_line(Frame(-8, 6, 0, 1, 560, 110), Ticks(1, 2), {"A": -5, "B": 3})


def draw_line_blank() -> bytes:
    return number_line(LINE_BLANK, Ticks(1, 4), {})


def draw_line_quarters() -> bytes:
    return number_line(Frame(0, 2, 0, 1, 560, 110), Ticks(0.25, 1), {"P": 1.75})


def draw_line_sixths() -> bytes:
    return number_line(LINE_SIXTHS, Ticks(1 / 6, 1), {})


def draw_shaded_grid() -> bytes:
    frame = Frame(0, 4, 0, 3, 320, 250, 20)
    canvas = Canvas(frame)
    for cell in range(12):
        x, y = cell % 4, 2 - cell // 4
        corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]
        canvas.polygon([frame.pixel(*corner) for corner in corners], PALE_BLUE if cell < _SHADED_CELLS else None, BLUE)
    return canvas.png()


def draw_visitors() -> bytes:
    return bar_chart(VISITORS)


def draw_ratio_bar() -> bytes:
    frame = Frame(0, 5, 0, 1, 520, 120, 30)
    canvas = Canvas(frame)
    for part in range(5):
        corners = [(part, 0), (part + 1, 0), (part + 1, 1), (part, 1)]
        canvas.polygon([frame.pixel(*corner) for corner in corners], PALE_BLUE if part < _BLUE_PARTS else PALE_ORANGE)
        canvas.text(frame.pixel(part + 0.5, 0.5), "blue" if part < _BLUE_PARTS else "orange")
    return canvas.png()


def draw_tilted_square() -> bytes:
    frame = Frame(0, 3, 0, 3, 360, 360, 30)
    canvas = Canvas(frame)
    for count in range(4):
        canvas.line([frame.pixel(count, 0), frame.pixel(count, 3)], FAINT, 1)
        canvas.line([frame.pixel(0, count), frame.pixel(3, count)], FAINT, 1)
    canvas.polygon([frame.pixel(*corner) for corner in [(1, 0), (3, 1), (2, 3), (0, 2)]], PALE_BLUE, BLUE)
    return canvas.png()


def draw_area_model() -> bytes:
    frame = AREA_MODEL
    canvas = Canvas(frame)
    for x_from, x_to, y_from, y_to, fill in (
        (0, 5, 2, 7, PALE_BLUE),
        (5, 8, 2, 7, PALE_ORANGE),
        (0, 5, 0, 2, PALE_ORANGE),
        (5, 8, 0, 2, "#ffffff"),
    ):
        corners = [(x_from, y_from), (x_to, y_from), (x_to, y_to), (x_from, y_to)]
        canvas.polygon([frame.pixel(*corner) for corner in corners], fill)
    for text, at in {"x": (2.5, 7.4), "3": (6.5, 7.4), " x": (-0.4, 4.5), "2": (-0.4, 1)}.items():
        canvas.text(frame.pixel(*at), text, 20)
    return canvas.png()


def draw_balance() -> bytes:
    frame = Frame(0, 10, 0, 6, 480, 300, 20)
    canvas = Canvas(frame)
    canvas.polygon([frame.pixel(*corner) for corner in [(5, 2), (4.4, 0.4), (5.6, 0.4)]], FAINT)
    path(canvas, [(0.5, 2), (9.5, 2)], "#1f2933")
    for box in range(3):
        corners = [(0.6 + box, 2), (1.5 + box, 2), (1.5 + box, 3.2), (0.6 + box, 3.2)]
        canvas.polygon([frame.pixel(*corner) for corner in corners], PALE_ORANGE)
        canvas.text(frame.pixel(1.05 + box, 2.6), "x", 20)
    for weight in range(2):
        canvas.circle(frame.pixel(3.8 + 0.55 * weight, 2.3), 11, PALE_BLUE)
    for weight in range(14):
        canvas.circle(frame.pixel(6 + 0.55 * (weight % 5), 2.3 + 0.62 * (weight // 5)), 11, PALE_BLUE)
    return canvas.png()


def draw_cycle_tour() -> bytes:
    frame = Frame(0, 5, 0, 50, 560, 380, 50)
    canvas = axes(frame, Ticks(0.5, 1), Ticks(10, 10), ("hours", "km from home"))
    path(canvas, [(0, 0), (1, 20), (1.5, 20), (3, 45), (5, 0)])
    return canvas.png()


def draw_lettered_points() -> bytes:
    canvas = axes(GRID_FIVE, _ONES, _ONES)
    for letter, at in {"A": (2, 3), "B": (-3, 2), "C": (-2, -3), "D": (3, -2)}.items():
        dot(canvas, at, letter)
    return canvas.png()


def draw_empty_grid() -> bytes:
    return axes(GRID_FIVE, _ONES, _ONES).png()


def draw_temperature() -> bytes:
    canvas = axes(TEMPERATURE, Ticks(2, 4), Ticks(2, 2), ("hour", "°C"))
    path(canvas, [(0, -2), (4, -4), (6, -4), (14, 10), (18, 6), (24, 0)])
    return canvas.png()


def draw_half_slope() -> bytes:
    canvas = axes(GRID_FIVE, _ONES, _ONES)
    curve(canvas, lambda x: x / 2 + 1)
    return canvas.png()


def draw_crossing() -> bytes:
    canvas = axes(CROSSING, _ONES, _ONES)
    curve(canvas, lambda x: 4 - x)
    curve(canvas, lambda x: 2 * x - 2, ORANGE)
    return canvas.png()


def draw_taxi() -> bytes:
    canvas = axes(Frame(0, 10, 0, 30, 480, 380), Ticks(1, 2), Ticks(2, 4), ("km", "fare in euros"))
    curve(canvas, lambda x: 4 + 2 * x)
    curve(canvas, lambda x: 10 + x, ORANGE)
    canvas.text(canvas.frame.pixel(9.2, 25.6), "City", 16, color=BLUE)
    canvas.text(canvas.frame.pixel(9.2, 16.4), "Metro", 16, color=ORANGE)
    return canvas.png()


def draw_parabola() -> bytes:
    canvas = axes(PARABOLA, _ONES, _ONES)
    curve(canvas, lambda x: x * x - 2 * x - 3)
    return canvas.png()


def draw_hill() -> bytes:
    canvas = axes(PARABOLA, _ONES, _ONES)
    curve(canvas, lambda x: 4 - (x - 1) ** 2)
    return canvas.png()


def draw_doubling() -> bytes:
    canvas = axes(Frame(-3, 4, 0, 16, 440, 420), _ONES, Ticks(1, 2))
    curve(canvas, lambda x: 2.0**x)
    return canvas.png()


def draw_zigzag() -> bytes:
    canvas = axes(Frame(0, 6, 0, 6, 420, 420), _ONES, _ONES)
    path(canvas, [(0, 1), (2, 5), (4, 3), (6, 4)])
    return canvas.png()


def draw_right_triangle() -> bytes:
    frame = Frame(0, 8, 0, 6, 440, 350)
    canvas = shape(frame, [(0, 0), (8, 0), (0, 6)], {"8 cm": (4, -0.5), "6 cm": (-0.5, 3), "c": (4.3, 3.4)})
    path(canvas, [(0.5, 0), (0.5, 0.5), (0, 0.5)], BLUE)
    return canvas.png()


def draw_angle_triangle() -> bytes:
    labels = {"A": (-0.4, 0), "B": (8.4, 0), "C": (3, 5.5), "52°": (1.2, 0.5), "67°": (6.8, 0.5)}
    return shape(Frame(0, 8, 0, 5.4, 460, 340), [(0, 0), (8, 0), (3, 5)], labels).png()


def draw_l_shape() -> bytes:
    corners = [(0, 0), (10, 0), (10, 4), (4, 4), (4, 9), (0, 9)]
    labels = {"10 m": (5, -0.5), "9 m": (-0.6, 4.5), "4 m": (2, 9.4), " 4 m": (10.6, 2)}
    return shape(Frame(0, 10.4, 0, 9.2, 460, 430), corners, labels).png()


def draw_parallels() -> bytes:
    frame = PARALLELS
    canvas = Canvas(frame)
    for y in (1.5, 4.5):
        path(canvas, [(0.5, y), (9.5, y)])
    path(canvas, [(2.6, 0.2), (7.1, 5.8)], ORANGE)
    canvas.text(frame.pixel(6.95, 4.9), "1", 18)
    canvas.text(frame.pixel(3.2, 1.95), "2", 18)
    canvas.text(frame.pixel(4.4, 1.1), "3", 18)
    return canvas.png()


def draw_shadow_triangles() -> bytes:
    frame = Frame(0, 9, -1, 6, 480, 360)
    labels = {"1.8 m": (3.65, 0.8), "3 m": (1.5, -0.5), "9 m": (4.5, -1.2), "h": (9.3, 3)}
    canvas = shape(frame, [(0, 0), (9, 0), (9, 5.4)], labels)
    path(canvas, [(3, 0), (3, 1.8)], ORANGE)
    return canvas.png()


def draw_books() -> bytes:
    return bar_chart(BOOKS)


def draw_dots() -> bytes:
    return dot_plot(GOALS, "Goals in a match")


def draw_boxes() -> bytes:
    rows = {"Bus": (10, 18, 22, 26, 42), "Bike": (14, 20, 24, 34, 38)}
    return box_plot(Frame(8, 44, 0, 4, 520, 260, 52), Ticks(4, 4), rows)


def draw_cut_axis() -> bytes:
    return bar_chart(Bars({"Brand A": 92, "Brand B": 96}, 90, 97, 1, "Satisfied customers (%)"))


def draw_spinner() -> bytes:
    canvas = Canvas(Frame(-1.2, 1.2, -1.2, 1.2, 340, 340, 10))
    for sector, number in enumerate(SPINNER):
        fill = {"1": PALE_BLUE, "2": PALE_ORANGE, "3": "#d9ead3", "4": "#eadcf4"}[number]
        angles = [(sector + step / 20) * math.tau / 8 for step in range(21)]
        corners = [(0.0, 0.0), *((math.cos(angle), math.sin(angle)) for angle in angles)]
        canvas.polygon([canvas.frame.pixel(*corner) for corner in corners], fill)
        middle = (sector + 0.5) * math.tau / 8
        canvas.text(canvas.frame.pixel(0.68 * math.cos(middle), 0.68 * math.sin(middle)), number, 24)
    return canvas.png()


def draw_venn() -> bytes:
    frame = Frame(0, 12, 0, 8, 460, 310, 10)
    canvas = Canvas(frame)
    for center in ((4.4, 3.7), (7.6, 3.7)):
        canvas.circle(frame.pixel(*center), 106, None)
    texts = {
        "sport": (3.2, 7.5),
        "music": (8.8, 7.5),
        "9": (3.2, 3.7),
        "6": (6, 3.7),
        "7": (8.8, 3.7),
        "8": (11.5, 0.5),
    }
    for text, at in texts.items():
        canvas.text(frame.pixel(*at), text, 20)
    return canvas.png()


def draw_dice() -> bytes:
    canvas = Canvas(DICE)
    for first in range(6):
        canvas.text(DICE.pixel(first + 0.5, 6.35), str(first + 1), 16, color=BLUE)
        canvas.text(DICE.pixel(-0.35, 5.5 - first), str(first + 1), 16, color=ORANGE)
        for second in range(6):
            corners = [(first, 5 - second), (first + 1, 5 - second), (first + 1, 6 - second), (first, 6 - second)]
            canvas.polygon([DICE.pixel(*corner) for corner in corners], None, "#9aa5b1")
    return canvas.png()
