import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.numbers import format_number, number_readings, parse_number, uses_decimal_comma


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3,14", 3.14),
        ("3.14", 3.14),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1 234.5", 1234.5),
        ("1 234,5", 1234.5),
        ("1\u00a0234,5", 1234.5),
        ("1\u202f234\u202f567", 1234567),
        ("1'234", 1234),
        ("1’234.50", 1234.5),
        ("1,234,567", 1234567),
        ("1.234.567", 1234567),
        ("12,34,567", 1234567),
        ("1,00,000.5", 100000.5),
        ("3e-5", 3e-5),
        ("3E5", 3e5),
        ("3,5e2", 350),
        ("3×10^5", 3e5),
        ("3 x 10^-5", 3e-5),
        ("2·10⁵", 2e5),
        ("2 * 10^(3)", 2000),
        ("10²", 100),
        ("-10⁻²", -0.01),
        ("−2", -2),
        ("–2", -2),
        ("+2", 2),
        ("- 2", -2),
        ("½", 0.5),
        ("2½", 2.5),
        ("-1¼", -1.25),
        ("1/2", 0.5),
        ("1 1/2", 1.5),
        ("3⁄4", 0.75),
        (".5", 0.5),
        (",5", 0.5),
        ("5.", 5),
        ("007", 7),
        ("0,125", 0.125),
        ("1234,567", 1234.567),
        ("٣٫٥", 3.5),
        ("１２", 12),
        ("  42\n", 42),
    ],
)
def test_numbers_of_many_countries(text: str, value: float) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    "text",
    ["", " ", "abc", "1.2.3", "1,2,3", "12 34", "1 2", "--2", "2-3", "nan", "NaN", "inf", "Infinity", "-∞", "1e999",
     "1/0", "0x10", "1_000", "1e", "e5", ".", ",", "-",
     "3 kg", "2+2", "2^3", "1,23,4", "1'23", "9" * 101, "\0", "\ud800"],
)  # fmt: skip
def test_other_texts_are_no_numbers(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "decimal_comma", "readings"),
    [
        ("1,234", False, (1234, 1.234)),
        ("1.234", False, (1.234,)),
        ("1,234", True, (1.234,)),
        ("1.234", True, (1234, 1.234)),
        ("12,345e1", False, (123450, 123.45)),
        ("0,234", False, (0.234,)),
        ("1,23", False, (1.23,)),
        ("1,2345", False, (1.2345,)),
        ("1 234", True, (1234,)),
    ],
)
def test_one_mark_before_three_digits_is_ambiguous_unless_it_is_the_decimal_sign(
    text: str, *, decimal_comma: bool, readings: tuple[float, ...]
) -> None:
    assert number_readings(text, decimal_comma=decimal_comma) == readings


@pytest.mark.parametrize(
    ("language", "comma"),
    [("de", True), ("de-AT", True), ("de-CH", False), ("fr_FR", True), ("en", False), ("es-MX", False), ("", False)],
)
def test_language_decides_the_decimal_sign(language: str, *, comma: bool) -> None:
    assert uses_decimal_comma(language) is comma


@given(value=st.floats(allow_nan=False, allow_infinity=False), decimal_comma=st.booleans())
def test_a_formatted_number_reads_as_itself(value: float, *, decimal_comma: bool) -> None:
    assert value in number_readings(format_number(value), decimal_comma=decimal_comma)


@given(st.text(max_size=120) | st.text(alphabet="0123456789.,' -+eE/^×", max_size=20))
def test_readings_are_finite_whatever_the_text(text: str) -> None:
    assert all(math.isfinite(value) for value in number_readings(text))
