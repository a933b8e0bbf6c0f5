"""Signs worth a friendly word to a student after a session; they never lower an estimate or a grade.

References:
    Sievertsen, H., Gino, F., & Piovesan, M. (2016). Cognitive fatigue influences students' performance on
    standardized tests. PNAS, 113(10), 2621-2624.
    Bolsinova, M., & Tijmstra, J. (2018). Improving precision of ability estimation: getting more from response
    times. British Journal of Mathematical and Statistical Psychology, 71(1), 13-38.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median, pvariance
from typing import Final, TypeAlias

SLIP_FROM: Final = 0.75
SLIP_PACE: Final = 1.0 / 3.0
LEAST_SLIPS: Final = 2
"""A single one happens to everybody, and by chance."""
TIRED_AFTER_MINUTES: Final = 10.0
LEAST_ANSWERS: Final = 8
"""Of the earlier and of the latest answers each."""
LATEST_SHARES: Final = (1.0 / 2.0, 1.0 / 3.0)
"""Nobody knows when it began, so the fall is averaged over two beginnings of the latest part."""
CLEAR_FALL: Final = 1.8
SLIGHT_FALL: Final = 1.0
CLEAR_DRIFT: Final = 2.0
"""Standard errors: a clear fall of success tells alone, a slight one together with a clear drift of the times."""


@dataclass(frozen=True, slots=True)
class SessionAnswer:
    """The first answer to a question of a session.

    Attributes:
        probability: Chance of success that was predicted for it, in (0, 1).
        difficulty: Of the question with its skills, in logits.
        outcome: In [0, 1].
        pace: Time taken as a share of the question's usual one; None when unknown.
        minute: Minutes since the first question was shown.
    """

    probability: float
    difficulty: float
    outcome: float
    pace: float | None
    minute: float


@dataclass(frozen=True, slots=True)
class Tiredness:
    """From which minute on success fell behind, by how much, and how the times changed (1.2 = a fifth slower)."""

    from_minute: float
    success_drop: float
    pace_change: float | None


Part: TypeAlias = Sequence[SessionAnswer]


def find_slips(answers: Part) -> list[int]:
    """Places of wrong answers that a hurry explains better than a gap in knowledge; empty for a single one.

    A slip is a wrong answer to a question that the student was expected to solve, given in less than a third of the
    time this student usually takes (by the question's usual time and the student's own pace in the session).
    """
    usual = _own_pace(answers)
    found = [
        place
        for place, answer in enumerate(answers)
        if answer.outcome == 0.0
        and answer.probability >= SLIP_FROM
        and answer.pace is not None
        and answer.pace < SLIP_PACE * usual
    ]
    return found if len(found) >= LEAST_SLIPS else []


def find_tiredness(answers: Part) -> Tiredness | None:
    """Whether the end of a session fell behind its beginning by more than chance explains; None for short ones.

    Predictions follow a falling student down, so they hide the fall. Each answer is compared instead with what the
    level of the student's earlier part promises for a question of that difficulty.
    """
    if len(answers) < 2 * LEAST_ANSWERS or answers[-1].minute < TIRED_AFTER_MINUTES:
        return None
    parts = [_parts(answers, share) for share in LATEST_SHARES]
    falls = [_fall(earlier, latest) for earlier, latest in parts]
    fall, drift = fmean(fall for fall, _ in falls), fmean(_drift(*part) for part in parts)
    if fall < CLEAR_FALL and not (fall >= SLIGHT_FALL and abs(drift) >= CLEAR_DRIFT):
        return None
    earlier, latest = parts[-1]
    return Tiredness(latest[0].minute, falls[-1][1], _pace_change(earlier, latest))


def _own_pace(answers: Part) -> float:
    known = [answer.pace for answer in answers if answer.pace is not None]
    return median(known) if known else 1.0


def _parts(answers: Part, share: float) -> tuple[Part, Part]:
    count = max(LEAST_ANSWERS, math.floor(len(answers) * share))
    return answers[:-count], answers[-count:]


def _fall(earlier: Part, latest: Part) -> tuple[float, float]:
    """How much less than promised went right later, in standard errors of the promise and as a share."""
    level = _level(earlier)
    before, after = ([_promise(level, answer) for answer in part] for part in (earlier, latest))
    drop = _surplus(earlier, before) - _surplus(latest, after)
    return drop / math.sqrt(_error(before) + _error(after)), drop


def _level(earlier: Part) -> float:
    """What the model believed of the student in the second half of the earlier part, in logits."""
    settled = earlier[len(earlier) // 2 :]
    return fmean(_logit(answer.probability) + answer.difficulty for answer in settled)


def _promise(level: float, answer: SessionAnswer) -> float:
    return 1.0 / (1.0 + math.exp(answer.difficulty - level))


def _logit(probability: float) -> float:
    held = min(max(probability, 0.01), 0.99)
    return math.log(held / (1.0 - held))


def _surplus(answers: Part, promised: Sequence[float]) -> float:
    return fmean(answer.outcome - chance for answer, chance in zip(answers, promised, strict=True))


def _error(promised: Sequence[float]) -> float:
    spread = sum(chance * (1.0 - chance) for chance in promised)
    return max(spread, 1e-3) / len(promised) ** 2


def _drift(earlier: Part, latest: Part) -> float:
    """Change of the mean log pace in standard errors, positive when slower; 0 where too few times are known."""
    before, after = _log_paces(earlier), _log_paces(latest)
    if min(len(before), len(after)) < LEAST_ANSWERS:
        return 0.0
    error = math.sqrt(pvariance(before) / (len(before) - 1) + pvariance(after) / (len(after) - 1))
    return (fmean(after) - fmean(before)) / max(error, 1e-6)


def _pace_change(earlier: Part, latest: Part) -> float | None:
    before, after = _log_paces(earlier), _log_paces(latest)
    return math.exp(fmean(after) - fmean(before)) if before and after else None


def _log_paces(answers: Part) -> list[float]:
    return [math.log(answer.pace) for answer in answers if answer.pace]
