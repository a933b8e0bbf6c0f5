"""Weights, accepted texts and accepted numbers that the response processing of an item amounts to."""

from collections.abc import Iterator, Mapping, Sequence

from app.domain.question_draft import Answer, MatchKind, NumericAnswer, Option, ToleranceKind
from app.formats.drafts import local_id, weighted_options
from app.formats.items import ItemError, UncarriedError
from app.formats.numbers import NumberError, number_of, range_answer
from app.formats.qti12.items import Item, Label, Response
from app.formats.qti12.scoring import Condition, Term
from app.formats.reading import ProblemCode
from app.formats.weights import unrounded

# Systems write percentages with two decimals.
_ROUNDING = 1e-4
_LOWER = ("vargte", "vargt")
_UPPER = ("varlte", "varlt")
_DIGITS = 12
# What systems call the pieces of feedback that belong to no single answer.
SHARED_FEEDBACK = {
    "general_fb": "explanation",
    "solution": "explanation",
    "correct_fb": "correct",
    "correct": "correct",
    "general_incorrect_fb": "incorrect",
    "incorrect_fb": "incorrect",
    "incorrect": "incorrect",
}


def label_feedback(item: Item) -> dict[str, str]:
    """HTML for each label or written answer whose choice alone shows a piece of feedback of its own."""
    pieces = item.feedback
    found: dict[str, str] = {}
    for condition in item.conditions:
        values = [term.value for term in condition.terms if not term.is_negated]
        if len(set(values)) == 1 and (own := own_feedback(item, condition)):
            found.setdefault(values[0], own)
    for response in item.responses:
        for label in response.labels:
            for name in (label.ident, f"{label.ident}_fb"):
                if name in pieces:
                    found.setdefault(label.ident, pieces[name])
    return found


def own_feedback(item: Item, condition: Condition) -> str:
    """HTML that is shown under this condition alone; empty where there is none."""
    names = (name for name in condition.feedback if name.lower() not in SHARED_FEEDBACK)
    return next((item.feedback[name] for name in names if name in item.feedback), "")


def single_choice_options(item: Item, response: Response) -> tuple[Option, ...]:
    scores = _best_scores(item.conditions, response.ident)
    best = max(scores.values(), default=0.0)
    return _options(item, response, {ident: score / best for ident, score in scores.items()} if best > 0 else {})


def multiple_response_options(item: Item, response: Response) -> tuple[Option, ...]:
    """Options weighted as a sum where each is scored alone, else sharing the mark of the one right combination."""
    scoring = [condition for condition in item.conditions if condition.earns]
    alone = {
        terms[0].value: condition.earns
        for condition in scoring
        if condition.is_sum and len(terms := condition.wanted(response.ident)) == 1 == len(condition.terms)
    }
    if alone:
        total = sum(score for score in alone.values() if score > 0)
        return _options(item, response, {ident: score / total for ident, score in alone.items()} if total else {})
    right = _right_combination(scoring, response.ident)
    indexes = {index for index, label in enumerate(response.labels) if label.ident in right}
    feedback = label_feedback(item)
    htmls = [label.html for label in response.labels]
    return weighted_options(htmls, indexes, [feedback.get(label.ident, "") for label in response.labels])


def _right_combination(scoring: Sequence[Condition], response: str) -> set[str]:
    """Labels of the condition that earns most; where each of several names one label, all of them."""
    most = max((condition.earns for condition in scoring), default=0.0)
    named = [[term.value for term in each.wanted(response)] for each in scoring if each.earns == most > 0]
    if all(len(labels) == 1 for labels in named):
        return {label for labels in named for label in labels}  # none where nothing earns anything
    return set(named[0])


def _best_scores(conditions: Sequence[Condition], response: str) -> dict[str, float]:
    scores: dict[str, float] = {}
    for condition in conditions:
        for term in condition.wanted(response):
            if condition.score is not None:
                scores[term.value] = max(scores.get(term.value, condition.earns), condition.earns)
    return scores


def best_score(item: Item, response: Response) -> float:
    """What a right answer to this response earns."""
    return max((condition.earns for condition in item.conditions if condition.wanted(response.ident)), default=0.0)


def _options(item: Item, response: Response, weights: Mapping[str, float]) -> tuple[Option, ...]:
    feedback = label_feedback(item)
    return tuple(
        Option(
            id=local_id(index),
            html=label.html,
            weight=bounded(weights.get(label.ident, 0.0)),
            feedback=feedback.get(label.ident, ""),
        )
        for index, label in enumerate(response.labels)
    )


def bounded(weight: float) -> float:
    return max(-1.0, min(1.0, unrounded(weight, _ROUNDING)))


def right_label(item: Item, response: Response) -> Label | None:
    """The label that earns most, of a response where one is right."""
    scores = _best_scores(item.conditions, response.ident)
    labels = [label for label in response.labels if scores.get(label.ident, 0.0) > 0]
    return max(labels, key=lambda label: scores[label.ident], default=None)


def text_answers(item: Item, response: Response) -> tuple[Answer, ...]:
    feedback = label_feedback(item)
    scored: dict[str, tuple[float, Term]] = {}
    for condition in item.conditions:
        for term in condition.terms:
            is_wanted = term.response == response.ident and not term.is_negated and term.value
            if is_wanted and condition.score is not None and condition.earns >= scored.get(term.value, (0.0, term))[0]:
                scored[term.value] = (condition.earns, term)
    best = max((score for score, _ in scored.values()), default=0.0)
    return tuple(
        _answer(term, bounded(score / best) if best > 0 else 0.0, feedback.get(value, ""))
        for value, (score, term) in scored.items()
    )


def _answer(term: Term, weight: float, feedback: str) -> Answer:
    value, match = term.value, MatchKind.EXACT
    if term.kind == "varsubstring" or term.match == "contains":
        value, match = f"*{term.value}*", MatchKind.WILDCARD
    elif term.match == "matches":
        match = MatchKind.PATTERN
    return Answer(value=value, match=match, case_sensitive=term.is_case_sensitive, weight=weight, feedback=feedback)


def numeric_answers(item: Item, response: Response) -> Iterator[NumericAnswer]:
    """Raises `ItemError` for what is no number, `UncarriedError` for a range without an end."""
    scoring = [condition for condition in item.conditions if condition.earns > 0]
    best = max((condition.earns for condition in scoring), default=1.0)
    for condition in scoring:
        changes = {"weight": bounded(condition.earns / best), "feedback": own_feedback(item, condition)}
        for answer in _intervals(condition, response.ident):
            yield answer.model_copy(update=changes)


def _intervals(condition: Condition, response: str) -> Iterator[NumericAnswer]:
    equals = [_number(term) for term in condition.wanted(response)]
    lows = [_number(term) for name in _LOWER for term in condition.wanted(response, name)]
    highs = [_number(term) for name in _UPPER for term in condition.wanted(response, name)]
    if len(lows) != len(highs):
        raise UncarriedError("numerical_without_end")
    inside = [value for value in equals for low, high in zip(lows, highs, strict=True) if low <= value <= high]
    for low, high in zip(lows, highs, strict=True):
        middle = next((value for value in equals if low <= value <= high), None)
        yield _interval(low, high, middle)
    for value in equals:
        if value not in inside:
            yield NumericAnswer(value=value)


def _interval(low: float, high: float, middle: float | None) -> NumericAnswer:
    """A number with a tolerance where the number in the middle is named, else a range."""
    half = float(f"{(high - low) / 2:.{_DIGITS}g}")
    if middle is not None and float(f"{middle - low:.{_DIGITS}g}") == half:
        return NumericAnswer(value=middle, kind=ToleranceKind.ABSOLUTE, tolerance=half)
    try:
        return range_answer(low, high)
    except NumberError as error:
        raise ItemError(ProblemCode.NUMBER, str(error)) from error


def _number(term: Term) -> float:
    try:
        return number_of(term.value)
    except NumberError as error:
        raise ItemError(ProblemCode.NUMBER, str(error)) from error
