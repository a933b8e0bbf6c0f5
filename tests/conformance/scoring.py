"""How far the questions read from a file are those that somebody else found in it.

An expectation lists, for a file, the number of questions, a sample or all of them, and the seeded errors. Texts are
compared without tags, entities, case, white space and punctuation.
"""

import html
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from app.domain.enums import QuestionType, Severity
from app.domain.question_draft import Gap, Location, Numeric, QuestionDraft
from app.formats.pipeline import checked_events
from app.formats.reading import Problem, ProblemCode, ReadError, Source, Unsupported
from app.formats.report import correct_texts
from app.services.import_readers import detect
from app.utils.html import plain_text

_TAG = re.compile(r"<[^>]+>")
_NOT_A_WORD = re.compile(r"[\s\W_]+")
_STEM_LENGTH = 60
_SAME_STEM = 0.9
_SAME_KEY = 0.85
_SAME_TYPES = (
    {"true_false", "single_choice"},
    {"cloze", "short_answer"},
    {"hottext", "single_choice"},
    {"hottext", "multiple_response"},
    {"flashcard", "short_answer"},
    {"short_answer_or_flashcard", "short_answer"},
    {"short_answer_or_flashcard", "flashcard"},
)
_UNCOUNTED = ("unsupported", "composite", "invalid")

Expected = Mapping[str, Any]


@dataclass(slots=True)
class Score:
    """Counts of one file or of all files of a format; ``faults`` says in words what differs."""

    files: int = 0
    expected: int = 0
    found: int = 0
    listed: int = 0
    stems: int = 0
    types: int = 0
    options_listed: int = 0
    options: int = 0
    keys_listed: int = 0
    keys: int = 0
    errors_listed: int = 0
    errors: int = 0
    invented: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


@dataclass(frozen=True, slots=True)
class Reading:
    """What our readers make of a file."""

    format: str
    drafts: Sequence[QuestionDraft]
    problems: Sequence[Problem]
    unsupported: Sequence[Unsupported]


def expectation_of(path: Path) -> Expected | None:
    beside = path.with_name(f"{path.name}.expected.json")
    if not beside.exists():
        return None
    loaded: Expected = json.loads(beside.read_text(encoding="utf-8"), object_hook=_with_mended_texts)
    return loaded


def _with_mended_texts(members: dict[str, Any]) -> dict[str, Any]:
    """Some files mix UTF-8 and Windows-1252; an expectation that read them as the latter alone has "Ã©" for "é"."""
    return {name: [*map(_mended, part)] if isinstance(part, list) else _mended(part) for name, part in members.items()}


def _mended(value: Any) -> Any:
    if not isinstance(value, str) or value.isascii():
        return value
    try:
        return value.encode("cp1252").decode()
    except UnicodeError:
        return value


def read_file(path: Path) -> Reading:
    with path.open("rb") as stream:
        source = Source(path.name, stream)
        try:
            reader = detect(source)
        except ReadError as error:
            return Reading("none", [], [error.problem], [])
        events = list(checked_events(reader, source))
    return Reading(
        reader.name,
        [event for event in events if isinstance(event, QuestionDraft)],
        [event for event in events if isinstance(event, Problem)],
        [event for event in events if isinstance(event, Unsupported)],
    )


def score(expected: Expected, reading: Reading) -> Score:
    result = Score(files=1, expected=expected["count"], found=_count(expected, reading))
    if result.found != result.expected:
        result.faults.append(f"{result.found} questions instead of {result.expected}")
    pool = dict(enumerate(reading.drafts))
    shows_no_key = str(expected.get("answer_key", "")).startswith("none")
    result.invented = sum(bool(correct_texts(draft)) for draft in reading.drafts) if shows_no_key else 0
    for listed in expected.get("questions") or []:
        question = {name: listed[name] for name in listed if not (shows_no_key and name.startswith("correct"))}
        if str(question.get("type", "")).startswith(_UNCOUNTED):
            _check_named(question, reading, result)
            continue
        result.listed += 1
        at = _find(question, pool)
        if at is None:
            result.faults.append(f"question {question['n']} is missing")
            continue
        result.stems += 1
        _score_question(question, pool.pop(at), result)
    _score_errors(expected, reading, result)
    return result


def _check_named(question: Expected, reading: Reading, result: Score) -> None:
    """What is not supported must be reported by its name and place; an item of several parts may come in as one."""
    group, _, kind = str(question["type"]).partition(":")
    placed = [each for each in reading.unsupported if each.location.line or each.location.member]
    if group == "unsupported" and kind not in {each.kind for each in placed}:
        result.faults.append(f"question {question['n']} is not reported as unsupported {kind}")
    found = [each.location for each in reading.drafts] + [each.location for each in placed]
    if group == "composite" and not any(_is_at(location, question) for location in found):
        result.faults.append(f"question {question['n']} is neither read nor reported")


def _is_at(location: Location, question: Expected) -> bool:
    return question.get("member") in {None, location.member}


def _count(expected: Expected, reading: Reading) -> int:
    """Questions found. A repeated row may be skipped or marked; where the expectation skips it, so does the count."""
    seeded = {error.get("line") for error in expected.get("expected_errors") or []}
    marked = {problem.location.line for problem in reading.problems if problem.code is ProblemCode.DUPLICATE_ROW}
    return len(reading.drafts) + len(reading.unsupported) - len(seeded & marked)


def _find(question: Expected, pool: Mapping[int, QuestionDraft]) -> int | None:
    """Place of the question: the listed one if its stem is there, for stems repeat, else the first that has it."""
    wanted = squashed(question.get("stem_contains") or question.get("title") or "")[:_STEM_LENGTH]
    passage = squashed(question.get("passage_contains") or "")
    place = question["n"] - 1
    places = [place, *pool] if place in pool else [*pool]
    stems = {index: squashed(pool[index].stem) for index in places}
    exact = (index for index in places if wanted in stems[index] and passage in _told(pool[index]))
    if (found := next(exact, None)) is not None or not is_paper(pool.values()):
        return found
    return next((index for index in places if _is_alike(wanted, stems[index][: len(wanted)], _SAME_STEM)), None)


def _told(draft: QuestionDraft) -> str:
    return squashed(f"{draft.stem} {draft.passage.html if draft.passage else ''}")


def is_paper(drafts: Iterable[QuestionDraft]) -> bool:
    """Whether the questions come from recognised characters or a layout, where some letters may be wrong."""
    return any("reading" in draft.extensions for draft in drafts)


def _is_alike(wanted: str, found: str, least: float) -> bool:
    return bool(wanted) and SequenceMatcher(None, wanted, found, autojunk=False).ratio() >= least


def _score_question(question: Expected, draft: QuestionDraft, result: Score) -> None:
    wanted = str(question["type"])
    result.types += _agree(wanted == draft.type or {wanted, draft.type.value} in _SAME_TYPES, "type", question, result)
    if isinstance(question.get("options_count"), int):
        result.options_listed += 1
        result.options += _agree(_has_as_many(question, draft), "number of options", question, result)
    if any(question.get(name) for name in ("correct", "correct_labels", "pairs")):
        result.keys_listed += 1
        is_right = _has_key(question, draft)
        result.keys += _agree(is_right, "key", question, result)
        result.invented += not is_right and is_paper([draft]) and bool(correct_texts(draft))


def _agree(is_equal: bool, what: str, question: Expected, result: Score) -> bool:
    if not is_equal:
        result.faults.append(f"question {question['n']} has another {what}")
    return is_equal


def _has_as_many(question: Expected, draft: QuestionDraft) -> bool:
    """Some expectations for matching count both sides."""
    lefts = len({pair.left for pair in draft.pairs})
    return question["options_count"] in {_offered(draft), _offered(draft) + lefts}


def _offered(draft: QuestionDraft) -> int:
    """Different things that a student can choose from."""
    match draft.type:
        case QuestionType.CLOZE:
            return len({option.html for gap in draft.gaps for option in gap.options})
        case QuestionType.MATCHING:
            return len({pair.right for pair in draft.pairs} | {*draft.distractors})
        case QuestionType.HOTSPOT:
            return len(draft.hotspot.shapes) if draft.hotspot else 0
        case QuestionType.ORDERING:
            return len(draft.order)
    return len(draft.options)


def _has_key(question: Expected, draft: QuestionDraft) -> bool:
    match draft.type:
        case QuestionType.ORDERING:
            return [squashed(text) for text in question["correct"]] == [squashed(item.html) for item in draft.order]
        case QuestionType.CLOZE:
            named = {squashed(_best(gap) + gap.id) for gap in draft.gaps}  # where words are dragged to named places
            wanted = {squashed(text) for text in question["correct"]}
            return wanted in ({squashed(_best(gap)) for gap in draft.gaps}, named)
    if question.get("partial"):
        return _has_partial_key(question, draft)
    return _has_plain_key(question, draft)


def _best(gap: Gap) -> str:
    """The first of the answers that earn most."""
    answers = [(option.weight, option.html) for option in gap.options]
    answers += [(answer.weight, answer.value) for answer in gap.answers]
    answers += [(number.weight, f"{number.value:g}") for number in (gap.numeric.answers if gap.numeric else ())]
    return max(answers, key=lambda answer: answer[0], default=(0.0, ""))[1]


def _has_partial_key(question: Expected, draft: QuestionDraft) -> bool:
    """Expectations that tell full from partial credit list the answers apart."""
    full = {squashed(answer.value) for answer in draft.answers if answer.weight == 1}
    partial = {squashed(answer.value): answer.weight * 100 for answer in draft.answers if 0 < answer.weight < 1}
    wanted = {squashed(text): percent for text, percent in question["partial"].items()}
    return full == {squashed(text) for text in question["correct"]} and partial == wanted


def _has_plain_key(question: Expected, draft: QuestionDraft) -> bool:
    if question.get("pairs"):
        wanted = {(squashed(left), squashed(right)) for left, right in question["pairs"]}
        return wanted == {(squashed(pair.left), squashed(pair.right)) for pair in draft.pairs}
    if draft.numeric is not None:
        return _has_numbers(question["correct"], draft.numeric)
    if question.get("correct_labels"):
        right = {option.id.upper() for option in draft.options if option.weight > 0}
        return right == set(question["correct_labels"]) and _has_right_texts(question.get("correct") or (), draft)
    listed = {squashed(text) for text in question["correct"]}
    accepted = {squashed(answer.value) for answer in draft.answers}  # some list the half right ones as well
    return listed in ({squashed(text) for text in correct_texts(draft)}, accepted)


def _has_right_texts(correct: Sequence[str], draft: QuestionDraft) -> bool:
    """Whether the right options read as the listed ones, a few letters aside, where characters were recognised."""
    found = [squashed(text) for text in correct_texts(draft)]
    alike = (
        any(wanted == text or (is_paper([draft]) and _is_alike(wanted, text, _SAME_KEY)) for text in found)
        for wanted in map(squashed, correct)
    )
    return all(alike)


def _has_numbers(correct: Any, numeric: Numeric) -> bool:
    """Expectations with values name those of full credit alone."""
    if not isinstance(correct, Mapping) and all(isinstance(each, str) for each in correct):
        return {float(each) for each in correct} == {number.value for number in numeric.answers}
    listed = [each for each in correct if isinstance(each, Mapping) and "value" in each]
    if listed:
        full = {(number.value, number.tolerance) for number in numeric.answers if number.weight == 1}
        return full == {(float(each["value"]), float(each["tolerance"])) for each in listed}
    return _numbers(correct) == {
        (number.low, number.high) if number.low is not None else (number.value, number.tolerance)
        for number in numeric.answers
    }


def _numbers(correct: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> set[tuple[float, float]]:
    """Accepted numbers as (low, high) of a range or (number, tolerance); a catch-all for feedback is none."""
    listed = [correct] if isinstance(correct, Mapping) else correct
    return {
        (each["numberLow"], each["numberHigh"]) if "numberLow" in each else (each["number"], each.get("range", 0))
        for each in listed
        if "number" in each or "numberLow" in each
    }


def _score_errors(expected: Expected, reading: Reading, result: Score) -> None:
    seeded = expected.get("expected_errors") or []
    problems = reading.problems
    for error in seeded:
        result.errors_listed += 1
        is_named = _is_named(error, reading)
        result.errors += is_named
        if not is_named:
            result.faults.append(f"the error {error} is not reported")
    has_damage = any(str(each.get("type")).startswith("invalid") for each in expected.get("questions") or [])
    if expected.get("count") and not has_damage:
        wrong = [each for each in problems if each.severity is Severity.ERROR]
        places = {error.get("line") for error in seeded}
        result.faults += [f"a false error {each}" for each in wrong if each.location.line not in places]


def _is_named(error: Expected, reading: Reading) -> bool:
    places = [each.location for each in reading.problems]
    if error.get("line"):
        return error["line"] in {place.line for place in places}
    if error.get("row"):
        return error["row"] in {place.row for place in places}
    return bool(reading.problems or reading.unsupported)


def squashed(text: str) -> str:
    """Only what makes words, so that no layout and no punctuation counts."""
    shown = _TAG.sub(" ", plain_text(str(text)))
    return _NOT_A_WORD.sub("", unicodedata.normalize("NFKC", html.unescape(shown))).casefold()
