"""From the coordinates of a PDF file to points from the left upper corner of the page as it is shown."""

import ctypes

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it has no type information
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # it has no type information

from app.domain.document_text import Box

Matrix = tuple[float, float, float, float, float, float]
Corners = tuple[float, float, float, float]

_DEVICE_UNITS = 100  # for each point, so that rounding to whole units does no harm
_FAR = 1000


def screen_matrix(page: pdfium.PdfPage) -> Matrix:
    width, height = page.get_size()
    columns, rows = max(1, round(width * _DEVICE_UNITS)), max(1, round(height * _DEVICE_UNITS))

    def shown(x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium_c.FPDF_PageToDevice(page.raw, 0, 0, columns, rows, 0, x, y, across, down)
        return across.value / _DEVICE_UNITS, down.value / _DEVICE_UNITS

    (e, f), (right_x, right_y), (up_x, up_y) = shown(0, 0), shown(_FAR, 0), shown(0, _FAR)
    return (right_x - e) / _FAR, (right_y - f) / _FAR, (up_x - e) / _FAR, (up_y - f) / _FAR, e, f


def turned(matrix: Matrix, turns: int, size: tuple[float, float]) -> Matrix:
    """The matrix for the page turned counter-clockwise by quarters, where (x, y) becomes (y, width - x)."""
    a, b, c, d, e, f = matrix
    width, height = size
    for _ in range(turns):
        a, b, c, d, e, f = b, -a, d, -c, f, width - e
        width, height = height, width
    return a, b, c, d, e, f


def shown_box(matrix: Matrix, left: float, top: float, right: float, bottom: float) -> Corners:
    """Left, top, right and bottom of a box of the file as it is shown."""
    a, b, c, d, e, f = matrix
    x1, y1 = a * left + c * top + e, b * left + d * top + f
    x2, y2 = a * right + c * bottom + e, b * right + d * bottom + f
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def turned_back(box: Box, turns: int) -> Box:
    """A box of the page turned counter-clockwise by quarters, in fractions, on the page as it was."""
    left, top, right, bottom = box
    for _ in range(turns):
        left, top, right, bottom = 1 - bottom, left, 1 - top, right
    return _fraction(left), _fraction(top), _fraction(right), _fraction(bottom)


def _fraction(side: float) -> float:
    return round(min(max(side, 0.0), 1.0), 4)
