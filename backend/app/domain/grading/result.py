"""What grading one response gives."""

from dataclasses import dataclass, field

from app.domain.enums import GradeState

# Three weights of 33.3 % are meant as a full mark.
ROUNDING = 2e-3


@dataclass(frozen=True, slots=True)
class Grade:
    """``fraction`` of the points from 0 to 1, and of each ``parts`` member by its id.

    ``feedback`` is HTML of the key, to be shown once the key may be. ``message`` says why a response is invalid.
    """

    state: GradeState
    fraction: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)
    feedback: tuple[str, ...] = ()
    message: str = ""

    @property
    def is_invalid(self) -> bool:
        return self.state is GradeState.INVALID


def graded(fraction: float, parts: dict[str, float] | None = None, feedback: tuple[str, ...] = ()) -> Grade:
    """A grade whose state follows from the fraction, which is clipped to 0..1."""
    if fraction >= 1 - ROUNDING:
        return Grade(GradeState.RIGHT, 1.0, parts or {}, feedback)
    if fraction <= 0:
        return Grade(GradeState.WRONG, 0.0, parts or {}, feedback)
    return Grade(GradeState.PARTIAL, fraction, parts or {}, feedback)


def invalid(message: str) -> Grade:
    """The response cannot be graded: never wrong, never counted."""
    return Grade(GradeState.INVALID, message=message)


def shown_feedback(*fragments: str) -> tuple[str, ...]:
    return tuple(fragment for fragment in fragments if fragment)


FOREIGN = "The answer names something that does not belong to this question."
REPEATED = "The answer names the same thing twice."
