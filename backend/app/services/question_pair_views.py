from app.repositories.keyset import Slice
from app.repositories.question_repository import FullQuestion
from app.schemas.base import Page
from app.schemas.question_pair import PairRead, PairSide
from app.services.answer_leaks import answers_of
from app.services.question_pair_service import PairView


def pair_page(found: Slice[PairView]) -> Page[PairRead]:
    return Page(items=[pair_read(view) for view in found.items], next_cursor=found.next_cursor)


def pair_read(view: PairView) -> PairRead:
    pair = view.pair
    return PairRead(
        id=pair.id,
        subject_id=pair.subject_id,
        kind=pair.kind,
        status=pair.status,
        similarity=round(pair.similarity, 4),
        first=_side(view.first),
        second=_side(view.second),
        answer=pair.details.get("answer"),
        asked_id=pair.details.get("asked"),
        found_at=pair.found_at,
        decided_at=pair.decided_at,
    )


def _side(full: FullQuestion) -> PairSide:
    question = full.question
    return PairSide(
        id=question.id,
        number=question.number,
        type=question.type,
        status=question.status,
        stem=question.stem_text,
        answers=answers_of(full.version.content, full.key.key),
    )
