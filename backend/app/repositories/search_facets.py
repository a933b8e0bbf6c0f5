"""What found questions have in common, counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Uuid

from app.domain.permissions import Actor

_COUNTS: Final = text(
    """
    WITH found AS (
      SELECT q.id, q.subject_id, q.type, q.status, d.has_image, coalesce(p.difficulty, 0) AS difficulty,
             CASE WHEN p.answers > 0 THEN p.discrimination END AS discrimination,
             EXISTS (SELECT 1 FROM learner_item_states l WHERE l.user_id = :user_id AND l.question_id = q.id) AS seen
      FROM questions q JOIN search_documents d ON d.question_id = q.id JOIN subjects s ON s.id = q.subject_id
      LEFT JOIN item_parameters p ON p.id = q.id
      WHERE q.id = ANY(:ids) AND (:is_staff OR q.status = 'published' AND s.archived_at IS NULL)
    )
    SELECT 'subject', subject_id::text, count(*) FROM found GROUP BY 2
    UNION ALL SELECT 'type', type, count(*) FROM found GROUP BY 2
    UNION ALL SELECT 'status', status, count(*) FROM found GROUP BY 2
    UNION ALL SELECT 'has_image', CASE WHEN has_image THEN 'true' ELSE 'false' END, count(*) FROM found GROUP BY 2
    UNION ALL SELECT 'seen', CASE WHEN seen THEN 'seen' ELSE 'unseen' END, count(*) FROM found GROUP BY 2
    UNION ALL SELECT 'difficulty', CASE WHEN difficulty < -1 THEN 'easy' WHEN difficulty > 1 THEN 'hard'
                                        ELSE 'middle' END, count(*) FROM found GROUP BY 2
    UNION ALL SELECT 'discrimination', CASE WHEN discrimination < 0.5 THEN 'low' ELSE 'good' END, count(*)
              FROM found WHERE discrimination IS NOT NULL GROUP BY 2
    UNION ALL SELECT 'skill', k.skill_id::text, count(*) FROM found f JOIN question_skills k ON k.question_id = f.id
              GROUP BY 2
    ORDER BY 1, 3 DESC, 2
    """
).bindparams(bindparam("ids", type_=ARRAY(Uuid())))


@dataclass(frozen=True, slots=True)
class FacetCount:
    """`value` is an id for subjects and skills, else a word; difficulties are cut at -1 and 1 logit."""

    facet: str
    value: str
    count: int


class SearchFacets:
    def __init__(self, session: Session, actor: Actor) -> None:
        self.session, self.actor = session, actor

    def counts(self, question_ids: Sequence[UUID]) -> list[FacetCount]:
        """Only of questions the asker may see."""
        wanted = {"ids": list(question_ids), "user_id": self.actor.user_id, "is_staff": self.actor.is_staff}
        return [FacetCount(*row) for row in self.session.execute(_COUNTS, wanted)]
