"""Simulate adaptive tests of 30 questions from a random 2PL bank and print what they measure, as JSON.

Abilities and difficulties are standard normal, log discriminations normal with standard deviation 0.3; questions are
drawn from the five most informative, none in more than a fifth of all tests.
"""

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))

import numpy as np
from numpy.random import Generator

from app.ai.personalization.difficulty_adapter.adaptive_testing import Blueprint, begin, next_question, record
from app.ai.personalization.difficulty_adapter.exposure import overlap_rate
from app.ai.personalization.exam_simulation import ExamRuns, draw_bank, draw_normal, simulate_exams

LENGTH = 30


def milliseconds_per_selection(blueprint: Blueprint, rng: Generator, rounds: int = 5) -> float:
    """Median over whole tests of the time to pick one question and take in its answer."""
    allowed = np.ones(blueprint.bank.size, dtype=np.bool_)
    times = []
    for _ in range(rounds):
        started, progress = time.perf_counter(), begin()
        for _ in range(LENGTH):
            pick = next_question(blueprint, progress, allowed, rng)
            if pick is not None:
                progress = record(blueprint, progress, pick.index, float(rng.integers(2)))
        times.append((time.perf_counter() - started) / LENGTH * 1000.0)
    return float(np.median(times))


def summary(runs: ExamRuns, milliseconds: float) -> dict[str, float | dict[str, float]]:
    return {
        "rmse": {str(questions): round(runs.rmse(questions), 4) for questions in (10, 20, 30)},
        "coverage95": round(runs.coverage(), 4),
        "overlap": round(overlap_rate(runs.shown, runs.ability.size), 4),
        "max_exposure": round(runs.max_exposure(), 4),
        "ms_per_selection": round(milliseconds, 4),
    }


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Simulate adaptive tests and print their precision as JSON.")
    parser.add_argument("--bank-size", type=int, default=500, help=f"questions in the bank, at least {LENGTH}")
    parser.add_argument("--examinees", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parsed = parser.parse_args(arguments)
    if parsed.bank_size < LENGTH or parsed.examinees < 1 or parsed.seed < 0:
        parser.error(f"needs --bank-size >= {LENGTH}, --examinees >= 1 and --seed >= 0")
    return parsed


def main() -> None:
    arguments = parse_arguments()
    rng = np.random.default_rng(arguments.seed)
    blueprint = Blueprint(draw_bank(arguments.bank_size, rng))
    runs = simulate_exams(blueprint, draw_normal(arguments.examinees, rng), rng, length=LENGTH)
    print(json.dumps(summary(runs, milliseconds_per_selection(blueprint, rng))))


if __name__ == "__main__":
    main()
