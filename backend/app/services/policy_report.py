"""What choosing questions by another rule would have led to, estimated from the choices that practice logged.

Every adaptive choice stores its propensity, the number of questions it was made among, and the share of calibration
slots. From these follows how likely the adaptive rule alone, and pure chance, would have made the same choice.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.ai.utils.evaluation import LoggedChoices, earlier_means, off_policy_estimates
from app.repositories.logged_choice_repository import LoggedChoice

FloatArray = NDArray[np.float64]


def policy_report(choices: Sequence[LoggedChoice], resamples: int, seed: int) -> dict[str, Any]:
    """Mean result of an answer and mean gain of mastery per choice, by policy, as JSON values.

    Raises:
        EvaluationError: If there is no choice.
    """
    students = np.unique([str(choice.user_id) for choice in choices], return_inverse=True)[1].astype(np.int64)
    numbers = np.array([choice[1:] for choice in choices], dtype=np.float64).reshape(-1, 5)
    propensity, eligible, share, outcome, gain = numbers.T
    policies = {
        "adaptive": _adaptive(propensity, 1.0 / eligible, share),
        "chance": 1.0 / eligible,
        "as_logged": propensity,
    }
    report: dict[str, Any] = {"choices": len(choices), "students": len(np.unique(students))}
    for policy, target in policies.items():
        for reward, values in (("success", outcome), ("mastery_gain", gain)):
            logged = LoggedChoices(students, values, propensity, target, earlier_means(students, values))
            estimates = off_policy_estimates(logged, np.random.default_rng(seed), resamples=resamples)
            report.setdefault(policy, {})[reward] = asdict(estimates)
    return report


def _adaptive(propensity: FloatArray, by_chance: FloatArray, share: FloatArray) -> FloatArray:
    """The chance of each choice in a slot that is no calibration slot."""
    rest: FloatArray = (propensity - share * by_chance) / np.maximum(1.0 - share, 1e-9)
    return np.clip(rest, 0.0, 1.0)
