import pytest

from app.domain.enums import QuestionType
from app.domain.question_draft import QuestionDraft
from app.formats.aiken import AikenReader
from app.formats.pipeline import checked_events
from app.formats.reading import Event, Problem, ProblemCode, ReadOptions, Source


def events(text: str) -> list[Event]:
    return list(checked_events(AikenReader(), Source.of_bytes("a.txt", text.encode()), ReadOptions()))


def right(event: Event) -> list[str]:
    assert isinstance(event, QuestionDraft)
    return [option.html for option in event.options if option.weight > 0]


def test_questions_with_and_without_blank_lines_between() -> None:
    found = events("One?\nA. 1\nB. 2\nANSWER: B\nTwo,\nreally?\n\nA) x\nB) y <z>\n\nANSWER: A\n")
    assert [event.location.line for event in found] == [1, 5]
    assert [right(event) for event in found] == [["2"], ["x"]]
    assert isinstance(found[1], QuestionDraft)
    assert found[1].stem == "Two,<br>really?"
    assert found[1].options[1].html == "y &lt;z&gt;"


@pytest.mark.parametrize(("key", "texts"), [("b", ["2"]), (" B ", ["2"]), ("A, C", ["1", "3"])])
def test_spellings_of_the_answer(key: str, texts: list[str]) -> None:
    (event,) = events(f"One?\nA. 1\nB. 2\nC. 3\nANSWER:{key}\n")
    assert right(event) == texts


def test_true_and_false_make_a_true_false_question() -> None:
    (event,) = events("So?\nA) True\nB) False\nANSWER: A\n")
    assert isinstance(event, QuestionDraft)
    assert event.type is QuestionType.TRUE_FALSE


def test_a_missing_answer_leaves_a_draft_without_key() -> None:
    found = events("One?\nA. 1\nB. 2\n\nTwo?\nA. 1\nB. 2\nANSWER: A\n")
    assert [event.code for event in found if isinstance(event, Problem)] == [ProblemCode.ANSWER_MISSING]
    assert [right(event) for event in found if isinstance(event, QuestionDraft)] == [[], ["1"]]


@pytest.mark.parametrize("key", ["D", "Lima", "A, D"])
def test_an_answer_that_is_no_option_is_an_error(key: str) -> None:
    (found,) = events(f"One?\nA. 1\nB. 2\nANSWER: {key}\n")
    assert isinstance(found, Problem)
    assert (found.code, found.location.line) == (ProblemCode.KEY_NOT_OPTION, 1)


def test_an_answer_without_options_is_an_error() -> None:
    found = events("One?\nANSWER: A\n")
    assert [event.code for event in found if isinstance(event, Problem)] == [ProblemCode.KEY_NOT_OPTION]
