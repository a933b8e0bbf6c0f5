import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.enums import GradeState
from app.domain.grading.spelling import edit_distance
from app.domain.grading.texts import MAX_PATTERN_TEXT, grade_text, right_text
from app.domain.question_draft import Answer, MatchKind

WORDS = st.text(alphabet="abc", max_size=7)


@pytest.mark.parametrize(
    ("given_text", "value", "fraction"),
    [
        ("Paris", "Paris", 1),
        ("  paris ", "Paris", 1),
        ("PARIS", "Paris", 1),
        ("Paris.", "Paris", 0),
        ("New   York", "New York", 1),
        ("New\u00a0York", "New York", 1),
        ("straße", "STRASSE", 1),
        ("ﬁn", "fin", 1),
        ("Ｐａｒｉｓ", "Paris", 1),
        ("e\u0301te\u0301", "été", 1),
        ("ete", "été", 0),
        ("don’t", "don't", 1),
        ("“yes”", '"yes"', 1),
        ("well–known", "well-known", 1),
        ("Pa\u00adris\u200b", "Paris", 1),
        ("*", "*", 1),
        ("anything", "*", 0),
    ],
)
def test_literal_answers(given_text: str, value: str, fraction: float) -> None:
    assert grade_text([Answer(value=value)], given_text).fraction == fraction


def test_case_can_matter() -> None:
    answer = Answer(value="NaCl", case_sensitive=True)
    assert grade_text([answer], "NaCl").fraction == 1
    assert grade_text([answer], "nacl").fraction == 0


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("*gold*", "some gold here", True),
        ("*gold*", "gold", True),
        ("*gold*", "god", False),
        ("gold*", "golden", True),
        ("*ing", "singing", True),
        ("a*b*c", "a-b-c", True),
        ("a*b*c", "ac", False),
        ("ab*ba", "aba", False),
        ("a * b", "a x b", True),
        ("a * b", "a xb", False),
        (r"2 \* 3", "2 * 3", True),
        (r"2 \* 3", "2 x 3", False),
        (r"\**", "*x", True),
        ("*", "x", True),
        ("**", "x", True),
        ("(*", "(a", True),
    ],
)
def test_wildcards(pattern: str, text: str, *, fits: bool) -> None:
    assert (grade_text([Answer(value=pattern, match=MatchKind.WILDCARD)], text).fraction == 1) is fits


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("colou?r", "Color", True),
        ("colou?r", "colors", False),
        (r"\d{4}", "1945", True),
        ("(a+)+b", "a" * 5000, False),
        ("(", "(", False),
        (r"(a)\1", "aa", False),
    ],
)
def test_patterns_match_as_a_whole_and_broken_ones_never(pattern: str, text: str, *, fits: bool) -> None:
    assert (grade_text([Answer(value=pattern, match=MatchKind.PATTERN)], text).fraction == 1) is fits


def test_a_text_too_long_for_a_short_answer_matches_no_pattern() -> None:
    anything = [Answer(value="(.*)*" * 50, match=MatchKind.PATTERN)]
    assert grade_text(anything, "x" * MAX_PATTERN_TEXT).fraction == 1
    assert grade_text(anything, "x" * (MAX_PATTERN_TEXT + 1)).fraction == 0


@pytest.mark.parametrize(
    ("given_text", "value", "tolerance", "fraction"),
    [
        ("photosyntesis", "photosynthesis", 1, 1),
        ("photosynthseis", "photosynthesis", 1, 1),
        ("fotosynthesis", "photosynthesis", 1, 0),
        ("fotosynthesis", "photosynthesis", 2, 1),
        ("1954", "1945", 1, 0),
        ("19455", "1945", 2, 0),
        ("Pris", "Paris", 0, 0),
    ],
)
def test_misspellings(given_text: str, value: str, tolerance: int, fraction: float) -> None:
    assert grade_text([Answer(value=value, typo_tolerance=tolerance)], given_text).fraction == fraction


def test_the_closest_kind_of_match_decides() -> None:
    answers = [
        Answer(value="*", match=MatchKind.WILDCARD, weight=0, feedback="no"),
        Answer(value="effect", typo_tolerance=1, feedback="yes"),
        Answer(value="affect", weight=0, feedback="That is the verb."),
    ]
    assert grade_text(answers, "effect").feedback == ("yes",)
    assert grade_text(answers, "affect").feedback == ("That is the verb.",)
    assert grade_text(answers[1:], "efect").fraction == 1
    assert grade_text(answers, "cause").feedback == ("no",)


def test_wildcards_are_tried_in_the_order_of_the_author() -> None:
    first, second = (
        Answer(value=value, match=MatchKind.WILDCARD, weight=weight) for value, weight in (("Pa*", 0.5), ("P*", 1))
    )
    assert grade_text([first, second], "Paris").fraction == 0.5
    assert grade_text([second, first], "Paris").fraction == 1


@pytest.mark.parametrize("text", ["", "  \n", "\u200b"])
def test_empty_is_invalid(text: str) -> None:
    assert grade_text([Answer(value="x")], text).state is GradeState.INVALID


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        ([Answer(value="a", weight=0.5), Answer(value="b")], "b"),
        ([Answer(value="*gold*", match=MatchKind.WILDCARD)], "gold"),
        ([Answer(value="*", match=MatchKind.WILDCARD)], "x"),
        ([Answer(value="ab?", match=MatchKind.PATTERN)], None),
        ([Answer(value="Paris", match=MatchKind.PATTERN)], "Paris"),
        ([Answer(value="a", weight=0.5)], None),
        ([], None),
    ],
)
def test_right_text(answers: list[Answer], text: str | None) -> None:
    assert right_text(answers) == text


@pytest.mark.parametrize(
    ("source", "target", "distance"),
    [
        ("", "", 0),
        ("ab", "ba", 1),
        ("ca", "abc", 2),
        ("abc", "ca", 2),
        ("abcd", "badc", 2),
        ("kitten", "sitting", None),
    ],
)
def test_edit_distance(source: str, target: str, distance: int | None) -> None:
    assert edit_distance(source, target, 2) == distance


@given(WORDS, WORDS)
def test_edit_distance_equals_the_full_table(source: str, target: str) -> None:
    full = damerau_levenshtein(source, target)
    assert edit_distance(source, target, 2) == (full if full <= 2 else None)
    assert edit_distance(source, target, 1) == (full if full <= 1 else None)


def damerau_levenshtein(source: str, target: str) -> int:
    """Lowrance and Wagner (1975), the whole table."""
    far = len(source) + len(target)
    table = {(-1, column): far for column in range(-1, len(target) + 1)}
    table |= {(row, -1): far for row in range(len(source) + 1)}
    table |= {(0, column): column for column in range(len(target) + 1)} | {
        (row, 0): row for row in range(len(source) + 1)
    }
    last_row: dict[str, int] = {}
    for row, sign in enumerate(source, start=1):
        last_column = 0
        for column, other in enumerate(target, start=1):
            swap_row, swap_column = last_row.get(other, 0), last_column
            last_column = column if sign == other else last_column
            table[row, column] = min(
                table[row - 1, column - 1] + (sign != other),
                table[row, column - 1] + 1,
                table[row - 1, column] + 1,
                table[swap_row - 1, swap_column - 1] + (row - swap_row - 1) + 1 + (column - swap_column - 1),
            )
        last_row[sign] = row
    return table[len(source), len(target)]
