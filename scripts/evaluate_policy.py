"""What choosing questions by another rule would have led to, estimated from the choices that practice logged.

Every adaptive choice stores its propensity, the number of questions it was made among, and the share of calibration
slots. From these follows how likely the adaptive rule alone, and pure chance, would have made the same choice. The
rewards are the result of the answer and the gain in mastery of the question's skills; the estimates are per answer.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import project

from numpy.random import default_rng
from numpy.typing import NDArray

COLUMNS = ("student", "propensity", "eligible", "share", "outcome", "gain")
QUERY = """
SELECT a.user_id::text, a.propensity, (a.terms ->> 'eligible')::float8, (a.terms ->> 'calibration_share')::float8,
       t.evidence,
       coalesce((SELECT avg((m ->> 2)::float8 - (m ->> 1)::float8) FROM jsonb_array_elements(t.effects -> 'mastery') m),
                0)
FROM assignments a
JOIN attempts t ON t.user_id = a.user_id AND t.assignment_id = a.id
WHERE a.kind IN ('adaptive', 'calibration') AND a.terms ? 'eligible' AND t.evidence IS NOT NULL
      AND t.action IN ('answer', 'close')
ORDER BY t.user_id, t.id
"""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, default=project.ROOT / "data", help="of the running product")
    parser.add_argument("--resamples", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    if not project.use_running_product(options.data_dir):
        sys.exit("No database: start the product with `python3 run.py`, or set APP_DATABASE__URL.")
    rows = _read()
    if not rows:
        sys.exit("There is no adaptive choice with an answer yet.")
    print(json.dumps(report(rows, options.resamples, options.seed)))
    return 0


def report(rows: Sequence[Sequence[Any]], resamples: int, seed: int) -> dict[str, Any]:
    """Estimates by policy and reward; `rows` hold the values of `COLUMNS`, each student's in their order."""
    import numpy as np

    students = np.unique([row[0] for row in rows], return_inverse=True)[1]
    numbers = np.array([row[1:] for row in rows], dtype=np.float64)
    propensity, eligible, share, outcome, gain = numbers.T
    by_chance = 1.0 / eligible
    policies = {"adaptive": _adaptive(propensity, by_chance, share), "chance": by_chance, "as_logged": propensity}
    rewards = {"success": outcome, "mastery_gain": gain}
    return {
        "choices": len(rows),
        "students": int(students.max()) + 1,
        "policies": {
            policy: {
                name: _estimates((students, reward, propensity, target), resamples, seed)
                for name, reward in rewards.items()
            }
            for policy, target in policies.items()
        },
    }


def _adaptive(propensity: NDArray[Any], by_chance: NDArray[Any], share: NDArray[Any]) -> NDArray[Any]:
    """The chance of each choice in a slot that is no calibration slot."""
    rest = (propensity - share * by_chance) / (1.0 - share).clip(min=1e-9)
    return rest.clip(0.0, 1.0)


def _estimates(columns: tuple[NDArray[Any], ...], resamples: int, seed: int) -> dict[str, Any]:
    from app.ai.utils.evaluation import LoggedChoices, earlier_means, off_policy_estimates

    students, rewards, logged, target = columns
    choices = LoggedChoices(students, rewards, logged, target, earlier_means(students, rewards))
    return asdict(off_policy_estimates(choices, default_rng(seed), resamples=resamples))


def _read() -> list[tuple[Any, ...]]:
    from sqlalchemy import text

    from app.core.config import get_settings
    from app.core.resources import Resources

    resources = Resources.open(get_settings())
    with resources.sessions() as session:
        rows = [tuple(row) for row in session.execute(text(QUERY))]
    resources.close()
    return rows


if __name__ == "__main__":
    raise SystemExit(main())
