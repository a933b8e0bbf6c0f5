"""The key is what the paper says, wherever it says it, and nothing else."""

from collections.abc import Iterator

import pytest

from app.domain.document_text import TextOrigin
from app.domain.enums import QuestionType, Severity
from app.formats.pipeline import checked_events
from app.formats.reading import Event, Problem, ProblemCode, ReadOptions, Sample, Source
from app.formats.report import correct_texts
from tests.unit.exam_text.papers import drafts, events, paper, problems, shown

QUESTIONS = "".join(f"{number}. Question {number}?\nA. one\nB. two\nC. three\nD. four\n" for number in range(1, 6))
RIGHT = [["two"], ["one"], ["four"], ["three"], ["two"]]

KEYS = {
    "list": "Answer Key\n1. B\n2. A\n3. D\n4. C\n5. B",
    "one line": "Answer Key\n1. B 2. A 3. D 4. C 5. B",
    "dashes": "Answers: 1-b, 2-a, 3-d, 4-c, 5-b",
    "dashes over two lines": "Answers: 1-b, 2-a, 3-d,\n4-c, 5-b",
    "brackets": "ANSWERS\n1. (b) 2. (a) 3. (d) 4. (c) 5. (b)",
    "a pair broken by the line": "Key\n1. B 2. A 3. D 4.\nC 5. B",
    "rows of a table": "ANSWERS\n1\t2\t3\t4\t5\nB\tA\tD\tC\tB",
    "two rows of a table": "ANSWERS\n1\t2\t3\nB\tA\tD\n4\t5\nC\tB",
    "columns of a table": "Question\tAnswer\tQuestion\tAnswer\n1\tB\t4\tC\n2\tA\t5\tB\n3\tD",
    "no heading": "\n1. B\n2. A\n3. D\n4. C\n5. B",
    "with reasons": "Solutions\n1. B. Because.\n2. (a) So it is.\n3. D - see page 3\n4. C\n5. B",
    "with the text": "Answer key:\n1. B. two\n2. A. one\n3. D. four\n4. C. three\n5. B. two",
    "text only": "Answers\n1. two\n2. one\n3. four\n4. three\n5. two",
    "equal signs": "Answers:\n1=B 2=A 3=D 4=C 5=B",
    "prefix": "Answer Key\nQ1. B\nQ2. A\nQ3. D\nQ4. C\nQ5. B",
    "German": "Lösungen\n1. B 2. A 3. D 4. C 5. B",
    "letters after numbers": "Answers\n1B 2A 3D 4C 5B",
    "letters alone": "Answer Key: B A D C B",
    "letters alone below each other": "Answers\nB\nA\nD\nC\nB",
    "ranges": "Answer Key\n1-3: B A D\n4-5: C B",
    "Chinese ranges": "参考答案\n1-3 BAD 4-5 CB",
    "rows with names": "ANSWER KEY\nQ.No.\t1\t2\t3\t4\t5\nAns.\tB\tA\tD\tC\tB",
    "said again": "Answer Key\n1. Answer: B\n2. Answer: A\n3. Answer: D\n4. Answer: C\n5. Answer: B",
    "and explanations": "Answers and Explanations\n1. B\nBecause.\n2. A\nSo.\n3. D\nYes.\n4. C\nNo.\n5. B\nEnd.",
    "of what": "Multiple Choice Answers\n1. B\n2. A\n3. D\n4. C\n5. B",
    "with a title": "Answer Key – History Quiz 2\n1. B\n2. A\n3. D\n4. C\n5. B",
    "French": "Corrigé\nQuestion 1 : B\nQuestion 2 : A\nQuestion 3 : D\nQuestion 4 : C\nQuestion 5 : B",
    "Arabic": "مفتاح الإجابة\n1. B\n2. A\n3. D\n4. C\n5. B",
    "Chinese": "参考答案\n1. B 2. A 3. D 4. C 5. B",
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS.keys())
def test_a_key_at_the_end(key: str) -> None:
    found = drafts(QUESTIONS + key)
    assert [correct_texts(draft) for draft in found] == RIGHT


@pytest.mark.parametrize(
    "line",
    [
        "Answer: B", "ANSWER: B", "Ans. (b)", "Ans: b", "Correct answer: B", "Key: B", "Answer - B", "Answer: two",
        "Correct option: (B)", "Answer: B) two", "答案：B", "Respuesta: B", "[Ans: B]", "The correct answer is: B",
        "Ans B", "Answer (B)", "Answer is B", "Correct: B", "Option B is correct.", "Ans. B. So it is.",
        "Answer: B (two)", "Correct Answer: B. two", "Bonne réponse : B", "Lösung: B",
        "Richtige Antwort: B", "Правильный ответ: Б",
        "الإجابة: B", "Respuesta correcta: b", "Poprawna odpowiedź: B", "Answer:\nB",
    ],
)  # fmt: skip
def test_an_answer_line(line: str) -> None:
    first, second = drafts(f"1. One?\nA. one\nB. two\n{line}\n2. Two?\nA. one\nB. two\n{line}")
    assert shown(first) == ("One?", ["one", "two"], ["two"])
    assert shown(second) == ("Two?", ["one", "two"], ["two"])


def test_remarks_below_the_options() -> None:
    (draft,) = drafts(
        "1. One?\nA. one\nB. two\nAnswer: B\nExplanation: It is so because\nit is so.\nHint: Think.\n"
        "Difficulty: easy\nTopic: Numbers\nMarks: 3"
    )
    assert correct_texts(draft) == ["two"]
    assert draft.explanation == "It is so because it is so."
    assert draft.hints == ("Think.",)
    assert draft.difficulty == -1
    assert draft.category == ("Numbers",)
    assert draft.points == 3


def test_answer_and_explanation_on_one_line() -> None:
    (draft,) = drafts("1. One?\nA. one\nB. two\nAnswer: B Explanation: Because.")
    assert (correct_texts(draft), draft.explanation) == (["two"], "Because.")


@pytest.mark.parametrize(
    "options",
    [
        "A. one\n**B. two**\nC. three",
        "A. one\nB. **two**\nC. three",
        "A. one\n*B. two\nC. three",
        "A. one\nB. two *\nC. three",
        "A. one\n✓ B. two\nC. three",
        "A. one\nB. two (correct)\nC. three",
        "☐ A. one\n☑ B. two\n☐ C. three",
        "☐ one\n☒ two\n☐ three",
        "[ ] one\n[x] two\n[ ] three",
        "A. one **B. two** C. three",
        "A. one\nB. two (Correct Answer)\nC. three",
        "A. one\nB. two <-- correct\nC. three",
        "A. one\nB. two ←\nC. three",
        "A. one\nB. two [x]\nC. three",
        "A. one\n=> B. two\nC. three",
    ],
)
def test_a_marked_option(options: str) -> None:
    found = drafts(f"1. One?\n{options}\n2. Two?\n{options}")
    assert [shown(draft) for draft in found] == [
        ("One?", ["one", "two", "three"], ["two"]),
        ("Two?", ["one", "two", "three"], ["two"]),
    ]


def test_bold_words_of_a_few_questions_are_no_key() -> None:
    found = drafts(QUESTIONS.replace("A. one", "A. **one**", 1))
    assert [correct_texts(draft) for draft in found] == [[]] * 5


def test_several_right_options() -> None:
    first, second, third = drafts(
        "1. One?\nA. one\nB. two\nC. three\nAnswer: A, C\n2. Two?\nA. one\nB. two\nC. three\nAnswer: A and B\n"
        "3. Three?\nA. one\nB. two\nC. three\nAnswer: AC"
    )
    assert [correct_texts(draft) for draft in (first, second)] == [["one", "three"], ["one", "two"]]
    assert correct_texts(third) == ["one", "three"]
    assert first.type is QuestionType.MULTIPLE_RESPONSE


def test_no_key_is_never_invented() -> None:
    found = list(drafts(QUESTIONS))
    assert [correct_texts(draft) for draft in found] == [[]] * 5


@pytest.mark.parametrize("key", ["Answers\n1. E\n2. A", "Answers\n1. maybe\n2. one", "Answer Key\n1.\n2. A"])
def test_a_key_that_names_no_option_is_none(key: str) -> None:
    found = drafts(QUESTIONS + key)
    assert [correct_texts(draft) for draft in found] == [[], ["one"], [], [], []]


def test_a_row_with_a_letter_missing_gives_no_keys() -> None:
    """Nobody can tell which letter is missing, so nobody guesses."""
    found = drafts(QUESTIONS + "ANSWERS\n1\t2\t3\nB\tA\n4\t5\nC\tB")
    assert [correct_texts(draft) for draft in found] == [[], [], [], ["three"], ["two"]]


def test_a_key_that_answers_twice_answers_nothing() -> None:
    found = drafts(QUESTIONS + "Answers\n1. B 2. A 2. C 3. D 4. C 5. B")
    assert [correct_texts(draft) for draft in found] == [["two"], [], ["four"], ["three"], ["two"]]


def test_two_different_answers_are_reported() -> None:
    text = "1. One?\nA. one\nB. two\nAnswer: A\n2. Two?\nA. one\nB. two\nAnswer: A\nAnswer Key\n1. B\n2. A"
    (found,) = problems(text)
    assert (found.code, found.severity) == (ProblemCode.KEY_CONFLICT, Severity.WARNING)
    assert [correct_texts(draft) for draft in drafts(text)] == [["two"], ["one"]]


def test_an_answer_that_is_no_option_is_reported() -> None:
    (found,) = problems("1. One?\nA. one\nB. two\nAnswer: three\n")
    assert (found.code, found.severity) == (ProblemCode.KEY_NOT_OPTION, Severity.WARNING)


def test_numbers_that_begin_anew_have_keys_of_their_own() -> None:
    section = "1. First?\nA. one\nB. two\n2. Second?\nA. one\nB. two\n"
    found = drafts(f"Section A\n{section}Section B\n{section}Answer Key\n1. A 2. B\n1. B 2. A")
    assert [correct_texts(draft) for draft in found] == [["one"], ["two"], ["two"], ["one"]]


@pytest.mark.parametrize("key", ["Answer Key\nB A D C", "Answers\nB\nA", "Answer Key: B A D C B A"])
def test_letters_alone_are_a_key_only_if_there_is_one_for_each_question(key: str) -> None:
    assert [correct_texts(draft) for draft in drafts(QUESTIONS + key)] == [[]] * 5


def test_questions_without_numbers_are_answered_in_their_order() -> None:
    text = "One?\nA. x\nB. y\n\nTwo?\nA. x\nB. y\n\n"
    assert [correct_texts(draft) for draft in drafts(f"{text}Answer Key\n1. B\n2. A")] == [["y"], ["x"]]
    assert [correct_texts(draft) for draft in drafts(f"{text}Answer Key\n1. B\n3. A")] == [[], []]


def test_options_that_are_numbers_are_no_key() -> None:
    text = "1. Two and two?\nA. 3\nB. 4\nC. 5\nD. 6\nE. 7\n2. Three and four?\nA. 6\nB. 7\nC. 8\nD. 9\nE. 10\n"
    assert [shown(draft)[1:] for draft in drafts(text)] == [
        (["3", "4", "5", "6", "7"], []),
        (["6", "7", "8", "9", "10"], []),
    ]


def test_a_letter_does_not_answer_a_question_whose_options_were_not_found() -> None:
    found = drafts("1. One?\n<A> x\n<B> y\nAnswer: B\n2. Two?\n<A> x\n<B> y\nAnswer: A")
    assert [correct_texts(draft) for draft in found] == [[], []]


@pytest.mark.parametrize("blank", ["( {} )", "（{}）"])
def test_letters_in_the_blanks_are_the_key_if_most_questions_have_one(blank: str) -> None:
    listed = "A. east\nB. west\nC. north"
    text = f"1. The sun rises in the {blank.format('A')}.\n{listed}\n2. It sets in the {blank.format('B')}.\n{listed}\n"
    assert [correct_texts(draft) for draft in drafts(text)] == [["east"], ["west"]]
    assert "A" not in drafts(text)[0].stem
    others = f"3. Where?\n{listed}\n4. How?\n{listed}\n"
    assert [correct_texts(draft) for draft in drafts(text + others)] == [[]] * 4


def test_names_in_brackets_are_no_key() -> None:
    listed = "A. Both hold.\nB. Neither holds."
    found = drafts(f"1. Assertion (A) and reason (R)?\n{listed}\n2. Assertion (A) or reason (R)?\n{listed}")
    assert [correct_texts(draft) for draft in found] == [[], []]


def test_a_number_that_two_questions_have_is_no_name() -> None:
    section = "1. First?\nA. one\nB. two\n2. Second?\nA. one\nB. two\n"
    found = drafts(f"Section A\n{section}Section B\n{section}Answer Key\n1. A 2. B")
    assert [correct_texts(draft) for draft in found] == [[]] * 4


def test_answers_of_open_questions() -> None:
    number, words, essay = drafts(
        "1. How many?\n2. Who was it?\n3. Why?\nAnswers\n1. 42\n2. Marie Curie\n"
        "3. Because the light has to travel further through the air when the sun stands low above the horizon."
    )
    assert number.type is QuestionType.NUMERICAL
    assert correct_texts(number) == ["42"]
    assert (words.type, correct_texts(words)) == (QuestionType.SHORT_ANSWER, ["Marie Curie"])
    assert essay.type is QuestionType.ESSAY
    assert "horizon" in essay.explanation


def test_reasons_of_a_key_become_the_explanation() -> None:
    found = drafts(QUESTIONS + KEYS["with reasons"])
    assert [draft.explanation for draft in found] == ["Because.", "So it is.", "see page 3", "", ""]


def test_a_letter_is_no_answer_of_a_question_whose_options_were_not_found() -> None:
    found = drafts("1. One?\n2. Two?\nA. x\nB. y\n3. Three?\nA. x\nB. y\nAnswers\n1. C 2. A 3. B")
    assert [correct_texts(draft) for draft in found] == [[], ["x"], ["y"]]


def test_a_recognised_key_with_letters_run_together() -> None:
    lines = paper(QUESTIONS + "Answer Key\n1.B2.A3.D4. C 5. B", origin=TextOrigin.OCR)
    assert [correct_texts(draft) for draft in drafts(lines)] == RIGHT


def test_a_misread_cell_of_a_recognised_key_is_left_out() -> None:
    lines = paper(QUESTIONS + "ANSWERS\n1\t2\t3\t4\t5\nB\tA\tDB\tC\tB", origin=TextOrigin.OCR)
    assert [correct_texts(draft) for draft in drafts(lines)] == [["two"], ["one"], [], ["three"], ["two"]]


def test_a_misread_number_of_a_recognised_key_is_mended() -> None:
    lines = paper(QUESTIONS + "Answers\n1. B 2. A 8. D 4. C 5. B", origin=TextOrigin.OCR)
    assert [correct_texts(draft) for draft in drafts(lines)] == RIGHT


class _PaperReader:
    name = "paper"
    title = "Paper"
    extensions: tuple[str, ...] = ()

    def sniff(self, _: Sample, /) -> float:
        return 1

    def read(self, _: Source, __: ReadOptions, /) -> Iterator[Event]:
        return iter(events(QUESTIONS))


def test_missing_keys_are_reported_by_the_pipeline() -> None:
    checked = checked_events(_PaperReader(), Source.of_bytes("a", b""))
    found = [event for event in checked if isinstance(event, Problem)]
    assert [event.code for event in found] == [ProblemCode.ANSWER_MISSING] * 5
