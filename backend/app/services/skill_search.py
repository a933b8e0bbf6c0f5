"""Skills by the words of their names and descriptions. There are few, so they are compared here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.domain.search_query import Term
from app.models import Skill
from app.repositories.skill_repository import SkillRepository
from app.services.search_terms import ParsedQuery
from app.utils.folding import words_of

MOST: Final = 10
NAME_WEIGHT: Final = 2.0
SHORTEST_BEGINNING: Final = 3


@dataclass(frozen=True, slots=True)
class FoundSkill:
    skill: Skill
    score: float


class SkillSearch:
    def __init__(self, session: Session, actor: Actor) -> None:
        self._skills, self._actor = SkillRepository(session), actor

    def find(self, parsed: ParsedQuery, subject_ids: Sequence[UUID]) -> list[FoundSkill]:
        """The best few; a word of the name counts for more than one of the description."""
        if not parsed.terms:
            return []
        skills = self._skills.searchable(self._actor, subject_ids)
        scored = [FoundSkill(skill, _score(skill, parsed.terms)) for skill in skills]
        best = sorted((each for each in scored if each.score > 0), key=lambda each: (-each.score, each.skill.name))
        return best[:MOST]


def _score(skill: Skill, terms: Sequence[Term]) -> float:
    name, description = words_of(skill.name), words_of(skill.description)
    return sum(
        NAME_WEIGHT if _is_met(term, name) else 1.0 if _is_met(term, description) else 0.0 for term in terms
    ) / len(terms)


def _is_met(term: Term, words: Sequence[str]) -> bool:
    """A word counts by its beginning: stems are beginnings of words in most languages."""
    beginnings = [each for each in (term.word, *term.wanted) if len(each) >= SHORTEST_BEGINNING]
    return any(word == term.word or word.startswith(tuple(beginnings)) for word in words)
