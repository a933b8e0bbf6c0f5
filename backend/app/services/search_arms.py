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


@dataclass(frozen=True, slots=True)
class Asked:
    """What is near a vector, before anybody looked whether it may be shown.

    `is_whole`: there is nothing else, or nothing else that is near. `why` nothing could be asked.
    """

    vector: FloatArray
    wanted: SearchFilter
    neighbours: Sequence[Neighbour] = ()
    is_whole: bool = False
    why: Degradation | None = None


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
        return self.check(self.ask(vector, wanted))

    def ask(self, vector: FloatArray, wanted: SearchFilter) -> Asked:
        """What the index knows, or what is kept of the filter; touches no database."""
        index = self._tools.index
        kept = self._tools.filtered.get(self._tools.texts.name, self._actor, wanted)
        if kept is not None:
            return Asked(vector, wanted, self._nearest(vector, kept), is_whole=True)
        if index is None:
            return Asked(vector, wanted)
        count = NEIGHBOURS if wanted.is_narrowing else RANKED + ENOUGH_FOUND
        try:
            near = index.queries.nearest(self._tools.questions, vector, count, EVERYBODY)
        except CollectionMissingError:
            return Asked(vector, wanted, why=Degradation.INDEX_EMPTY)
        except VectorIndexError as error:
            log.warning("search.index_down", error=str(error))
            return Asked(vector, wanted, why=Degradation.INDEX_DOWN)
        return Asked(vector, wanted, near, is_whole=len(near) < count)

    def check(self, asked: Asked) -> VectorsFound:
        """Those that the filter leaves and the asker may see, as the database says now."""
        if asked.why is not None:
            return self._without_index(asked.vector, asked.wanted, asked.why)
        with self._sessions() as session:
            ids = [each.id for each in asked.neighbours]
            allowed = SearchRepository(session, self._actor).allowed(ids, asked.wanted) if ids else set()
        kept = [each for each in asked.neighbours if each.id in allowed]
        if len(kept) < ENOUGH_FOUND and not asked.is_whole:
            limit = COMPARED_AT_MOST if self._tools.index is None else 10 * COMPARED_AT_MOST
            return self._compared(asked.vector, self._stored(asked.wanted, limit))
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
            stored = SearchRepository(session, self._actor).vectors(wanted, self._tools.texts.name, limit)
        if len(stored) < limit and wanted.is_narrowing and wanted.without is None:
            self._tools.filtered.put(self._tools.texts.name, self._actor, wanted, stored)
        return stored

    def _compared(self, vector: FloatArray, stored: FilteredVectors) -> VectorsFound:
        return self._found(self._nearest(vector, stored)[:RANKED])

    def _nearest(self, vector: FloatArray, stored: FilteredVectors) -> list[Neighbour]:
        matrix = from_bytes(stored.vectors, self._tools.texts.dimension)
        rows, cosines = nearest(vector, matrix, RANKED + ENOUGH_FOUND)
        pairs = zip(rows.tolist(), cosines.tolist(), strict=True)
        return [Neighbour(stored.id_at(row), cosine) for row, cosine in pairs]

    def _found(self, neighbours: Sequence[Neighbour]) -> VectorsFound:
        floor = SEMANTIC_FLOOR if self._tools.texts.is_semantic else LEXICAL_FLOOR
        near = {each.id: each.similarity for each in neighbours if each.similarity >= floor}
        return VectorsFound(list(near), near)
