"""What makes a draft unusable (errors) or unfinished (warnings), the same for every format."""

from collections.abc import Callable, Iterator, Sequence

from app.domain.enums import QuestionType, Severity
from app.domain.identity import content_hash, stem_hash
from app.domain.markup import gap_ids, referred_files
from app.domain.question_draft import Gap, Location, QuestionDraft
from app.formats.reading import Problem, ProblemCode, problem
from app.utils.html import plain_text
from app.utils.text import excerpt

_LEAST_OPTIONS = 2
# Published sets hold questions with a repeated option; they come in as drafts that cannot be published as they are.
_MILDER = {ProblemCode.DUPLICATE_OPTION: Severity.WARNING}
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_CHOICE_TYPES = frozenset({QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_RESPONSE, QuestionType.TRUE_FALSE})


def draft_problems(draft: QuestionDraft) -> Iterator[Problem]:
    """Problems of one cleaned draft; after an error it is not imported, after warnings it stays a draft."""
    for code, message in _structure(draft):
        severity = _MILDER.get(code, code.severity)
        yield Problem(code, severity, message, draft.location, text=excerpt(plain_text(draft.stem)))
    missing = _referred(draft) - {media.name for media in draft.media}
    for name in sorted(missing):
        yield problem(ProblemCode.MISSING_MEDIA, "A file it refers to is not there.", draft.location, text=name)
    if _REPLACEMENT in draft.stem or any(_REPLACEMENT in option.html for option in draft.options):
        message = "Some characters could not be read. Name the encoding of the file."
        yield problem(ProblemCode.LOST_CHARACTERS, message, draft.location, text=draft.stem)


def _structure(draft: QuestionDraft) -> Iterator[tuple[ProblemCode, str]]:
    if not plain_text(draft.stem) and not referred_files(draft.stem) and draft.hotspot is None:
        yield ProblemCode.EMPTY_STEM, "The question has no text."
    yield from _CHECKS.get(draft.type, _nothing)(draft)


def _nothing(_: QuestionDraft) -> Iterator[tuple[ProblemCode, str]]:
    return iter(())


def _choice(draft: QuestionDraft) -> Iterator[tuple[ProblemCode, str]]:
    texts = [option.html for option in draft.options]
    yield from _options(texts)
    if not any(option.weight > 0 for option in draft.options):
        yield ProblemCode.ANSWER_MISSING, "No option is marked as right."


def _options(texts: Sequence[str]) -> Iterator[tuple[ProblemCode, str]]:
    if len(texts) < _LEAST_OPTIONS:
        yield ProblemCode.FEW_OPTIONS, f"At least {_LEAST_OPTIONS} options are needed, there are {len(texts)}."
    if len({" ".join(text.split()) for text in texts}) < len(texts):
        yield ProblemCode.DUPLICATE_OPTION, "Two options are the same."


def _answers(draft: QuestionDraft) -> Iterator[tuple[ProblemCode, str]]:
    if not any(answer.weight > 0 for answer in draft.answers):
        yield ProblemCode.ANSWER_MISSING, "No accepted answer is given."


def _numerical(draft: QuestionDraft) -> Iterator[tuple[ProblemCode, str]]:
    if draft.numeric is None or not any(answer.weight > 0 for answer in draft.numeric.answers):
        yield ProblemCode.ANSWER_MISSING, "No accepted number is given."


def _matching(draft: QuestionDraft) -> Iterator[tuple[ProblemCode, str]]:
    rights = {pair.right for pair in draft.pairs} | set(draft.distractors)
    if not draft.pairs or len(rights) < _LEAST_OPTIONS:
        yield ProblemCode.FEW_OPTIONS, "Matching needs a pair and at least two different right sides."
    lefts = [pair.left for pair in draft.pairs]
    if len(set(lefts)) < len(lefts):
        yield ProblemCode.DUPLICATE_OPTION, "Two left sides are the same."


def _ordering(draft: QuestionDraft) -> Iterator[tuple[ProblemCode, str]]:
    yield from _options([item.html for item in draft.order])


def _cloze(draft: QuestionDraft) -> Iterator[tuple[ProblemCode, str]]:
    if not draft.gaps or {gap.id for gap in draft.gaps} != set(gap_ids(draft.stem)):
        yield ProblemCode.SYNTAX, "The blanks of the text and the list of blanks differ."
    if not all(_has_key(gap) for gap in draft.gaps):
        yield ProblemCode.ANSWER_MISSING, "A blank has no answer."


def _has_key(gap: Gap) -> bool:
    weights = [accepted.weight for accepted in gap.answers] + [option.weight for option in gap.options]
    weights += [number.weight for number in gap.numeric.answers] if gap.numeric else []
    return any(weight > 0 for weight in weights)


def _hotspot(draft: QuestionDraft) -> Iterator[tuple[ProblemCode, str]]:
    if draft.hotspot is None or not any(shape.correct for shape in draft.hotspot.shapes):
        yield ProblemCode.ANSWER_MISSING, "No area of the image is marked as right."


def _flashcard(draft: QuestionDraft) -> Iterator[tuple[ProblemCode, str]]:
    if not draft.answers and not draft.explanation:
        yield ProblemCode.ANSWER_MISSING, "The card has no back."


def _parametric(draft: QuestionDraft) -> Iterator[tuple[ProblemCode, str]]:
    if draft.parametric is None:
        yield ProblemCode.ANSWER_MISSING, "No expression is given."


_CHECKS: dict[QuestionType, Callable[[QuestionDraft], Iterator[tuple[ProblemCode, str]]]] = {
    **dict.fromkeys(_CHOICE_TYPES, _choice),
    QuestionType.SHORT_ANSWER: _answers,
    QuestionType.NUMERICAL: _numerical,
    QuestionType.MATCHING: _matching,
    QuestionType.ORDERING: _ordering,
    QuestionType.CLOZE: _cloze,
    QuestionType.HOTSPOT: _hotspot,
    QuestionType.FLASHCARD: _flashcard,
    QuestionType.PARAMETRIC: _parametric,
}


def _referred(draft: QuestionDraft) -> set[str]:
    htmls = [draft.stem, draft.explanation, *(option.html for option in draft.options), *draft.hints]
    htmls += [side for pair in draft.pairs for side in (pair.left, pair.right)]
    htmls += [item.html for item in draft.order]
    names = {name for html in htmls for name in referred_files(html)}
    return names | {draft.hotspot.image} if draft.hotspot else names


class Repetitions:
    """What earlier drafts of the same file a draft repeats or contradicts."""

    def __init__(self) -> None:
        # 100,000 questions of one file must stay small: half a digest and a short text for each.
        self._contents: dict[bytes, str] = {}
        self._stems: dict[bytes, str] = {}

    def problems(self, draft: QuestionDraft) -> Iterator[Problem]:
        content, stem = (bytes.fromhex(digest)[:16] for digest in (content_hash(draft), stem_hash(draft)))
        if (earlier := self._contents.get(content)) is not None:
            yield self._problem(ProblemCode.DUPLICATE_ROW, f"The same question as {earlier}.", draft)
        elif (earlier := self._stems.get(stem)) is not None:
            yield self._problem(ProblemCode.KEY_CONFLICT, f"The same question as {earlier} with another answer.", draft)
        place = describe(draft.location)
        self._contents.setdefault(content, place)
        self._stems.setdefault(stem, place)

    @staticmethod
    def _problem(code: ProblemCode, message: str, draft: QuestionDraft) -> Problem:
        return problem(code, message, draft.location, text=plain_text(draft.stem))


def describe(location: Location) -> str:
    """``line 12, row 10``: where something is, for a message."""
    places = {"member": location.member, "page": location.page, "line": location.line, "row": location.row}
    return ", ".join(f"{name} {value}" for name, value in places.items() if value is not None) or "an earlier one"
