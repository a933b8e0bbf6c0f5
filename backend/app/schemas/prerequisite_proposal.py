from uuid import UUID

from app.schemas.base import InputModel, OutputModel


class PrerequisitePair(InputModel):
    """`prerequisite_id` would be learned before `skill_id`."""

    prerequisite_id: UUID
    skill_id: UUID


class PrerequisiteProposal(OutputModel):
    """An order that the answers suggest.

    `given_later` is the share of those with the later skill who have the earlier one too, `given_earlier` the other way
    round, among the `students` who practised both.
    """

    prerequisite_id: UUID
    prerequisite_name: str
    skill_id: UUID
    skill_name: str
    given_later: float
    given_earlier: float
    students: int
    text: str


class PrerequisiteProposals(OutputModel):
    items: list[PrerequisiteProposal]
