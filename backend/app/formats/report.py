"""The report of one file: plain data for people, files and the dry-run table."""

from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from app.domain.enums import QuestionType
from app.domain.question_draft import Answer, Gap, Location, Numeric, NumericAnswer, Option, QuestionDraft, Shape
from app.formats.reading import Event, MediaFile, Problem, Progress, Unsupported
from app.utils.html import plain_text

Entry = dict[str, JsonValue]

OUTCOMES = ("new", "changed", "identical", "near_duplicate", "error")


def file_report(name: str, format_name: str, events: Iterable[Event], outcome: Mapping[str, int]) -> Entry:
    """Entry of one file. ``outcome`` counts what the import did, or would do, by the names of `OUTCOMES`."""
    questions: list[JsonValue] = []
    unsupported: list[JsonValue] = []
    errors: list[JsonValue] = []
    for event in events:
        match event:
            case QuestionDraft():
                questions.append(question_entry(len(questions) + 1, event))
            case Problem():
                errors.append(problem_entry(event))
            case Unsupported(kind, location, text):
                unsupported.append({"kind": kind, "location": _location(location), "text": text})
            case MediaFile() | Progress():
                pass
    return {
        "file": name,
        "format": format_name,
        "count": len(questions),
        "questions": questions,
        "unsupported": unsupported,
        "errors": errors,
        "outcome": {key: outcome.get(key, 0) for key in OUTCOMES},
    }


def problem_entry(found: Problem) -> Entry:
    return {
        **_location(found.location),
        **({"column": found.column} if found.column else {}),
        "code": found.code.value,
        "severity": found.severity.value,
        "message": found.message,
        "text": found.text,
    }


def question_entry(number: int, draft: QuestionDraft) -> Entry:
    return {
        "n": number,
        "type": draft.type.value,
        "title": draft.title,
        "external_id": draft.external_id,
        "stem": plain_text(draft.stem),
        "options": [plain_text(option.html) for option in draft.options] or [shape.label for shape in _shapes(draft)],
        "correct": [*correct_texts(draft)],
        "pairs": [[plain_text(pair.left), plain_text(pair.right)] for pair in draft.pairs],
        "distractors": [plain_text(html) for html in draft.distractors],
        "order": [plain_text(item.html) for item in draft.order],
        "numeric": _numeric(draft.numeric),
        "feedback": [*_feedback(draft)],
        "tags": [*draft.tags],
        "points": draft.points,
        "media": [media.name for media in draft.media],
        "status": draft.status.value,
        "location": _location(draft.location),
    }


def correct_texts(draft: QuestionDraft) -> list[str]:
    """Texts of the right options, answers, pairs, ordered items or areas; empty when there is no key."""
    if draft.type is QuestionType.FLASHCARD and not draft.answers:
        return [plain_text(draft.explanation)] if draft.explanation else []
    if draft.options:
        return _right_options(draft.options, several=draft.type is QuestionType.MULTIPLE_RESPONSE)
    if draft.answers or draft.numeric is not None:
        return _best_answers(draft.answers, draft.numeric)
    if draft.gaps:
        return [text for gap in draft.gaps for text in _gap_texts(gap)]
    pairs = [f"{plain_text(pair.left)} -> {plain_text(pair.right)}" for pair in draft.pairs]
    items = [plain_text(item.html) for item in draft.order]
    return pairs or items or [shape.label for shape in _shapes(draft) if shape.correct]


def _shapes(draft: QuestionDraft) -> Iterable[Shape]:
    return draft.hotspot.shapes if draft.hotspot else ()


def _right_options(options: Iterable[Option], *, several: bool) -> list[str]:
    right = [option for option in options if option.weight > 0]
    best = max((option.weight for option in right), default=0.0)
    return [plain_text(option.html) for option in right if several or option.weight == best]


def _best_answers(answers: Iterable[Answer], numeric: Numeric | None) -> list[str]:
    """Those that earn most; the others are half right."""
    texts = [(answer.weight, answer.value) for answer in answers]
    texts += [(number.weight, f"{number.value:.15g}") for number in (numeric.answers if numeric else ())]
    best = max((weight for weight, _ in texts), default=0.0)
    return [text for weight, text in texts if weight == best]


def _gap_texts(gap: Gap) -> list[str]:
    return _best_answers(gap.answers, gap.numeric) or _right_options(gap.options, several=False)


def _numeric(numeric: Numeric | None) -> Entry | None:
    if numeric is None or not numeric.answers:
        return None
    best: NumericAnswer = max(numeric.answers, key=lambda answer: answer.weight)
    return {"value": best.value, "tolerance": best.tolerance}


def _feedback(draft: QuestionDraft) -> list[str]:
    htmls = [option.feedback for option in draft.options] + [answer.feedback for answer in draft.answers]
    htmls += [pair.feedback for pair in draft.pairs] + [*draft.feedback.values(), draft.explanation]
    return [plain_text(html) for html in htmls if html]


def _location(location: Location) -> Entry:
    place: Entry = location.model_dump(mode="json", exclude_none=True, exclude={"file"})
    return place
