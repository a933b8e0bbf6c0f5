"""Training of the prediction heads with scikit-learn, which only this module imports.

References:
    Kingma, D., Ba, J. (2015). Adam: a method for stochastic optimization.
    Prechelt, L. (1998). Early stopping, but when?
    Lakshminarayanan, B. et al. (2017). Simple and scalable predictive uncertainty estimation using deep ensembles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from app.ai.personalization.user_modeling.fitting.training_rows import Runner, TrainingRows
from app.ai.personalization.user_modeling.heads import LogisticHead, NeuralHead, SkillTally, Standardiser

if TYPE_CHECKING:
    from sklearn.neural_network import MLPClassifier

Labels: TypeAlias = NDArray[np.bool_]
SLOPE_SCALE = 0.5
MIN_SPREAD = 1e-6
CHANCE_FLOOR = 1e-9


@dataclass(frozen=True, slots=True)
class NeuralSettings:
    """Each member stops early on its own share `held_out` of the learners."""

    units: int = 64
    members: int = 6
    weight_decay: float = 0.2
    learning_rate: float = 1e-3
    batch_size: int = 512
    max_epochs: int = 14
    patience: int = 3
    held_out: float = 0.1


@dataclass(frozen=True, slots=True)
class Examples:
    """Standard scores of shape (n, n_inputs) and labels of shape (n,)."""

    scores: NDArray[np.float32]
    labels: Labels

    def rows(self, chosen: Labels) -> "Examples":
        return Examples(self.scores[chosen], self.labels[chosen])


def fit_standardiser(rows: TrainingRows) -> Standardiser:
    spread = rows.inputs.std(axis=0, dtype=np.float64)
    centre = rows.inputs.mean(axis=0, dtype=np.float64)
    return Standardiser(centre, np.where(spread < MIN_SPREAD, 1.0, spread))


def fit_logistic(rows: TrainingRows, examples: Examples) -> LogisticHead:
    """Ridge logistic regression on the scores and, shrunken more strongly, three slopes per skill."""
    from sklearn.linear_model import LogisticRegression

    skill_ids = sorted({tally.skill_id for tallies in rows.tallies for tally in tallies})
    slopes = _slope_columns(rows.tallies, {skill_id: code for code, skill_id in enumerate(skill_ids)})
    columns = sparse.hstack([sparse.csr_matrix(examples.scores, dtype=np.float64), SLOPE_SCALE * slopes], format="csr")
    model = LogisticRegression(C=1.0, max_iter=300, tol=1e-3).fit(columns, examples.labels)
    weights, count = model.coef_[0], examples.scores.shape[1]
    by_skill = SLOPE_SCALE * weights[count:].reshape(-1, 3)
    return LogisticHead(
        weights=weights[:count].copy(),
        intercept=float(model.intercept_[0]),
        slopes={name: (row[0], row[1], row[2]) for name, row in zip(skill_ids, by_skill.tolist(), strict=True)},
    )


def fit_neural(
    rows: TrainingRows, examples: Examples, settings: NeuralSettings, rng: np.random.Generator, run: Runner = map
) -> NeuralHead:
    """Several perceptrons from different starts and held-out learners; `run` may be the `map` of a process pool."""
    tasks = [_Member(examples, _held_out(rows, settings, rng), settings, _seed(rng)) for _ in range(settings.members)]
    members = list(run(_fit_member, tasks))
    count = float(settings.members)
    return NeuralHead(
        inner=np.concatenate([member.inner for member in members], axis=1),
        inner_bias=np.concatenate([member.inner_bias for member in members]),
        outer=(np.concatenate([member.outer for member in members]) / count).astype(np.float32),
        outer_bias=sum(member.outer_bias for member in members) / count,
    )


@dataclass(frozen=True, slots=True)
class _Member:
    examples: Examples
    held_out: Labels
    settings: NeuralSettings
    seed: int


def _fit_member(task: _Member) -> NeuralHead:
    from sklearn.neural_network import MLPClassifier

    settings, chosen = task.settings, task.held_out
    model = MLPClassifier(
        (settings.units,),
        alpha=settings.weight_decay,
        batch_size=settings.batch_size,
        learning_rate_init=settings.learning_rate,
        random_state=task.seed,
    )
    train, test = task.examples.rows(~chosen), task.examples.rows(chosen)
    best, best_loss, waited = None, np.inf, 0
    for _ in range(settings.max_epochs):
        model.partial_fit(train.scores, train.labels, classes=[False, True])
        loss = _log_loss(test, model)
        waited = 0 if loss < best_loss else waited + 1
        if waited == 0:
            best, best_loss = _head_of(model), loss
        if waited > settings.patience:
            break
    return best or _head_of(model)


def _held_out(rows: TrainingRows, settings: NeuralSettings, rng: np.random.Generator) -> Labels:
    return np.asarray(rng.random(int(rows.users.max()) + 1)[rows.users] < settings.held_out)


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(2**31))


def _head_of(model: "MLPClassifier") -> NeuralHead:
    (inner, outer), (inner_bias, outer_bias) = model.coefs_, model.intercepts_
    return NeuralHead(inner.copy(), inner_bias.copy(), outer[:, 0].copy(), float(outer_bias[0]))


def _log_loss(test: Examples, model: "MLPClassifier") -> float:
    if len(test.labels) == 0:
        return 0.0
    chances = np.clip(model.predict_proba(test.scores)[:, 1], CHANCE_FLOOR, 1.0 - CHANCE_FLOOR)
    return float(-np.log(np.where(test.labels, chances, 1.0 - chances)).mean())


def _slope_columns(tallies: Sequence[Sequence[SkillTally]], codes: Mapping[str, int]) -> sparse.csr_matrix:
    sizes = np.array([len(row) for row in tallies])
    flat = [tally for row in tallies for tally in row]
    share = np.array([tally.share for tally in flat])
    values = np.stack(
        [share, share * np.array([tally.wins for tally in flat]), share * np.array([tally.losses for tally in flat])],
        axis=1,
    )
    first = 3 * np.array([codes[tally.skill_id] for tally in flat], dtype=np.int64)
    columns = first[:, None] + np.arange(3)
    starts = 3 * np.concatenate([[0], np.cumsum(sizes)])
    return sparse.csr_matrix((values.ravel(), columns.ravel(), starts), shape=(len(tallies), 3 * len(codes)))
