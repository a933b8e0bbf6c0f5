"""Questions that answer other questions: the answer of one stands in the stem of another about the same thing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.domain.wording import FUNCTION_WORDS, UNINFORMATIVE_ANSWERS, wording_of
from app.utils.html import plain_text

LONGEST_ANSWER: Final = 6
SHORTEST_ANSWER: Final = 5
LEAST_SIMILARITY: Final = 0.7
MOST_OF_AN_ANSWER: Final = 200
"""An answer that stands in so many stems is a topic of the bank, and gives nothing away."""


@dataclass(frozen=True, slots=True)
class Leak:
    """The stem at place `teller` contains `answer`, which answers the question at place `asked`."""

    asked: int
    teller: int
    answer: str


def answers_of(content: Mapping[str, Any], key: Mapping[str, Any]) -> list[str]:
    """The accepted answers of stored halves, as plain text; numbers and choices among many are left out."""
    weights = {each: option["weight"] for each, option in key.get("options", {}).items()}
    right = [option["html"] for option in content.get("options", ()) if weights.get(option["id"], 0) > 0]
    typed = [answer["value"] for answer in key.get("answers", ()) if answer.get("weight", 1) > 0]
    texts = [plain_text(each) for each in (*(right if len(right) == 1 else ()), *typed)]
    return [text for text in texts if text]


def find_leaks(stems: Sequence[str], answers: Sequence[Sequence[str]]) -> Iterator[Leak]:
    """Pairs of places; the caller decides by the vectors of the stems whether both are about the same thing."""
    words = [wording_of(stem).folded.split() for stem in stems]
    wanted: dict[tuple[str, ...], list[int]] = {}
    for place, texts in enumerate(answers):
        own = f" {' '.join(words[place])} "
        for phrase in {_telling(text) for text in texts} - {()}:
            if f" {' '.join(phrase)} " not in own:
                wanted.setdefault(phrase, []).append(place)
    tellers: dict[tuple[str, ...], list[int]] = {}
    for place, stem in enumerate(words):
        for phrase in set(_phrases(stem)) & wanted.keys():
            tellers.setdefault(phrase, []).append(place)
    for phrase, places in tellers.items():
        if len(places) <= MOST_OF_AN_ANSWER:
            yield from _pairs(wanted[phrase], places, " ".join(phrase))


def _pairs(asked: Iterable[int], tellers: Sequence[int], answer: str) -> Iterator[Leak]:
    for place in asked:
        yield from (Leak(place, teller, answer) for teller in tellers if teller != place)


def _telling(answer: str) -> tuple[str, ...]:
    """The words of an answer that would be noticed in a stem; nothing for others."""
    words = tuple(wording_of(answer).folded.split())
    while words and words[0] in FUNCTION_WORDS:
        words = words[1:]
    text = " ".join(words)
    is_short = len(text) < SHORTEST_ANSWER or len(words) > LONGEST_ANSWER
    is_common = text in UNINFORMATIVE_ANSWERS or all(word in FUNCTION_WORDS or word.isdigit() for word in words)
    return () if is_short or is_common else words


def _phrases(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for start in range(len(words)):
        for length in range(1, min(LONGEST_ANSWER, len(words) - start) + 1):
            yield tuple(words[start : start + length])
