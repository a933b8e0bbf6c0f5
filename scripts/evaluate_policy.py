"""Estimate from the logged choices of practice what choosing questions by another rule would have led to, as JSON.

The adaptive rule alone, pure chance, and the rule as it ran: mean result of an answer and mean gain of mastery, by
inverse propensities, the same normalised, and doubly robust, each with a 95 % interval over students.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import project


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, default=project.ROOT / "data", help="of the running product")
    parser.add_argument("--resamples", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    if not project.use_running_product(options.data_dir):
        sys.exit("No database: start the product with `python3 run.py`, or set APP_DATABASE__URL.")
    _print_report(options.resamples, options.seed)
    return 0


def _print_report(resamples: int, seed: int) -> None:
    from app.core.config import get_settings
    from app.core.resources import Resources
    from app.repositories.logged_choice_repository import LoggedChoiceRepository
    from app.services.policy_report import policy_report

    resources = Resources.open(get_settings())
    with resources.sessions() as session:
        choices = LoggedChoiceRepository(session).answered()
    resources.close()
    if not choices:
        sys.exit("There is no adaptive choice with an answer yet.")
    print(json.dumps(policy_report(choices, resamples, seed)))


if __name__ == "__main__":
    raise SystemExit(main())
