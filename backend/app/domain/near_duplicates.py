"""Whether two questions ask almost the same, decided by their words alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from app.domain.enums import QuestionType
from app.domain.identity import file_hashes
from app.domain.markup import visible_text
from app.domain.question_draft import QuestionDraft
from app.domain.wording import FUNCTION_WORDS, UNINFORMATIVE_ANSWERS, Wording, wording_of

MIN_COSINE: Final = 0.95
MIN_TOKEN_SET_RATIO: Final = 0.90
MIN_SHARED_OPTIONS: Final = 0.5
MIN_LONG_STEM_WORDS: Final = 4
SHORTEST_MISSPELT: Final = 5

_NEGATING_PREFIXES: Final = ("un", "in", "im", "ir", "il", "non", "dis", "anti", "nicht", "des", "dés", "no")


@dataclass(frozen=True, slots=True)
class Gist:
    """What a comparison looks at. Options and answers are folded texts, files content hashes."""

    stem: Wording
    options: frozenset[str] = frozenset()
    answers: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()


def gist_of(draft: QuestionDraft) -> Gist:
    files = file_hashes(draft)
    shown = [option.html for option in draft.options]
    shown += [side for pair in draft.pairs for side in (pair.left, pair.right)]
    shown += [*draft.distractors, *(item.html for item in draft.order)]
    return Gist(
        stem=wording_of(visible_text(draft.stem, files)),
        options=_folded(visible_text(html, files) for html in shown),
        answers=_folded(_answer_texts(draft)),
        files=frozenset(files.values()),
    )


def token_set_ratio(one: str, other: str) -> float:
    """Similarity from 0 to 1 of two folded texts as sets of words: order, repetition and additions do not count.

    Below `MIN_TOKEN_SET_RATIO` it is 0.

    References:
        Cohen, A. (2011). FuzzyWuzzy: Fuzzy string matching in Python.
    """
    return fuzz.token_set_ratio(one, other, score_cutoff=100 * MIN_TOKEN_SET_RATIO) / 100


def say_the_same(one: Wording, other: Wording) -> bool:
    """Whether two texts share their words, their numbers and their negations."""
    if one.figures != other.figures or one.negations != other.negations:
        return False
    if token_set_ratio(one.folded, other.folded) < MIN_TOKEN_SET_RATIO:
        return False
    mine, yours = _unshared(one, other)
    return not any(_is_negated_form(word, twin) for word in mine for twin in yours)


def are_near_duplicates(one: Gist, other: Gist, cosine: float | None = None) -> bool:
    """Whether two questions are one in other words.

    With the cosine of their embeddings, that and the words of the stems decide. Without it, a word that was replaced
    may mean another thing; so the answers have to agree, or the stems differ in function words and spelling only.
    """
    if one.files != other.files or not say_the_same(one.stem, other.stem):
        return False
    if cosine is not None:
        return cosine >= MIN_COSINE
    return _agree_on_answer(one, other) or _differ_in_form_only(one, other)


def contradict(one: Gist, other: Gist) -> bool:
    """Of two near duplicates: whether both have a key, and not the same one."""
    return bool(one.answers and other.answers) and one.answers != other.answers


def _agree_on_answer(one: Gist, other: Gist) -> bool:
    """The same answer, and words that were added or replaced; replaced ones only among the same options."""
    if not one.answers - UNINFORMATIVE_ANSWERS or one.answers != other.answers:
        return False
    is_replaced = all(_content(words) for words in _unshared(one.stem, other.stem))
    return not is_replaced or not one.options or not other.options or _share_options(one, other)


def _differ_in_form_only(one: Gist, other: Gist) -> bool:
    mine, yours = (_content(words) for words in _unshared(one.stem, other.stem))
    if len(mine) != len(yours) or not all(any(_is_misspelt(word, twin) for twin in yours) for word in mine):
        return False
    if one.options and other.options:
        return _share_options(one, other)
    return min(len(_content(text.words)) for text in (one.stem, other.stem)) >= MIN_LONG_STEM_WORDS


def _share_options(one: Gist, other: Gist) -> bool:
    return len(one.options & other.options) >= MIN_SHARED_OPTIONS * len(one.options | other.options)


def _unshared(one: Wording, other: Wording) -> tuple[frozenset[str], frozenset[str]]:
    return one.words - other.words, other.words - one.words


def _content(words: Iterable[str]) -> frozenset[str]:
    return frozenset(words) - FUNCTION_WORDS


def _is_misspelt(word: str, twin: str) -> bool:
    """One letter too many, too few, wrong or in the wrong place; in short words that makes another word."""
    return min(len(word), len(twin)) >= SHORTEST_MISSPELT and OSA.distance(word, twin, score_cutoff=1) <= 1


def _is_negated_form(word: str, twin: str) -> bool:
    short, long = sorted((word, twin), key=len)
    return long.endswith(short) and long.removesuffix(short) in _NEGATING_PREFIXES


def _folded(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(folded for text in texts if (folded := wording_of(text).folded))


def _answer_texts(draft: QuestionDraft) -> Iterable[str]:
    yield from (visible_text(option.html) for option in draft.options if option.weight > 0)
    yield from (answer.value for answer in draft.answers if answer.weight > 0)
    yield from (f"{number.value:.12g}" for number in (draft.numeric.answers if draft.numeric else ()))
    yield from (answer.value for gap in draft.gaps for answer in gap.answers)
    yield from (visible_text(option.html) for gap in draft.gaps for option in gap.options if option.weight > 0)
    if draft.type is QuestionType.FLASHCARD:
        yield visible_text(draft.explanation)
