"""The two arms of a search. Each returns ids, best first; neither knows of the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.ai.embeddings.vectors import FloatArray, from_bytes
from app.ai.utils.similarity import nearest
from app.ai.vector_db.client import CollectionMissingError, VectorIndexError
from app.ai.vector_db.queries import EVERYBODY, Neighbour
from app.core.logging import get_logger
from app.domain.permissions import Actor
from app.domain.search import Degradation, SearchFilter
from app.domain.search_query import Term, any_of
from app.repositories.search_repository import FilteredVectors, SearchRepository, TextQuery
from app.services.search_terms import ParsedQuery
from app.services.semantic_tools import SemanticTools

log = get_logger(__name__)

RANKED: Final = 200
"""Length of each arm's ranking; deeper ranks add next to nothing to a fused score."""
COMPARED_AT_MOST: Final = 10_000
"""Vectors of as many questions are read and compared one by one while there is no index."""
NEIGHBOURS: Final = 600
STRONG_SHARE: Final = 0.5
"""Of what all words of a query are worth. A question with less was found by chance as often as by meaning."""
ENOUGH_FOUND: Final = 30
OPEN_QUERY: Final = 4_000
"""Occurrences of the rarer words of a query, up to which questions with only some of its words are ranked."""

SEMANTIC_FLOOR: Final = 0.25
LEXICAL_FLOOR: Final = 0.10
"""Vectors further apart than this have nothing to do with each other; the others are ranked."""

OpenSession = Callable[[], Session]


@dataclass(frozen=True, slots=True)
class WordsFound:
    """`ids` have most of what the words are worth, `weak` only some; both best first."""

    ids: list[UUID]
    weak: list[UUID]


class WordsArm:
    """Full text in the database; needs nothing else."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self._search = SearchRepository(session, actor)

    def find(self, parsed: ParsedQuery, wanted: SearchFilter) -> WordsFound:
        """Questions with all the words, and after them, if these are few, questions with some."""
        if not parsed.terms:
            return WordsFound([], [])
        worths = self._ranked(parsed, [any_of(term.wanted) for term in parsed.terms], wanted)
        if len(worths) < ENOUGH_FOUND and len(parsed.terms) > 1:
            some = " | ".join(any_of(term.wanted) for term in _rarest(parsed.terms, parsed.documents))
            worths |= {
                each: worth for each, worth in self._ranked(parsed, [f"({some})"], wanted).items() if each not in worths
            }
        least = STRONG_SHARE * parsed.worth
        strong = [each for each, worth in worths.items() if worth >= least]
        weak = [each for each, worth in worths.items() if worth < least]
        return WordsFound(strong[:RANKED], weak[:RANKED])

    def _ranked(self, parsed: ParsedQuery, clauses: Sequence[str], wanted: SearchFilter) -> dict[UUID, float]:
        query = TextQuery(
            candidates=" & ".join([*clauses, *parsed.conditions]),
            weighted=[(any_of(term.wanted), term.rarity) for term in parsed.terms],
        )
        return self._search.by_words(query, wanted, RANKED)


def _rarest(terms: Sequence[Term], documents: int) -> list[Term]:
    """The rare words of a query, in whose occurrences everything relevant lies; `terms` come rarest first."""
    chosen: list[Term] = []
    occurrences = 0.0
    for term in terms:
        # The inverse of `search_terms.rarity`, near enough.
        occurrences += documents / (1.0 + 2.718**term.rarity) if term.rarity else 0.0
        if chosen and occurrences > OPEN_QUERY:
            break
        chosen.append(term)
    return chosen


@dataclass(slots=True)
class VectorsFound:
    ids: list[UUID] = field(default_factory=list)
    similarities: dict[UUID, float] = field(default_factory=dict)
    degraded: list[Degradation] = field(default_factory=list)


class VectorsArm:
    """By meaning: the nearest of the index that the filter leaves or, where these are few, all that it leaves compared.

    The nearest of all questions are also the nearest of those that a filter leaves, in the same order, so an index that
    knows nothing of filters answers most of them. Sessions are opened only for reading vectors and checking results,
    never while the index is asked.
    """

    def __init__(self, sessions: OpenSession, actor: Actor, tools: SemanticTools) -> None:
        self._sessions, self._actor, self._tools = sessions, actor, tools

    def find(self, vector: FloatArray, wanted: SearchFilter) -> VectorsFound:
        """The most similar questions that the filter leaves and the asker may see."""
        try:
            return self._by_index(vector, wanted)
        except CollectionMissingError:
            return self._without_index(vector, wanted, Degradation.INDEX_EMPTY)
        except VectorIndexError as error:
            log.warning("search.index_down", error=str(error))
            return self._without_index(vector, wanted, Degradation.INDEX_DOWN)

    def _by_index(self, vector: FloatArray, wanted: SearchFilter) -> VectorsFound:
        index = self._tools.index
        if index is None:
            return self._compared(vector, self._stored(wanted, COMPARED_AT_MOST))
        count = NEIGHBOURS if wanted.is_narrowing else RANKED + ENOUGH_FOUND
        near = index.queries.nearest(self._tools.questions, vector, count, EVERYBODY)
        with self._sessions() as session:
            allowed = SearchRepository(session, self._actor).allowed([each.id for each in near], wanted)
        kept = [each for each in near if each.id in allowed]
        if len(kept) < ENOUGH_FOUND and len(near) == count:
            return self._compared(vector, self._stored(wanted, 10 * COMPARED_AT_MOST))
        return self._found(kept[:RANKED])

    def _without_index(self, vector: FloatArray, wanted: SearchFilter, why: Degradation) -> VectorsFound:
        """A filter that leaves few questions needs no index."""
        if wanted.is_narrowing:
            stored = self._stored(wanted, COMPARED_AT_MOST)
            if len(stored) < COMPARED_AT_MOST:
                return self._compared(vector, stored)
        return VectorsFound(degraded=[why])

    def _stored(self, wanted: SearchFilter, limit: int) -> FilteredVectors:
        with self._sessions() as session:
            return SearchRepository(session, self._actor).vectors(wanted, self._tools.texts.name, limit)

    def _compared(self, vector: FloatArray, stored: FilteredVectors) -> VectorsFound:
        rows, cosines = nearest(vector, from_bytes(stored.vectors, self._tools.texts.dimension), RANKED)
        pairs = zip(rows.tolist(), cosines.tolist(), strict=True)
        return self._found([Neighbour(stored.id_at(row), cosine) for row, cosine in pairs])

    def _found(self, neighbours: Sequence[Neighbour]) -> VectorsFound:
        floor = SEMANTIC_FLOOR if self._tools.texts.is_semantic else LEXICAL_FLOOR
        near = {each.id: each.similarity for each in neighbours if each.similarity >= floor}
        return VectorsFound(list(near), near)
