"""Short answers: literal texts, wildcards, patterns and misspellings."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol
from unicodedata import normalize

import re2

from app.domain.grading.result import Grade, graded, invalid, shown_feedback
from app.domain.grading.spelling import edit_distance
from app.domain.question_draft import Answer, MatchKind
from app.domain.question_parts import QuestionContent, QuestionKey
from app.domain.responses import Response

PATTERN_MEMORY = 1 << 20  # bytes
MAX_PATTERN_TEXT = 2_000
"""Characters; a longer text is no short answer and matches none. RE2 takes time by the text and by the pattern."""

_UNESCAPED_STAR = re.compile(r"(?<!\\)\*")
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
# What keyboards and word processors make of the same signs.
_TYPOGRAPHY = str.maketrans(
    dict.fromkeys(_INVISIBLE, "")
    | dict.fromkeys("‘’‚‛ʼ´`′", "'")
    | dict.fromkeys("“”„‟″", '"')
    | dict.fromkeys("‐‑‒–—−", "-")
)


class _Pattern(Protocol):
    def fullmatch(self, text: str) -> object | None: ...


class _Match(NamedTuple):
    """Sorts by how closely an answer matches: literally, as a wildcard or pattern, with a misspelling."""

    tier: int
    closeness: float
    answer: Answer


def grade_short_answer(_content: QuestionContent, key: QuestionKey, response: Response) -> Grade:
    return grade_text(key.answers, response.text or "")


def solve_short_answer(_content: QuestionContent, key: QuestionKey) -> Response | None:
    text = right_text(key.answers)
    return None if text is None else Response(text=text)


def grade_text(answers: Sequence[Answer], text: str) -> Grade:
    """The closest match decides: the best literal one, else the first wildcard or pattern, else the least misspelt."""
    text = tidy(text)
    if not text:
        return invalid("Write an answer.")
    matches = [match for place, answer in enumerate(answers) if (match := _match(answer, text, place))]
    if not matches:
        return graded(0.0)
    closest = min(matches, key=lambda match: match[:2]).answer
    return graded(closest.weight, feedback=shown_feedback(closest.feedback))


def right_text(answers: Sequence[Answer]) -> str | None:
    """A text that gets full marks, if the answers tell one."""
    candidates = (candidate for answer in answers for candidate in _candidates(answer))
    return next((text for text in candidates if grade_text(answers, text).fraction == 1), None)


def tidy(text: str) -> str:
    """NFKC, one spelling of quotes and dashes, white space collapsed."""
    if not text.isascii():
        text = normalize("NFKC", text.translate(_TYPOGRAPHY)).translate(_TYPOGRAPHY)
    return " ".join(text.split())


def compiled_pattern(value: str, *, case_sensitive: bool) -> _Pattern | None:
    """The RE2 pattern, None if it is not one: RE2 knows no backtracking and takes linear time."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = PATTERN_MEMORY
    options.case_sensitive = case_sensitive
    # Nobody asks what a group matched, and without that an automaton decides, thousands of times as fast.
    options.never_capture = True
    try:
        pattern: _Pattern = re2.compile(value, options)
    except re2.error:
        return None
    return pattern


_cached_pattern = lru_cache(maxsize=1024)(compiled_pattern)


def _match(answer: Answer, text: str, place: int) -> _Match | None:
    if answer.match is MatchKind.PATTERN:
        if len(text) > MAX_PATTERN_TEXT:
            return None
        pattern = _cached_pattern(answer.value, case_sensitive=answer.case_sensitive)
        return _Match(1, place, answer) if pattern and pattern.fullmatch(text) else None
    text = _cased(text, answer)
    if answer.match is MatchKind.WILDCARD:
        return _Match(1, place, answer) if _fits(_pieces(answer), text) else None
    accepted = _cased(tidy(answer.value), answer)
    if accepted == text:
        return _Match(0, -answer.weight, answer)
    distance = _misspelling(accepted, text, answer.typo_tolerance)
    return None if distance is None else _Match(2, distance - answer.weight / 4, answer)


def _cased(text: str, answer: Answer) -> str:
    if answer.case_sensitive:
        return text
    return text.lower() if text.isascii() else normalize("NFKC", text.casefold())


def _misspelling(accepted: str, text: str, limit: int) -> int | None:
    """Edits between the two; digits must agree, for another number is no slip of the pen."""
    if limit == 0 or [sign for sign in accepted if sign.isdigit()] != [sign for sign in text if sign.isdigit()]:
        return None
    return edit_distance(accepted, text, limit)


def _pieces(answer: Answer) -> list[str]:
    r"""The texts between the stars of a wildcard; ``\*`` is a star itself."""
    return [_cased(_piece(part), answer) for part in _UNESCAPED_STAR.split(" ".join(answer.value.split()))]


def _piece(part: str) -> str:
    """Tidied, but keeping a space at its ends, where it separates words from what the star stands for."""
    return tidy(f"|{part.replace(chr(92) + '*', '*')}|")[1:-1]


def _fits(pieces: list[str], text: str) -> bool:
    """Whether the pieces stand in the text in order, the first at its start and the last at its end."""
    if len(pieces) == 1:
        return pieces[0] == text
    first, *middle, last = pieces
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return False
    position, end = len(first), len(text) - len(last)
    for piece in middle:
        if (found := text.find(piece, position, end)) < 0:
            return False
        position = found + len(piece)
    return True


def _candidates(answer: Answer) -> Iterable[str]:
    """The text itself, which a pattern may match too; for a wildcard texts with nothing or a letter for its stars."""
    if answer.match is not MatchKind.WILDCARD:
        return (answer.value,)
    return tuple(_UNESCAPED_STAR.sub(filling, answer.value).replace(r"\*", "*") for filling in ("", "x"))
