"""What a student should do next in a subject, ready to be started."""

from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from app.ai.personalization.learning_path import PathStep, plan_path
from app.ai.personalization.recommendation import (
    Rated,
    Recommendation,
    RecommendationKind,
    Situation,
    StuckOn,
    easier_similar,
    is_stuck,
    mistake,
    recommend,
)
from app.ai.personalization.review_queue import FloatArray, retrievability
from app.ai.personalization.review_schedule import ReviewRating, ReviewSettings, settings_of
from app.core.config import PracticeSettings
from app.domain.enums import PracticeMode
from app.repositories.practice_step_rows import CardRow
from app.repositories.progress_repository import ProgressRepository, SkillAnswer
from app.repositories.review_repository import ReviewRepository, ReviewScope
from app.schemas.learning import PracticeProposal, RecommendationRead, Recommendations
from app.services.practice_chooser import Chooser, Learner, SkillBelief
from app.services.practice_pool import IntArray, PoolCache, QuestionPool
from app.services.review_service import recall_of
from app.services.review_update import reviewed
from app.services.standing import Standing, StandingReader

AHEAD: Final = timedelta(days=7)
MOST_CARDS: Final = 100


class RecommendationService:
    def __init__(self, session: Session, pools: PoolCache, settings: PracticeSettings) -> None:
        self.standings, self.settings = StandingReader(session, pools), settings
        self.progress, self.reviews = ProgressRepository(session), ReviewRepository(session)

    def recommend(self, user_id: UUID, subject_id: UUID, now: datetime) -> Recommendations:
        """The most helpful first. Raises NotFoundError for an unknown or archived subject."""
        standing = self.standings.read(user_id, subject_id, now)
        chooser = Chooser(standing.pool, _learner(standing), self.settings)
        cards = self.reviews.cards(ReviewScope(user_id, subject_id), now, limit=MOST_CARDS)
        situation = Situation(
            # A path of ids is a path of hashable values; the type of a step is invariant all the same.
            path=cast("list[PathStep[Hashable]]", plan_path(standing.outlooks(), standing.edges(), ())),
            due=_rated_cards(cards, settings_of(self.reviews.memory(user_id)), now),
            mistakes=self._mistakes(user_id, subject_id, chooser),
            stuck=_stuck(self.progress.last_answers(user_id, subject_id), standing, chooser),
        )
        return Recommendations(
            subject_id=subject_id, items=[_recommendation(each, standing) for each in recommend(situation)]
        )

    def _mistakes(self, user_id: UUID, subject_id: UUID, chooser: Chooser) -> list[Rated]:
        question_ids = self.progress.mistakes(user_id, subject_id)
        places = chooser.pool.places(b"".join(question_id.bytes for question_id in question_ids))
        chances = chooser.success(places).tolist()
        return [
            mistake(chooser.pool.question_ids[place], chance)
            for place, chance in zip(places.tolist(), chances, strict=True)
        ]


def _learner(standing: Standing) -> Learner:
    beliefs = {skill.named.skill_id: SkillBelief(skill.state, skill.mastery) for skill in standing.skills}
    return Learner(standing.learner, beliefs)


def _rated_cards(cards: Sequence[CardRow], memory: ReviewSettings, now: datetime) -> list[Rated]:
    """Recall a week from now, without a review and with a successful one now."""
    without = recall_of(cards, now + AHEAD, memory.decay).tolist()
    grown = [
        reviewed(card, (card.question_id, card.subject_id), ReviewRating.GOOD, now, memory).stability for card in cards
    ]
    after = retrievability(np.array(grown), np.full(len(cards), float(AHEAD.days)), memory.decay).tolist()
    return [Rated(card.question_id, *chances) for card, *chances in zip(cards, without, after, strict=True)]


def _stuck(answers: Sequence[SkillAnswer], standing: Standing, chooser: Chooser) -> StuckOn | None:
    """The skill of the latest answers on which the last ones all went wrong, with an easier question to go on with."""
    for skill_id in dict.fromkeys(answer.skill_id for answer in answers):
        latest = [answer for answer in answers if answer.skill_id == skill_id]
        if is_stuck([answer.result for answer in reversed(latest)]):
            return _stuck_on(latest[0], standing, chooser)
    return None


def _stuck_on(answer: SkillAnswer, standing: Standing, chooser: Chooser) -> StuckOn | None:
    pool = standing.pool
    at, skill = pool.position_of.get(answer.question_id), pool.skill_places.get(answer.skill_id)
    if at is None or skill is None:
        return None
    members = pool.by_skill[skill]
    chances, now = chooser.success(members), float(chooser.success(np.array([at]))[0])
    found = easier_similar(_similarity(pool, members, at), pool.difficulty[members], chances, pool.difficulty[at])
    if found is None:
        return StuckOn(now)
    return StuckOn(now, Rated(pool.question_ids[members[found]], now, float(chances[found])))


def _similarity(pool: QuestionPool, members: IntArray, at: int) -> FloatArray:
    """Share of common skills (Jaccard): questions of the very same skills come first."""
    none = len(pool.skill_ids)
    own, others = pool.skill_index[at], pool.skill_index[members]
    common = (np.isin(others, own[own != none])).sum(axis=1)
    similarity: FloatArray = common / (pool.skill_count[members] + pool.skill_count[at] - common)
    return similarity


def _recommendation(each: Recommendation, standing: Standing) -> RecommendationRead:
    ids = [target for target in each.targets if isinstance(target, UUID)]
    is_skill = each.kind is RecommendationKind.NEXT_SKILL
    skill_id = ids[0] if is_skill else None
    return RecommendationRead(
        kind=each.kind,
        reason=each.reason,
        parameters=dict(each.parameters),
        expected_gain=round(each.expected_gain, 4),
        skill_id=skill_id,
        skill_name=None if skill_id is None else standing.name_of(skill_id),
        session=_proposal(each.kind, ids),
    )


def _proposal(kind: RecommendationKind, ids: list[UUID]) -> PracticeProposal:
    match kind:
        case RecommendationKind.NEXT_SKILL:
            return PracticeProposal(mode=PracticeMode.ADAPTIVE, skill_ids=ids, question_ids=[])
        case RecommendationKind.DUE_REVIEWS:
            return PracticeProposal(mode=PracticeMode.REVIEW, skill_ids=[], question_ids=[])
        case RecommendationKind.MISTAKES:
            return PracticeProposal(mode=PracticeMode.MISTAKES, skill_ids=[], question_ids=[])
        case _:
            return PracticeProposal(mode=PracticeMode.FIXED, skill_ids=[], question_ids=ids)
