"""Builders that keep the demo questions short to write and uniform in shape."""

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.enums import QuestionStatus, QuestionType
from app.domain.question_draft import (
    Answer,
    Criterion,
    Gap,
    Hotspot,
    MatchKind,
    MediaRef,
    Numeric,
    NumericAnswer,
    Option,
    OrderItem,
    Pair,
    Parametric,
    Passage,
    QuestionDraft,
    Shape,
    ToleranceKind,
    Unit,
    Variable,
)

from .figures import FIGURES
from .images import Point
from .skills import SUBJECT_TITLE, DemoSkill

_SLIP_TOLERANCE = 0.005  # two decimals of a slip that does not come out even
_IMAGE_NAME = re.compile(r'<img src="([^"]+)"')


@dataclass(frozen=True)
class About:
    """What every question says about itself; ``difficulty`` is the authors' estimate in logits."""

    difficulty: float
    why: str
    hints: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    passage: Passage | None = None


@dataclass(frozen=True)
class Number:
    """A numeric key; ``slips`` maps a wrong value that a typical mistake gives to its feedback."""

    value: float
    tolerance: float = 0.0
    kind: ToleranceKind = ToleranceKind.ABSOLUTE
    units: tuple[Unit, ...] = ()
    slips: Mapping[float, str] = field(default_factory=dict)


def _draft(kind: QuestionType, slug: str, stem: str, about: About, **parts: object) -> QuestionDraft:
    return QuestionDraft.model_validate(
        {
            "type": kind,
            "external_id": slug,
            "stem": stem,
            "explanation": about.why,
            "hints": about.hints,
            "tags": about.tags,
            "skills": about.also,
            "passage": about.passage,
            "difficulty": about.difficulty,
            "status": QuestionStatus.PUBLISHED,
            "language": "en",
            **parts,
        }
    )


def _spread(slug: str, weighted: Sequence[tuple[str, float, str]]) -> tuple[Option, ...]:
    """Rotate the options by the slug, so that the right one does not always stand first."""
    start = zlib.crc32(slug.encode()) % len(weighted)
    rotated = [*weighted[start:], *weighted[:start]]
    return tuple(
        Option(id=f"o{position}", html=html, weight=weight, feedback=feedback)
        for position, (html, weight, feedback) in enumerate(rotated, start=1)
    )


def single(slug: str, stem: str, right: str, wrong: Mapping[str, str], about: About) -> QuestionDraft:
    """Single choice; ``wrong`` maps each distractor to the feedback on the thinking behind it."""
    weighted = [(right, 1.0, ""), *((html, 0.0, feedback) for html, feedback in wrong.items())]
    return _draft(QuestionType.SINGLE_CHOICE, slug, stem, about, options=_spread(slug, weighted))


def multiple(slug: str, stem: str, right: Sequence[str], wrong: Mapping[str, str], about: About) -> QuestionDraft:
    share = 1 / len(right)
    weighted = [*((html, share, "") for html in right), *((html, -share, feedback) for html, feedback in wrong.items())]
    return _draft(QuestionType.MULTIPLE_RESPONSE, slug, stem, about, options=_spread(slug, weighted))


def true_false(slug: str, statement: str, about: About, *, truth: bool) -> QuestionDraft:
    options = (
        Option(id="true", html="True", weight=float(truth)),
        Option(id="false", html="False", weight=float(not truth)),
    )
    return _draft(QuestionType.TRUE_FALSE, slug, statement, about, options=options, shuffle=False)


def short(slug: str, stem: str, accepted: Iterable[str], about: About) -> QuestionDraft:
    """Short answer; an accepted text with an asterisk is a wildcard."""
    answers = tuple(_accepted(text) for text in accepted)
    return _draft(QuestionType.SHORT_ANSWER, slug, stem, about, answers=answers)


def _accepted(text: str) -> Answer:
    return Answer(value=text, match=MatchKind.WILDCARD if "*" in text else MatchKind.EXACT)


def numerical(slug: str, stem: str, key: Number, about: About) -> QuestionDraft:
    return _draft(QuestionType.NUMERICAL, slug, stem, about, numeric=_numeric(key))


def _numeric(key: Number) -> Numeric:
    right = NumericAnswer(value=key.value, kind=key.kind, tolerance=key.tolerance)
    slips = (
        NumericAnswer(value=value, tolerance=_SLIP_TOLERANCE, weight=0.0, feedback=text)
        for value, text in key.slips.items()
    )
    return Numeric(answers=(right, *slips), units=key.units)


def matching(
    slug: str, stem: str, pairs: Mapping[str, str], about: About, distractors: tuple[str, ...] = ()
) -> QuestionDraft:
    numbered = tuple(
        Pair(id=f"p{number}", left=left, right=right) for number, (left, right) in enumerate(pairs.items(), start=1)
    )
    return _draft(QuestionType.MATCHING, slug, stem, about, pairs=numbered, distractors=distractors)


def ordering(slug: str, stem: str, items: Sequence[str], about: About) -> QuestionDraft:
    """Ordering; ``items`` stand in the right order. Every pair in the right order earns its share."""
    numbered = tuple(OrderItem(id=f"i{number}", html=html) for number, html in enumerate(items, start=1))
    return _draft(QuestionType.ORDERING, slug, stem, about, order=numbered, partial_order=True)


def cloze(slug: str, stem: str, gaps: Sequence[Gap], about: About) -> QuestionDraft:
    return _draft(QuestionType.CLOZE, slug, stem, about, gaps=tuple(gaps))


def number_gap(gap_id: str, value: float, tolerance: float = 0.0) -> Gap:
    return Gap(id=gap_id, kind="numeric", numeric=_numeric(Number(value, tolerance)))


def text_gap(gap_id: str, *accepted: str) -> Gap:
    return Gap(id=gap_id, kind="text", answers=tuple(_accepted(text) for text in accepted))


def choice_gap(gap_id: str, right: str, *wrong: str) -> Gap:
    weighted = [(right, 1.0, ""), *((html, 0.0, "") for html in wrong)]
    return Gap(id=gap_id, kind="choice", options=_spread(gap_id + right, weighted))


def hotspot(slug: str, stem: str, area: Hotspot, about: About) -> QuestionDraft:
    return _draft(QuestionType.HOTSPOT, slug, stem, about, hotspot=area)


def rectangle(label: str, upper_left: Point, lower_right: Point) -> Shape:
    (left, top), (right, base) = upper_left, lower_right
    return Shape(id="target", kind="rect", coords=(left, top, right - left, base - top), label=label)


def disc(label: str, center: Point, radius: float, shape_id: str = "target") -> Shape:
    return Shape(id=shape_id, kind="circle", coords=(*center, radius), label=label)


def parametric(slug: str, stem: str, formula: Parametric, about: About) -> QuestionDraft:
    return _draft(QuestionType.PARAMETRIC, slug, stem, about, parametric=formula)


def grid(name: str, low: float, high: float, step: float = 1.0) -> Variable:
    return Variable(name=name, low=low, high=high, step=step)


def one_of(name: str, *values: float) -> Variable:
    return Variable(name=name, values=values)


def flashcard(slug: str, front: str, back: str, about: About) -> QuestionDraft:
    return _draft(QuestionType.FLASHCARD, slug, front, about, answers=(Answer(value=back),))


def essay(slug: str, stem: str, criteria: Mapping[str, float], about: About) -> QuestionDraft:
    """Essay; ``criteria`` maps each expectation to its points."""
    rubric = tuple(
        Criterion(id=f"c{number}", text=text, points=points)
        for number, (text, points) in enumerate(criteria.items(), start=1)
    )
    return _draft(QuestionType.ESSAY, slug, stem, about, rubric=rubric, points=sum(criteria.values()))


def description(slug: str, stem: str, about: About) -> QuestionDraft:
    return _draft(QuestionType.DESCRIPTION, slug, stem, about, points=0.0)


def value_table(rows: Mapping[str, Sequence[int]]) -> str:
    """An HTML table with one row for each quantity."""
    cells = (
        f"<tr><th>{name}</th>{''.join(f'<td>{value}</td>' for value in values)}</tr>" for name, values in rows.items()
    )
    return f"<table><tbody>{''.join(cells)}</tbody></table>"


def in_skill(skill: DemoSkill, drafts: Iterable[QuestionDraft]) -> list[QuestionDraft]:
    """Give each draft its stable identifier, first skill, category and media."""
    return [
        QuestionDraft.model_validate(
            draft.model_dump()
            | {
                "external_id": f"demo-{skill.code}-{draft.external_id}",
                "skills": (skill.code, *draft.skills),
                "category": (SUBJECT_TITLE, skill.name),
                "media": _media_of(draft),
            }
        )
        for draft in drafts
    ]


def _media_of(draft: QuestionDraft) -> tuple[MediaRef, ...]:
    names = _IMAGE_NAME.findall(draft.stem + (draft.passage.html if draft.passage else ""))
    if draft.hotspot:
        names.append(draft.hotspot.image)
    return tuple(MediaRef(name=name, alt=FIGURES[name].alt, mime="image/png") for name in dict.fromkeys(names))
