"""The part of a text that shows why it was found, with the found words marked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.repositories.search_term_repository import SearchTermRepository
from app.utils.folding import WORD, fold

LENGTH: Final = 280
BEFORE: Final = 60
_MOST_WORDS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Segment:
    text: str
    is_match: bool


def snippets(
    session: Session, texts: Mapping[UUID, str], lexemes: frozenset[str] = frozenset(), stemmers: Sequence[str] = ()
) -> dict[UUID, list[Segment]]:
    """Plain text in segments, so that nobody has to trust markup; one query for all of them."""
    windows = {each: text[: 20 * LENGTH] for each, text in texts.items()}
    matching = _matching_words(session, windows.values(), lexemes, stemmers) if lexemes else frozenset()
    return {each: _segments(text, matching) for each, text in windows.items()}


def _matching_words(
    session: Session, texts: Iterable[str], lexemes: frozenset[str], stemmers: Sequence[str]
) -> frozenset[str]:
    """The folded words of the texts whose stem is among the lexemes."""
    words = list({fold(word[0]) for text in texts for word in WORD.finditer(text)})[:_MOST_WORDS]
    stems = SearchTermRepository(session).lexemes(words, stemmers)
    return frozenset(word for word, found in zip(words, stems, strict=True) if found & lexemes)


def _segments(text: str, matching: frozenset[str]) -> list[Segment]:
    places = [word.span() for word in WORD.finditer(text) if fold(word[0]) in matching]
    start, end = _window(text, places)
    shown = [(max(begin, start), min(stop, end)) for begin, stop in places if begin < end and stop > start]
    return [
        Segment(text="".join(piece for piece, _ in group), is_match=is_match)
        for is_match, group in groupby(_pieces(text, (start, end), shown), key=lambda piece: piece[1])
    ]


def _pieces(text: str, window: tuple[int, int], places: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    start, end = window
    if start > 0:
        yield "…", False
    for begin, stop in places:
        if begin > start:
            yield text[start:begin], False
        yield text[begin:stop], True
        start = stop
    if start < end:
        yield text[start:end], False
    if end < len(text):
        yield "…", False


def _window(text: str, places: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Begins at a word somewhat before the first match."""
    if len(text) <= LENGTH:
        return 0, len(text)
    first = places[0][0] if places else 0
    start = max(0, min(first - BEFORE, len(text) - LENGTH))
    if start > 0:
        start = text.find(" ", start) + 1 or start
    return start, min(len(text), start + LENGTH)
