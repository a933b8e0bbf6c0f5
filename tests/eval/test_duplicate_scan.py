"""How well planted duplicates and contradicting keys are told from questions that only look alike."""

from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.ai.utils.evaluation import precision_recall
from app.domain.enums import QuestionStatus, Role
from app.domain.question_pairs import PairKind
from app.models import QuestionPair
from app.repositories.question_bulk import BulkWriter
from app.repositories.question_rows import NewQuestion
from app.services.duplicate_scan import DuplicateScan
from app.services.question_forms import form_of
from tests.factories.planted_pairs import planted_pairs
from tests.factories.semantic import real_embedder, run_index, tools_of
from tests.factories.subjects import make_subject
from tests.factories.users import actor_of, make_user

LEAST_PRECISION, LEAST_RECALL = 0.95, 0.90


@pytest.mark.eval
def test_planted_pairs_are_found_and_traps_are_not(session: Session, sessions: sessionmaker[Session]) -> None:
    """Each pair lies in a subject of its own, so that what is found is what was planted."""
    tools, actor = tools_of(real_embedder()), actor_of(make_user(session, role=Role.TEACHER))
    planted = planted_pairs()
    assert len(planted) == 200
    assert Counter(pair.kind for pair in planted) == {PairKind.NEAR_DUPLICATE: 80, PairKind.KEY_CONFLICT: 40, None: 80}
    subjects: list[UUID] = []
    for pair in planted:
        subject = make_subject(session)
        subjects.append(subject.id)
        news = [
            NewQuestion(subject.id, QuestionStatus.DRAFT.value, form_of(draft, {}))
            for draft in (pair.first, pair.second)
        ]
        if news[0].form.content_hash == news[1].form.content_hash:
            pytest.fail(f"{pair.why} is the same question")
        BulkWriter(session).write(news)
    session.commit()
    run_index(sessions, tools)
    for subject_id in subjects:
        DuplicateScan(sessions, actor, tools, lambda *_: None).run(subject_id, datetime(2026, 1, 1, tzinfo=UTC))
    found = {
        (pair.subject_id, PairKind(pair.kind))
        for pair in session.scalars(select(QuestionPair).where(QuestionPair.kind != PairKind.GIVES_AWAY))
    }
    wanted = {(subject, pair.kind) for subject, pair in zip(subjects, planted, strict=True) if pair.kind}
    precision, recall = precision_recall(wanted, found)
    names = dict(zip(subjects, planted, strict=True))
    missed = [f"missed {kind}: {names[subject].why}" for subject, kind in wanted - found]
    wrong = [f"wrong {kind}: {names[subject].why}" for subject, kind in found - wanted]
    assert precision >= LEAST_PRECISION, [precision, recall, *wrong]
    assert recall >= LEAST_RECALL, [precision, recall, *missed, *wrong]
