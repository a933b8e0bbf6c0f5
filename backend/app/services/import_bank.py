"""What an import looks up in the bank."""

from collections.abc import Collection, Mapping
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

    def skill_names(self, _: Collection[str], /) -> Mapping[str, str]:
        return {}


class SubjectBank:
    """The questions of one subject, within one namespace of external ids."""

    def __init__(self, session: Session, actor: Actor, subject_id: UUID, namespace: str) -> None:
        self._imports, self._questions = ImportRepository(session), QuestionRepository(session)
        self._skills = SkillRepository(session)
        self._actor, self._subject_id, self._namespace = actor, subject_id, namespace

    def by_content(self, content_hashes: Collection[str], /) -> Mapping[str, KnownQuestion]:
        return self._imports.known_by_content(self._subject_id, content_hashes)

    def by_name(self, external_ids: Collection[str], /) -> Mapping[str, KnownQuestion]:
        return self._imports.known_by_name(self._subject_id, self._namespace, external_ids)

    def numbers_with_stems(self, stem_hashes: Collection[str], /) -> Mapping[str, int]:
        return self._questions.numbers_with_stems(self._subject_id, stem_hashes)

    def full(self, question_ids: Collection[UUID], /) -> Mapping[UUID, FullQuestion]:
        return self._questions.full_many(self._actor, question_ids) if question_ids else {}

    def skill_names(self, names: Collection[str], /) -> Mapping[str, str]:
        if not names:
            return {}
        return {name: skill.name for name, skill in self._skills.named(self._subject_id, names).items()}
