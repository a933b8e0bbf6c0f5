"""The published questions of a subject as numpy arrays, kept in the process and renewed when the bank changes."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from app.ai.personalization.difficulty_adapter.repetition import Topics
from app.ai.personalization.user_modeling.served_head import ServedHead
from app.ai.personalization.user_modeling.state import Population
from app.ai.utils.sketches import UNKNOWN, Sketches, from_bytes
from app.core.logging import get_logger
from app.domain.enums import MasteryRuleName
from app.repositories.pool_repository import PoolRows
from app.services.model_heads import ModelHeads
from app.services.model_parameters import ModelParameters

log = get_logger(__name__)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

MAX_SKILLS_OF_A_QUESTION = 4
RELOAD_DUTY = 0.05
"""Share of the time that may go into reloading a pool while an import changes the bank again and again."""


@dataclass(frozen=True, slots=True)
class QuestionPool:
    """Arrays over n questions and k skills of one subject.

    `skill_index` has shape (n, 4) and is filled up with k, the place of "no skill"; arrays over skills have k + 1
    members. `by_skill[j]` lists the questions of skill j by rising difficulty, `by_skill[k]` those without any, and
    `levels[j]` their difficulties. `is_graded_at_once` leaves out what a teacher or the student grades. `keys` are the
    sorted key numbers of the questions, `key_positions` their places. `apart` lists for a place those of the questions
    that tell its answer, or whose answer it tells. `topics` are by first skill and by stem.
    """

    revision: int
    question_ids: Sequence[UUID]
    version_ids: Sequence[UUID]
    position_of: dict[UUID, int]
    keys: NDArray[np.uint64]
    key_positions: IntArray
    difficulty: FloatArray
    answers: FloatArray
    guess: FloatArray
    discrimination: FloatArray
    is_graded_at_once: NDArray[np.bool_]
    exposure: FloatArray
    topics: Topics
    skill_index: IntArray
    skill_count: FloatArray
    skill_ids: Sequence[UUID]
    skill_texts: Sequence[str]
    skill_places: dict[UUID, int]
    skill_names: Sequence[str]
    offsets: FloatArray
    by_skill: Sequence[IntArray]
    levels: Sequence[FloatArray]
    prerequisites: Sequence[Sequence[int]]
    apart: Mapping[int, Sequence[int]]
    population: Population
    model_version: int
    head: ServedHead | None
    mastery_rule: MasteryRuleName

    @property
    def size(self) -> int:
        return len(self.question_ids)

    def places(self, ids: bytes) -> IntArray:
        """Places of those of the questions (16 bytes each) that are in the pool, in the order given."""
        positions, is_known = self.lookup(ids)
        known: IntArray = positions[is_known]
        return known

    def lookup(self, ids: bytes) -> tuple[IntArray, NDArray[np.bool_]]:
        """A place for each of the questions, and whether it is the right one, since the question is in the pool."""
        if not ids or self.keys.size == 0:
            count = len(ids) // 16
            return np.zeros(count, dtype=np.intp), np.zeros(count, dtype=np.bool_)
        wanted = key_numbers(ids)
        found = np.minimum(np.searchsorted(self.keys, wanted), self.keys.size - 1)
        return self.key_positions[found], self.keys[found] == wanted

    def offset_of(self, skill_id: UUID) -> float:
        """Difficulty of the skill in logits; 0 for a skill the pool does not know (yet)."""
        return float(self.offsets[self.skill_places.get(skill_id, -1)])


def key_numbers(ids: bytes) -> NDArray[np.uint64]:
    """The second halves of ids of 16 bytes each: nearly all random in a UUIDv7, and quick to look up by the hundred."""
    return np.frombuffer(ids, dtype=">u8").reshape(-1, 2)[:, 1].astype(np.uint64)


def build_pool(rows: PoolRows, head: ServedHead | None = None) -> QuestionPool:
    skills = {skill_id: at for at, (skill_id, _) in enumerate(rows.skills)}
    model = ModelParameters.from_json(rows.model_parameters)
    count, none = len(rows.questions), len(skills)
    skill_index = np.full((count, MAX_SKILLS_OF_A_QUESTION), none, dtype=np.intp)
    for at, question in enumerate(rows.questions):
        known = [skills[skill_id] for skill_id in question.skill_ids if skill_id in skills]
        skill_index[at, : len(known)] = known[:MAX_SKILLS_OF_A_QUESTION]
    difficulty = np.array([question.difficulty for question in rows.questions])
    by_skill = _by_skill(skill_index, difficulty, none)
    keys = key_numbers(b"".join(question.question_id.bytes for question in rows.questions))
    order = np.argsort(keys)
    return QuestionPool(
        revision=rows.revision,
        question_ids=[question.question_id for question in rows.questions],
        version_ids=[question.version_id for question in rows.questions],
        position_of={question.question_id: at for at, question in enumerate(rows.questions)},
        keys=keys[order],
        key_positions=order,
        difficulty=difficulty,
        answers=np.array([float(question.answers) for question in rows.questions]),
        guess=model.guess_scale * np.array([question.guess for question in rows.questions]),
        discrimination=np.array([question.discrimination for question in rows.questions]),
        is_graded_at_once=np.array([question.is_graded_at_once for question in rows.questions], dtype=bool),
        exposure=np.array([question.shown for question in rows.questions]) / max(1, rows.learners),
        topics=Topics.of(skill_index[:, 0], none, _sketches(rows)),
        skill_index=skill_index,
        skill_count=np.maximum(1.0, (skill_index != none).sum(axis=1)),
        skill_ids=[skill_id for skill_id, _ in rows.skills],
        skill_texts=[str(skill_id) for skill_id, _ in rows.skills],
        skill_places=skills,
        skill_names=[name for _, name in rows.skills],
        offsets=_offsets(rows, model),
        by_skill=by_skill,
        levels=[difficulty[members] for members in by_skill],
        prerequisites=_prerequisites(rows, skills),
        apart=_apart(rows),
        population=model.population,
        model_version=rows.model_version,
        head=head,
        mastery_rule=MasteryRuleName(rows.mastery_rule),
    )


def _by_skill(skill_index: IntArray, difficulty: FloatArray, none: int) -> list[IntArray]:
    without = np.flatnonzero((skill_index == none).all(axis=1))
    members = [np.flatnonzero((skill_index == at).any(axis=1)) for at in range(none)]
    return [positions[np.argsort(difficulty[positions], kind="stable")] for positions in (*members, without)]


def _sketches(rows: PoolRows) -> Sketches:
    return from_bytes(b"".join(question.sketch or UNKNOWN for question in rows.questions))


def _apart(rows: PoolRows) -> dict[int, list[int]]:
    places = {question.question_id: at for at, question in enumerate(rows.questions)} if rows.apart else {}
    apart: dict[int, list[int]] = {}
    for first, second in rows.apart:
        if first in places and second in places:
            apart.setdefault(places[first], []).append(places[second])
            apart.setdefault(places[second], []).append(places[first])
    return apart


def _prerequisites(rows: PoolRows, skills: dict[UUID, int]) -> list[list[int]]:
    before: list[list[int]] = [[] for _ in skills]
    for skill_id, prerequisite_id in rows.prerequisites:
        if prerequisite_id in skills:
            before[skills[skill_id]].append(skills[prerequisite_id])
    return before


def _offsets(rows: PoolRows, model: ModelParameters) -> FloatArray:
    return np.array([*(model.offset_of(skill_id) for skill_id, _ in rows.skills), 0.0])


class PoolCache:
    """One pool a subject. A stale pool is served while its successor is read in the background.

    Args:
        read: Reads a subject's rows in a transaction of its own.
        refresh_s: Shortest time between two reads of one subject; 0 reads in the foreground at every change.
        heads: The heads of model versions; without it the filter's own chances are served.
    """

    def __init__(self, read: Callable[[UUID], PoolRows], refresh_s: float, heads: ModelHeads | None = None) -> None:
        self._read, self._refresh_s, self._heads = read, refresh_s, heads
        self._pools: dict[UUID, QuestionPool] = {}
        self._next_read: dict[UUID, float] = {}
        self._lock = threading.Lock()
        self._background = ThreadPoolExecutor(1, thread_name_prefix="pool-reader")

    def get(self, subject_id: UUID, revision: int) -> QuestionPool:
        """The pool at `revision` or a slightly older one; read at once when there is none."""
        pool = self._pools.get(subject_id)
        if pool is not None and pool.revision >= revision:
            return pool
        if pool is None or self._refresh_s == 0:
            with self._lock:
                return self._current_or_new(subject_id, revision)
        if time.monotonic() >= self._next_read.get(subject_id, 0.0):
            self._next_read[subject_id] = time.monotonic() + self._refresh_s
            self._background.submit(self._renew, subject_id)
        return pool

    def close(self) -> None:
        self._background.shutdown(wait=True, cancel_futures=True)

    def _current_or_new(self, subject_id: UUID, revision: int) -> QuestionPool:
        pool = self._pools.get(subject_id)
        if pool is not None and pool.revision >= revision:
            return pool
        return self._renew(subject_id)

    def _renew(self, subject_id: UUID) -> QuestionPool:
        began = time.monotonic()
        rows = self._read(subject_id)
        pool = build_pool(rows, None if self._heads is None else self._heads.get(rows.model_version))
        self._pools[subject_id] = pool
        seconds = time.monotonic() - began
        self._next_read[subject_id] = time.monotonic() + max(self._refresh_s, seconds / RELOAD_DUTY)
        log.info("pool.read", subject_id=str(subject_id), questions=pool.size, seconds=round(seconds, 3))
        return pool
