"""Fit the student model on a simulated log of so many answers and print its seconds and peak memory as JSON."""

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # the matrices are too small to share out

import numpy as np
from numpy.random import Generator

from app.ai.personalization.user_modeling.answer_log import LoggedAnswer, build_log
from app.ai.personalization.user_modeling.fitting.pipeline import FitSettings, fit_student_model

ANSWERS_EACH = 70


def simulated_answers(count: int, rng: Generator) -> Iterator[LoggedAnswer]:
    """Learners with 70 answers each to 2,000 questions of 100 skills, one question in five with two skills."""
    difficulty, learners = rng.normal(size=2_000), -(-count // ANSWERS_EACH)
    for learner in range(learners):
        ability, clock = rng.normal(), float(rng.uniform(0, 1e6))
        for question in rng.integers(0, 2_000, min(ANSWERS_EACH, count - learner * ANSWERS_EACH)).tolist():
            right = rng.random() < 1.0 / (1.0 + np.exp(difficulty[question] - ability))
            skills = (f"s{question % 100}", *((f"s{question % 7}",) if question % 5 == 0 else ()))
            clock += float(rng.exponential(60.0))
            yield LoggedAnswer(f"u{learner}", f"q{question}", tuple(sorted(set(skills))), float(right), clock)


def fit_once(answers: int, seed: int, workers: int) -> dict[str, float]:
    """Seconds, processor seconds and peak memory of one whole fit; the workers count as if all were as large as one."""
    log = build_log(simulated_answers(answers, np.random.default_rng(seed)))
    started = time.perf_counter()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        fit_student_model(log, FitSettings(), "bench", np.random.default_rng(seed), pool.map)
    seconds = time.perf_counter() - started
    own, workers_use = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "answers": answers,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(own.ru_utime + workers_use.ru_utime, 1),
        "peak_mb": round((own.ru_maxrss + workers * workers_use.ru_maxrss) / 1024),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("answers", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2, help="processes that share the fit")
    options = parser.parse_args()
    print(json.dumps(fit_once(options.answers, options.seed, options.workers)))


if __name__ == "__main__":
    main()
