"""Searching the bank: two arms, put together, and checked against the database before anything is shown."""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from app.ai.embeddings.vectors import EmbeddingError, FloatArray, from_bytes
from app.ai.utils.similarity import Fused, fuse_rankings
from app.core.errors import NotFoundError
from app.core.logging import get_logger
from app.domain.permissions import Actor
from app.domain.search import Degradation, LikeThis, SearchFilter
from app.domain.search_query import parse_query
from app.models import Skill
from app.repositories.keyset import read_position
from app.repositories.question_links import skills_of
from app.repositories.search_facets import FacetCount, SearchFacets
from app.repositories.search_repository import FoundQuestion, SearchRepository
from app.services.picture_search import PictureSearch
from app.services.search_arms import Asked, VectorsArm, VectorsFound, WordsArm
from app.services.search_snippets import Segment, snippets
from app.services.search_terms import ParsedQuery, QueryParser
from app.services.semantic_tools import SemanticTools
from app.services.skill_search import FoundSkill, SkillSearch
from app.utils.cursor import encode_cursor

log = get_logger(__name__)

_asking = ThreadPoolExecutor(8, thread_name_prefix="neighbours")
"""These threads hold no connection, and wait no longer than the time-out of the index."""

WORDS: Final = "words"
VECTORS: Final = "vectors"
EASIER_BY: Final = 0.3
"""Logits that make a question noticeably easier or harder: 7 points of success for an average student."""


@dataclass(frozen=True, slots=True)
class SearchWish:
    """What is searched, and the part of the ranking that is shown."""

    text: str
    wanted: SearchFilter
    cursor: str | None = None
    limit: int = 20
    with_facets: bool = False
    with_skills: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A found question with the score of the fused ranking and its rank in each arm."""

    question: FoundQuestion
    skills: Sequence[Skill]
    segments: Sequence[Segment]
    fused: Fused[UUID]
    similarity: float | None = None


@dataclass(frozen=True, slots=True)
class SearchFound:
    hits: list[Hit]
    next_cursor: str | None
    did_you_mean: str = ""
    degraded: tuple[Degradation, ...] = ()
    facets: list[FacetCount] | None = None
    skills: list[FoundSkill] = field(default_factory=list)
    milliseconds: dict[str, float] = field(default_factory=dict)


class SearchService:
    """Opens short sessions by itself: none is open while an embedder or the vector index is asked."""

    def __init__(self, sessions: sessionmaker[Session], actor: Actor, tools: SemanticTools) -> None:
        self._sessions, self._actor, self._tools = sessions, actor, tools
        self._vectors = VectorsArm(sessions, actor, tools)

    def search(self, wish: SearchWish) -> SearchFound:
        """By words and by meaning; what one arm cannot do the other does, and `degraded` says so."""
        clock = _Clock()
        parsed, vector, degraded = self._understood(wish.text)
        clock.lap("embedding")
        asked = self._asked(vector, wish.wanted)
        with self._sessions() as session:
            found = WordsArm(session, self._actor).find(parsed, wish.wanted)
        clock.lap(WORDS)
        near = self._vectors.check(asked.result()) if asked else VectorsFound()
        clock.lap(VECTORS)
        with self._sessions() as session:
            near_ids = self._meeting(session, near.ids, parsed.conditions)
            by_words = found.ids if near_ids and self._tools.texts.is_semantic else [*found.ids, *found.weak]
            ranking = fuse_rankings({WORDS: by_words, VECTORS: near_ids})
            page, cursor = _page(ranking, wish)
            hits = self._hits(session, page, near, parsed)
            facets = self._facets(session, ranking) if wish.with_facets else None
            skills = self._skills(session, parsed, wish)
            clock.lap("rows")
        return SearchFound(
            hits, cursor, parsed.did_you_mean, (*degraded, *near.degraded), facets, skills, clock.milliseconds
        )

    def similar(self, question_id: UUID, wanted: SearchFilter, like: LikeThis, limit: int) -> SearchFound:
        """Questions about the same, best first.

        Raises:
            NotFoundError: There is no such question, or the asker may not see it.
        """
        with self._sessions() as session:
            search = SearchRepository(session, self._actor)
            question = search.found([question_id]).get(question_id)
            stored = search.stem_vector(question_id, self._tools.texts.name)
        if question is None:
            raise NotFoundError("No such question.")
        if stored is None:
            return SearchFound([], None, degraded=(Degradation.INDEX_EMPTY,))
        vector = from_bytes(stored, self._tools.texts.dimension)[0]
        near = self._vectors.find(vector, _like(question, wanted, like))
        return self._ranked(near, limit)

    def by_picture(self, picture: bytes, wanted: SearchFilter, limit: int) -> SearchFound:
        """Questions whose pictures look like this one, or show the same where the embedder understands pictures.

        Raises:
            UnreadableImageError: It is no picture.
        """
        near = PictureSearch(self._sessions, self._actor, self._tools).find(picture, wanted)
        return self._ranked(near, limit)

    def _asked(self, vector: FloatArray | None, wanted: SearchFilter) -> Future[Asked] | None:
        """The index looks for neighbours while the database looks for words."""
        return None if vector is None else _asking.submit(self._vectors.ask, vector, wanted)

    def _meeting(self, session: Session, ids: Sequence[UUID], conditions: Sequence[str]) -> Sequence[UUID]:
        """What is near by meaning obeys -words and "phrases" too."""
        if not conditions:
            return ids
        meeting = SearchRepository(session, self._actor).meeting(ids, " & ".join(conditions))
        return [each for each in ids if each in meeting]

    def _skills(self, session: Session, parsed: ParsedQuery, wish: SearchWish) -> list[FoundSkill]:
        if wish.cursor or not wish.with_skills:
            return []
        return SkillSearch(session, self._actor).find(parsed, wish.wanted.subject_ids)

    def _understood(self, text: str) -> tuple[ParsedQuery, FloatArray | None, list[Degradation]]:
        """Words and vector of what was probably meant: a misspelt word has no meaning of its own."""
        typed = parse_query(text)
        with self._sessions() as session:
            parsed = QueryParser(session).parse(typed)
        return parsed, *self._embedded(parsed.did_you_mean or typed.meaning)

    def _embedded(self, text: str) -> tuple[FloatArray | None, list[Degradation]]:
        embedder = self._tools.texts
        degraded = [] if embedder.is_semantic else [Degradation.LEXICAL_VECTORS]
        if not text.strip():
            return None, degraded
        try:
            return self._tools.embed_query(text), degraded
        except EmbeddingError as error:
            log.warning("search.embedder_down", embedder=embedder.name, error=str(error))
            return None, [Degradation.EMBEDDER_DOWN]

    def _ranked(self, near: VectorsFound, limit: int) -> SearchFound:
        ranking = fuse_rankings({VECTORS: near.ids[:limit]})
        with self._sessions() as session:
            hits = self._hits(session, ranking, near)
        return SearchFound(hits, None, degraded=tuple(near.degraded))

    def _hits(
        self, session: Session, page: Sequence[Fused[UUID]], near: VectorsFound, parsed: ParsedQuery | None = None
    ) -> list[Hit]:
        """What of the page is (still) there and may be seen."""
        ids = [each.key for each in page]
        found = SearchRepository(session, self._actor).found(ids)
        skills = skills_of(session, list(found)) if found else {}
        texts = {each: question.text for each, question in found.items()}
        shown = snippets(session, texts, parsed.lexemes, parsed.stemmers) if parsed else snippets(session, texts)
        return [
            Hit(found[each.key], skills.get(each.key, ()), shown[each.key], each, near.similarities.get(each.key))
            for each in page
            if each.key in found
        ]

    def _facets(self, session: Session, ranking: Sequence[Fused[UUID]]) -> list[FacetCount]:
        return SearchFacets(session, self._actor).counts([each.key for each in ranking])


def _page(ranking: Sequence[Fused[UUID]], wish: SearchWish) -> tuple[Sequence[Fused[UUID]], str | None]:
    """The ranking is bounded and made anew each time, so the cursor is a place in it."""
    if wish.limit == 0:
        return (), None
    start = max(0, int(read_position(wish.cursor, int)[0])) if wish.cursor else 0
    end = start + wish.limit
    return ranking[start:end], encode_cursor(end) if end < len(ranking) else None


def _like(question: FoundQuestion, wanted: SearchFilter, like: LikeThis) -> SearchFilter:
    within = replace(wanted, without=question.id, subject_ids=wanted.subject_ids or (question.subject_id,))
    if like is LikeThis.EASIER:
        return replace(within, difficulty_max=question.difficulty - EASIER_BY)
    if like is LikeThis.HARDER:
        return replace(within, difficulty_min=question.difficulty + EASIER_BY)
    return within


class _Clock:
    """Milliseconds of each stretch."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.milliseconds[name] = round(1000 * (now - self._last), 2)
        self._last = now
