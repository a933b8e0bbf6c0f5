"""The order in which a student should learn the skills that lead to their goal, with a reason for every step."""

import math
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from heapq import heapify, heappop, heappush
from typing import Final, Generic, TypeVar

from app.domain.prerequisites import ancestors, direct_prerequisites, topological_order

Skill = TypeVar("Skill", bound=Hashable)
Edge = tuple[Skill, Skill]

NEARLY_LEARNED: Final = 0.60


class PathReason(StrEnum):
    """Stable names for translation; the fields of each template are the parameters of the step's reason."""

    AFTER = "after"
    OPENS = "opens"
    NEARLY = "nearly"
    READY = "ready"


PATH_TEMPLATES: Final[Mapping[PathReason, str]] = {
    PathReason.AFTER: "Comes after {before}; questions needed: about {questions}",
    PathReason.OPENS: "Ready now and opens {opens} more of your goal's skills; questions needed: about {questions}",
    PathReason.NEARLY: "Nearly learned ({percent} % sure); questions left: about {questions}",
    PathReason.READY: "Ready now; questions needed: about {questions}",
}


@dataclass(frozen=True, slots=True)
class SkillOutlook(Generic[Skill]):
    """One skill of one student.

    Attributes:
        skill: Any hashable value that names it.
        mastery: P(mastered), in [0, 1].
        success: Chance of success on an average question of the skill.
        questions: Expected questions to mastery, see `mastery_forecast`.
        is_learned: Learned, mastered, or in need of review only.
    """

    skill: Skill
    mastery: float
    success: float
    questions: float
    is_learned: bool


@dataclass(frozen=True, slots=True)
class Pace:
    """How much the student practises; `questions_per_day` > 0."""

    start: date
    questions_per_day: float
    deadline: date | None = None

    def __post_init__(self) -> None:
        if not (self.questions_per_day > 0.0 and math.isfinite(self.questions_per_day)):
            raise ValueError("The pace must be a positive number of questions a day.")


@dataclass(frozen=True, slots=True)
class PathStep(Generic[Skill]):
    """One skill of the path.

    Attributes:
        outlook: The skill and where the student stands.
        opens: Skills toward the goal that build on it and are not learned.
        waits_for: Direct prerequisites not learned yet; empty when the skill is ready.
        finished_on: Expected day of mastery, when a pace is given.
        is_late: That day lies after the deadline.
    """

    outlook: SkillOutlook[Skill]
    opens: int
    waits_for: tuple[Skill, ...]
    finished_on: date | None = None
    is_late: bool = False

    @property
    def is_ready(self) -> bool:
        return not self.waits_for

    @property
    def reason_code(self) -> PathReason:
        if self.waits_for:
            return PathReason.AFTER
        if self.outlook.mastery >= NEARLY_LEARNED:
            return PathReason.NEARLY
        return PathReason.OPENS if self.opens else PathReason.READY


def path_reason(step: PathStep[Skill], name: Callable[[Skill], str]) -> tuple[str, dict[str, str | int]]:
    """English sentence and its parameters; `name` turns a skill into the words shown for it."""
    parameters: dict[str, str | int] = {
        "before": ", ".join(name(skill) for skill in step.waits_for),
        "opens": step.opens,
        "percent": round(100 * step.outlook.mastery),
        "questions": round(step.outlook.questions),
    }
    return PATH_TEMPLATES[step.reason_code].format_map(parameters), parameters


def plan_path(
    outlooks: Sequence[SkillOutlook[Skill]],
    edges: Collection[Edge[Skill]],
    goals: Collection[Skill],
    pace: Pace | None = None,
) -> list[PathStep[Skill]]:
    """Every skill still to be learned for `goals` (for everything, when empty), prerequisites always first.

    Among the skills whose prerequisites are learned or stand earlier in the path, the next is the one that opens
    most of the goal for the questions it costs (weighted shortest processing time, Smith 1956); equal ones follow
    P(mastered), then the given order. Prerequisites without an outlook count as learned.

    Raises:
        PrerequisiteCycleError: If the prerequisites form a circle; it names the circle.

    References:
        Falmagne, J.-C., & Doignon, J.-P. (2011). Learning Spaces. Springer. (Ready skills are the outer fringe.)
        Smith, W. E. (1956). Various optimizers for single-stage production. Naval Research Logistics, 3, 59-66.
    """
    order = topological_order((), edges)
    open_skills = _open_skills(outlooks, edges, goals)
    required = direct_prerequisites(edges)
    opens = _opened(order, required, open_skills.keys())
    before = {skill: needed & open_skills.keys() for skill, needed in required.items()}
    steps = [
        PathStep(open_skills[skill], opens.get(skill, 0), tuple(sorted(before.get(skill, ()), key=str)))
        for skill in _ordered(open_skills, opens, before)
    ]
    return steps if pace is None else list(_dated(steps, pace))


def questions_per_day_needed(steps: Iterable[PathStep[Skill]], start: date, deadline: date) -> float:
    """Pace that finishes the whole path by the deadline; both days count.

    Raises:
        ValueError: If the deadline lies before the start.
    """
    if deadline < start:
        raise ValueError("The deadline lies before the start.")
    return sum(step.outlook.questions for step in steps) / ((deadline - start).days + 1)


def _open_skills(
    outlooks: Sequence[SkillOutlook[Skill]], edges: Collection[Edge[Skill]], goals: Collection[Skill]
) -> dict[Skill, SkillOutlook[Skill]]:
    wanted = set(goals).union(*(ancestors(edges, goal) for goal in goals))
    return {
        outlook.skill: outlook
        for outlook in outlooks
        if not outlook.is_learned and (not goals or outlook.skill in wanted)
    }


def _opened(
    order: Sequence[Skill], before: Mapping[Skill, AbstractSet[Skill]], open_skills: AbstractSet[Skill]
) -> dict[Skill, int]:
    """How many open skills build on each skill, directly or not; `order` has prerequisites first."""
    beyond: dict[Skill, set[Skill]] = {skill: set() for skill in order}
    for skill in reversed(order):
        for earlier in before.get(skill, ()):
            beyond[earlier] |= beyond[skill] | {skill}
    return {skill: len(later & open_skills) for skill, later in beyond.items()}


def _ordered(
    open_skills: Mapping[Skill, SkillOutlook[Skill]],
    opens: Mapping[Skill, int],
    before: Mapping[Skill, AbstractSet[Skill]],
) -> Iterable[Skill]:
    """Kahn's topological order with a queue by worth."""
    after: dict[Skill, list[Skill]] = {}
    for skill in open_skills:
        for earlier in before.get(skill, ()):
            after.setdefault(earlier, []).append(skill)
    missing = {skill: len(before.get(skill, ())) for skill in open_skills}
    rank = {skill: (*_worth(each, opens.get(skill, 0)), at) for at, (skill, each) in enumerate(open_skills.items())}
    queue = [(rank[skill], skill) for skill in open_skills if not missing[skill]]
    heapify(queue)
    while queue:
        _, chosen = heappop(queue)
        yield chosen
        for skill in after.get(chosen, ()):
            missing[skill] -= 1
            if not missing[skill]:
                heappush(queue, (rank[skill], skill))


def _worth(outlook: SkillOutlook[Skill], opens: int) -> tuple[float, float]:
    """Smallest first: goal opened per question, then P(mastered)."""
    return -(1 + opens) / max(outlook.questions, 1.0), -outlook.mastery


def _dated(steps: Iterable[PathStep[Skill]], pace: Pace) -> Iterable[PathStep[Skill]]:
    total = 0.0
    for step in steps:
        total += step.outlook.questions
        finished_on = pace.start + timedelta(days=max(0, math.ceil(total / pace.questions_per_day) - 1))
        is_late = pace.deadline is not None and finished_on > pace.deadline
        yield PathStep(step.outlook, step.opens, step.waits_for, finished_on, is_late)
