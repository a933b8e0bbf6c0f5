r"""Maximum a posteriori fit of the static model behind the filters.

$\eta = b_0 + \theta_u + z_u \cdot (L_s + l_i) - (\overline{c_k} + s_s + d_i)$ with independent normal priors: a skill
value, a deviation per skill set and per question, and loadings that shrink towards those of the skill set.

References:
    Rasch, G. (1960). Probabilistic Models for Some Intelligence and Attainment Tests.
    Gelman, A., Hill, J. (2007). Data Analysis Using Regression and Multilevel Models (partial pooling).
    Reckase, M. (2009). Multidimensional Item Response Theory (loadings).
    Liu, D., Nocedal, J. (1989). On the limited memory BFGS method for large scale optimization.
"""

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from app.ai.personalization.user_modeling.answer_log import AnswerLog
from app.ai.personalization.user_modeling.fitting.design import Design, design_of
from app.ai.personalization.user_modeling.parameters import Parameters, QuestionTable, SetTable, SkillTable
from app.ai.personalization.user_modeling.state import Population

FloatArray: TypeAlias = NDArray[np.float64]
FLAT_VARIANCE = 1e6
TYPICAL_INFORMATION = 0.2
START_SPREAD = 0.3
MAX_ITERATIONS = 200


@dataclass(frozen=True, slots=True)
class AbilityPriors:
    """Prior variances, in squared logits; `dimensions` is the number of hidden factors."""

    user: float = 1.0
    skill: float = 1.0
    skill_set: float = 0.3
    question: float = 1.0
    set_loading: float = 0.03
    question_loading: float = 0.03
    dimensions: int = 2


@dataclass(frozen=True, slots=True)
class _Blocks:
    """The unknowns of the fit; matrices have one row per entity and d columns."""

    intercept: FloatArray
    users: FloatArray
    skills: FloatArray
    sets: FloatArray
    questions: FloatArray
    user_factors: FloatArray
    set_loadings: FloatArray
    question_loadings: FloatArray


class _Layout:
    """Positions of the blocks inside one flat vector, with their prior precisions and typical curvatures."""

    def __init__(self, design: Design, priors: AbilityPriors) -> None:
        self.dimensions = priors.dimensions
        counts = [_information(matrix) for matrix in (design.users, design.skills, design.sets, design.questions)]
        per_factor = [np.repeat(counts[index], priors.dimensions) for index in (0, 2, 3)]
        total = np.array([float(len(design.outcomes))])
        curvatures = [total, *counts, *per_factor]
        variances = (FLAT_VARIANCE, priors.user, priors.skill, priors.skill_set, priors.question)
        loadings = (1.0, priors.set_loading, priors.question_loading)
        self.precision = np.concatenate(
            [
                np.full(len(part), 1.0 / variance)
                for part, variance in zip(curvatures, (*variances, *loadings), strict=True)
            ]
        )
        self.scale = np.sqrt(TYPICAL_INFORMATION * np.concatenate(curvatures) + self.precision)
        self._rows = [len(counts[index]) for index in (0, 2, 3)]
        self._cuts = np.cumsum([len(part) for part in curvatures])[:-1]

    def blocks(self, vector: FloatArray) -> _Blocks:
        parts = np.split(vector, self._cuts)
        matrices = [part.reshape(rows, self.dimensions) for part, rows in zip(parts[5:], self._rows, strict=True)]
        return _Blocks(*parts[:5], *matrices)

    def start(self, rng: np.random.Generator) -> FloatArray:
        """Zeros, but random factors and loadings: at zero their gradient would vanish."""
        vector = np.zeros(len(self.precision))
        first = self._cuts[4]
        deviation = START_SPREAD / np.sqrt(self.precision[first:])
        vector[first:] = rng.normal(size=len(deviation)) * deviation
        return vector


def fit_abilities(
    log: AnswerLog, population: Population, priors: AbilityPriors, rng: np.random.Generator
) -> Parameters:
    """Difficulties, skill values and loadings from all answers of a log; `population` gives all but the intercept.

    Raises:
        ValueError: If the log is empty.
    """
    if len(log) == 0:
        raise ValueError("A population cannot be fitted without answers.")
    design = design_of(log)
    layout = _Layout(design, priors)
    scale = layout.scale

    def objective(scaled: FloatArray) -> tuple[float, FloatArray]:
        loss, gradient = _loss(design, layout, scaled / scale)
        return loss, gradient / scale

    start = layout.start(rng) * scale
    options = {"maxiter": MAX_ITERATIONS, "ftol": 1e-7}
    solution = minimize(objective, start, jac=True, method="L-BFGS-B", options=options)
    return _parameters(log, design, layout.blocks(solution.x / scale), (population, priors))


def _loss(design: Design, layout: _Layout, vector: FloatArray) -> tuple[float, FloatArray]:
    blocks = layout.blocks(vector)
    profiles = blocks.user_factors[design.user_rows]
    loadings = blocks.set_loadings[design.set_rows] + blocks.question_loadings[design.question_rows]
    loss, residual = _answer_loss(design, _logits(design, blocks, profiles, loadings))
    by_loading, by_profile = residual[:, None] * loadings, residual[:, None] * profiles
    gradient = np.concatenate(
        [
            [residual.sum()],
            design.users @ residual,
            -(design.skills @ residual),
            -(design.sets @ residual),
            -(design.questions @ residual),
            (design.users @ by_loading).ravel(),
            (design.sets @ by_profile).ravel(),
            (design.questions @ by_profile).ravel(),
        ]
    )
    penalty = layout.precision * vector
    return loss + 0.5 * float(penalty @ vector), gradient + penalty


def _logits(design: Design, blocks: _Blocks, profiles: FloatArray, loadings: FloatArray) -> FloatArray:
    difficulty = design.skills.T @ blocks.skills + blocks.sets[design.set_rows] + blocks.questions[design.question_rows]
    ability = blocks.users[design.user_rows] + np.einsum("nd,nd->n", profiles, loadings)
    return np.asarray(blocks.intercept[0] + ability - difficulty)


def _answer_loss(design: Design, logits: FloatArray) -> tuple[float, FloatArray]:
    """Sum of log losses, and its derivative by each logit; with a chance of guessing as in Birnbaum (1968)."""
    known = 0.5 * (1.0 + np.tanh(0.5 * logits))
    wrong_loss = np.logaddexp(0.0, logits)
    if not design.guesses.any():
        return float((wrong_loss - design.outcomes * logits).sum()), known - design.outcomes
    right = design.guesses + (1.0 - design.guesses) * known
    wrong_loss = wrong_loss - np.log1p(-design.guesses)
    loss = -design.outcomes * np.log(right) + (1.0 - design.outcomes) * wrong_loss
    return float(loss.sum()), (right - design.outcomes) * known / right


def _parameters(log: AnswerLog, design: Design, blocks: _Blocks, given: tuple[Population, AbilityPriors]) -> Parameters:
    population, priors = given
    loadings = blocks.set_loadings[design.set_rows] + blocks.question_loadings[design.question_rows]
    logits = _logits(design, blocks, blocks.user_factors[design.user_rows], loadings)
    known = 0.5 * (1.0 + np.tanh(0.5 * logits))
    information = known * (1.0 - known)
    return Parameters(
        population=replace(population, intercept=float(blocks.intercept[0])),
        skills=SkillTable(
            log.skill_ids, blocks.skills, _errors(design.skills.multiply(design.skills) @ information, priors.skill)
        ),
        sets=SetTable(log.skill_sets, blocks.sets, blocks.set_loadings),
        questions=_question_table(log, blocks, _errors(design.questions @ information, priors.question)),
    )


def _question_table(log: AnswerLog, blocks: _Blocks, errors: FloatArray) -> QuestionTable:
    sets = log.question_sets()
    answered = np.flatnonzero(sets >= 0)
    sets = sets[answered]
    return QuestionTable(
        question_ids=tuple(log.question_ids[question] for question in answered.tolist()),
        difficulty=blocks.questions[answered] + blocks.sets[sets],
        errors=errors[answered],
        answers=np.bincount(log.questions, minlength=len(log.question_ids))[answered],
        loadings=blocks.question_loadings[answered] + blocks.set_loadings[sets],
    )


def _information(matrix: sparse.csr_matrix) -> FloatArray:
    return np.asarray(matrix.multiply(matrix).sum(axis=1), dtype=np.float64).ravel()


def _errors(information: FloatArray, variance: float) -> FloatArray:
    """Posterior standard errors, each parameter taken by itself."""
    return np.asarray(1.0 / np.sqrt(information + 1.0 / variance))
