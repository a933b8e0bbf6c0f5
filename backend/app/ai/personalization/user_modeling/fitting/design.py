"""An answer log laid out for vectorised sums per learner, skill, skill set and question."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from app.ai.personalization.user_modeling.answer_log import AnswerLog

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Design:
    """Sparse incidence matrices of shape (entities, answers); a skill's entry is 1 / |K| for a question with |K|."""

    users: sparse.csr_matrix
    skills: sparse.csr_matrix
    sets: sparse.csr_matrix
    questions: sparse.csr_matrix
    user_rows: IntArray
    set_rows: IntArray
    question_rows: IntArray
    outcomes: FloatArray
    guesses: FloatArray


def design_of(log: AnswerLog) -> Design:
    return Design(
        users=_incidence(log.users, len(log.user_ids)),
        skills=_skill_incidence(log),
        sets=_incidence(log.sets, len(log.skill_sets)),
        questions=_incidence(log.questions, len(log.question_ids)),
        user_rows=log.users,
        set_rows=log.sets,
        question_rows=log.questions,
        outcomes=log.outcomes,
        guesses=log.guesses,
    )


def _incidence(rows: IntArray, size: int) -> sparse.csr_matrix:
    count = len(rows)
    return sparse.csr_matrix((np.ones(count), (rows, np.arange(count))), shape=(size, count))


def _skill_incidence(log: AnswerLog) -> sparse.csr_matrix:
    sizes = np.array([len(group) for group in log.skill_sets], dtype=np.int64)[log.sets]
    members = np.array([skill for group in log.sets.tolist() for skill in log.skill_sets[group]], dtype=np.int64)
    answers = np.repeat(np.arange(len(log)), sizes)
    weights = np.repeat(1.0 / np.maximum(sizes, 1), sizes)
    return sparse.csr_matrix((weights, (members, answers)), shape=(len(log.skill_ids), len(log)))
