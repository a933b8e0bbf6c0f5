"""The parameters of the learner model as `model_versions` stores them; version 0 is an empty object."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self
from uuid import UUID

from app.ai.personalization.user_modeling.state import Population

_KNOWN = frozenset(field.name for field in fields(Population))


@dataclass(frozen=True, slots=True)
class ModelParameters:
    """`skill_offsets` are difficulties of skills in logits, by the text of their ids.

    `guess_scale` is the part of the chance of guessing that students really use.
    """

    population: Population
    skill_offsets: Mapping[str, float]
    guess_scale: float = 1.0

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> Self:
        """What is missing takes its built-in default; what is unknown is ignored."""
        given, offsets = stored.get("population"), stored.get("skill_offsets")
        population = {name: float(value) for name, value in _entries(given) if name in _KNOWN}
        scale = stored.get("guess_scale", 1.0)
        return cls(
            Population(**population),
            {name: float(value) for name, value in _entries(offsets)},
            float(scale) if isinstance(scale, int | float) else 1.0,
        )

    def offset_of(self, skill_id: UUID) -> float:
        return self.skill_offsets.get(str(skill_id), 0.0)


def _entries(stored: object) -> list[tuple[str, float]]:
    return list(stored.items()) if isinstance(stored, dict) else []
