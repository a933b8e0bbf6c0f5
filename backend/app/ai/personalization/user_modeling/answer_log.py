"""An answer log in columns, as the fits read it: one row per answer, each learner's answers in their order."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.ai.personalization.user_modeling.state import NotFiniteError

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
Label = TypeVar("Label", bound=Hashable)


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """`at_s` is the time of the answer in seconds since any fixed moment; None where the log has no times.

    `guess` is the chance of a lucky hit: 1 / options for a closed question, 0 for an open one.
    """

    user_id: str
    question_id: str
    skill_ids: tuple[str, ...]
    outcome: float
    at_s: float | None = None
    guess: float = 0.0


@dataclass(frozen=True, slots=True)
class AnswerLog:
    """Columns of shape (n,) holding positions in the label tuples; `times` in seconds, NaN where unknown.

    `skill_sets` holds the distinct combinations of skills, each a tuple of positions in `skill_ids`; `guesses` has the
    chance of guessing of each row's question.
    """

    users: IntArray
    questions: IntArray
    sets: IntArray
    outcomes: FloatArray
    times: FloatArray
    guesses: FloatArray
    user_ids: tuple[str, ...]
    question_ids: tuple[str, ...]
    skill_ids: tuple[str, ...]
    skill_sets: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return len(self.users)

    @property
    def has_times(self) -> bool:
        return bool(np.isfinite(self.times).any())

    def rows(self, chosen: IntArray | NDArray[np.bool_]) -> "AnswerLog":
        """The same labels with only the chosen rows."""
        return AnswerLog(
            self.users[chosen],
            self.questions[chosen],
            self.sets[chosen],
            self.outcomes[chosen],
            self.times[chosen],
            self.guesses[chosen],
            self.user_ids,
            self.question_ids,
            self.skill_ids,
            self.skill_sets,
        )

    def question_sets(self) -> IntArray:
        """Position of each question's (latest) skill set, -1 for a question without a row. Shape (n_questions,)."""
        latest = np.full(len(self.question_ids), -1, dtype=np.int64)
        latest[self.questions] = self.sets
        return latest


class _Labels(Generic[Label]):
    def __init__(self) -> None:
        self._positions: dict[Label, int] = {}

    def code(self, label: Label) -> int:
        return self._positions.setdefault(label, len(self._positions))

    def labels(self) -> tuple[Label, ...]:
        return tuple(self._positions)


def build_log(answers: Iterable[LoggedAnswer]) -> AnswerLog:
    """Collect answers, which come in the order they were given at least within each learner.

    Raises:
        NotFiniteError: If an outcome lies outside [0, 1] or a time is NaN or infinite.
    """
    users, questions, skills, sets = _Labels[str](), _Labels[str](), _Labels[str](), _Labels[tuple[int, ...]]()
    codes: list[tuple[int, int, int]] = []
    values: list[tuple[float, float, float]] = []
    for answer in answers:
        members = tuple([skills.code(skill) for skill in sorted(set(answer.skill_ids))])
        codes.append((users.code(answer.user_id), questions.code(answer.question_id), sets.code(members)))
        values.append((answer.outcome, _seconds(answer.at_s), answer.guess))
    integer = np.array(codes, dtype=np.int64).reshape(-1, 3)
    number = np.array(values, dtype=np.float64).reshape(-1, 3)
    if not ((number[:, 0] >= 0.0) & (number[:, 0] <= 1.0)).all():
        raise NotFiniteError("Every outcome in an answer log must lie in [0, 1].")
    if not ((number[:, 2] >= 0.0) & (number[:, 2] < 1.0)).all():
        raise NotFiniteError("Every chance of guessing must lie in [0, 1).")
    user, question, group = integer.T
    outcome, time, guess = number.T
    labels = (users.labels(), questions.labels(), skills.labels(), sets.labels())
    return AnswerLog(user, question, group, outcome, time, guess, *labels)


def folds_by_learner(log: AnswerLog, folds: int, rng: np.random.Generator) -> IntArray:
    """Fold of each row, equal for all rows of one learner. Shape (n,)."""
    of_learner = rng.permutation(len(log.user_ids)) % folds
    return np.asarray(of_learner[log.users], dtype=np.int64)


def _seconds(at_s: float | None) -> float:
    if at_s is None:
        return float("nan")
    if not np.isfinite(at_s):
        raise NotFiniteError("A time in an answer log must be finite; leave it out where it is unknown.")
    return at_s
