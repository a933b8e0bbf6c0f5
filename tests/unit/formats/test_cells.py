import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.question_draft import NumericAnswer, ToleranceKind
from app.formats.cells import guarded, join_list, join_path, split_list, split_path, unguarded
from app.formats.numbers import NumberError, number_of, numeric_answer, text_of_answer

words = st.text(alphabet="ab ,/'=+-@", min_size=1).map(str.strip).filter(bool)


@given(st.lists(words))
def test_lists(items: list[str]) -> None:
    assert split_list(join_list(items, weak=","), weak=",") == tuple(items)


def test_a_weak_separator_counts_only_alone() -> None:
    assert split_list("a, b", weak=",") == ("a", "b")
    assert split_list("a, b; c", weak=",") == ("a, b", "c")
    assert split_list("a, b") == ("a, b",)


@given(st.lists(st.text(alphabet="ab ", min_size=1).map(str.strip).filter(bool)))
def test_paths(parts: list[str]) -> None:
    assert split_path(join_path(parts)) == tuple(parts)


def test_a_slash_inside_a_part_is_doubled() -> None:
    assert join_path(["either/or", "b"]) == "either//or/b"
    assert split_path("either//or/b") == ("either/or", "b")


@given(st.text(alphabet="'=+-@\t\r \n\x00\x1f\u00a0\u200b\u2028\u3000\ufeff＝＋－＠ab1"))
def test_guarding_is_undone_in_own_tables(cell: str) -> None:
    assert unguarded(guarded(cell), is_own_table=True) == cell
    assert guarded(cell)[:1] not in set("=+-@\t\r＝＋－＠")


@pytest.mark.parametrize("sign", "=+-@＝＋－＠")
@pytest.mark.parametrize(
    "before", ["", " ", "\n", "\x00", "\u00a0", "\u200b", "\u2028", "\u3000", "\ufeff", " \ufeff\t"]
)
def test_what_a_spreadsheet_may_skip_hides_no_formula(before: str, sign: str) -> None:
    cell = f"{before}{sign}1+1"
    assert guarded(cell) == f"'{cell}"
    assert guarded(f"a{cell}") == f"a{cell}"


@pytest.mark.parametrize("text", ["", "ten", "1,000", "nan", "inf", "1e999", "--1", "0x10", "1_000"])
def test_no_clear_number(text: str) -> None:
    with pytest.raises(NumberError):
        number_of(text)


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(0, 1e6))
def test_absolute_tolerances(value: float, tolerance: float) -> None:
    answer = NumericAnswer(value=value, tolerance=tolerance)
    text = text_of_answer(answer)
    assert text is not None
    assert numeric_answer(text) == answer


@pytest.mark.parametrize(
    ("text", "tolerance", "expected"),
    [
        ("5", "10%", NumericAnswer(value=5, kind=ToleranceKind.RELATIVE, tolerance=0.1)),
        ("5 ± 1", "9", NumericAnswer(value=5, tolerance=1)),
        ("5:-1", "", NumericAnswer(value=5, tolerance=1)),
        ("1..2", "9", NumericAnswer(value=1.5, kind=ToleranceKind.RANGE, tolerance=0.5, low=1, high=2)),
    ],
)
def test_spellings_of_tolerances(text: str, tolerance: str, expected: NumericAnswer) -> None:
    assert numeric_answer(text, tolerance) == expected


@pytest.mark.parametrize("text", ["2..1", "-1e308..1e308"])
def test_impossible_ranges(text: str) -> None:
    with pytest.raises(NumberError):
        numeric_answer(text)
