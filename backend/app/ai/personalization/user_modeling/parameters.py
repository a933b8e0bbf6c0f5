"""Fitted parameters of questions and skills, looked up by id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.ai.personalization.user_modeling.history import Question
from app.ai.personalization.user_modeling.state import ItemParameters, Population

FloatArray: TypeAlias = NDArray[np.float64]
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class SkillTable:
    """`offsets` are difficulties $c_k$ in logits, `errors` their standard errors. Shape (n_skills,)."""

    skill_ids: tuple[str, ...]
    offsets: FloatArray
    errors: FloatArray


@dataclass(frozen=True, slots=True)
class SetTable:
    """Distinct combinations of skills: deviation shared by their questions, shape (n_sets,); loadings (n_sets, d)."""

    members: tuple[tuple[int, ...], ...]
    difficulty: FloatArray
    loadings: FloatArray


@dataclass(frozen=True, slots=True)
class QuestionTable:
    """Answered questions. `difficulty` is the whole deviation from the skills. Shapes (n_questions,) and (.., d)."""

    question_ids: tuple[str, ...]
    difficulty: FloatArray
    errors: FloatArray
    answers: NDArray[np.int64]
    loadings: FloatArray


@dataclass(frozen=True, slots=True)
class QuestionParameters:
    """One question as the model sees it; codes are `UNKNOWN` for what the fit never met."""

    item: ItemParameters
    offsets: tuple[float, ...]
    loadings: tuple[float, ...]
    question_code: int
    set_code: int


@dataclass(frozen=True)
class Parameters:
    """All population parameters below the heads.

    A question without answers takes its skill set's deviation and loadings; an unknown set takes those of no deviation.
    `guess_scale` is the part of the chance of guessing that learners really use; 0 where it did not help prediction.
    """

    population: Population
    skills: SkillTable
    sets: SetTable
    questions: QuestionTable
    guess_scale: float = 1.0
    _offsets: Mapping[str, float] = field(init=False, repr=False, compare=False)
    _question_codes: Mapping[str, int] = field(init=False, repr=False, compare=False)
    _set_codes: Mapping[tuple[str, ...], int] = field(init=False, repr=False, compare=False)
    _items: Sequence[tuple[float, int, tuple[float, ...]]] = field(init=False, repr=False, compare=False)
    _unanswered: Sequence[tuple[float, int, tuple[float, ...]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = self.skills.skill_ids
        self._index("_offsets", dict(zip(names, self.skills.offsets.tolist(), strict=True)))
        self._index("_question_codes", {name: code for code, name in enumerate(self.questions.question_ids)})
        members = self.sets.members
        self._index(
            "_set_codes", {tuple(sorted(names[skill] for skill in group)): code for code, group in enumerate(members)}
        )
        table = self.questions
        self._index("_items", _rows(table.difficulty, table.answers, table.loadings))
        nothing = np.zeros(len(members), dtype=np.int64)
        self._index("_unanswered", _rows(self.sets.difficulty, nothing, self.sets.loadings))

    @property
    def dimensions(self) -> int:
        return int(self.sets.loadings.shape[1])

    def question(self, question: Question) -> QuestionParameters:
        code = self.question_code(question.question_id)
        set_code = self.set_code(question.skill_ids)
        difficulty, answers, loadings = self._read(code, set_code)
        return QuestionParameters(
            item=ItemParameters(difficulty, answers, self.guess_scale * question.guess),
            offsets=tuple([self.offset(skill) for skill in question.skill_ids]),
            loadings=loadings,
            question_code=code,
            set_code=set_code,
        )

    def offset(self, skill_id: str) -> float:
        """Difficulty of a skill; 0 for one the fit never met."""
        return self._offsets.get(skill_id, 0.0)

    def question_code(self, question_id: str) -> int:
        return self._question_codes.get(question_id, UNKNOWN)

    def set_code(self, skill_ids: tuple[str, ...]) -> int:
        """Position of a combination of skills, whatever their order; sorted ids are found faster."""
        code = self._set_codes.get(skill_ids)
        return self._set_codes.get(tuple(sorted(skill_ids)), UNKNOWN) if code is None else code

    def without_factors(self) -> "Parameters":
        """The same with no hidden factors, for passes that need the scalar filter alone."""
        sets = replace(self.sets, loadings=self.sets.loadings[:, :0])
        return replace(self, sets=sets, questions=replace(self.questions, loadings=self.questions.loadings[:, :0]))

    def _read(self, code: int, set_code: int) -> tuple[float, int, tuple[float, ...]]:
        if code != UNKNOWN:
            return self._items[code]
        if set_code != UNKNOWN:
            return self._unanswered[set_code]
        return 0.0, 0, (0.0,) * self.dimensions

    def _index(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)


def _rows(
    difficulty: FloatArray, answers: NDArray[np.int64], loadings: FloatArray
) -> list[tuple[float, int, tuple[float, ...]]]:
    profiles = [tuple(row) for row in loadings.tolist()]
    return list(zip(difficulty.tolist(), answers.tolist(), profiles, strict=True))
