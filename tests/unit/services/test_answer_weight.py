import pytest

from app.domain.enums import QuestionType
from app.domain.question_parts import QuestionContent
from app.services.answer_weight import weight_of_answer

SHORT, LONG = "<p>2 + 2?</p>", f"<p>{'A train leaves the station. ' * 40}</p>"


@pytest.mark.parametrize(
    ("stem", "elapsed_ms", "usual_ms", "weight"),
    [
        (SHORT, 1_000, None, 1.0),
        (SHORT, 1_000, 4_000.0, 1.0),
        (SHORT, 1_000, 60_000.0, 0.25),
        (LONG, 2_900, None, 0.25),
        (LONG, 3_100, None, 1.0),
        (LONG, 3_100, 60_000.0, 0.25),
        (LONG, 0, 60_000.0, 1.0),
    ],
)
def test_an_answer_faster_than_thought_counts_a_quarter(
    stem: str, elapsed_ms: int, usual_ms: float | None, weight: float
) -> None:
    content = QuestionContent(type=QuestionType.SINGLE_CHOICE, stem=stem)
    assert weight_of_answer(elapsed_ms, usual_ms, content) == weight


def test_a_card_that_is_turned_at_once_counts_whole() -> None:
    assert weight_of_answer(300, 60_000.0, QuestionContent(type=QuestionType.FLASHCARD, stem=LONG)) == 1.0
