"""Fit the student model on the training learners of an answer log and score its predictions of the test learners.

The log is a CSV (or CSV.gz) with the columns user_id, order, item_id, skill_id (several joined by |), correct,
timestamp (seconds or empty) and split (train or test). Test learners' answers are streamed: each is predicted, then
taken into the learner's state; what was fitted on the training learners stays as it is.
"""

import argparse
import csv
import gzip
import json
import math
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TextIO

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # the matrices are too small to share out

import numpy as np
from numpy.typing import NDArray

from app.ai.personalization.user_modeling.answer_log import AnswerLog, LoggedAnswer, build_log
from app.ai.personalization.user_modeling.fitting.pipeline import FitSettings, fit_student_model
from app.ai.personalization.user_modeling.fitting.validation import next_answer_predictions
from app.ai.personalization.user_modeling.student_model import StudentModel
from app.ai.utils.evaluation import scores

MICROSECONDS = 1e6
SPLITS = ("train", "test")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the log; `order` is its place among one learner's answers."""

    line: int
    order: str
    answer: LoggedAnswer
    split: str


def read_rows(path: Path) -> Iterator[Row]:
    """Every answer of the log; a line that cannot be read ends the program with its number."""
    with _opened(path) as lines:
        for number, line in enumerate(csv.DictReader(lines)):
            try:
                yield _row(number, line)
            except (KeyError, TypeError, ValueError) as error:
                raise SystemExit(f"Answer {number + 1} of {path.name} cannot be read: {error!r}.") from error


def _row(number: int, line: dict[str, str]) -> Row:
    if line["split"] not in SPLITS:
        raise ValueError(f"unknown split {line['split']!r}, expected train or test")
    if not math.isfinite(float(line["order"])):
        raise ValueError("the order must be a number")
    return Row(number, line["order"], _answer(line), line["split"])


def _opened(path: Path) -> TextIO:
    return gzip.open(path, "rt", newline="") if path.suffix == ".gz" else path.open(newline="")


def _answer(line: dict[str, str]) -> LoggedAnswer:
    return LoggedAnswer(
        user_id=line["user_id"],
        question_id=line["item_id"],
        skill_ids=tuple(sorted({skill for skill in line["skill_id"].split("|") if skill})),
        outcome=float(line["correct"]),
        at_s=float(line["timestamp"]) if line["timestamp"] else None,
    )


def in_order(rows: Iterable[Row], split: str) -> list[Row]:
    """Rows of one split, each learner's in their order."""
    chosen = [row for row in rows if row.split == split]
    return sorted(chosen, key=lambda row: (row.answer.user_id, float(row.order)))


def stream(model: StudentModel, answers: Sequence[LoggedAnswer]) -> tuple[NDArray[np.float64], float]:
    """Predictions of shape (n,), each made before its answer was seen, and processor seconds of predict and update."""
    log = build_log(answers)
    started = time.process_time()
    predictions = next_answer_predictions(model, log)
    return predictions, time.process_time() - started


def write_predictions(path: Path, rows: Sequence[Row], predictions: NDArray[np.float64]) -> None:
    """One line per test answer, in the order of the log file."""
    with path.open("w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["user_id", "order", "item_id", "correct", "prediction"])
        for row, prediction in sorted(zip(rows, predictions.tolist(), strict=True), key=lambda pair: pair[0].line):
            answer = row.answer
            writer.writerow([answer.user_id, row.order, answer.question_id, answer.outcome, f"{prediction:.6f}"])


def fitted(log: AnswerLog, seed: int, workers: int) -> tuple[StudentModel, float]:
    started = time.perf_counter()
    rng = np.random.default_rng(seed)
    if workers == 1:
        model = fit_student_model(log, FitSettings(), "evaluation", rng)
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            model = fit_student_model(log, FitSettings(), "evaluation", rng, pool.map)
    return model, time.perf_counter() - started


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    rows = list(read_rows(options.data))
    train, test = in_order(rows, "train"), in_order(rows, "test")
    if not test:
        raise SystemExit("There is no answer of the split test to predict.")
    try:
        model, fit_s = fitted(build_log([row.answer for row in train]), options.seed, options.workers)
    except ValueError as error:
        raise SystemExit(f"Nothing can be fitted on the split train. {error}") from error
    predictions, stream_s = stream(model, [row.answer for row in test])
    outcomes = np.array([row.answer.outcome for row in test])
    report = {
        **_without_nan(asdict(scores(outcomes, predictions))),
        "us_per_answer": stream_s / len(test) * MICROSECONDS,
        "n_train": len(train),
        "n": len(test),
        "fit_seconds": fit_s,
    }
    if options.predictions is not None:
        write_predictions(options.predictions, test, predictions)
    print(json.dumps(report))


def _without_nan(figures: dict[str, float]) -> dict[str, float | None]:
    """JSON knows no NaN; the area under the curve has no value when all answers are alike."""
    return {name: value if math.isfinite(value) else None for name, value in figures.items()}


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Fit the student model and score it on unseen learners.")
    parser.add_argument("--data", type=Path, required=True, help="answer log, CSV or CSV.gz")
    parser.add_argument("--predictions", type=Path, help="write one prediction per test answer to this CSV")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2, help="processes that share the fit")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
