"""The life of a question. Nothing that students have seen is ever deleted: it is retired, and may come back."""

from collections.abc import Mapping
from typing import Final

from app.domain.enums import QuestionStatus

_NEXT: Final[Mapping[QuestionStatus, frozenset[QuestionStatus]]] = {
    QuestionStatus.DRAFT: frozenset({QuestionStatus.REVIEW, QuestionStatus.PUBLISHED}),
    QuestionStatus.REVIEW: frozenset({QuestionStatus.DRAFT, QuestionStatus.PUBLISHED}),
    QuestionStatus.PUBLISHED: frozenset({QuestionStatus.RETIRED}),
    QuestionStatus.RETIRED: frozenset({QuestionStatus.PUBLISHED}),
}


def may_become(now: QuestionStatus, wanted: QuestionStatus) -> bool:
    return wanted is now or wanted in _NEXT[now]
