"""Looking through a whole subject for questions that should not stay beside each other."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from app.ai.embeddings.vectors import FloatArray, from_bytes
from app.ai.utils.similarity import similar_pairs
from app.domain.near_duplicates import Gist, gist_of
from app.domain.permissions import Actor
from app.domain.question_pairs import PairKind
from app.domain.search import VectorPart
from app.repositories.bank_vectors_repository import BankVectorsRepository
from app.repositories.question_pair_repository import PairFound, QuestionPairRepository
from app.repositories.question_repository import QuestionRepository
from app.repositories.subject_repository import SubjectRepository
from app.services.answer_leaks import LEAST_SIMILARITY, answers_of, find_leaks
from app.services.pair_judgement import LEAST_COSINE, judge
from app.services.question_forms import draft_of
from app.services.semantic_tools import SemanticTools

AT_ONCE: Final = 1_000
MOST_PAIRS: Final = 20_000
"""A bank made of one template would have millions; so many are more than anybody looks at."""

Progress = Callable[[int, int, str], None]
Place = tuple[int, int]


class DuplicateScan:
    """Likeness of vectors chooses the pairs, words, numbers, negations and answers decide."""

    def __init__(self, sessions: sessionmaker[Session], actor: Actor, tools: SemanticTools, progress: Progress) -> None:
        self._sessions, self._actor, self._tools, self._progress = sessions, actor, tools, progress

    def run(self, subject_id: UUID, now: datetime) -> Counter[str]:
        """How many pairs of each kind there are. Pairs that staff have decided on are not opened again."""
        ids, vectors = self._vectors(subject_id)
        self._progress(0, len(ids), "Comparing questions")
        alike = [pair for pair, _ in zip(similar_pairs(vectors, LEAST_COSINE), range(MOST_PAIRS), strict=False)]
        self._progress(len(ids) // 2, len(ids), f"Judging {len(alike)} pairs")
        found = [*self._judged(ids, alike), *self._leaks(ids, vectors)]
        with self._sessions.begin() as session:
            QuestionPairRepository(session).replace(subject_id, found, now)
            # Practice keeps what gives away apart.
            SubjectRepository(session).bump_content(subject_id)
        return Counter(pair.kind.value for pair in found)

    def _vectors(self, subject_id: UUID) -> tuple[list[UUID], FloatArray]:
        texts = self._tools.texts
        with self._sessions() as session:
            stored = BankVectorsRepository(session, texts.name).vectors(subject_id, VectorPart.STEM)
        return stored.ids, from_bytes(stored.vectors, texts.dimension)

    def _judged(self, ids: Sequence[UUID], alike: Sequence[tuple[int, int, float]]) -> Iterable[PairFound]:
        gists = self._gists({ids[place] for one, other, _ in alike for place in (one, other)})
        for one, other, cosine in alike:
            first, second = ids[one], ids[other]
            kind = judge(gists[first], gists[second], cosine) if first in gists and second in gists else None
            if kind is not None:
                yield PairFound(first, second, kind, cosine, {})

    def _gists(self, question_ids: set[UUID]) -> Mapping[UUID, Gist]:
        gists: dict[UUID, Gist] = {}
        wanted = sorted(question_ids)
        for start in range(0, len(wanted), AT_ONCE):
            with self._sessions() as session:
                full = QuestionRepository(session).full_many(self._actor, wanted[start : start + AT_ONCE])
            gists |= {each: gist_of(draft_of(question)) for each, question in full.items()}
            self._progress(len(gists), len(wanted), f"Reading {len(wanted)} questions")
        return gists

    def _leaks(self, ids: Sequence[UUID], vectors: FloatArray) -> Iterable[PairFound]:
        stems: list[str] = []
        answers: list[list[str]] = []
        for start in range(0, len(ids), AT_ONCE):
            part = ids[start : start + AT_ONCE]
            with self._sessions() as session:
                texts = BankVectorsRepository(session, self._tools.texts.name).texts(part)
            stems += [texts[each].stem if each in texts else "" for each in part]
            answers += [answers_of(texts[each].content, texts[each].key) if each in texts else [] for each in part]
            self._progress(len(stems), len(ids), "Looking for answers in other stems")
        for leak in find_leaks(stems, answers):
            cosine = float(vectors[leak.asked] @ vectors[leak.teller])
            if cosine >= LEAST_SIMILARITY:
                yield _leak(ids[leak.asked], ids[leak.teller], leak.answer, cosine)


def _leak(asked: UUID, teller: UUID, answer: str, cosine: float) -> PairFound:
    """Ids are ordered by time, so the smaller one is the older question."""
    first, second = sorted((asked, teller))
    details = {"answer": answer[:200], "asked": str(asked)}
    return PairFound(first, second, PairKind.GIVES_AWAY, cosine, details)
