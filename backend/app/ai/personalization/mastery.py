"""The state of one student's skill, and why it changes.

A skill is *learned* when the rule in force is met in practice and *mastered* when mixed questions, at least a day
later, confirm it. It never falls silently: a slip or a long pause leads to *needs review*, where one right answer
restores the former state.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.enums import MasteryState

MASTERY_SUCCESS: Final = 0.80
"""Success on average questions of a skill from which it is mastered."""
LEARNED_AT: Final = 0.90
"""P(mastered) from which a skill counts as learned."""
LOST_BELOW: Final = 0.75
"""P(mastered) below which it needs review; the gap keeps one slip from flipping the state back and forth."""
CONFIRMATION_DELAY: Final = timedelta(hours=24)
CONFIRMATIONS: Final = 2
RIGHT: Final = 1.0
WRONG_BELOW: Final = 0.5


class MasteryChange(StrEnum):
    """Stable reasons of a change; `text` is the English sentence for the student."""

    STARTED = "started"
    LEARNED = "learned"
    CONFIRMED = "confirmed"
    MASTERED = "mastered"
    SLIPPED = "slipped"
    FADED = "faded"
    RECOVERED = "recovered"
    RECOVERY_MISSED = "recovery_missed"
    CORRECTED = "corrected"

    @property
    def text(self) -> str:
        return _TEXTS[self]


_TEXTS: Final = {
    MasteryChange.STARTED: "You started this skill.",
    MasteryChange.LEARNED: "Learned: your answers show it. Mixed questions from tomorrow on will confirm it.",
    MasteryChange.CONFIRMED: "Right among mixed questions a day later. One more like this and it is mastered.",
    MasteryChange.MASTERED: "Mastered: you still had it at least a day later, among mixed questions.",
    MasteryChange.SLIPPED: "Your last answers were weaker than before. One right answer brings the skill back.",
    MasteryChange.FADED: "It has been a while. One right answer shows that you still have it.",
    MasteryChange.RECOVERED: "Recovered with one right answer.",
    MasteryChange.RECOVERY_MISSED: "The recovery question went wrong, so we practise this skill again.",
    MasteryChange.CORRECTED: "A teacher corrected a grade, and this skill was judged again by it.",
}


@dataclass(frozen=True, slots=True)
class SkillMastery:
    """What is stored per student and skill.

    Attributes:
        state: Where the skill stands.
        learned_at: When the rule was last met first; confirmations count from a day later.
        confirmations: Right mixed answers since then.
        before_review: The state that one right answer restores while a review is needed.
    """

    state: MasteryState = MasteryState.NOT_STARTED
    learned_at: datetime | None = None
    confirmations: int = 0
    before_review: MasteryState | None = None


@dataclass(frozen=True, slots=True)
class MasteryEvidence:
    """One answer and what the rule in force says after it.

    Attributes:
        score: In [0, 1].
        is_met: The rule calls the skill learned now.
        is_lost: The rule no longer supports an earlier verdict.
        is_mixed: The question stood among questions of other skills.
        at: Time of the answer.
    """

    score: float
    is_met: bool
    is_lost: bool
    is_mixed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MasteryStep:
    """The new state and the reason for it, or no reason when nothing changed that a student should be told."""

    mastery: SkillMastery
    change: MasteryChange | None = None


def posterior_evidence(probability: float, score: float, *, is_mixed: bool, at: datetime) -> MasteryEvidence:
    """Evidence under the default rule, from P(mastered) after the answer."""
    return MasteryEvidence(score, probability >= LEARNED_AT, probability < LOST_BELOW, is_mixed, at)


def rule_evidence(score: float, *, is_met: bool, is_mixed: bool, at: datetime) -> MasteryEvidence:
    """Evidence under a rule over the last answers: what it no longer declares is lost."""
    return MasteryEvidence(score, is_met, not is_met, is_mixed, at)


def after_answer(mastery: SkillMastery, evidence: MasteryEvidence) -> MasteryStep:
    """The skill after one more answer."""
    match mastery.state:
        case MasteryState.NOT_STARTED | MasteryState.LEARNING:
            return _while_learning(mastery, evidence)
        case MasteryState.NEEDS_REVIEW:
            return _recovery(mastery, evidence)
        case MasteryState.LEARNED | MasteryState.MASTERED:
            has_slipped = evidence.is_lost and evidence.score < RIGHT
            return _needs_review(mastery, MasteryChange.SLIPPED) if has_slipped else _confirm(mastery, evidence)


def after_pause(mastery: SkillMastery, before: float, now: float) -> MasteryStep:
    """The skill after time without practice.

    Args:
        mastery: The stored state.
        before: P(mastered) right after the last answer.
        now: P(mastered) with forgetting since then.
    """
    is_held = mastery.state in {MasteryState.LEARNED, MasteryState.MASTERED}
    has_faded = is_held and now < LOST_BELOW <= before
    return _needs_review(mastery, MasteryChange.FADED) if has_faded else MasteryStep(mastery)


def _while_learning(mastery: SkillMastery, evidence: MasteryEvidence) -> MasteryStep:
    if evidence.is_met:
        return MasteryStep(SkillMastery(MasteryState.LEARNED, learned_at=evidence.at), MasteryChange.LEARNED)
    started = MasteryChange.STARTED if mastery.state is MasteryState.NOT_STARTED else None
    return MasteryStep(replace(mastery, state=MasteryState.LEARNING), started)


def _confirm(mastery: SkillMastery, evidence: MasteryEvidence) -> MasteryStep:
    if mastery.state is MasteryState.MASTERED or not _is_confirmation(mastery, evidence):
        return MasteryStep(mastery)
    confirmed = replace(mastery, confirmations=mastery.confirmations + 1)
    if confirmed.confirmations < CONFIRMATIONS:
        return MasteryStep(confirmed, MasteryChange.CONFIRMED)
    return MasteryStep(replace(confirmed, state=MasteryState.MASTERED), MasteryChange.MASTERED)


def _is_confirmation(mastery: SkillMastery, evidence: MasteryEvidence) -> bool:
    is_late = mastery.learned_at is not None and evidence.at - mastery.learned_at >= CONFIRMATION_DELAY
    return is_late and evidence.is_mixed and evidence.is_met and evidence.score >= RIGHT


def _needs_review(mastery: SkillMastery, change: MasteryChange) -> MasteryStep:
    return MasteryStep(replace(mastery, state=MasteryState.NEEDS_REVIEW, before_review=mastery.state), change)


def _recovery(mastery: SkillMastery, evidence: MasteryEvidence) -> MasteryStep:
    if evidence.score >= RIGHT:
        former = mastery.before_review or MasteryState.LEARNED
        return MasteryStep(replace(mastery, state=former, before_review=None), MasteryChange.RECOVERED)
    if evidence.score < WRONG_BELOW:
        return MasteryStep(SkillMastery(MasteryState.LEARNING), MasteryChange.RECOVERY_MISSED)
    return MasteryStep(mastery)
