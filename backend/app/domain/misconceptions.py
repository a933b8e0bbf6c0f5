"""Wrong answers of one kind over different questions: what may be behind them is for a teacher to say."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

LEAST_QUESTIONS: Final = 2
_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class WrongOption:
    """A wrong option that somebody chose; texts are plain. Authors give like mistakes the same feedback."""

    question_id: UUID
    text: str
    feedback: str
    students: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class MisconceptionGroup:
    """`draft_name` is what the options share: their feedback, else their text."""

    draft_name: str
    by: str
    options: Sequence[WrongOption]
    students: int


def group_wrong_options(options: Iterable[WrongOption]) -> list[MisconceptionGroup]:
    """Groups over at least two questions, those of most students first.

    An option goes with others of the same feedback, and only without any with options of the same text.
    """
    groups: dict[tuple[str, str], list[WrongOption]] = {}
    for option in options:
        kind = "feedback" if option.feedback else "text"
        shared = folded(option.feedback or option.text)
        if shared:
            groups.setdefault((kind, shared), []).append(option)
    found = [
        _group(kind, members)
        for (kind, _), members in groups.items()
        if len({option.question_id for option in members}) >= LEAST_QUESTIONS
    ]
    return sorted(found, key=lambda group: (-group.students, group.draft_name))


def folded(text: str) -> str:
    """Without case, runs of space, and a full stop at the end."""
    return _SPACE.sub(" ", text).strip().rstrip(".").casefold()


def _group(kind: str, members: Sequence[WrongOption]) -> MisconceptionGroup:
    ordered = sorted(members, key=lambda option: (-len(option.students), str(option.question_id)))
    students = frozenset[UUID]().union(*(option.students for option in members))
    first = ordered[0]
    return MisconceptionGroup(first.feedback or first.text, kind, ordered, len(students))
