"""The demo in a database: everything or nothing, and never twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from numpy.random import default_rng
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.security import Passwords
from app.integrations.storage import FileStore
from app.models import Subject
from app.repositories.item_repository import ItemRepository

from .bank import demo_bank
from .seeding_accounts import add_accounts
from .seeding_content import SUBJECT_CODE, Author, add_content
from .seeding_history import HistoryWriter
from .students import DAYS, simulate_answers

_SEED: Final = 20_260_301
_PREPARED: Final = timedelta(days=DAYS + 7)


@dataclass(frozen=True)
class Seeded:
    questions: int
    skills: int
    students: int
    answers: int


def is_seeded(session: Session) -> bool:
    return session.scalar(select(Subject.id).where(Subject.code == SUBJECT_CODE)) is not None


def seed_demo(session: Session, store: FileStore, passwords: Passwords, now: datetime) -> Seeded:
    """Subject, skills, questions, accounts and three weeks of practice that ended at `now`.

    Raises:
        EmailTakenError, DuplicateCodeError: A part of the demo is there already; nothing may be committed then.
    """
    bank, rng = demo_bank(), default_rng(_SEED)
    prepared_at = now - _PREPARED
    accounts = add_accounts(session, passwords, prepared_at)
    content = add_content(session, store, bank, Author(accounts.admin, prepared_at))
    answers = list(simulate_answers(bank, rng, now))
    HistoryWriter(session, content, rng).write(accounts.students, answers)
    ItemRepository(session).calibrate()
    return Seeded(len(content.question_ids), len(bank.skills), len(accounts.students), len(answers))
