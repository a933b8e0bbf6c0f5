"""Prerequisites proposed from what students master, as drafts for a teacher to accept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.domain.prerequisites import descendants, find_cycle

FloatArray: TypeAlias = NDArray[np.float64]

MASTERED_FROM: Final = 0.80
LEAST_STUDENTS: Final = 30
LEAST_CONFIDENCE: Final = 0.90
LEAST_ASYMMETRY: Final = 0.15


@dataclass(frozen=True, slots=True)
class ProposedEdge:
    """Skill numbers; `given_later` and `given_earlier` are the two conditional shares it rests on.

    Attributes:
        earlier: Learned before `later`.
        later: Builds on `earlier`.
        given_later: Of the students who master `later`, the share who master `earlier`: near 1 for a prerequisite.
        given_earlier: The other way round: clearly lower, or the two skills are just learned together.
        students: Who practised both.
    """

    earlier: int
    later: int
    given_later: float
    given_earlier: float
    students: int


def propose_prerequisites(mastery: FloatArray) -> list[ProposedEdge]:
    """Edges of a graph without circles and without shortcuts, the best supported first.

    Args:
        mastery: P(mastered) of each student and skill, NaN where not practised. Shape ``(students, skills)``.

    References:
        Desmarais, M. C., Maluf, A., & Liu, J. (1996). User-expertise modeling with empirically derived probabilistic
        implication networks. User Modeling and User-Adapted Interaction, 5, 283-315.
    """
    known = np.isfinite(mastery).astype(np.float64)
    mastered = np.nan_to_num(mastery, nan=0.0) >= MASTERED_FROM
    has = mastered.astype(np.float64)
    students, both, has_later = known.T @ known, has.T @ has, known.T @ has
    # One virtual student for and one against keep small groups from looking certain.
    given_later = (both + 1.0) / (has_later + 2.0)
    given_earlier = given_later.T
    fits = (students >= LEAST_STUDENTS) & (given_later >= LEAST_CONFIDENCE)
    fits &= given_later - given_earlier >= LEAST_ASYMMETRY
    found = [
        ProposedEdge(int(a), int(b), float(given_later[a, b]), float(given_earlier[a, b]), int(students[a, b]))
        for a, b in np.argwhere(fits)
        if a != b
    ]
    return _without_shortcuts(_without_circles(sorted(found, key=lambda edge: -edge.given_later)))


def _without_circles(edges: Sequence[ProposedEdge]) -> list[ProposedEdge]:
    kept: list[ProposedEdge] = []
    for edge in edges:
        if find_cycle([*_pairs(kept), (edge.earlier, edge.later)]) is None:
            kept.append(edge)
    return kept


def _without_shortcuts(edges: Sequence[ProposedEdge]) -> list[ProposedEdge]:
    """Drop an edge that a longer way implies (transitive reduction)."""
    pairs = _pairs(edges)
    return [
        edge
        for edge, pair in zip(edges, pairs, strict=True)
        if edge.later not in descendants([other for other in pairs if other != pair], edge.earlier)
    ]


def _pairs(edges: Sequence[ProposedEdge]) -> list[tuple[int, int]]:
    return [(edge.earlier, edge.later) for edge in edges]
