"""What an import looks up in the bank."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.repositories.import_repository import ImportRepository, KnownQuestion
from app.repositories.question_repository import FullQuestion, QuestionRepository
from app.repositories.skill_repository import SkillRepository


class Bank(Protocol):
    def by_content(self, content_hashes: Collection[str], /) -> Mapping[str, KnownQuestion]: ...

    def by_name(self, external_ids: Collection[str], /) -> Mapping[str, KnownQuestion]: ...

    def numbers_with_stems(self, stem_hashes: Collection[str], /) -> Mapping[str, int]: ...

    def full(self, question_ids: Collection[UUID], /) -> Mapping[UUID, FullQuestion]: ...

    def stems_after(self, number: int, /) -> Iterator[Sequence[tuple[int, str]]]:
        """Number and plain stem of the questions in use with higher numbers, in order and in blocks."""
        ...

    def numbered(self, numbers: Collection[int], /) -> Mapping[int, FullQuestion]: ...

    def skill_names(self, names: Collection[str], /) -> Mapping[str, str]:
        """The name of each skill that the given names or codes mean."""
        ...


class EmptyBank:
    """For a dry run where there is no database."""

    def by_content(self, _: Collection[str], /) -> Mapping[str, KnownQuestion]:
        return {}

    def by_name(self, _: Collection[str], /) -> Mapping[str, KnownQuestion]:
        return {}

    def numbers_with_stems(self, _: Collection[str], /) -> Mapping[str, int]:
        return {}

    def full(self, _: Collection[UUID], /) -> Mapping[UUID, FullQuestion]:
        return {}

    def stems_after(self, _: int, /) -> Iterator[Sequence[tuple[int, str]]]:
        yield from ()

    def numbered(self, _: Collection[int], /) -> Mapping[int, FullQuestion]:
        return {}

    def skill_names(self, _: Collection[str], /) -> Mapping[str, str]:
        return {}


@dataclass(frozen=True, slots=True)
class BankPlace:
    """Where an import looks; `import_id` is its own, whose questions are not of the bank yet."""

    subject_id: UUID
    namespace: str
    import_id: UUID


class SubjectBank:
    """The questions of one subject, within one namespace of external ids, as an import meets them."""

    def __init__(self, session: Session, actor: Actor, place: BankPlace) -> None:
        self._imports, self._questions = ImportRepository(session), QuestionRepository(session)
        self._skills = SkillRepository(session)
        self._actor, self._subject_id, self._namespace = actor, place.subject_id, place.namespace
        self._import_id = place.import_id

    def by_content(self, content_hashes: Collection[str], /) -> Mapping[str, KnownQuestion]:
        return self._imports.known_by_content(self._subject_id, content_hashes)

    def by_name(self, external_ids: Collection[str], /) -> Mapping[str, KnownQuestion]:
        return self._imports.known_by_name(self._subject_id, self._namespace, external_ids)

    def numbers_with_stems(self, stem_hashes: Collection[str], /) -> Mapping[str, int]:
        return self._questions.numbers_with_stems(self._subject_id, stem_hashes)

    def full(self, question_ids: Collection[UUID], /) -> Mapping[UUID, FullQuestion]:
        return self._questions.full_many(self._actor, question_ids) if question_ids else {}

    def stems_after(self, number: int, /) -> Iterator[Sequence[tuple[int, str]]]:
        return self._imports.stems_after(self._subject_id, number, but_of=self._import_id)

    def numbered(self, numbers: Collection[int], /) -> Mapping[int, FullQuestion]:
        ids = self._imports.ids_of_numbers(self._subject_id, numbers) if numbers else ()
        return {full.question.number: full for full in self.full(ids).values()}

    def skill_names(self, names: Collection[str], /) -> Mapping[str, str]:
        if not names:
            return {}
        return {name: skill.name for name, skill in self._skills.named(self._subject_id, names).items()}
