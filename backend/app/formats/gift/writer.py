"""Questions as GIFT."""

from collections.abc import Iterable, Iterator
from math import floor, log10
from typing import BinaryIO

from app.domain.enums import QuestionType
from app.domain.numbers import format_number
from app.domain.question_draft import NumericAnswer, Option, QuestionDraft, ToleranceKind
from app.formats.cells import join_path
from app.formats.gift.blocks import blocks
from app.formats.gift.markup import DEFAULT_FORMAT, escaped, needs_html
from app.formats.gift.reader import draft_of
from app.formats.losses import losses_of
from app.formats.numbers import text_of_answer
from app.formats.reading import Loss, WriteOptions

_WRITTEN_TYPES = frozenset(
    {
        QuestionType.SINGLE_CHOICE,
        QuestionType.MULTIPLE_RESPONSE,
        QuestionType.TRUE_FALSE,
        QuestionType.SHORT_ANSWER,
        QuestionType.NUMERICAL,
        QuestionType.MATCHING,
        QuestionType.ESSAY,
        QuestionType.DESCRIPTION,
    }
)
_PERCENT_DIGITS = 5


class GiftWriter:
    name = "gift"
    title = "Moodle GIFT"
    extension = ".gift"
    mime = "text/plain"

    def write(self, drafts: Iterable[QuestionDraft], out: BinaryIO, _options: WriteOptions) -> list[Loss]:
        losses: list[Loss] = []
        category: tuple[str, ...] = ()
        for position, draft in enumerate(drafts, start=1):
            if draft.type not in _WRITTEN_TYPES:
                losses.append(Loss(position, "type", f"GIFT cannot hold a question of type {draft.type}."))
                continue
            text = _question_text(draft)
            category_line = _category_line(draft.category)
            read_back = [draft_of(block, "") for block in blocks(f"{category_line}\n{text}".split("\n"))]
            losses += losses_of(position, draft, read_back[0] if len(read_back) == 1 else None)
            if draft.category != category:
                category = draft.category
                out.write(f"{category_line}\n\n".encode())
            out.write(f"{text}\n\n".encode())
        return losses


def _category_line(category: tuple[str, ...]) -> str:
    names = (" ".join(part.split()) for part in category)
    return f"$CATEGORY: {join_path(('$course$', *names))}"


def _question_text(draft: QuestionDraft) -> str:
    text_format = "html" if any(needs_html(html) for html in _htmls(draft)) else DEFAULT_FORMAT
    is_described = draft.type is QuestionType.DESCRIPTION
    answers = "" if is_described else "{" + "".join(_answer_lines(draft, text_format)) + "}"
    mark = "[html]" if text_format == "html" else ""
    title = escaped(" ".join(draft.title.split()), DEFAULT_FORMAT)
    return f"{_comment(draft)}::{title}::{mark}{escaped(draft.stem, text_format)}{answers}"


def _htmls(draft: QuestionDraft) -> Iterator[str]:
    yield from (draft.stem, draft.explanation, *draft.feedback.values(), *draft.distractors)
    for option in draft.options:
        yield from (option.html, option.feedback)
    for answer in draft.answers:
        yield answer.feedback
    for number in draft.numeric.answers if draft.numeric else ():
        yield number.feedback
    for pair in draft.pairs:
        yield from (pair.left, pair.right, pair.feedback)


def _comment(draft: QuestionDraft) -> str:
    marks = [f"[id:{_bracketed(draft.external_id)}]"] if draft.external_id else []
    marks += [f"[tag:{_bracketed(tag)}]" for tag in draft.tags]
    return f"// {' '.join(marks)}\n" if marks else ""


def _bracketed(text: str) -> str:
    return " ".join(text.split()).replace("]", "\\]")


def _answer_lines(draft: QuestionDraft, text_format: str) -> Iterator[str]:
    match draft.type:
        case QuestionType.TRUE_FALSE:
            yield _truth(draft.options, text_format)
        case QuestionType.SINGLE_CHOICE | QuestionType.MULTIPLE_RESPONSE:
            is_single = draft.type is QuestionType.SINGLE_CHOICE
            yield from (_option(option, text_format, is_single=is_single) for option in draft.options)
        case QuestionType.MATCHING:
            yield from _pair_lines(draft, text_format)
        case QuestionType.NUMERICAL:
            yield from _number_lines(draft, text_format)
        case _:
            for answer in draft.answers:
                weight = _percent(answer.weight)
                yield f"\n\t={weight}{escaped(answer.value, text_format)}{_feedback(answer.feedback, text_format)}"
    if draft.explanation:
        yield f"\n\t####{escaped(draft.explanation, text_format)}"
    if draft.type is not QuestionType.TRUE_FALSE and (draft.options or draft.answers or draft.pairs or draft.numeric):
        yield "\n"


def _truth(options: tuple[Option, ...], text_format: str) -> str:
    right = max(options, key=lambda option: option.weight, default=None)
    if right is None:
        return ""
    wrong = next((option for option in options if option is not right), right)
    name = "TRUE" if right.html.casefold() == "true" else "FALSE"
    feedback = f"#{escaped(wrong.feedback, text_format)}" if wrong.feedback or right.feedback else ""
    return name + feedback + _feedback(right.feedback, text_format)


def _option(option: Option, text_format: str, *, is_single: bool) -> str:
    mark = "=" if is_single and option.weight == 1 else "~"
    has_plain_weight = option.weight == (1 if mark == "=" else 0) and not option.html.startswith("%")
    weight = "" if has_plain_weight else _percent(option.weight)
    return f"\n\t{mark}{weight}{escaped(option.html, text_format)}{_feedback(option.feedback, text_format)}"


def _percent(weight: float) -> str:
    return f"%{format_number(round(weight * 100, _PERCENT_DIGITS))}%"


def _feedback(html: str, text_format: str) -> str:
    return f"#{escaped(html, text_format)}" if html else ""


def _pair_lines(draft: QuestionDraft, text_format: str) -> Iterator[str]:
    for pair in draft.pairs:
        sides = f"{escaped(pair.left, text_format)} -> {escaped(pair.right, text_format)}"
        yield f"\n\t={sides}{_feedback(pair.feedback, text_format)}"
    for html in draft.distractors:
        yield f"\n\t= -> {escaped(html, text_format)}"


def _number_lines(draft: QuestionDraft, text_format: str) -> Iterator[str]:
    yield "#"
    for answer in draft.numeric.answers if draft.numeric else ():
        weight = "" if answer.weight == 1 else _percent(answer.weight)
        yield f"\n\t={weight}{_number(answer)}{_feedback(answer.feedback, text_format)}"
    if draft.feedback.get("incorrect"):
        yield f"\n\t~#{escaped(draft.feedback['incorrect'], text_format)}"


def _number(answer: NumericAnswer) -> str:
    """The number with an absolute tolerance or as a range; GIFT has no other kinds."""
    if answer.kind in {ToleranceKind.ABSOLUTE, ToleranceKind.RANGE}:
        return text_of_answer(answer) or ""
    width = abs(answer.value) * answer.tolerance
    if answer.kind is ToleranceKind.SIGNIFICANT:
        magnitude = floor(log10(abs(answer.value))) if answer.value else 0
        width = 0.5 * 10.0 ** (magnitude - answer.tolerance + 1)
    return f"{format_number(answer.value)}:{format_number(width)}"
