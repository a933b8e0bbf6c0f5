import json

import pytest

from app.domain.enums import QuestionType
from app.domain.question_draft import QuestionDraft
from app.formats.json_format import JsonReader
from app.formats.pipeline import checked_events
from app.formats.reading import Event, Problem, ProblemCode, ReadOptions, Source


def events(text: str) -> list[Event]:
    return list(checked_events(JsonReader(), Source.of_bytes("q.json", text.encode()), ReadOptions()))


def drafts(value: object) -> list[QuestionDraft]:
    found = events(value if isinstance(value, str) else json.dumps(value))
    assert not [event for event in found if isinstance(event, Problem) and event.code.value.startswith("E_")]
    return [event for event in found if isinstance(event, QuestionDraft)]


def right(draft: QuestionDraft) -> list[str]:
    return [option.html for option in draft.options if option.weight > 0]


def choice(**members: object) -> dict[str, object]:
    return {"question": "Q?", "options": ["x", "y", "z"], **members}


def test_the_own_form_keeps_lines_and_rows() -> None:
    text = """{"format": "studium-questions", "version": 1, "questions": [
{"type": "essay", "stem": "One"},
{"type": "essay",
 "stem": "Two"}
]}"""
    assert [(draft.stem, draft.location.line, draft.location.row) for draft in drafts(text)] == [
        ("One", 2, 1),
        ("Two", 3, 2),
    ]


@pytest.mark.parametrize(
    "text",
    [
        '[{"question": "Q?", "answer": "x"}]',
        '{"questions": [{"question": "Q?", "answer": "x"}]}',
        '{"title": "t", "data": [{"question": "Q?", "answer": "x"}], "n": 1}',
        '{"question": "Q?", "answer": "x"}\n',
        '\ufeff\n {"Question Text": "Q?", "correct_answer": "x"}',
        '{"question": {"stem": "Q?"}, "answerKey": "x", "note": NaN}',
    ],
)
def test_the_usual_frames(text: str) -> None:
    (draft,) = drafts(text)
    assert draft.stem == "Q?"
    assert draft.answers[0].value == "x"


@pytest.mark.parametrize(
    ("members", "texts"),
    [
        ({"answer": 0}, ["x"]),
        ({"answer": "B"}, ["y"]),
        ({"answer": "z"}, ["z"]),
        ({"answer": ["A", "C"]}, ["x", "z"]),
        ({"label": "C", "answer": None}, ["z"]),
        ({"options": {"A": "x", "B": "y"}, "answer": "B"}, ["y"]),
        ({"options": [{"text": "x", "correct": False}, {"text": "y", "correct": True}]}, ["y"]),
        ({"options": [{"label": "P", "text": "x"}, {"label": "Q", "text": "y"}], "answerKey": "Q"}, ["y"]),
        ({"options": ["(A)x", "(B)y"], "label": "B"}, ["y"]),
        ({"options": ["A) x", "B) y"], "correct": "A"}, ["x"]),
    ],
)
def test_the_usual_ways_to_name_the_right_option(members: dict[str, object], texts: list[str]) -> None:
    (draft,) = drafts([choice(**members)])
    assert right(draft) == texts


def test_integers_count_from_one_only_where_the_file_shows_it() -> None:
    assert [right(draft) for draft in drafts([choice(answer=1), choice(question="R?", answer=3)])] == [["x"], ["z"]]
    assert [right(draft) for draft in drafts([choice(answer=1), choice(question="R?", answer=0)])] == [["y"], ["x"]]


def test_right_and_wrong_answers_apart() -> None:
    (draft,) = drafts([{"question": "Q?", "correct_answer": "x", "incorrect_answers": ["y", "z"]}])
    assert [option.html for option in draft.options] == ["x", "y", "z"]
    assert right(draft) == ["x"]


def test_a_question_without_answer_has_no_key() -> None:
    found = events(json.dumps([choice()]))
    assert [event.code for event in found if isinstance(event, Problem)] == [ProblemCode.ANSWER_MISSING]


def test_types_without_options() -> None:
    found = drafts(
        [{"question": str(index), "answer": answer} for index, answer in enumerate([True, 2.5, "2", ["a", "b"]])]
    )
    assert [draft.type for draft in found] == [
        QuestionType.TRUE_FALSE,
        QuestionType.NUMERICAL,
        QuestionType.SHORT_ANSWER,
        QuestionType.SHORT_ANSWER,
    ]
    assert [answer.value for answer in found[3].answers] == ["a", "b"]


def test_what_has_no_place_is_kept() -> None:
    (draft,) = drafts([choice(answer="x", passage="Read.", tags=["a;b"], difficulty="of sorts", other={"source": 1})])
    assert draft.passage is not None
    assert draft.passage.html == "Read."
    assert draft.tags == ("a;b",)
    assert draft.extensions == {"members": {"difficulty": "of sorts", "other": {"source": 1}}}


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (choice(answer="w"), ProblemCode.KEY_NOT_OPTION),
        (choice(answer=7), ProblemCode.KEY_NOT_OPTION),
        ({"id": "q", "answerKey": "C"}, ProblemCode.EMPTY_STEM),
        ("text", ProblemCode.SYNTAX),
        ({"type": "essay", "stem": "x", "nonsense": 1}, ProblemCode.SYNTAX),
        ({"type": "essay", "stem": "x" * 100_001}, ProblemCode.TOO_LARGE),
        ({"type": "essay", "stem": "x", "points": 1e9}, ProblemCode.NUMBER),
        ({"type": "essay", "stem": "x \ud800"}, ProblemCode.ENCODING),
    ],
)
def test_a_bad_item_is_one_error(item: object, code: ProblemCode) -> None:
    found = events(json.dumps([item, choice(answer="x")]))
    problems = [event for event in found if isinstance(event, Problem)]
    assert [(problem.code, problem.location.row) for problem in problems] == [(code, 1)]
    assert [event.location.row for event in found if isinstance(event, QuestionDraft)] == [2]


def test_a_broken_line_among_lines_costs_itself() -> None:
    found = events('{"question": "a", "answer": "x"}\n{"question": "b", \n{"question": "c", "answer": "x"}\n')
    assert [event.stem for event in found if isinstance(event, QuestionDraft)] == ["a", "c"]
    assert [event.code for event in found if isinstance(event, Problem)] == [ProblemCode.SYNTAX]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[{"question": "a", "answer": "x"},\n{"question": "b" "answer"}]', 2),
        ('[{"question": "a", "answer": "x"}\n', 2),
        ('[{"question": "a", "answer": "x"},\n\n{"question": "b', 3),
    ],
)
def test_a_broken_list_ends_with_the_line_of_the_fault(text: str, line: int) -> None:
    found = events(text)
    assert isinstance(found[0], QuestionDraft)
    assert isinstance(found[-1], Problem)
    assert (found[-1].code, found[-1].location.line) == (ProblemCode.SYNTAX, line)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"question": ' + "[" * 2_000 + "]" * 2_000 + "}", "", "null", "[1, 2"]
)
def test_no_input_breaks_the_reader(text: str) -> None:
    assert all(isinstance(event, Problem) for event in events(text))


def test_a_newer_version_is_refused() -> None:
    (found,) = events('{"format": "studium-questions", "version": 2, "questions": [{"type": "essay", "stem": "x"}]}')
    assert isinstance(found, Problem)
    assert found.code is ProblemCode.UNKNOWN_FORMAT


def test_values_longer_than_a_chunk_are_whole() -> None:
    items = [choice(question=f"{number} " + "é" * 70_000, answer="x") for number in range(3)]
    assert [len(draft.stem) for draft in drafts(items)] == [70_002] * 3
