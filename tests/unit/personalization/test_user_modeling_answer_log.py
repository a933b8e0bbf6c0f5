import math

import numpy as np
import pytest

from app.ai.personalization.user_modeling.answer_log import LoggedAnswer, build_log, folds_by_learner
from app.ai.personalization.user_modeling.state import NotFiniteError
from tests.factories.answer_logs import draw_world, simulate

ANSWERS = [
    LoggedAnswer("ann", "q1", ("b", "a"), 1.0, 10.0),
    LoggedAnswer("ben", "q1", ("a", "b"), 0.5),
    LoggedAnswer("ann", "q2", (), 0.0, 20.0, guess=0.25),
]


def test_columns_hold_positions_of_labels() -> None:
    log = build_log(ANSWERS)
    assert log.user_ids == ("ann", "ben")
    assert log.users.tolist() == [0, 1, 0]
    assert log.skill_sets == ((0, 1), ())
    assert [log.skill_ids[skill] for skill in log.skill_sets[0]] == ["a", "b"]
    assert log.sets.tolist() == [0, 0, 1]
    assert log.guesses.tolist() == [0.0, 0.0, 0.25]
    assert log.has_times
    assert math.isnan(log.times[1])


def test_rows_keep_the_labels() -> None:
    log = build_log(ANSWERS)
    part = log.rows(log.users == 1)
    assert len(part) == 1
    assert part.user_ids == log.user_ids
    assert not part.has_times
    assert part.question_sets().tolist() == [0, -1]


def test_empty_log() -> None:
    assert len(build_log([])) == 0


@pytest.mark.parametrize(
    "broken",
    [
        LoggedAnswer("u", "q", (), math.nan),
        LoggedAnswer("u", "q", (), 1.2),
        LoggedAnswer("u", "q", (), 1.0, math.nan),
        LoggedAnswer("u", "q", (), 1.0, guess=1.0),
    ],
)
def test_impossible_answers_are_refused(broken: LoggedAnswer) -> None:
    with pytest.raises(NotFiniteError):
        build_log([broken])


def test_folds_never_split_a_learner() -> None:
    rng = np.random.default_rng(0)
    log = build_log(simulate(draw_world(rng), range(20), rng, answers=5))
    folds = folds_by_learner(log, 4, rng)
    assert all(len(set(folds[log.users == user].tolist())) == 1 for user in range(20))
    assert np.bincount(folds).tolist() == [25, 25, 25, 25]
