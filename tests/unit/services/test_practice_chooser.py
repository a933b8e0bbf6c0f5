"""The choice over a pool: scope, repeats, caps, and a propensity that is the true chance of the choice."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

import numpy as np
import pytest

from app.ai.personalization.difficulty_adapter.reasons import ReasonCode
from app.ai.personalization.difficulty_adapter.selection import TERMS, WEIGHTS
from app.ai.personalization.user_modeling.state import LearnerState, SkillState
from app.ai.utils.sketches import sketch
from app.core.config import PracticeSettings
from app.domain.enums import AssignmentKind
from app.repositories.pool_repository import PoolRow, PoolRows
from app.services.practice_chooser import Chooser, Learner, NextQuestion, SkillBelief, Wish
from app.services.practice_pool import QuestionPool, build_pool

SKILLS = [UUID(int=1000 + number) for number in range(3)]
SETTINGS = PracticeSettings()


def question_id(number: int) -> UUID:
    return UUID(int=(7 << 80) + number)


def make_pool(
    count: int, *, shown: dict[int, int] | None = None, learners: int = 100, skills: int = 3, **changes: object
) -> QuestionPool:
    questions = [
        PoolRow(
            question_id=question_id(number),
            version_id=UUID(int=number),
            difficulty=-2 + 4 * number / max(1, count - 1),
            answers=20,
            guess=0.0,
            shown=(shown or {}).get(number, 0),
            skill_ids=(SKILLS[number % skills],),
        )
        for number in range(count)
    ]
    values: dict[str, object] = {
        "revision": 1,
        "questions": questions,
        "skills": [(skill, f"Skill {at}") for at, skill in enumerate(SKILLS)],
        "prerequisites": [],
        "learners": learners,
        "model_version": 0,
        "model_parameters": {},
    }
    return build_pool(PoolRows(**(values | changes)))


def learner(*recent: int, mean: float = 0.0, mastery: dict[int, float] | None = None) -> Learner:
    beliefs = {
        SKILLS[at]: SkillBelief(SkillState(mean=0.0, variance=0.2), chance) for at, chance in (mastery or {}).items()
    }
    ids = b"".join(question_id(number).bytes for number in recent)
    return Learner(LearnerState(mean=mean, variance=0.3), beliefs, ids)


def wish(slot: int = 0, *skills: int, target: float = 0.75, results: tuple[float, ...] = ()) -> Wish:
    return Wish([SKILLS[at] for at in skills], target, results, (11, slot))


def choose(pool: QuestionPool, who: Learner, what: Wish, settings: PracticeSettings = SETTINGS) -> NextQuestion:
    chosen = Chooser(pool, who, settings).next_question(what)
    assert chosen is not None
    return chosen


def test_the_same_slot_is_always_filled_the_same_way() -> None:
    pool = make_pool(120)
    assert choose(pool, learner(), wish(3)) == choose(pool, learner(), wish(3))


def test_adaptive_choices_aim_at_the_target() -> None:
    pool = make_pool(300)
    choices = [choose(pool, learner(), wish(slot)) for slot in range(200)]
    adaptive = [choice.predicted for choice in choices if choice.kind is AssignmentKind.ADAPTIVE]
    assert sum(adaptive) / len(adaptive) == pytest.approx(0.77, abs=0.03)


def test_a_tenth_of_the_slots_calibrates_anything_eligible() -> None:
    pool = make_pool(600)
    choices = [choose(pool, learner(), wish(slot)) for slot in range(2000)]
    calibrating = [choice for choice in choices if choice.kind is AssignmentKind.CALIBRATION]
    assert len(calibrating) / len(choices) == pytest.approx(0.10, abs=0.02)
    assert min(choice.difficulty for choice in calibrating) < -1.7
    assert max(choice.difficulty for choice in calibrating) > 1.7


def test_the_propensity_is_the_frequency_of_the_choice() -> None:
    pool, who = make_pool(60), learner(1, 2, 3)
    rounds = 6000
    drawn = [choose(pool, who, wish(slot)) for slot in range(rounds)]
    propensity = {choice.question_id: choice.propensity for choice in drawn}
    frequency = Counter(choice.question_id for choice in drawn)
    for question, count in frequency.most_common(8):
        assert count / rounds == pytest.approx(propensity[question], abs=0.02)
    assert all(choice.propensity > 0 for choice in drawn)


def test_what_was_answered_lately_does_not_come_again() -> None:
    pool, recent = make_pool(40), tuple(range(15))
    for slot in range(200):
        chosen = choose(pool, learner(*recent), wish(slot))
        assert chosen.question_id not in {question_id(number) for number in recent}


def test_a_small_bank_goes_on_with_what_was_longest_ago() -> None:
    pool = make_pool(4)
    chosen = {choose(pool, learner(0, 1, 2, 3), wish(slot)).question_id for slot in range(50)}
    assert chosen == {question_id(2), question_id(3)}


def test_only_the_wished_skills_are_asked() -> None:
    pool = make_pool(90)
    asked = {choose(pool, learner(), wish(slot, 1)).question_id for slot in range(100)}
    assert asked <= {question_id(number) for number in range(90) if number % 3 == 1}


def test_nothing_published_in_the_wished_skills_is_no_question() -> None:
    pool = make_pool(10, skills=1)
    assert Chooser(pool, learner(), SETTINGS).next_question(wish(0, 2)) is None


def test_a_question_shown_to_too_many_students_rests() -> None:
    worn = dict.fromkeys(range(0, 300, 2), 90)
    pool = make_pool(300, shown=worn)
    settings = PracticeSettings(calibration_share=0.0)
    chosen = [choose(pool, learner(), wish(slot), settings).question_id for slot in range(100)]
    fresh = sum(question not in {question_id(number) for number in worn} for question in chosen)
    assert fresh >= 95


def test_a_weak_skill_is_practised_more_than_a_mastered_one() -> None:
    pool = make_pool(300, skills=2)
    who = learner(mastery={0: 0.99, 1: 0.05})
    weak = {question_id(number) for number in range(1, 300, 2)}
    chosen = [choose(pool, who, wish(slot)).question_id for slot in range(200)]
    assert sum(question in weak for question in chosen) > 120


def test_a_bad_run_makes_the_next_questions_easier() -> None:
    pool = make_pool(300)
    settings = PracticeSettings(calibration_share=0.0)
    calm = [choose(pool, learner(), wish(slot), settings).predicted for slot in range(60)]
    shaken = [choose(pool, learner(), wish(slot, results=(0.0,) * 8), settings).predicted for slot in range(60)]
    assert sum(shaken) > sum(calm)


def test_a_large_bank_is_chosen_from_by_a_window() -> None:
    pool = make_pool(20_000)
    chosen = choose(pool, learner(mean=0.5), wish(1))
    assert 0 < chosen.propensity < 1


def test_a_prescribed_question_is_certain_and_says_so() -> None:
    chosen = Chooser(make_pool(5), learner(), SETTINGS).fixed(
        question_id(2), AssignmentKind.FIXED, ReasonCode.PRESCRIBED
    )
    assert chosen is not None
    assert (chosen.propensity, chosen.kind, chosen.reason["code"]) == (1.0, AssignmentKind.FIXED, "prescribed")


def test_a_retired_prescribed_question_is_none() -> None:
    gone = Chooser(make_pool(5), learner(), SETTINGS).fixed(UUID(int=5), AssignmentKind.FIXED, ReasonCode.PRESCRIBED)
    assert gone is None


def test_places_finds_what_is_there_in_the_order_given() -> None:
    pool = make_pool(50)
    wanted = b"".join(each.bytes for each in (question_id(7), UUID(int=(3 << 64) + 99), question_id(2)))
    assert pool.places(wanted).tolist() == [7, 2]
    assert pool.places(b"").tolist() == []


def test_what_tells_the_answer_of_a_question_just_seen_waits() -> None:
    pairs = tuple((question_id(0), question_id(number)) for number in (1, 2))
    pool, free = make_pool(40, apart=pairs), make_pool(40)
    settings = PracticeSettings(calibration_share=0.5)

    def chosen(bank: QuestionPool) -> set[UUID]:
        return {choose(bank, learner(0), wish(slot), settings).question_id for slot in range(300)}

    told = {question_id(1), question_id(2)}
    assert told <= chosen(free)
    assert not told & chosen(pool)


def test_pairs_of_questions_that_are_not_published_mean_nothing() -> None:
    pool = make_pool(10, apart=((question_id(0), question_id(99)),))
    assert pool.apart == {}


MEANINGS = [row.tobytes() for row in sketch(np.random.default_rng(4).normal(size=(2, 384)).astype(np.float32))]
VARIETY = float(WEIGHTS[TERMS.index("variety")])
NO_CALIBRATION = PracticeSettings(calibration_share=0.0)


def equal_questions(meanings: Mapping[int, int], count: int = 8, skills: int = 1) -> QuestionPool:
    """Questions that fit equally well; `meanings` are those of questions whose meaning is known."""
    rows = [
        PoolRow(
            question_id=question_id(number),
            version_id=UUID(int=number),
            difficulty=0.0,
            answers=20,
            guess=0.0,
            shown=0,
            skill_ids=(SKILLS[number % skills],),
            sketch=MEANINGS[meanings[number]] if number in meanings else None,
        )
        for number in range(count)
    ]
    return make_pool(count, questions=rows)


def variety_terms(pool: QuestionPool, who: Learner) -> dict[UUID, float]:
    chosen = [choose(pool, who, wish(slot), NO_CALIBRATION) for slot in range(400)]
    return {each.question_id: each.terms["variety"] for each in chosen}


def test_of_equally_fitting_questions_one_of_another_meaning_is_preferred() -> None:
    pool = equal_questions(dict.fromkeys(range(4), 0) | dict.fromkeys(range(4, 8), 1))
    chosen = Counter(choose(pool, learner(0), wish(slot), NO_CALIBRATION).question_id for slot in range(3000))
    same, other = (sum(chosen[question_id(number)] for number in those) for those in ((1, 2, 3), (4, 5, 6, 7)))
    assert other / 4 > 1.5 * same / 3
    terms = variety_terms(pool, learner(0))
    assert terms[question_id(1)] == pytest.approx(VARIETY)
    assert terms[question_id(4)] == pytest.approx(VARIETY / 2, abs=0.05)


def test_the_same_meaning_under_another_skill_is_half_a_repetition() -> None:
    pool = equal_questions(dict.fromkeys(range(8), 0), skills=2)
    terms = variety_terms(pool, learner(0))
    assert terms[question_id(2)] == pytest.approx(VARIETY)
    assert terms[question_id(1)] == pytest.approx(VARIETY / 2)


@pytest.mark.parametrize("known", [(), (0,), (1, 2, 3, 4, 5, 6, 7)])
def test_where_a_meaning_is_not_known_the_skill_alone_counts(known: tuple[int, ...]) -> None:
    pool = equal_questions(dict.fromkeys(known, 0), skills=2)
    terms = variety_terms(pool, learner(0))
    assert {terms[question_id(number)] for number in (2, 4, 6)} == {VARIETY}
    assert {terms[question_id(number)] for number in (1, 3, 5, 7)} == {0.0}


def test_questions_without_a_skill_repeat_each_other_by_meaning_alone() -> None:
    rows = [
        PoolRow(question_id(number), UUID(int=number), 0.0, 20, 0.0, 0, (), sketch=MEANINGS[number % 2])
        for number in range(8)
    ]
    terms = variety_terms(make_pool(8, questions=rows), learner(0))
    assert terms[question_id(2)] == pytest.approx(VARIETY / 2)


def test_the_propensity_is_the_frequency_of_the_choice_by_meaning_too() -> None:
    pool, who, rounds = equal_questions({0: 0, 1: 0, 2: 1, 3: 1}), learner(0), 4000
    drawn = [choose(pool, who, wish(slot)) for slot in range(rounds)]
    propensity = {choice.question_id: choice.propensity for choice in drawn}
    frequency = Counter(choice.question_id for choice in drawn)
    assert sum(propensity.values()) == pytest.approx(1.0)
    for question, count in frequency.items():
        assert count / rounds == pytest.approx(propensity[question], abs=0.025)


def test_a_bank_without_a_question_has_nothing_to_ask() -> None:
    assert Chooser(make_pool(0, questions=[]), learner(), SETTINGS).next_question(wish()) is None
