"""Questions as rows of our own table, in whatever kind of file the table is."""

import sys
from collections.abc import Iterable, Iterator
from string import ascii_lowercase

from app.domain.enums import QuestionType
from app.domain.numbers import format_number
from app.domain.question_draft import Answer, Numeric, NumericAnswer, QuestionDraft
from app.formats.answer_keys import KeyStyle
from app.formats.cells import guarded, join_list, join_path
from app.formats.columns import TEMPLATE_FIELDS, Column, layout_of_header
from app.formats.drafts import weighted_options
from app.formats.losses import losses_of
from app.formats.numbers import text_of_answer
from app.formats.reading import Loss
from app.formats.table_rows import Row, RowReader
from app.utils.html import text_of

_WRITTEN_TYPES = frozenset(
    {
        QuestionType.SINGLE_CHOICE,
        QuestionType.MULTIPLE_RESPONSE,
        QuestionType.TRUE_FALSE,
        QuestionType.SHORT_ANSWER,
        QuestionType.NUMERICAL,
        QuestionType.ESSAY,
        QuestionType.FLASHCARD,
        QuestionType.DESCRIPTION,
    }
)
_TEMPLATE_OPTIONS = 6
_EXAMPLES = (
    QuestionDraft(
        type=QuestionType.SINGLE_CHOICE,
        stem="What is the capital of Peru?",
        options=weighted_options(["Quito", "Lima", "La Paz", "Santiago"], {1}),
        explanation="Lima lies on the Pacific coast.",
        skills=("geography",),
        tags=("capitals", "america"),
    ),
    QuestionDraft(
        type=QuestionType.MULTIPLE_RESPONSE,
        stem="Which numbers are prime?",
        options=weighted_options(["2", "4", "7", "9"], {0, 2}),
        points=2,
    ),
    QuestionDraft(
        type=QuestionType.TRUE_FALSE,
        stem="Water boils at a lower temperature on a high mountain.",
        options=weighted_options(["True", "False"], {0}),
    ),
    QuestionDraft(
        type=QuestionType.SHORT_ANSWER, stem="What is the chemical symbol of iron?", answers=(Answer(value="Fe"),)
    ),
    QuestionDraft(
        type=QuestionType.NUMERICAL,
        stem=r"What is \(\pi\) to two decimal places?",
        numeric=Numeric(answers=(NumericAnswer(value=3.14, tolerance=0.005),)),
    ),
    QuestionDraft(type=QuestionType.ESSAY, stem="Describe the water cycle in your own words."),
)


def table_rows(
    drafts: Iterable[QuestionDraft], losses: list[Loss], longest_cell: int = sys.maxsize
) -> Iterator[list[str]]:
    """The header, then a row for each question that a table can hold; ``losses`` grows as rows are taken.

    Options have the last columns, so a row is only as long as it needs to be.
    """
    yield _header(len(ascii_lowercase))
    for position, draft in enumerate(drafts, start=1):
        if draft.type not in _WRITTEN_TYPES:
            losses.append(Loss(position, "type", f"A table cannot hold a question of type {draft.type}."))
            continue
        cells = _cells(draft)
        if max(map(len, cells)) >= longest_cell:
            losses.append(Loss(position, "question", f"A cell holds fewer than {longest_cell} characters."))
            continue
        losses += losses_of(position, draft, _READ_BACK.read(Row(position, cells)))
        yield [guarded(cell) for cell in cells]


def template_rows() -> Iterator[list[str]]:
    """What authors download, fill in and upload: the header and one example of each type."""
    yield _header(_TEMPLATE_OPTIONS)
    for draft in _EXAMPLES:
        yield [guarded(cell) for cell in _cells(draft)]


def _header(options: int) -> list[str]:
    return [*TEMPLATE_FIELDS, *(f"option_{letter}" for letter in ascii_lowercase[:options])]


# The losses of a row are what its own reader does not find in it again.
_READ_BACK = RowReader(layout_of_header(_header(len(ascii_lowercase)), {}), KeyStyle.LETTER, file="")


def _cells(draft: QuestionDraft) -> list[str]:
    is_card = draft.type is QuestionType.FLASHCARD
    values = {
        Column.ID: draft.external_id or "",
        Column.TYPE: draft.type.value,
        Column.TITLE: draft.title,
        Column.CATEGORY: join_path(draft.category),
        Column.TAGS: join_list(draft.tags, weak=","),
        Column.SKILLS: join_list(draft.skills, weak=","),
        Column.POINTS: format_number(draft.points),
        Column.DIFFICULTY: "" if draft.difficulty is None else format_number(draft.difficulty),
        Column.LANGUAGE: draft.language,
        Column.SHUFFLE: "" if draft.shuffle else "no",
        Column.EXPLANATION: "" if is_card else text_of(draft.explanation),
        Column.QUESTION: text_of(draft.stem),
        Column.ANSWER: text_of(draft.explanation) if is_card else _answer_cell(draft),
    }
    return [
        *(values.get(column, "") for column in TEMPLATE_FIELDS),
        *(text_of(option.html) for option in draft.options),
    ]


def _answer_cell(draft: QuestionDraft) -> str:
    if draft.options:
        letters = zip(ascii_lowercase, draft.options, strict=False)
        return join_list(letter.upper() for letter, option in letters if option.weight > 0)
    if draft.numeric is not None:
        answers = draft.numeric.answers
        return join_list(text_of_answer(answer) or format_number(answer.value) for answer in answers)
    return join_list(answer.value for answer in draft.answers)
