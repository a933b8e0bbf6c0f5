"""Time the learner-side calculations on this machine and print microseconds per call (medians) as JSON."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))

import numpy as np
from numpy.random import Generator

from app.ai.personalization.difficulty_adapter.adaptive_testing import Blueprint, begin, next_question, record
from app.ai.personalization.difficulty_adapter.selection import Candidates, choose
from app.ai.personalization.difficulty_adapter.target import Target
from app.ai.personalization.exam_simulation import draw_bank
from app.ai.personalization.learning_path import SkillOutlook, plan_path
from app.ai.personalization.mastery_forecast import SkillBeliefs, forecast_mastery
from app.ai.personalization.review_plan import plan_reviews
from app.ai.personalization.review_schedule import ReviewRating, ReviewSettings, new_card, review
from app.ai.personalization.user_modeling.state import Population, new_learner

Case = Callable[[], object]


def candidates(count: int, rng: Generator) -> Candidates:
    shares = rng.random((4, count))
    return Candidates(
        probability=rng.uniform(0.05, 0.98, count),
        difficulty=rng.normal(size=count),
        answers=rng.integers(0, 200, count).astype(np.float64),
        skill_need=shares[0],
        due=shares[1] * (shares[1] > 0.9),  # noqa: PLR2004 - a tenth is due
        exposure=shares[2],
        repeat_skill=shares[3],
    )


def selection_cases(rng: Generator) -> dict[str, Case]:
    few, many, target = candidates(200, rng), candidates(5000, rng), Target()
    blueprint, everything = Blueprint(draw_bank(5000, rng)), np.ones(5000, dtype=np.bool_)
    progress = begin()
    for question in range(15):
        progress = record(blueprint, progress, question, float(question % 2))
    return {
        "choose_of_200": lambda: choose(few, target, rng),
        "choose_of_5000": lambda: choose(many, target, rng),
        "exam_question_of_5000": lambda: next_question(blueprint, progress, everything, rng),
    }


def schedule_cases(rng: Generator) -> dict[str, Case]:
    now, settings = datetime(2026, 1, 1, tzinfo=UTC), ReviewSettings()
    card, due = review(new_card(now), ReviewRating.EASY, now, settings), rng.uniform(-5, 40, 2000)
    return {
        "review_one_card": lambda: review(card, ReviewRating.GOOD, card.due, settings),
        "plan_2000_reviews_over_30_days": lambda: plan_reviews(due, 30),
    }


def path_cases(rng: Generator) -> dict[str, Case]:
    population, count = Population(), 100
    beliefs = SkillBeliefs(rng.normal(size=count) / 2, np.full(count, 0.2), rng.normal(size=count))
    outlooks = [SkillOutlook(skill, 0.4, 0.6, 10.0 + skill % 7, is_learned=False) for skill in range(count)]
    edges = [(skill // 2, skill) for skill in range(1, count)]
    return {
        "forecast_100_skills": lambda: forecast_mastery(population, new_learner(population), beliefs, rng),
        "plan_path_of_100_skills": lambda: plan_path(outlooks, edges, []),
    }


def median_microseconds(case: Case, seconds: float) -> float:
    """Median over as many single calls as fit into the time, at least three."""
    times: list[float] = []
    finish = time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < finish:  # noqa: PLR2004 - a median of fewer says nothing
        started = time.perf_counter()
        case()
        times.append(time.perf_counter() - started)
    return float(np.median(times)) * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the learner-side calculations.")
    parser.add_argument("--seconds", type=float, default=0.5, help="time spent on each case")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng = np.random.default_rng(arguments.seed)
    cases = selection_cases(rng) | schedule_cases(rng) | path_cases(rng)
    print(json.dumps({name: round(median_microseconds(case, arguments.seconds), 1) for name, case in cases.items()}))


if __name__ == "__main__":
    main()
