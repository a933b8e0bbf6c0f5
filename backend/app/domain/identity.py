"""Hashes by which an import recognises a question again, whatever ids and file it came with."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias
from unicodedata import normalize

from app.domain.enums import QuestionType
from app.domain.markup import gap_ids, replace_gaps, visible_text
from app.domain.question_draft import (
    Answer,
    Gap,
    Hotspot,
    MatchKind,
    Numeric,
    Option,
    Parametric,
    QuestionDraft,
    Unit,
)

Canonical: TypeAlias = "str | float | Sequence[Canonical] | None"

_WEIGHT_DIGITS = 4  # sources write a third as 33.33333 %, 0.3333 or 1/3
_DETAIL_MEMBERS = {
    "title", "explanation", "feedback", "hints", "points", "penalty", "skills", "tags", "category", "language",
    "difficulty", "shuffle",
}  # fmt: skip


class Hashes(NamedTuple):
    """`content` is what two equal questions share, `stem` what is asked without the key."""

    content: str
    stem: str


def hashes_of(draft: QuestionDraft) -> Hashes:
    return Hashes(content_hash(draft), stem_hash(draft))


def content_hash(draft: QuestionDraft) -> str:
    """SHA-256 of what is asked and of the key; the order of options, ids and bookkeeping do not matter.

    The stem is compared without regard to case and compatibility forms. Options are not: "mm" and "MM" differ.
    """
    files = file_hashes(draft)
    return _digest(
        [
            draft.type.value,
            *_question_form(draft, files),
            _option_forms(draft.options, files),
            _answer_forms(draft.answers),
            _numeric_form(draft.numeric),
            sorted((_form(pair.left, files), _form(pair.right, files)) for pair in draft.pairs),
            sorted(_form(html, files) for html in draft.distractors),
            [_form(item.html, files) for item in draft.order],
            draft.partial_order and bool(draft.order),
            [_gap_form(gap, files) for gap in _gaps_as_read(draft)],
            _hotspot_form(draft.hotspot, files),
            _parametric_form(draft.parametric),
            [(criterion.text, criterion.points) for criterion in draft.rubric],
            _form(draft.explanation, files) if draft.type is QuestionType.FLASHCARD else None,
        ]
    )


def stem_hash(draft: QuestionDraft) -> str:
    """SHA-256 of what is asked without the key: two questions that share it and differ in content conflict."""
    files = file_hashes(draft)
    shown = [option.html for option in draft.options]
    shown += [side for pair in draft.pairs for side in (pair.left, pair.right)]
    shown += [*draft.distractors, *(item.html for item in draft.order)]
    shown += [option.html for gap in draft.gaps for option in gap.options]
    return _digest([*_question_form(draft, files), sorted(_form(html, files) for html in shown)])


def details_hash(draft: QuestionDraft) -> str:
    """SHA-256 of what `content_hash` leaves out and an author still cares for: explanation, feedback, tags, points."""
    members: dict[str, object] = draft.model_dump(mode="json", include=_DETAIL_MEMBERS)
    members["option_feedback"] = sorted((option.html, option.feedback) for option in draft.options)
    members["answer_feedback"] = sorted((answer.value, answer.feedback) for answer in draft.answers)
    members["pair_feedback"] = sorted((pair.left, pair.feedback) for pair in draft.pairs)
    return hashlib.sha256(json.dumps(members, sort_keys=True).encode()).hexdigest()


def _digest(parts: Canonical) -> str:
    # ASCII escapes keep lone surrogates, which a broken source may hold, from stopping the encoder.
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode("ascii")).hexdigest()


def file_hashes(draft: QuestionDraft) -> dict[str, str]:
    return {media.name: media.sha256 or media.name for media in draft.media}


def _question_form(draft: QuestionDraft, files: Mapping[str, str]) -> list[Canonical]:
    stem = replace_gaps(draft.stem, lambda _: "[[]]") if draft.gaps else draft.stem
    passage = _folded(draft.passage.html, files) if draft.passage else None
    return [_folded(stem, files), passage, sorted(files.values())]


def _folded(html: str, files: Mapping[str, str]) -> str:
    text = visible_text(html, files)
    if text.isascii():
        return text.lower()
    return " ".join(normalize("NFKC", text).casefold().split())


def _form(html: str, files: Mapping[str, str]) -> str:
    text = visible_text(html, files)
    return text if text.isascii() else normalize("NFC", text)


def _weight(weight: float) -> float:
    return round(weight, _WEIGHT_DIGITS) + 0.0  # adding zero turns -0.0 into 0.0


def _option_forms(options: Iterable[Option], files: Mapping[str, str]) -> list[Canonical]:
    return [*sorted((_form(option.html, files), _weight(option.weight)) for option in options)]


def _answer_forms(answers: Iterable[Answer]) -> list[Canonical]:
    return [
        *sorted(
            (
                _answer_text(answer),
                answer.match.value,
                answer.case_sensitive,
                answer.typo_tolerance,
                _weight(answer.weight),
            )
            for answer in answers
        )
    ]


def _answer_text(answer: Answer) -> str:
    if answer.match is MatchKind.PATTERN:
        return answer.value
    text = " ".join(normalize("NFKC", answer.value).split())
    return text if answer.case_sensitive else text.casefold()


def _numeric_form(numeric: Numeric | None) -> Canonical:
    if numeric is None:
        return None
    answers = [
        (answer.value, answer.kind.value, answer.tolerance, answer.low, answer.high, _weight(answer.weight))
        for answer in numeric.answers
    ]
    return [sorted(answers, key=repr), _unit_forms(numeric.units), numeric.unit_required]


def _unit_forms(units: Iterable[Unit]) -> list[Canonical]:
    return [*sorted((unit.name, unit.multiplier) for unit in units)]


def _gaps_as_read(draft: QuestionDraft) -> list[Gap]:
    reading_order = gap_ids(draft.stem)
    place = {gap_id: index for index, gap_id in reversed([*enumerate(reading_order)])}
    return sorted(draft.gaps, key=lambda gap: place.get(gap.id, len(place)))


def _gap_form(gap: Gap, files: Mapping[str, str]) -> list[Canonical]:
    return [
        gap.kind,
        _weight(gap.weight),
        _answer_forms(gap.answers),
        _numeric_form(gap.numeric),
        _option_forms(gap.options, files),
    ]


def _hotspot_form(hotspot: Hotspot | None, files: Mapping[str, str]) -> Canonical:
    if hotspot is None:
        return None
    shapes = [(shape.kind, shape.coords, shape.correct) for shape in hotspot.shapes]
    return [files.get(hotspot.image, hotspot.image), hotspot.max_points, shapes]


def _parametric_form(parametric: Parametric | None) -> Canonical:
    if parametric is None:
        return None
    variables = [(each.name, each.values, each.low, each.high, each.step) for each in parametric.variables]
    tolerance = (parametric.kind.value, parametric.tolerance)
    return [sorted(variables), "".join(parametric.expression.split()), tolerance, _unit_forms(parametric.units)]
