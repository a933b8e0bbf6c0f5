"""Rules of the prerequisite graph. An edge ``(a, b)`` means: learn a before b; skills are any hashable values.

Every function is linear in skills plus edges and keeps the order of its input where the graph leaves a choice.
"""

from collections.abc import Callable, Collection, Hashable, Iterable
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

Skill = TypeVar("Skill", bound=Hashable)


class PrerequisiteCycleError(ValueError):
    """Skills that require each other in a circle; `cycle` ends with the skill it starts with."""

    def __init__(self, cycle: tuple[Hashable, ...]) -> None:
        self.cycle = cycle
        super().__init__(describe_cycle(cycle, str))


def describe_cycle(cycle: Iterable[Skill], name: Callable[[Skill], str]) -> str:
    """One sentence for people; `name` turns a skill into the words shown for it."""
    return f"Prerequisites form a cycle: {' → '.join(name(skill) for skill in cycle)}"


def find_cycle(edges: Iterable[tuple[Skill, Skill]]) -> tuple[Skill, ...] | None:
    """One circle in learning order, closed (first == last), or None when the graph is sound."""
    try:
        _sorter((), edges).prepare()
    except CycleError as error:
        return tuple(error.args[1])
    return None


def topological_order(skills: Iterable[Skill], edges: Iterable[tuple[Skill, Skill]]) -> list[Skill]:
    """All skills, and every skill named only by an edge, prerequisites first.

    Raises:
        PrerequisiteCycleError: naming one circle.
    """
    try:
        return list(_sorter(skills, edges).static_order())
    except CycleError as error:
        raise PrerequisiteCycleError(tuple(error.args[1])) from None


def direct_prerequisites(edges: Iterable[tuple[Skill, Skill]]) -> dict[Skill, set[Skill]]:
    """Skill -> what must be learned immediately before it; skills without prerequisites are absent."""
    before: dict[Skill, set[Skill]] = {}
    for first, then in edges:
        before.setdefault(then, set()).add(first)
    return before


def ancestors(edges: Iterable[tuple[Skill, Skill]], skill: Skill) -> frozenset[Skill]:
    """Everything to be learned before `skill`, however far back; without `skill` itself."""
    return _reachable(direct_prerequisites(edges), skill)


def descendants(edges: Iterable[tuple[Skill, Skill]], skill: Skill) -> frozenset[Skill]:
    """Everything that builds on `skill`, however far on; without `skill` itself."""
    return _reachable(direct_prerequisites((then, first) for first, then in edges), skill)


def outer_fringe(
    skills: Iterable[Skill], edges: Iterable[tuple[Skill, Skill]], learned: Collection[Skill]
) -> list[Skill]:
    """Skills ready to be learned: not learned yet, with every direct prerequisite learned.

    References:
        Doignon, J.-P., & Falmagne, J.-C. (1999). Knowledge Spaces. Springer. (Outer fringe of a knowledge state.)
    """
    known = frozenset(learned)
    before = direct_prerequisites(edges)
    return [skill for skill in skills if skill not in known and before.get(skill, set()) <= known]


def _sorter(skills: Iterable[Skill], edges: Iterable[tuple[Skill, Skill]]) -> TopologicalSorter[Skill]:
    sorter: TopologicalSorter[Skill] = TopologicalSorter()
    for skill in skills:
        sorter.add(skill)
    for first, then in edges:
        sorter.add(then, first)
    return sorter


def _reachable(neighbours: dict[Skill, set[Skill]], start: Skill) -> frozenset[Skill]:
    found: set[Skill] = set()
    waiting = [start]
    while waiting:
        fresh = neighbours.get(waiting.pop(), set()) - found
        found |= fresh
        waiting.extend(fresh)
    return frozenset(found - {start})
