"""What a finished session says about slips and tiredness, as advice to its student."""

from collections.abc import Sequence
from datetime import datetime
from statistics import fmean

from sqlalchemy import RowMapping

from app.ai.personalization.user_modeling.session_signs import SessionAnswer, find_slips, find_tiredness
from app.schemas.practice import SessionAdvice
from app.services.practice_pool import QuestionPool
from app.services.review_update import pace


def session_advice(rows: Sequence[RowMapping], began: datetime, pool: QuestionPool) -> list[SessionAdvice]:
    """From the first answers of a session in their order; most sessions get none."""
    answers = [_answer(row, began, pool) for row in rows]
    return [*_slips(rows, answers), *_fatigue(answers)]


def _answer(row: RowMapping, began: datetime, pool: QuestionPool) -> SessionAnswer:
    offsets = [pool.offset_of(skill_id) for skill_id in row["skill_ids"]]
    return SessionAnswer(
        row["predicted"],
        row["difficulty"] + (fmean(offsets) if offsets else 0.0),
        row["outcome"],
        pace(row["elapsed_ms"], row["usual_ms"]),
        max(0.0, (row["answered_at"] - began).total_seconds() / 60.0),
    )


def _slips(rows: Sequence[RowMapping], answers: Sequence[SessionAnswer]) -> list[SessionAdvice]:
    places = find_slips(answers)
    if not places:
        return []
    text = (
        f"{len(places)} questions went wrong in a hurry that you usually solve. They look like slips, not gaps:"
        " a second look before sending would help."
    )
    question_ids = [rows[place]["question_id"] for place in places]
    return [SessionAdvice(kind="slips", text=text, question_ids=question_ids, minute=None)]


def _fatigue(answers: Sequence[SessionAnswer]) -> list[SessionAdvice]:
    sign = find_tiredness(answers)
    if sign is None:
        return []
    minute = max(1, round(sign.from_minute))
    text = (
        f"From about minute {minute} on, less went right than before, more than harder questions explain. A break or"
        " a shorter session may help more than going on."
    )
    return [SessionAdvice(kind="fatigue", text=text, question_ids=[], minute=minute)]
