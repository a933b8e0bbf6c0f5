"""Time catsim and pyBKT on the work of `bench_learner.py`, where they are installed, and print JSON.

It uses nothing of the project, so that it runs in an environment of its own: the two are not among our requirements.
"""

import contextlib
import io
import json
import time
from importlib.metadata import PackageNotFoundError, version
from typing import Any

NOT_INSTALLED = "not installed"
BANK, ANSWERS, SKILLS, EACH = 5_000, 70_000, 100, 70


def catsim_selection() -> dict[str, Any]:
    """Median microseconds of one selection of most information from a bank of 5,000."""
    from catsim.item_bank import ItemBank
    from catsim.selection import MaxInfoSelector

    bank, times = ItemBank.generate_item_bank(BANK), []
    for _ in range(15):
        started = time.perf_counter()
        MaxInfoSelector().select(item_bank=bank, administered_items=list(range(15)), est_theta=0.3)
        times.append(time.perf_counter() - started)
    return {"version": version("catsim"), "selection_of_5000_us": round(sorted(times)[7] * 1e6, 1)}


def pybkt_fit() -> dict[str, Any]:
    """Seconds of a fit of 70,000 answers to 100 skills, one start each."""
    import numpy as np
    import pandas as pd
    from pyBKT.models import Model

    rng = np.random.default_rng(1)
    students = np.repeat(np.arange(ANSWERS // EACH), EACH)
    log = pd.DataFrame(
        {
            "user_id": students,
            "skill_name": [f"s{skill}" for skill in rng.integers(0, SKILLS, ANSWERS)],
            "correct": (rng.random(ANSWERS) < 0.4 + 0.5 * rng.random(ANSWERS // EACH)[students]).astype(int),
            "order_id": np.arange(ANSWERS),
        }
    )
    started = time.perf_counter()
    Model(seed=1, num_fits=1).fit(data=log)
    return {"version": version("pyBKT"), "answers": ANSWERS, "fit_seconds": round(time.perf_counter() - started, 1)}


def where_installed(package: str, work: Any) -> Any:
    try:
        version(package)
    except PackageNotFoundError:
        return NOT_INSTALLED
    with contextlib.redirect_stdout(io.StringIO()):
        return work()


def main() -> None:
    found = {
        "catsim": where_installed("catsim", catsim_selection),
        "pyBKT": where_installed("pyBKT", pybkt_fit),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
