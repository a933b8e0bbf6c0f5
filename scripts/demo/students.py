"""Thirty invented students, and three weeks of answers they might have given."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from numpy.random import Generator

from app.domain.enums import QuestionType
from app.domain.question_draft import QuestionDraft

from .bank import DemoBank
from .skills import DemoSkill

DAYS = 21
_WEEKEND = 5
_TARGET_GAP = 1.3  # logits below the ability; the practised questions are then solved three times out of four
_ENOUGH_ANSWERS = 6
_MANY_ANSWERS = 12
_SECURE_SHARE = 0.7
_RECENT = 6
_TIRING_AFTER = 20
_REVIEW_CHANCE = 0.2

# Chance of a right answer without knowing it, and typical seconds for an answer.
_BY_TYPE: Final[dict[QuestionType, tuple[float, float]]] = {
    QuestionType.SINGLE_CHOICE: (0.25, 28),
    QuestionType.MULTIPLE_RESPONSE: (0.05, 46),
    QuestionType.TRUE_FALSE: (0.5, 17),
    QuestionType.SHORT_ANSWER: (0.02, 26),
    QuestionType.NUMERICAL: (0.02, 48),
    QuestionType.MATCHING: (0.04, 58),
    QuestionType.ORDERING: (0.04, 52),
    QuestionType.CLOZE: (0.02, 62),
    QuestionType.HOTSPOT: (0.08, 15),
    QuestionType.FLASHCARD: (0.1, 13),
    QuestionType.PARAMETRIC: (0.02, 52),
}


class Temperament(StrEnum):
    """Ways of working that a teacher should be able to see in the figures."""

    STEADY = "steady"
    STRONG = "strong"
    STRUGGLING = "struggling"
    RUSHING = "rushing"
    FADING = "fading"
    CRAMMING = "cramming"


@dataclass(frozen=True)
class DemoStudent:
    """``key`` is stable and fit for a login name."""

    key: str
    name: str
    temperament: Temperament


_NAMES: Final = {
    Temperament.STEADY: (
        "Amira Holt", "Bjarne Okafor", "Celia Marsh", "Dinesh Varga", "Elif Sorensen", "Farid Lindqvist",
        "Greta Mbeki", "Hiro Castell", "Ines Adeyemi", "Jonas Petrov", "Kavya Brandt", "Luca Ferreira",
    ),
    Temperament.STRONG: ("Mei Haugen", "Nadia Rosales", "Oskar Iyer", "Priya Novak"),
    Temperament.STRUGGLING: ("Quentin Abara", "Rosa Nyberg", "Samir Kowalik", "Tessa Moreau"),
    Temperament.RUSHING: ("Umar Fischer", "Viktor Sandoval", "Wanda Otieno"),
    Temperament.FADING: ("Xenia Duarte", "Yusuf Bergman", "Zora Klein"),
    Temperament.CRAMMING: ("Aled Tanaka", "Bianca Rahimi", "Chidi Larsen", "Daria Quispe"),
}  # fmt: skip

DEMO_STUDENTS: Final = tuple(
    DemoStudent(name.lower().replace(" ", "."), name, temperament)
    for temperament, names in _NAMES.items()
    for name in names
)


@dataclass(frozen=True)
class SimulatedAnswer:
    """``student`` is the key of a `DemoStudent`, ``at`` the moment the answer was sent."""

    student: str
    at: datetime
    external_id: str
    response_right: bool
    seconds: float


@dataclass(frozen=True)
class _Item:
    external_id: str
    skill: str
    estimate: float
    difficulty: float
    guess: float
    seconds: float


@dataclass(frozen=True)
class _World:
    skills: tuple[DemoSkill, ...]
    items: dict[str, list[_Item]]


@dataclass(frozen=True)
class _Traits:
    """``gain`` in logits an answer, ``pace`` as a factor on the time, ``hour`` of the day in UTC."""

    slip: float
    gain: float
    pace: float
    hour: float
    rush: float
    answers: int
    days: tuple[int, ...]


@dataclass
class _Learner:
    student: DemoStudent
    traits: _Traits
    ability: dict[str, float]
    results: dict[str, list[bool]]
    seen: dict[str, int] = field(default_factory=dict)
    missed: set[str] = field(default_factory=set)


def simulate_answers(bank: DemoBank, rng: Generator, now: datetime) -> Iterator[SimulatedAnswer]:
    """About 120 answers of each student in the `DAYS` days before ``now``, in the order of time.

    Essays and descriptions are left out, since nobody grades them at once. For a flashcard, right means that the
    student knew the back.
    """
    world = _world(bank, rng)
    answers = [answer for student in DEMO_STUDENTS for answer in _history(student, world, rng, now)]
    yield from sorted(answers, key=lambda answer: (answer.at, answer.student))


def _world(bank: DemoBank, rng: Generator) -> _World:
    """The questions as they really are: the authors' estimates of difficulty are a little off."""
    items: dict[str, list[_Item]] = {skill.code: [] for skill in bank.skills}
    for draft in bank.drafts:
        if draft.type in _BY_TYPE:
            items[draft.skills[0]].append(_item(draft, rng))
    return _World(tuple(bank.skills), items)


def _item(draft: QuestionDraft, rng: Generator) -> _Item:
    guess, seconds = _BY_TYPE[draft.type]
    estimate = draft.difficulty or 0.0
    return _Item(
        external_id=draft.external_id or "",
        skill=draft.skills[0],
        estimate=estimate,
        difficulty=estimate + rng.normal(0, 0.5),
        guess=guess,
        seconds=seconds * math.exp(0.2 * estimate),
    )


def _history(student: DemoStudent, world: _World, rng: Generator, now: datetime) -> Iterator[SimulatedAnswer]:
    learner = _learner(student, world, rng)
    share = learner.traits.answers / max(len(learner.traits.days), 1)
    for day in learner.traits.days:
        count = max(3, round(share * rng.uniform(0.5, 1.5)))
        start = _session_start(learner.traits, (now - timedelta(days=day)).astimezone(UTC), rng)
        yield from (answer for answer in _session(learner, world, rng, start, count) if answer.at < now)


def _learner(student: DemoStudent, world: _World, rng: Generator) -> _Learner:
    level = {Temperament.STRONG: 2.4, Temperament.STRUGGLING: -0.4}.get(student.temperament, 0.9) + rng.normal(0, 0.4)
    later = 0.05  # later skills of the course are a little less familiar
    return _Learner(
        student=student,
        traits=_traits(student.temperament, rng),
        ability={skill.code: level + rng.normal(0, 0.55) - later * place for place, skill in enumerate(world.skills)},
        results={skill.code: [] for skill in world.skills},
    )


def _traits(temperament: Temperament, rng: Generator) -> _Traits:
    return _Traits(
        slip=rng.uniform(0.02, 0.08),
        gain=rng.uniform(0.03, 0.08),
        pace=math.exp(rng.normal(0, 0.25)),
        hour=rng.uniform(14, 19),
        rush=0.3 if temperament is Temperament.RUSHING else 0.01,
        answers=round(rng.uniform(60, 90) if temperament is Temperament.FADING else rng.uniform(95, 155)),
        days=_active_days(temperament, rng),
    )


def _active_days(temperament: Temperament, rng: Generator) -> tuple[int, ...]:
    """Days before now with a session, the longest ago first."""
    chances = {Temperament.STRONG: 0.7, Temperament.STRUGGLING: 0.4, Temperament.CRAMMING: 0.85}
    span = range(DAYS - 1, 0, -1)
    if temperament is Temperament.FADING:
        span = range(DAYS - 1, DAYS // 2 - 1, -1)
    if temperament is Temperament.CRAMMING:
        span = range(DAYS // 3, 0, -1)
    chance = chances.get(temperament, 0.55)
    return tuple(day for day in span if rng.random() < chance) or (span[0],)


def _session_start(traits: _Traits, day: datetime, rng: Generator) -> datetime:
    hour = traits.hour - 3 if day.weekday() >= _WEEKEND else traits.hour
    minutes = min(max(hour + rng.normal(0, 1.2), 7.0), 21.0) * 60
    return day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(minutes=minutes)


def _session(
    learner: _Learner, world: _World, rng: Generator, start: datetime, count: int
) -> Iterator[SimulatedAnswer]:
    moment = start
    shown: set[str] = set()
    for place in range(count):
        item = _chosen(learner, world, rng, shown)
        shown.add(item.external_id)
        right, seconds = _answered(learner, item, rng, tired=place > _TIRING_AFTER)
        moment += timedelta(seconds=seconds)
        _remember(learner, item, right=right)
        yield SimulatedAnswer(learner.student.key, moment, item.external_id, right, seconds)
        moment += timedelta(seconds=round(rng.uniform(3, 25), 1))


def _chosen(learner: _Learner, world: _World, rng: Generator, shown: set[str]) -> _Item:
    """A question near the student's level, rather a new one or one missed before."""
    items = world.items[_chosen_skill(learner, world, rng)]
    wanted = learner.ability[items[0].skill] - _TARGET_GAP

    def distance(item: _Item) -> float:
        known = learner.seen.get(item.external_id, 0) - (item.external_id in learner.missed)
        repeated = 100 * (item.external_id in shown)
        return abs(item.estimate - wanted) + 1.5 * known + repeated + float(rng.exponential(0.6))

    return min(items, key=distance)


def _chosen_skill(learner: _Learner, world: _World, rng: Generator) -> str:
    """Mostly the skills at the edge of what is secure, sometimes an older one for review."""
    secure = {skill.code for skill in world.skills if _is_secure(learner.results[skill.code])}
    ready = [
        skill.code for skill in world.skills if skill.code not in secure and secure.issuperset(skill.prerequisites)
    ]
    older = [skill.code for skill in world.skills if skill.code in secure]
    if older and (not ready or rng.random() < _REVIEW_CHANCE):
        return older[rng.integers(len(older))]
    return ready[min(int(rng.exponential(1.5)), len(ready) - 1)]


def _is_secure(results: list[bool]) -> bool:
    recent = results[-_RECENT:]
    good = len(results) >= _ENOUGH_ANSWERS and sum(recent) / len(recent) >= _SECURE_SHARE
    return good or len(results) >= _MANY_ANSWERS


def _answered(learner: _Learner, item: _Item, rng: Generator, *, tired: bool) -> tuple[bool, float]:
    """Whether the answer is right, and the seconds it took."""
    traits = learner.traits
    if rng.random() < traits.rush:
        return bool(rng.random() < item.guess), round(rng.uniform(1.2, 3.5), 1)
    known = 1 / (1 + math.exp(item.difficulty - learner.ability[item.skill]))
    slip = traits.slip * (2 if tired else 1)
    right = bool(rng.random() < known * (1 - slip) + (1 - known) * item.guess)
    seconds = item.seconds * traits.pace * math.exp(rng.normal(0, 0.4)) * (1.0 if right else 1.2)
    return right, round(max(seconds, 3.0), 1)


def _remember(learner: _Learner, item: _Item, *, right: bool) -> None:
    gain = learner.traits.gain * (1.0 if right else 0.7)
    learner.ability[item.skill] += gain
    learner.results[item.skill].append(right)
    learner.seen[item.external_id] = learner.seen.get(item.external_id, 0) + 1
    if right:
        learner.missed.discard(item.external_id)
    else:
        learner.missed.add(item.external_id)
