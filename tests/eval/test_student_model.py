"""Quality of the student model on learners it never met, in a simulated school with a fixed seed."""

import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from app.ai.personalization.user_modeling.answer_log import LoggedAnswer
from app.ai.utils.evaluation import auc, expected_calibration_error, log_loss
from scripts import evaluate_student_model
from tests.factories.answer_logs import draw_world, simulate

LEARNERS, TEST_LEARNERS, ANSWERS = 110, 45, 40
COLUMNS = ["user_id", "order", "item_id", "skill_id", "correct", "timestamp", "split"]


def write_log(path: Path, answers: dict[str, list[LoggedAnswer]]) -> None:
    with gzip.open(path, "wt", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(COLUMNS)
        for split, rows in answers.items():
            for order, row in enumerate(rows):
                skills = "|".join(row.skill_ids)
                writer.writerow([row.user_id, order, row.question_id, skills, row.outcome, row.at_s, split])


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, float], list[LoggedAnswer], np.ndarray]:
    rng = np.random.default_rng(6)
    world = draw_world(rng)
    train = list(simulate(world, range(LEARNERS), rng, answers=ANSWERS))
    test = list(simulate(world, range(LEARNERS, LEARNERS + TEST_LEARNERS), rng, answers=ANSWERS))
    folder = tmp_path_factory.mktemp("log")
    write_log(folder / "log.csv.gz", {"train": train, "test": test})
    with pytest.MonkeyPatch.context() as patch:
        printed: list[str] = []
        patch.setattr("builtins.print", printed.append)
        evaluate_student_model.main(
            ["--data", str(folder / "log.csv.gz"), "--predictions", str(folder / "predictions.csv"), "--workers", "1"]
        )
    with (folder / "predictions.csv").open(newline="") as source:
        predictions = np.array([float(line["prediction"]) for line in csv.DictReader(source)])
    return json.loads(printed[0]), test, predictions


def test_report_has_the_agreed_figures(evaluated: tuple[dict[str, float], list[LoggedAnswer], np.ndarray]) -> None:
    report, test, _ = evaluated
    assert set(report) == {"auc", "log_loss", "rmse", "ece", "us_per_answer", "n", "n_train", "fit_seconds"}
    assert report["n"] == len(test)
    assert report["n_train"] == LEARNERS * ANSWERS


def test_predictions_come_in_the_order_of_the_file(
    evaluated: tuple[dict[str, float], list[LoggedAnswer], np.ndarray],
) -> None:
    report, test, predictions = evaluated
    outcomes = np.array([answer.outcome for answer in test])
    assert auc(outcomes, predictions) == pytest.approx(report["auc"], abs=1e-4)


def test_new_learners_are_predicted_well(evaluated: tuple[dict[str, float], list[LoggedAnswer], np.ndarray]) -> None:
    report, _, _ = evaluated
    assert report["auc"] > 0.75
    assert report["log_loss"] < 0.595
    assert report["ece"] < 0.05


def test_predictions_beat_the_mean_of_each_question(
    evaluated: tuple[dict[str, float], list[LoggedAnswer], np.ndarray],
) -> None:
    """Even means taken from the test answers themselves."""
    report, test, predictions = evaluated
    outcomes = np.array([answer.outcome for answer in test])
    sums: dict[str, list[float]] = {}
    for answer in test:
        sums.setdefault(answer.question_id, []).append(answer.outcome)
    means = np.array([np.mean(sums[answer.question_id]) for answer in test])
    assert report["auc"] > auc(outcomes, means) + 0.015
    assert report["log_loss"] < log_loss(outcomes, np.clip(means, 0.01, 0.99))
    assert expected_calibration_error(outcomes, predictions) == pytest.approx(report["ece"], abs=1e-3)


def test_learners_are_known_better_after_some_answers(
    evaluated: tuple[dict[str, float], list[LoggedAnswer], np.ndarray],
) -> None:
    _, test, predictions = evaluated
    outcomes = np.array([answer.outcome for answer in test])
    late = np.arange(len(test)) % ANSWERS >= ANSWERS // 2
    assert log_loss(outcomes[late], predictions[late]) < log_loss(outcomes[~late], predictions[~late])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1,x,5,1,1,,train", "Answer 1 of log.csv cannot be read.*'x'"),
        ("1,0,5,1,1,,valid", "unknown split 'valid'"),
        ("1,0,5,1,,,train", "cannot be read"),
        ("1,0,5,1,1,,train", "no answer of the split test"),
        ("1,0,5,1,1,,test", "Nothing can be fitted on the split train"),
    ],
)
def test_logs_that_cannot_be_scored_end_in_words(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "log.csv").write_text(f"{','.join(COLUMNS)}\n{line}\n")
    with pytest.raises(SystemExit, match=message):
        evaluate_student_model.main(["--data", str(tmp_path / "log.csv"), "--workers", "1"])
