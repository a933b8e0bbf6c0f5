"""The catalogue of demo images: name, alternative text and drawing of each."""

from collections.abc import Callable
from dataclasses import dataclass

from . import drawings


@dataclass(frozen=True)
class Figure:
    name: str
    alt: str
    draw: Callable[[], bytes]


_CATALOGUE = (
    Figure(
        "line-letters.png",
        "Number line from −8 to 6; A stands five units left of 0, B three units right.",
        drawings.draw_letters,
    ),
    Figure("line-blank.png", "Number line from −8 to 4 with a tick at every whole number.", drawings.draw_line_blank),
    Figure(
        "line-quarters.png",
        "Number line from 0 to 2; each unit is cut into four equal steps. P is three steps after 1.",
        drawings.draw_line_quarters,
    ),
    Figure("line-sixths.png", "Number line from 0 to 1, cut into six equal steps.", drawings.draw_line_sixths),
    Figure(
        "shaded-grid.png",
        "Rectangle of three rows with four equal cells; nine cells are shaded.",
        drawings.draw_shaded_grid,
    ),
    Figure(
        "visitors.png",
        "Bar chart of visitors in thousands: Q1 200, Q2 250, Q3 300, Q4 240.",
        drawings.draw_visitors,
    ),
    Figure("ratio-bar.png", "Bar of five equal parts: two blue, three orange.", drawings.draw_ratio_bar),
    Figure(
        "tilted-square.png",
        "Grid of unit squares; a tilted square has its corners at (1, 0), (3, 1), (2, 3) and (0, 2).",
        drawings.draw_tilted_square,
    ),
    Figure(
        "area-model.png",
        "Rectangle with sides x plus 3 and x plus 2, cut into four rectangles by these parts.",
        drawings.draw_area_model,
    ),
    Figure(
        "balance.png",
        "A level balance: three equal boxes marked x and 2 unit weights on the left, 14 unit weights on the right.",
        drawings.draw_balance,
    ),
    Figure(
        "cycle-tour.png",
        "Distance from home in km against hours: a line from (0, 0) to (1, 20), level to (1.5, 20), up to (3, 45), "
        "down to (5, 0).",
        drawings.draw_cycle_tour,
    ),
    Figure(
        "lettered-points.png",
        "Coordinate system with points A(2, 3), B(−3, 2), C(−2, −3) and D(3, −2).",
        drawings.draw_lettered_points,
    ),
    Figure("empty-grid.png", "Empty coordinate system with both axes from −5 to 5.", drawings.draw_empty_grid),
    Figure(
        "temperature.png",
        "Temperature over one day: −2 °C at hour 0, −4 °C from hour 4 to 6, 10 °C at 14, 6 °C at 18, 0 °C at 24, with "
        "straight lines between.",
        drawings.draw_temperature,
    ),
    Figure(
        "half-slope.png",
        "Straight line through the points (−2, 0), (0, 1), (2, 2) and (4, 3).",
        drawings.draw_half_slope,
    ),
    Figure(
        "crossing-lines.png",
        "A falling line through (0, 4) and (4, 0) and a rising line through (0, −2) and (1, 0).",
        drawings.draw_crossing,
    ),
    Figure(
        "taxi.png",
        "Fare in euros against km: City starts at 4 and rises by 2 per km, Metro starts at 10 and rises by 1 per km.",
        drawings.draw_taxi,
    ),
    Figure(
        "parabola.png",
        "Parabola that opens upwards, crosses the y axis at −3 and has its lowest point at (1, −4).",
        drawings.draw_parabola,
    ),
    Figure(
        "hill.png",
        "Parabola that opens downwards through (−1, 0), (0, 3), (1, 4), (2, 3) and (3, 0).",
        drawings.draw_hill,
    ),
    Figure(
        "doubling.png",
        "Rising curve through (−1, 0.5), (0, 1), (1, 2), (2, 4), (3, 8) and (4, 16).",
        drawings.draw_doubling,
    ),
    Figure(
        "zigzag.png",
        "Graph of f made of line segments from (0, 1) to (2, 5) to (4, 3) to (6, 4).",
        drawings.draw_zigzag,
    ),
    Figure(
        "right-triangle.png",
        "Right triangle with legs of 6 cm and 8 cm; the hypotenuse is c.",
        drawings.draw_right_triangle,
    ),
    Figure("angle-triangle.png", "Triangle ABC with an angle of 52° at A and 67° at B.", drawings.draw_angle_triangle),
    Figure(
        "l-shape.png",
        "L-shaped floor: 10 m along the bottom, 9 m up the left side, both arms 4 m wide.",
        drawings.draw_l_shape,
    ),
    Figure(
        "parallels.png",
        "Two parallel lines cut by a line that rises to the right. Angle 1: above the upper parallel, right of the "
        "rising line. Angle 2: above the lower parallel, left of it. Angle 3: below the lower parallel, right of it.",
        drawings.draw_parallels,
    ),
    Figure(
        "shadow-triangles.png",
        "Right triangle with base 9 m and height h; inside, 3 m from the sharp corner, a parallel height of 1.8 m.",
        drawings.draw_shadow_triangles,
    ),
    Figure(
        "books.png",
        "Bar chart of books read: 3 students read 0 books, 6 read 1, 8 read 2, 5 read 3, 2 read 4, 1 read 5.",
        drawings.draw_books,
    ),
    Figure(
        "goals.png",
        "Dot plot of goals in a match: one match with 1, three with 2, five with 3, four with 4, two with 5, one with "
        "8.",
        drawings.draw_dots,
    ),
    Figure(
        "travel-times.png",
        "Box plots of minutes. Bus: 10, 18, 22, 26, 42. Bike: 14, 20, 24, 34, 38 (minimum, lower quartile, median, "
        "upper quartile, maximum).",
        drawings.draw_boxes,
    ),
    Figure(
        "cut-axis.png",
        "Bar chart of satisfied customers with an axis from 90 % to 97 %: Brand A 92 %, Brand B 96 %.",
        drawings.draw_cut_axis,
    ),
    Figure(
        "spinner.png",
        "Wheel with eight equal sectors: four show 1, two show 2, one shows 3, one shows 4.",
        drawings.draw_spinner,
    ),
    Figure(
        "venn.png",
        "Venn diagram of a class: 9 only sport, 6 sport and music, 7 only music, 8 neither.",
        drawings.draw_venn,
    ),
    Figure(
        "dice-grid.png",
        "Empty table of six by six cells: columns are the blue die from 1 to 6, rows the orange die from 1 to 6.",
        drawings.draw_dice,
    ),
)

FIGURES = {figure.name: figure for figure in _CATALOGUE}


def img(name: str) -> str:
    return f'<p><img src="{name}" alt="{FIGURES[name].alt}"></p>'
