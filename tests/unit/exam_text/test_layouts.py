"""One question after another, however a paper sets them out."""

import pytest

from app.domain.enums import QuestionType
from app.formats.reading import Unsupported
from tests.unit.exam_text.papers import drafts, events, options, shown

CAPITALS = ["Rome", "Paris", "Bern", "Oslo"]

LAYOUTS = {
    "letters with dots": "1. Capital of France?\nA. Rome\nB. Paris\nC. Bern\nD. Oslo\n2. And now?\nA. x\nB. y",
    "letters in brackets": "1) Capital of France?\n(a) Rome\n(b) Paris\n(c) Bern\n(d) Oslo\n2) And now?\n(a) x\n(b) y",
    "half brackets on one line": "Q1. Capital of France?\na) Rome b) Paris c) Bern d) Oslo\nQ2. And now?\na) x b) y",
    "after the question": "1. Capital of France? A) Rome B) Paris C) Bern D) Oslo\n2. And now? A) x B) y C) z",
    "wide gaps": "1. Capital of France?\nA. Rome\tB. Paris\nC. Bern\tD. Oslo\n2. And now?\nA. x\tB. y",
    "dots on one line": "1. Capital of France?\nA. Rome B. Paris C. Bern D. Oslo\n2. And now?\nA. x B. y C. z D. w",
    "labels at the ends of lines": "1. Capital of France?\nA) Rome B) Paris C)\nBern D)\nOslo\n2. And now?\nA) x B) y",
    "numbers as labels": "Q.1 Capital of France?\n(1) Rome\n(2) Paris\n(3) Bern\n(4) Oslo\nQ.2 And now?\n(1) x\n(2) y",
    "circled numbers": "1. Capital of France?\n① Rome ② Paris ③ Bern ④ Oslo\n2. And now?\n① x ② y",
    "colons": "Question 1: Capital of France?\nA: Rome\nB: Paris\nC: Bern\nD: Oslo\nQuestion 2: And now?\nA: x\nB: y",
    "no space after the label": "1.Capital of France?\nA.Rome\nB.Paris\nC.Bern\nD.Oslo\n2.And now?\nA.x\nB.y",
    "bullets": "1. Capital of France?\n• Rome\n• Paris\n• Bern\n• Oslo\n2. And now?\n• x\n• y",
    "boxes": "1. Capital of France?\n☐ Rome\n☐ Paris\n☐ Bern\n☐ Oslo\n2. And now?\n☐ x\n☐ y",
    "tabs after labels": "1.\tCapital of France?\nA.\tRome\nB.\tParis\nC.\tBern\nD.\tOslo\n2.\tAnd now?\nA.\tx\nB.\ty",
    "bare letters": "1. Capital of France?\nA  Rome\nB  Paris\nC  Bern\nD  Oslo\n2. And now?\nA  x\nB  y\nC  z",
    "a lost dot": "1. Capital of France?\nA. Rome\nB Paris\nC. Bern\nD. Oslo\n2. And now?\nA. x\nB. y",
    "Cyrillic letters": "1. Capital of France?\nА) Rome\nБ) Paris\nВ) Bern\nГ) Oslo\n2. And now?\nА) x\nБ) y",
    "Chinese numbers": "第1题 Capital of France?\nA、Rome\nB、Paris\nC、Bern\nD、Oslo\n第2题 And now?\nA、x\nB、y",
    "word and number on a line of their own": (
        "Question 1\nCapital of France?\nA. Rome\nB. Paris\nC. Bern\nD. Oslo\nQuestion 2\nAnd now?\nA. x\nB. y"
    ),
    "number of how many": (
        "■ Question 1 of 2\nCapital of France?\nA. Rome\nB. Paris\nC. Bern\nD. Oslo\n"
        "■ Question 2 of 2\nAnd now?\nA. x\nB. y"
    ),
    "numbers with dashes": "1 - Capital of France?\nA- Rome\nB- Paris\nC- Bern\nD- Oslo\n2 - And now?\nA- x\nB- y",
    "Spanish signs": "1.- Capital of France?\na.- Rome\nb.- Paris\nc.- Bern\nd.- Oslo\n2.- And now?\na.- x\nb.- y",
    "two signs": "Q-1. Capital of France?\na.) Rome\nb.) Paris\nc.) Bern\nd.) Oslo\nQ-2. And now?\na.) x\nb.) y",
    "number signs": "#1 Capital of France?\nA/ Rome\nB/ Paris\nC/ Bern\nD/ Oslo\n#2 And now?\nA/ x\nB/ y",
    "Roman numbers": (
        "I. Capital of France?\nA. Rome\nB. Paris\nC. Bern\nD. Oslo\nII. And now?\nA. x\nB. y\nIII. Last?\nA. x\nB. y"
    ),
    "Roman options": "1. Capital of France?\n(i) Rome\n(ii) Paris\n(iii) Bern\n(iv) Oslo\n2. And now?\n(i) x\n(ii) y",
    "Arabic": "السؤال 1: Capital of France?\nأ) Rome\nب) Paris\nج) Bern\nد) Oslo\nالسؤال 2: And now?\nأ) x\nب) y",
    "Greek": "1. Capital of France?\nα) Rome\nβ) Paris\nγ) Bern\nδ) Oslo\n2. And now?\nα) x\nβ) y",
    "tight labels in columns": "1. Capital of France?\nA.Rome\tB.Paris\nC.Bern\tD.Oslo\n2. And now?\nA.x\tB.y",
    "Chinese signs on one line": "1、Capital of France?\nA、Rome B、Paris C、Bern D、Oslo\n2、And now?\nA、x B、y C、z",
    "bullets in columns": "1. Capital of France?\n• Rome\t• Paris\n• Bern\t• Oslo\n2. And now?\n• x\t• y",
    "numbers without a sign": (
        "1 Capital of France?\nA. Rome\nB. Paris\nC. Bern\nD. Oslo\n2 And now?\nA. x\nB. y\n3 The end?\nA. x\nB. y"
    ),
    "below a form": (
        "Quiz\nName: ______  Date: ______\n\n"
        "Capital of France?\na) Rome\nb) Paris\nc) Bern\nd) Oslo\n\nAnd now?\na) x\nb) y"
    ),
    "no numbers": "Capital of France?\na) Rome\nb) Paris\nc) Bern\nd) Oslo\n\nAnd now?\na) x\nb) y",
    "no numbers and no empty lines": "Capital of France?\na) Rome\nb) Paris\nc) Bern\nd) Oslo\nAnd now?\na) x\nb) y",
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_stem_and_options_are_found(text: str) -> None:
    first, second, *_ = drafts(text)
    stem, found, key = shown(first)
    assert (stem, found, key) == ("Capital of France?", CAPITALS, [])
    assert options(second)[:2] == ["x", "y"]


def test_options_that_are_numbered_as_their_questions_are() -> None:
    asked = ["One?", "Two?", "Three?", "Four?", "Five?", "Six?"]
    text = "".join(
        f"{number}. {stem}\n1. red\n2. blue\n3. green\n4. grey\n\n" for number, stem in enumerate(asked, start=1)
    )
    assert [shown(draft)[:2] for draft in drafts(text)] == [(stem, ["red", "blue", "green", "grey"]) for stem in asked]


def test_statements_with_roman_numbers_are_no_questions() -> None:
    text = "".join(
        f"{number}. Which hold?\nI. Ice floats.\nII. Iron floats.\nIII. Wood floats.\nA. I only\nB. I and III\n"
        for number in (1, 2)
    )
    found = drafts(text)
    assert [options(draft) for draft in found] == [["I only", "I and III"]] * 2
    assert all("Wood floats." in draft.stem for draft in found)


def test_lines_that_wrap_are_joined() -> None:
    (draft, _) = drafts(
        "1. A stem that goes on over the under-\nlined end of its line?\nA. an option that is\nlong too\nB. short\n"
        "2. Next?\nA. x\nB. y"
    )
    assert shown(draft)[:2] == (
        "A stem that goes on over the underlined end of its line?",
        ["an option that is long too", "short"],
    )


def test_initials_are_no_labels() -> None:
    draft, other = drafts(
        "1. Who wrote to Lyndon B. Johnson?\nA. George C. Marshall\nB. John F. Kennedy\nC. Robert E. Lee\n"
        "2. Who?\nA. Abe\nB. Eve\nC. Ulysses S. Grant"
    )
    assert options(draft) == ["George C. Marshall", "John F. Kennedy", "Robert E. Lee"]
    assert options(other) == ["Abe", "Eve", "Ulysses S. Grant"]


def test_letters_inside_of_a_stem_are_no_options() -> None:
    first, _ = drafts(
        "1. A) is said of vitamin A. Which is right?\n(a) yes\n(b) no\n2. Assertion (A) and reason (R)?\n(a) x\n(b) y"
    )
    assert options(first) == ["yes", "no"]


def test_statements_before_the_options_belong_to_the_stem() -> None:
    first, second = drafts(
        "1. Which statements hold?\n1. Ice floats.\n2. Iron floats.\n3. Wood floats.\nA. 1 only\nB. 1 and 3\n"
        "2. Next?\nA. x\nB. y"
    )
    assert options(first) == ["1 only", "1 and 3"]
    assert "Wood floats." in first.stem
    assert options(second) == ["x", "y"]


def test_parts_of_an_open_question_are_no_options() -> None:
    first, second = drafts(
        "1. A ball falls. [6 marks]\n(a) [2 marks] What is its speed?\n(b) [4 marks] Where does it land?\n"
        "2. A stone falls. [3 marks]\n(a) How far?\n(b) How fast?"
    )
    assert first.type is QuestionType.ESSAY
    assert first.points == 6
    assert "(b) [4 marks] Where" in first.stem
    assert second.type is QuestionType.ESSAY


def test_small_letters_are_parts_where_options_have_capitals() -> None:
    found = drafts(
        "1. One?\nA. x\nB. y\n2. Two?\nA. x\nB. y\n3. Look at the picture.\n(a) the left side\n(b) the right side"
    )
    assert [len(draft.options) for draft in found] == [2, 2, 0]


@pytest.mark.parametrize("marks", ["[2 marks]", "(2 points)", "(2 pts)", "[ 2 Marks ]", "(2 分)"])
def test_points_are_taken_from_either_end(marks: str) -> None:
    first, second = drafts(f"1. {marks} One?\nA. x\nB. y\n2. Two? {marks}\nA. x\nB. y")
    assert [first.points, second.points] == [2, 2]
    assert [first.stem, second.stem] == ["One?", "Two?"]


def test_true_and_false_by_a_marker_or_a_heading() -> None:
    found = drafts(
        "1. Ice floats. (True/False)\n2. T / F: Iron floats.\n\nSection B: True or False\n3. Wood floats.\n"
        "Answers: 1-T, 2-F, 3-True"
    )
    assert [draft.type for draft in found] == [QuestionType.TRUE_FALSE] * 3
    assert [shown(draft) for draft in found] == [
        ("Ice floats.", ["True", "False"], ["True"]),
        ("Iron floats.", ["True", "False"], ["False"]),
        ("Wood floats.", ["True", "False"], ["True"]),
    ]


def test_rows_of_a_matching_exercise_share_their_answers() -> None:
    found = drafts("**Matching**\nA Paris\tB Rome\nC Bern\tD Oslo\n1. France\n2. Italy?\n\nAnswer Key\n1. A\n2. B\n")
    assert [shown(draft) for draft in found] == [
        ("France", ["Paris", "Rome", "Bern", "Oslo"], ["Paris"]),
        ("Italy?", ["Paris", "Rome", "Bern", "Oslo"], ["Rome"]),
    ]


def test_answers_below_the_rows_of_a_matching_exercise_belong_to_all_of_them() -> None:
    found = drafts("**Matching**\n1. ___ happy\n2. ___ angry\nA. feeling rage\nB. feeling joy\nKey: 1. B 2. A")
    assert [options(draft) for draft in found] == [["feeling rage", "feeling joy"]] * 2
    assert [shown(draft)[2] for draft in found] == [["feeling joy"], ["feeling rage"]]


@pytest.mark.parametrize(
    ("heading", "marker", "key"),
    [
        ("True or False. Write T or F.", "", "1. T 2. F"),
        ("Verdadero o falso", "", "1. V 2. F"),
        ("Quiz", " (V/F)", "1. V 2. F"),
        ("Quiz", " T  F", "1. True 2. False"),
        ("Quiz", " ☐ True ☐ False", "1. T 2. F"),
        ("Richtig oder falsch?", "", "1. richtig 2. falsch"),
    ],
)
def test_statements_that_are_true_or_false(heading: str, marker: str, key: str) -> None:
    found = drafts(f"{heading}\n1. Ice floats.{marker}\n2. Iron floats.{marker}\nAnswers: {key}")
    assert [shown(draft) for draft in found] == [
        ("Ice floats.", ["True", "False"], ["True"]),
        ("Iron floats.", ["True", "False"], ["False"]),
    ]


def test_a_blank_asks_for_words() -> None:
    blank, essay = drafts("1. Paris is the capital of _____.\n2. Explain why.")
    assert blank.type is QuestionType.SHORT_ANSWER
    assert essay.type is QuestionType.ESSAY


def test_headings_and_directions_belong_to_no_option() -> None:
    found = drafts(
        "Section A\n1. One?\nA. x\nB. y\n\nSection B: Geography\nDirections: choose one.\n2. Two?\nA. x\nB. y\n"
    )
    assert [options(draft) for draft in found] == [["x", "y"]] * 2
    assert found[1].extensions["reading"]["section"] == "Section B: Geography"  # type: ignore[index,call-overload]


def test_questions_of_a_range_share_their_passage() -> None:
    text = "The river was wide and nobody knew how deep it was where the old bridge had been. " * 3
    found = drafts(
        f"1. One?\nA. x\nB. y\nQuestions 2-3 refer to the following passage.\n{text}\n2. Two?\nA. x\nB. y\n"
        "3. Three?\nA. x\nB. y\n4. Four?\nA. x\nB. y"
    )
    assert [draft.passage is not None for draft in found] == [False, True, True, False]
    assert found[1].passage == found[2].passage
    assert found[1].passage is not None
    assert "old bridge" in found[1].passage.html


def test_text_after_the_last_option_is_reported() -> None:
    found = events("1. One?\nA. x\nB. y\n\nThis page is left empty.\n\n2. Two?\nA. x\nB. y")
    assert [event.text for event in found if isinstance(event, Unsupported)] == ["This page is left empty."]


@pytest.mark.parametrize(
    "text",
    [
        "Shopping list\n1. Milk\n2. Bread\n3. Eggs",
        "A chapter\nThis text has no questions at all. It goes on and on.",
        "Minutes\n1. Welcome by the chair\n2. Report of the board\n3. Any other business",
        "",
    ],
)
def test_a_text_that_asks_nothing_holds_no_questions(text: str) -> None:
    assert not drafts(text)
