import json

import pytest

from app.domain.enums import QuestionType
from app.domain.question_draft import QuestionDraft
from app.formats.report import correct_texts
from tests.unit.formats.package_files import drafts, events_of


def read(*items: dict[str, object]) -> list[QuestionDraft]:
    return drafts(events_of("\n".join(json.dumps(item) for item in (*items, *items)).encode()))[: len(items)]


@pytest.mark.parametrize(
    ("item", "options", "correct"),
    [
        ({"question": "Gas?", "distractor1": "b", "distractor2": "c", "correct_answer": "a"}, ["a", "b", "c"], ["a"]),
        ({"question": "Dose?", "opa": "1", "opb": "2", "opc": "3", "opd": "4", "cop": 0}, ["1", "2", "3", "4"], ["1"]),
        (
            {"question": "Why?", "choices": {"text": ["a", "b"], "label": ["A", "B"]}, "answerKey": "B"},
            ["a", "b"],
            ["b"],
        ),
        ({"ctx": "He runs", "endings": ["fast", "slow"], "label": 1}, ["fast", "slow"], ["slow"]),
        ({"goal": "Open it", "sol1": "a", "sol2": "b", "label": 0}, ["a", "b"], ["a"]),
        ({"sentence": "The _ fell", "option1": "cat", "option2": "dog", "answer": "2"}, ["cat", "dog"], ["dog"]),
        ({"question": "True?", "mc1_targets": {"choices": ["a", "b"], "labels": [0, 1]}}, ["a", "b"], ["b"]),
        ({"Question": "Q?", "Option1": "a", "Option2": "b", "CorrectAnswer": "Option2"}, ["a", "b"], ["b"]),
    ],
)
def test_choices(item: dict[str, object], options: list[str], correct: list[str]) -> None:
    (draft,) = read(item)
    assert [option.html for option in draft.options] == options
    assert correct_texts(draft) == correct
    assert draft.stem


@pytest.mark.parametrize(
    ("item", "answers"),
    [
        ({"question": "Where?", "context": "In Peru.", "answers": {"text": ["Peru", "in Peru"]}}, ["Peru", "in Peru"]),
        ({"question": "Where?", "answer": {"value": "Lima", "aliases": ["Lima", "LIM"]}}, ["Lima", "LIM"]),
        ({"question": "2+2?", "answer": "We add.\n#### 4"}, ["4"]),
    ],
)
def test_accepted_texts(item: dict[str, object], answers: list[str]) -> None:
    (draft,) = read(item)
    assert draft.type is QuestionType.SHORT_ANSWER
    assert [answer.value for answer in draft.answers] == answers


def test_the_way_to_an_answer_explains_it() -> None:
    (draft,) = read({"question": "2+2?", "answer": "We add.\n#### 4"})
    assert draft.explanation == "We add."


def test_questions_to_one_article() -> None:
    item = {
        "id": "m",
        "article": "Read.",
        "questions": ["1?", "2?"],
        "options": [["a", "b"], ["c", "d"]],
        "answers": ["A", "B"],
    }
    found = drafts(events_of("\n".join([json.dumps(item), json.dumps({**item, "id": "n"})]).encode()))
    assert [draft.external_id for draft in found] == ["m-1", "m-2", "n-1", "n-2"]
    assert [correct_texts(draft) for draft in found[:2]] == [["a"], ["d"]]
    assert {draft.passage.html for draft in found if draft.passage} == {"Read."}


def test_lists_of_unequal_length_are_no_questions_to_an_article() -> None:
    item = {"article": "Read.", "questions": ["1?", "2?"], "options": [["a", "b"]], "answers": ["A"]}
    assert not drafts(events_of("\n".join([json.dumps(item)] * 2).encode()))


def test_difficulty_in_words() -> None:
    (draft,) = read({"question": "Q?", "correct_answer": "a", "incorrect_answers": ["b"], "difficulty": "hard"})
    assert draft.difficulty == 1
