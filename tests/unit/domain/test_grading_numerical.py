import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.enums import GradeState
from app.domain.grading.numerical import accepts, grade_number, right_number
from app.domain.question_draft import Numeric, NumericAnswer, ToleranceKind, Unit

FINITE = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)
LENGTHS = (Unit(name="m"), Unit(name="cm", multiplier=0.01), Unit(name="km", multiplier=1000))


def numeric(
    value: float, tolerance: float = 0, kind: ToleranceKind = ToleranceKind.ABSOLUTE, **more: object
) -> Numeric:
    answer = NumericAnswer(value=value, tolerance=tolerance, kind=kind)
    return Numeric.model_validate({"answers": (answer,)} | more)


@pytest.mark.parametrize(
    ("key", "text", "fraction"),
    [
        (numeric(3.14, 0.01), "3,14", 1),
        (numeric(3.14, 0.01), "3.15", 1),
        (numeric(3.14, 0.01), "3.13", 1),
        (numeric(3.14, 0.01), "3.151", 0),
        (numeric(0.3), "0.3", 1),
        (numeric(0.1 + 0.2), "0.3", 1),
        (numeric(123456789012), "123456789013", 0),
        (numeric(0), "0", 1),
        (numeric(0), "0.0000001", 0),
        (numeric(200, 0.05, ToleranceKind.RELATIVE), "210", 1),
        (numeric(200, 0.05, ToleranceKind.RELATIVE), "211", 0),
        (numeric(-200, 0.05, ToleranceKind.RELATIVE), "-190", 1),
        (numeric(3.14159, 3, ToleranceKind.SIGNIFICANT), "3.14", 1),
        (numeric(3.14159, 3, ToleranceKind.SIGNIFICANT), "3.1449", 1),
        (numeric(3.14159, 3, ToleranceKind.SIGNIFICANT), "3.145", 0),
        (numeric(3.14159, 3, ToleranceKind.SIGNIFICANT), "3.1", 0),
        (numeric(2.675, 3, ToleranceKind.SIGNIFICANT), "2.68", 1),
        (numeric(6.022e23, 2, ToleranceKind.SIGNIFICANT), "6,0×10^23", 1),
        (numeric(1234), "1,234", 1),
        (numeric(1.234), "1,234", 1),
        (numeric(1234), "1.234", 0),
        (numeric(0.5), "½", 1),
    ],
)
def test_tolerances(key: Numeric, text: str, fraction: float) -> None:
    assert grade_number(key, text).fraction == fraction


@pytest.mark.parametrize(
    ("value", "right"), [("2", True), ("5", True), ("3.3", True), ("1.99", False), ("5.01", False)]
)
def test_ranges_include_their_ends(value: str, *, right: bool) -> None:
    answer = NumericAnswer(value=3.5, kind=ToleranceKind.RANGE, low=2, high=5)
    assert (grade_number(Numeric(answers=(answer,)), value).fraction == 1) is right


def test_language_decides_about_grouping() -> None:
    assert grade_number(numeric(1234), "1.234", "de").fraction == 1
    assert grade_number(numeric(1234), "1,234", "de").fraction == 0


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("2 m", 1),
        ("2m", 1),
        ("200 cm", 1),
        ("0.002km", 1),
        ("2", 1),
        ("m 2", 1),
        ("2 cm", 0),
        ("200 CM", 1),
        ("2 km", 0),
    ],
)
def test_units_are_converted(text: str, fraction: float) -> None:
    assert grade_number(numeric(2, units=LENGTHS), text).fraction == fraction


@pytest.mark.parametrize(
    ("text", "name"),
    [("$5", "$"), ("5 €", "€"), ("5 m²", "m^2"), ("5 m2", "m²"), ("5 µm", "μm"), ("50 %", "%"), ("5°C", "°C")],
)
def test_spellings_of_units(text: str, name: str) -> None:
    key = numeric(5, 45, units=(Unit(name=name),), unit_required=True)
    assert grade_number(key, text).state is GradeState.RIGHT


def test_case_tells_units_apart_where_it_must() -> None:
    units = (Unit(name="mW", multiplier=1e-3), Unit(name="MW", multiplier=1e6))
    assert grade_number(numeric(5e6, units=units), "5 MW").fraction == 1
    assert grade_number(numeric(5e6, units=units), "5 mW").fraction == 0
    assert grade_number(numeric(5e6, units=units), "5 Mw").is_invalid


@pytest.mark.parametrize("text", ["", "  ", "abc", "5 kg", "NaN", "Infinity", "1e999", "5 5"])
def test_unreadable_is_invalid(text: str) -> None:
    assert grade_number(numeric(5, units=LENGTHS), text).state is GradeState.INVALID


def test_a_missing_unit_is_invalid_where_one_is_required() -> None:
    result = grade_number(numeric(5, units=LENGTHS, unit_required=True), "5")
    assert result.is_invalid
    assert "cm" in result.message


def test_the_best_accepted_number_counts() -> None:
    close = NumericAnswer(value=5, feedback="exact")
    far = NumericAnswer(value=5, tolerance=1, weight=0.5, feedback="near")
    assert grade_number(Numeric(answers=(far, close)), "5").feedback == ("exact",)
    assert grade_number(Numeric(answers=(far, close)), "5.5").fraction == 0.5


@given(
    value=FINITE,
    tolerance=st.floats(0, 1e6),
    kind=st.sampled_from(ToleranceKind),
    language=st.sampled_from(["", "de"]),
    unit_required=st.booleans(),
)
def test_the_right_number_is_right(
    value: float, tolerance: float, kind: ToleranceKind, language: str, *, unit_required: bool
) -> None:
    answer = NumericAnswer(value=value, tolerance=tolerance, kind=kind, low=value, high=value)
    key = Numeric(answers=(answer,), units=(Unit(name="m", multiplier=2),), unit_required=unit_required)
    text = right_number(key, language)
    assert text is not None
    assert grade_number(key, text, language).state is GradeState.RIGHT


@given(FINITE, FINITE, st.floats(0, 100), st.sampled_from(ToleranceKind))
def test_a_wider_tolerance_accepts_no_less(value: float, answer: float, tolerance: float, kind: ToleranceKind) -> None:
    assume(kind in {ToleranceKind.ABSOLUTE, ToleranceKind.RELATIVE})
    narrow = NumericAnswer(value=answer, tolerance=tolerance, kind=kind)
    wide = narrow.model_copy(update={"tolerance": tolerance * 2})
    assert not accepts(narrow, value) or accepts(wide, value)


@given(st.text(max_size=130))
def test_no_text_raises(text: str) -> None:
    grade_number(numeric(5, units=LENGTHS), text)
