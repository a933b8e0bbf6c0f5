"""Time the learner-side calculations on this machine and print them as JSON: microseconds per call are medians.

`--fit 70000,140000,280000` also fits simulated logs of so many answers, each in a process of its own, and tells its
seconds and peak memory. `--peers-python` names an interpreter that has catsim and pyBKT; they do the same work beside.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # the matrices are too small to share out

import numpy as np
from numpy.random import Generator

from app.ai.personalization.difficulty_adapter.adaptive_testing import Blueprint, begin, next_question, record
from app.ai.personalization.difficulty_adapter.repetition import Topics, repetition
from app.ai.personalization.difficulty_adapter.selection import Candidates, choose
from app.ai.personalization.difficulty_adapter.target import Target
from app.ai.personalization.exam_simulation import draw_bank
from app.ai.personalization.learning_path import SkillOutlook, plan_path
from app.ai.personalization.mastery_forecast import SkillBeliefs, forecast_mastery
from app.ai.personalization.review_plan import plan_reviews
from app.ai.personalization.review_schedule import ReviewRating, ReviewSettings, new_card, review
from app.ai.personalization.user_modeling.answer_log import build_log
from app.ai.personalization.user_modeling.fitting.heads import NeuralSettings
from app.ai.personalization.user_modeling.fitting.pipeline import FitSettings, fit_student_model
from app.ai.personalization.user_modeling.heads import LogisticHead, NeuralHead, Standardiser
from app.ai.personalization.user_modeling.history import Encounter, Question, QuestionState
from app.ai.personalization.user_modeling.kalman import learn, predict
from app.ai.personalization.user_modeling.served_head import SERVED_NAMES, ServedHead
from app.ai.personalization.user_modeling.state import Evidence, ItemParameters, Population, new_learner, new_skill
from app.ai.personalization.user_modeling.student_model import StudentModel
from bench_fit import simulated_answers

Case = Callable[[], object]
SERVED_MEMBERS, SERVED_UNITS = 2, 32
SKILLS = 20


def candidates(count: int, rng: Generator) -> Candidates:
    shares = rng.random((4, count))
    return Candidates(
        probability=rng.uniform(0.05, 0.98, count),
        difficulty=rng.normal(size=count),
        answers=rng.integers(0, 200, count).astype(np.float64),
        skill_need=shares[0],
        due=shares[1] * (shares[1] > 0.9),  # noqa: PLR2004 - a tenth is due
        exposure=shares[2],
        repetition=shares[3],
    )


def topics(count: int, rng: Generator) -> Topics:
    return Topics(rng.integers(0, SKILLS, count), rng.integers(0, 2**64, (count, 4), dtype=np.uint64))


def selection_cases(rng: Generator) -> dict[str, Case]:
    few, many, target = candidates(200, rng), candidates(5000, rng), Target()
    asked, latest = topics(200, rng), topics(3, rng)
    blueprint, everything = Blueprint(draw_bank(5000, rng)), np.ones(5000, dtype=np.bool_)
    progress = begin()
    for question in range(15):
        progress = record(blueprint, progress, question, float(question % 2))
    return {
        "choose_of_200": lambda: choose(few, target, rng),
        "repetition_of_200": lambda: repetition(asked, latest),
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


def answer_cases(rng: Generator) -> dict[str, Case]:
    """One answer by the filter alone, and by the whole model with both heads; the served head over one choice."""
    population = Population()
    learner, skills, item = new_learner(population), [new_skill(population)] * 2, ItemParameters(0.3, 40)

    def filter_answer() -> object:
        predicted = predict(population, learner, skills, (0.1, -0.2), item)
        return learn(population, learner, skills, predicted, 0.0, Evidence(1.0))

    model, served = small_models(rng)
    question = Question("q1", ("s1", "s2"))
    encounter = Encounter(model.new_memory(), (model.new_skill(), model.new_skill()), QuestionState())

    def model_answer() -> object:
        situation = model.assess(encounter, question, None)
        model.probabilities([situation], None)
        return model.observe(situation, Evidence(1.0))

    inputs, slopes = rng.normal(size=(200, len(SERVED_NAMES))), np.zeros(200)
    return {
        "predict_and_update": filter_answer,
        "predict_and_update_with_heads": model_answer,
        "served_head_for_200": lambda: served.probabilities(inputs, slopes),
    }


def small_models(rng: Generator) -> tuple[StudentModel, ServedHead]:
    """Heads of the usual size; what they were fitted on does not matter for their speed."""
    log = build_log(simulated_answers(4_000, rng))
    settings = FitSettings(tuning=None, question_variances=(1.0,), neural=NeuralSettings(max_epochs=1), folds=2)
    model = fit_student_model(log, settings, "bench", rng)
    width = len(SERVED_NAMES)
    slopes = {f"s{skill}": (0.1, 0.1, -0.1) for skill in range(SKILLS)}
    units = SERVED_UNITS * SERVED_MEMBERS
    inner = rng.normal(size=(width, units)).astype(np.float32)
    neural = NeuralHead(inner, np.zeros(units, np.float32), np.ones(units, np.float32), 0.0)
    logistic = LogisticHead(np.ones(width), 0.0, slopes)
    return model, ServedHead(Standardiser(np.zeros(width), np.ones(width)), logistic, neural)


def fit_case(answers: int, options: argparse.Namespace) -> dict[str, float]:
    script = str(Path(__file__).with_name("bench_fit.py"))
    command = [sys.executable, script, str(answers), "--seed", str(options.seed), "--workers", str(options.workers)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - a script of ours
    found: dict[str, float] = json.loads(done.stdout)
    return found


def peers(python: Path | None) -> dict[str, Any]:
    """The same work by catsim and pyBKT."""
    command = [str(python or sys.executable), str(Path(__file__).with_name("bench_peers.py"))]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - a script of ours
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


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
    options = _options()
    rng = np.random.default_rng(options.seed)
    cases = answer_cases(rng) | selection_cases(rng) | schedule_cases(rng) | path_cases(rng)
    report: dict[str, Any] = {
        name: round(median_microseconds(case, options.seconds), 1) for name, case in cases.items()
    }
    if options.fit:
        report["fits"] = [fit_case(int(answers), options) for answers in options.fit.split(",")]
    report["peers"] = peers(options.peers_python)
    print(json.dumps(report))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=0.5, help="time spent on each case")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fit", default="", metavar="N,N,...", help="also fit logs of so many answers")
    parser.add_argument("--workers", type=int, default=2, help="processes that share a fit")
    parser.add_argument("--peers-python", type=Path, help="interpreter with catsim and pyBKT; else this one")
    return parser.parse_args()


if __name__ == "__main__":
    main()
