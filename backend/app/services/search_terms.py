"""From typed words to the terms of the index, misspelt ones included."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rapidfuzz.distance import OSA
from sqlalchemy.orm import Session

from app.domain.search_query import Term, TypedQuery, any_of, phrase_of
from app.repositories.search_term_repository import SearchTermRepository

SHORTEST_MISSPELT: Final = 4
LONG_WORD: Final = 8
MOST_SUGGESTIONS: Final = 3
MISSPELT_RARITY: Final = 0.5


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """`terms` are the words that count for something, rarest first."""

    terms: tuple[Term, ...]
    required: tuple[str, ...]
    forbidden: tuple[str, ...]
    did_you_mean: str
    documents: int
    stemmers: tuple[str, ...]

    @property
    def conditions(self) -> list[str]:
        """Tsqueries that every result has to satisfy, however it was found."""
        return [*self.required, *(f"!{clause}" for clause in self.forbidden)]

    @property
    def worth(self) -> float:
        """What a question with all words would score; a word that occurs nowhere is worth as much as a single find."""
        unknown = rarity(1, self.documents)
        return sum(term.rarity if term.is_known else unknown for term in self.terms)

    @property
    def lexemes(self) -> frozenset[str]:
        return frozenset().union(*(term.wanted for term in self.terms))


class QueryParser:
    """Takes three short queries, and two more for misspelt words."""

    def __init__(self, session: Session) -> None:
        self._terms = SearchTermRepository(session)

    def parse(self, typed: TypedQuery) -> ParsedQuery:
        stemmers, documents = self._terms.extent()
        everything = [*typed.words, *typed.forbidden]
        lexemes = dict(zip(everything, self._terms.lexemes(everything, stemmers), strict=True))
        counts = self._terms.frequencies(frozenset().union(*lexemes.values()))
        terms = [self._term(word, lexemes[word], counts, documents) for word in typed.words if lexemes[word]]
        terms = self._with_suggestions(terms, stemmers)
        return ParsedQuery(
            terms=tuple(sorted(terms, key=lambda term: -term.rarity)),
            required=tuple(_phrases(typed.phrases, lexemes)),
            forbidden=tuple(any_of(lexemes[word]) for word in typed.forbidden if lexemes[word]),
            did_you_mean=_corrected(typed.words, terms),
            documents=documents,
            stemmers=tuple(stemmers),
        )

    def _term(self, word: str, lexemes: frozenset[str], counts: dict[str, int], documents: int) -> Term:
        found = sum(counts.get(lexeme, 0) for lexeme in lexemes)
        return Term(word, lexemes, rarity(found, documents) if found else 0.0)

    def _with_suggestions(self, terms: Sequence[Term], stemmers: Sequence[str]) -> list[Term]:
        """Words that occur nowhere get what may have been meant by them."""
        corrected = {
            place: self._suggestion(term.word)
            for place, term in enumerate(terms)
            if term.rarity == 0.0 and len(term.word) >= SHORTEST_MISSPELT and not term.word.isdigit()
        }
        places = [place for place, word in corrected.items() if word]
        meant = self._terms.lexemes([corrected[place] for place in places], stemmers) if places else []
        changed = dict(zip(places, meant, strict=True))
        return [
            replace(term, suggestion=corrected[place], meant=changed[place], rarity=MISSPELT_RARITY)
            if place in changed
            else term
            for place, term in enumerate(terms)
        ]

    def _suggestion(self, word: str) -> str:
        """The most likely word of the bank: fewest changes first, then the more frequent one; empty = none."""
        distance = 2 if len(word) >= LONG_WORD else 1
        found = [
            (OSA.distance(word, other, score_cutoff=distance), -documents, other)
            for other, documents in self._terms.like(word, distance)
        ]
        near = sorted(each for each in found if each[0] <= distance)
        return near[0][2] if near else ""


def rarity(found: int, documents: int) -> float:
    """Inverse document frequency as in BM25, never negative.

    References:
        Robertson, S., Zaragoza, H. (2009). The probabilistic relevance framework: BM25 and beyond.
    """
    return math.log1p((max(documents, found) - found + 0.5) / (found + 0.5))


def _phrases(phrases: Iterable[Sequence[str]], lexemes: dict[str, frozenset[str]]) -> Iterable[str]:
    queries = (phrase_of([lexemes.get(word, frozenset()) for word in phrase]) for phrase in phrases)
    return filter(None, queries)


def _corrected(words: Sequence[str], terms: Iterable[Term]) -> str:
    suggestions = {term.word: term.suggestion for term in terms if term.suggestion}
    return " ".join(suggestions.get(word, word) for word in words) if suggestions else ""
