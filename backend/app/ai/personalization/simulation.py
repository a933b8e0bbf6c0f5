"""Simulated students who practise with the real policy and the real learner model, to measure both.

A student's chance of success follows the Rasch model with their true abilities, which grow with every answer; the
policy sees only what the learner model believes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from app.ai.personalization.difficulty_adapter.selection import Candidates, Choice, FloatArray, choose
from app.ai.personalization.difficulty_adapter.target import Target, shift_target
from app.ai.personalization.user_modeling.kalman import mastery_probability, sigmoid, update
from app.ai.personalization.user_modeling.kalman_many import Candidates as Questions
from app.ai.personalization.user_modeling.kalman_many import predict_many
from app.ai.personalization.user_modeling.state import (
    Evidence,
    ItemParameters,
    LearnerState,
    Population,
    SkillState,
    new_learner,
    new_skill,
)

CALIBRATED_ANSWERS: Final = 50
SPREAD: Final = 1.5
LEARNING_PER_ANSWER: Final = 0.01


@dataclass(frozen=True, slots=True)
class PracticeWorld:
    """A question bank with one skill a question; arrays of shape ``(n,)``, difficulties in logits.

    Attributes:
        true_difficulty: What decides about success.
        difficulty: What the model believes, off by what `answers` answers leave open.
        answers: Answers behind each believed difficulty.
        skill: Skill number of each question.
        population: Parameters of the learner model, which are also those of the simulated students.
    """

    true_difficulty: FloatArray
    difficulty: FloatArray
    answers: FloatArray
    skill: NDArray[np.int64]
    population: Population

    @property
    def skills(self) -> int:
        return int(self.skill.max()) + 1


@dataclass(frozen=True, slots=True)
class Fatigue:
    """After `begins` answers the level sinks by `each` with every answer, by `most` at the most (logits)."""

    begins: int
    each: float
    most: float

    def loss(self, answers: int) -> float:
        return min(self.most, self.each * max(0, answers - self.begins))


@dataclass(slots=True)
class SimulatedStudent:
    """True abilities in logits: `general` plus one deviation a skill, which grows by `learning` with each answer."""

    general: float
    deviations: FloatArray
    learning: float = LEARNING_PER_ANSWER
    fatigue: Fatigue | None = None
    answered: int = 0

    def answer(self, difficulty: float, skill: int, rng: Generator) -> float:
        """1 or 0; and the student has learned a little."""
        tired = 0.0 if self.fatigue is None else self.fatigue.loss(self.answered)
        chance = sigmoid(self.general + self.deviations[skill] - tired - difficulty)
        self.deviations[skill] += self.learning
        self.answered += 1
        return float(rng.random() < chance)


@dataclass(slots=True)
class PracticeRun:
    """One practice session: choices and scores in order."""

    choices: list[Choice] = field(default_factory=list)
    questions: list[int] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)


@dataclass(slots=True)
class _Belief:
    """What the learner model holds about the student."""

    learner: LearnerState
    skills: list[SkillState]


def draw_world(questions: int, skills: int, rng: Generator, population: Population | None = None) -> PracticeWorld:
    """Believed difficulties are normal, wide enough for weak and strong students; skills take turns."""
    population = population or Population()
    believed = SPREAD * rng.normal(size=questions)
    answers = rng.integers(0, 2 * CALIBRATED_ANSWERS, questions).astype(np.float64)
    # Believed values are posterior means, so the truth scatters around them and not the other way round.
    error = np.sqrt(population.item_variance / (1.0 + population.item_shrink * answers))
    true_difficulty = believed + error * rng.normal(size=questions)
    return PracticeWorld(true_difficulty, believed, answers, np.arange(questions) % skills, population)


def draw_student(world: PracticeWorld, rng: Generator) -> SimulatedStudent:
    """A student from the population that the learner model assumes."""
    spread = np.sqrt(world.population.skill_variance)
    general = rng.normal(0.0, np.sqrt(world.population.user_variance))
    return SimulatedStudent(float(general), spread * rng.normal(size=world.skills))


def practise(
    world: PracticeWorld, student: SimulatedStudent, target: Target, rng: Generator, *, answers: int = 50
) -> PracticeRun:
    """Let the policy choose `answers` questions, never one twice, and the model learn from the scores."""
    population = world.population
    belief = _Belief(new_learner(population), [new_skill(population) for _ in range(world.skills)])
    run, unused = PracticeRun(), np.ones(world.skill.size, dtype=np.bool_)
    for _ in range(answers):
        left = np.flatnonzero(unused)
        offered = _candidates(world, belief, left, run.questions)
        choice = choose(offered, shift_target(target, run.scores), rng)
        question = int(left[choice.index])
        score = student.answer(float(world.true_difficulty[question]), int(world.skill[question]), rng)
        _learn(world, belief, question, score)
        unused[question] = False
        run.choices.append(choice)
        run.questions.append(question)
        run.scores.append(score)
    return run


def _candidates(world: PracticeWorld, belief: _Belief, left: NDArray[np.intp], asked: Sequence[int]) -> Candidates:
    skill, zeros = world.skill[left], np.zeros(left.size)
    population, learner = world.population, belief.learner
    means = np.array([state.mean for state in belief.skills])
    variances = np.array([state.variance for state in belief.skills])
    need = np.array([1.0 - mastery_probability(population, learner, state, 0.0) for state in belief.skills])
    questions = Questions(
        skill_mean=means[skill],
        skill_variance=variances[skill],
        offset=zeros,
        difficulty=world.difficulty[left],
        answers=world.answers[left],
        guess=zeros,
    )
    return Candidates(
        probability=predict_many(population, learner, questions).probability,
        difficulty=world.difficulty[left],
        answers=world.answers[left],
        skill_need=need[skill],
        due=zeros,
        exposure=zeros,
        repetition=(skill == world.skill[asked[-1]]).astype(np.float64) if asked else zeros,
    )


def _learn(world: PracticeWorld, belief: _Belief, question: int, score: float) -> None:
    skill = int(world.skill[question])
    item = ItemParameters(float(world.difficulty[question]), int(world.answers[question]))
    after = update(world.population, belief.learner, [belief.skills[skill]], [0.0], item, Evidence(score))
    belief.learner, belief.skills[skill] = after.learner, after.skills[0]
