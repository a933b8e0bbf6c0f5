"""The SQL of one practice step: everything is read in one network trip and written in another.

The statements are constants that each connection prepares once; building them for every request would cost more than
running them. They belong to the session's transaction.
"""

from collections.abc import Sequence
from typing import Any, Final

import orjson
from psycopg.types.json import Jsonb, set_json_dumps, set_json_loads
from sqlalchemy.orm import Session

from app.core.prepared import Statement, execute_together
from app.repositories.practice_step_rows import (
    AssignmentWrite,
    AttemptWrite,
    CardRow,
    EvidenceWrite,
    GradeWrite,
    LearnerRow,
    MasteryEventRow,
    SkillRow,
    StepKey,
    StepRow,
    StepRows,
)

set_json_dumps(orjson.dumps)
set_json_loads(orjson.loads)

# The learner's row is the lock that puts the steps of one student in order, over all sessions and processes. It is
# taken in a statement of its own: a statement that waited for it would still see the other tables as they were before.
_LOCK: Final = Statement(
    "practice_lock",
    """
SELECT l.mean, l.variance, l.answers, l.wins, l.residual_fast, l.residual_mid, l.residual_slow, l.last_at,
       l.review_parameters
FROM learner_states l JOIN users u ON u.id = l.user_id
WHERE l.user_id = %(user_id)s AND u.status = 'active' AND u.token_version = %(token_version)s AND NOT EXISTS (
    SELECT FROM refresh_tokens r
    WHERE r.user_id = u.id AND r.family_id = %(login_id)s AND r.revoked_at IS NOT NULL)
FOR UPDATE OF l
""",
)

_STEP: Final = Statement(
    "practice_step",
    """
SELECT s.id, s.subject_id, b.content_revision, s.mode, s.behaviour, s.status, s.skill_ids, s.question_ids,
       s.target_success, s.length, s.seed, s.shown, s.answered, s.score, s.mark, s.recent, s.deadline_at,
       a.id, a.position, a.question_id, a.version_id, a.kind, a.predicted, a.difficulty, a.item_answers, a.guess,
       a.seed, a.state, a.finished_at, a.model_version,
       (SELECT k.id FROM question_keys k WHERE k.version_id = a.version_id ORDER BY k.number DESC LIMIT 1),
       ARRAY(SELECT q.skill_id FROM question_skills q WHERE q.question_id = a.question_id ORDER BY q.skill_id),
       (SELECT t.id FROM attempts t WHERE t.user_id = s.user_id AND t.client_key = %(client_key)s),
       (SELECT i.elapsed_ms::float8 / i.answers FROM item_statistics i
        WHERE i.question_id = a.question_id AND i.answers >= 10),
       (SELECT coalesce(string_agg(uuid_send(question_id), ''::bytea ORDER BY last_at DESC), ''::bytea)
        FROM (SELECT question_id, last_at FROM learner_item_states
              WHERE user_id = %(user_id)s AND last_at > %(recent_since)s ORDER BY last_at DESC LIMIT 2000) latest),
       (SELECT coalesce(string_agg(uuid_send(question_id) || float4send(stability::real) || float4send(days), ''), '')
        FROM (SELECT question_id, stability, (extract(epoch FROM %(now)s - last_review) / 86400)::real AS days
              FROM review_cards WHERE user_id = %(user_id)s AND subject_id = s.subject_id AND NOT is_suspended
                   AND due <= %(now)s ORDER BY due LIMIT 200) cards),
       c.question_id, c.subject_id, c.due, c.phase, c.step, c.stability, c.difficulty, c.last_review, c.lapses,
       c.is_suspended, k.*
FROM practice_sessions s
JOIN subjects b ON b.id = s.subject_id
LEFT JOIN assignments a ON a.user_id = s.user_id AND a.session_id = s.id AND a.id = %(assignment_id)s
LEFT JOIN review_cards c ON c.user_id = s.user_id AND c.question_id = a.question_id
CROSS JOIN (
    SELECT array_agg(skill_id), array_agg(mastery), array_agg(mean), array_agg(variance), array_agg(answers),
           array_agg(wins), array_agg(residual), array_agg(last_step), array_agg(last_at), array_agg(last_result),
           array_agg(state), array_agg(learned_at), array_agg(confirmations), array_agg(before_review),
           array_agg(recent)
    FROM learner_skill_states WHERE user_id = %(user_id)s
) k
WHERE s.user_id = %(user_id)s AND s.id = %(session_id)s
""",
)

# Two statements write a step; their parts touch different tables, so the order of the parts does not matter. Casts
# stand where the server could not tell a parameter's type; a part without its parameters writes nothing.
_LOG: Final = Statement(
    "practice_log",
    """
WITH attempt AS (
    INSERT INTO attempts (user_id, id, assignment_id, question_id, client_key, action, response, certainty, elapsed_ms,
                          evidence, weight, rating, model_version, effects, answered_at)
    VALUES (%(user_id)s, %(attempt_id)s, %(assignment_id)s, %(question_id)s, %(client_key)s, %(action)s, %(response)s,
            %(certainty)s, %(elapsed_ms)s, %(evidence)s, %(weight)s, %(rating)s, %(model_version)s, %(effects)s,
            %(now)s)
), grade AS (
    INSERT INTO attempt_grades (user_id, attempt_id, number, key_id, state, fraction, mark, parts, graded_at, reason)
    SELECT %(user_id)s, %(attempt_id)s, 1, %(key_id)s::uuid, %(grade_state)s::text, %(fraction)s::float8,
           %(grade_mark)s::float8, %(parts)s::jsonb, %(now)s, ''
    WHERE %(grade_state)s::text IS NOT NULL
), shown AS (
    UPDATE assignments SET state = %(shown_state)s, finished_at = %(finished_at)s::timestamptz
    WHERE user_id = %(user_id)s AND id = %(assignment_id)s
), item AS (
    INSERT INTO learner_item_states AS t (user_id, question_id, tries, wins, last_result, last_at)
    VALUES (%(user_id)s, %(question_id)s, (%(evidence)s::float8 IS NOT NULL)::int, coalesce(%(evidence)s::float8, 0),
            %(evidence)s, %(now)s)
    ON CONFLICT (user_id, question_id) DO UPDATE SET tries = t.tries + excluded.tries, wins = t.wins + excluded.wins,
        last_result = coalesce(excluded.last_result, t.last_result), last_at = greatest(t.last_at, excluded.last_at)
), following AS (
    INSERT INTO assignments (user_id, id, session_id, position, question_id, version_id, kind, propensity, predicted,
                             difficulty, item_answers, guess, policy_version, model_version, terms, reason, seed, state,
                             shown_at)
    SELECT %(user_id)s, %(next_id)s::uuid, %(session_id)s, %(next_position)s::int, %(next_question_id)s::uuid,
           %(next_version_id)s::uuid, %(next_kind)s::text, %(next_propensity)s::float8, %(next_predicted)s::float8,
           %(next_difficulty)s::float8, %(next_item_answers)s::int, %(next_guess)s::float8,
           %(next_policy_version)s::text, %(next_model_version)s::int, %(next_terms)s::jsonb, %(next_reason)s::jsonb,
           %(next_seed)s::int, '{}'::jsonb, %(now)s
    WHERE %(next_id)s::uuid IS NOT NULL
), seen AS (
    UPDATE question_versions SET first_shown_at = %(now)s
    WHERE id = %(next_version_id)s::uuid AND first_shown_at IS NULL
)
UPDATE practice_sessions SET status = %(status)s, shown = %(shown)s, answered = %(session_answered)s,
       score = %(score)s, mark = %(session_mark)s, recent = %(recent)s::real[], last_at = %(now)s,
       finished_at = coalesce(finished_at, %(session_finished_at)s::timestamptz)
WHERE user_id = %(user_id)s AND id = %(session_id)s
""",
)

_EVIDENCE: Final = Statement(
    "practice_evidence",
    """
WITH skill AS (
    INSERT INTO learner_skill_states (user_id, skill_id, mastery, mean, variance, answers, wins, residual, last_step,
                                      last_at, last_result, state, learned_at, confirmations, before_review, recent)
    SELECT %(user_id)s, k.* FROM unnest(%(skill_ids)s::uuid[], %(skill_mastery)s::float8[], %(skill_mean)s::float8[],
        %(skill_variance)s::float8[], %(skill_answers)s::int[], %(skill_wins)s::float8[], %(skill_residual)s::float8[],
        %(skill_last_step)s::int[], %(skill_last_at)s::timestamptz[], %(skill_last_result)s::float8[],
        %(skill_state)s::text[], %(skill_learned_at)s::timestamptz[], %(skill_confirmations)s::int[],
        %(skill_before_review)s::text[], %(skill_recent)s::bytea[]) k
    ON CONFLICT (user_id, skill_id) DO UPDATE SET mastery = excluded.mastery, mean = excluded.mean,
        variance = excluded.variance, answers = excluded.answers, wins = excluded.wins, residual = excluded.residual,
        last_step = excluded.last_step, last_at = excluded.last_at, last_result = excluded.last_result,
        state = excluded.state, learned_at = excluded.learned_at, confirmations = excluded.confirmations,
        before_review = excluded.before_review, recent = excluded.recent
), event AS (
    INSERT INTO mastery_events (user_id, skill_id, cause, from_state, to_state, attempt_id, at)
    SELECT %(user_id)s, e.*, %(attempt_id)s, %(now)s FROM unnest(%(event_skills)s::uuid[], %(event_causes)s::text[],
        %(event_from)s::text[], %(event_to)s::text[]) e
), card AS (
    INSERT INTO review_cards (user_id, question_id, subject_id, due, phase, step, stability, difficulty, last_review,
                              lapses, is_suspended)
    SELECT %(user_id)s, %(question_id)s, %(card_subject_id)s::uuid, %(card_due)s::timestamptz, %(card_phase)s::text,
           %(card_step)s::int, %(card_stability)s::float8, %(card_difficulty)s::float8,
           %(card_last_review)s::timestamptz, %(card_lapses)s::int, %(card_is_suspended)s::bool
    WHERE %(card_due)s::timestamptz IS NOT NULL
    ON CONFLICT (user_id, question_id) DO UPDATE SET subject_id = excluded.subject_id, due = excluded.due,
        phase = excluded.phase, step = excluded.step, stability = excluded.stability,
        difficulty = excluded.difficulty, last_review = excluded.last_review, lapses = excluded.lapses,
        is_suspended = excluded.is_suspended
), statistic AS (
    INSERT INTO item_statistics AS t (question_id, answers, wins, expected, information, elapsed_ms)
    SELECT %(question_id)s, 1, %(evidence)s::float8, %(item_predicted)s::float8, %(information)s::float8,
           %(elapsed_ms)s
    WHERE %(counts_for_item)s
    ON CONFLICT (question_id) DO UPDATE SET answers = t.answers + 1, wins = t.wins + excluded.wins,
        expected = t.expected + excluded.expected, information = t.information + excluded.information,
        elapsed_ms = t.elapsed_ms + excluded.elapsed_ms
), day AS (
    INSERT INTO daily_activity AS t (user_id, day, answers, score, elapsed_ms)
    VALUES (%(user_id)s, (%(now)s AT TIME ZONE 'UTC')::date, 1, %(evidence)s, %(elapsed_ms)s)
    ON CONFLICT (user_id, day) DO UPDATE SET answers = t.answers + 1, score = t.score + excluded.score,
        elapsed_ms = t.elapsed_ms + excluded.elapsed_ms
)
UPDATE learner_states SET mean = %(mean)s, variance = %(variance)s, answers = %(answers)s, wins = %(wins)s,
       residual_fast = %(residual_fast)s, residual_mid = %(residual_mid)s, residual_slow = %(residual_slow)s,
       last_at = %(last_at)s
WHERE user_id = %(user_id)s
""",
)

_NEXT: Final = Statement(
    "practice_next",
    """
WITH seen AS (
    UPDATE question_versions SET first_shown_at = %(now)s WHERE id = %(next_version_id)s AND first_shown_at IS NULL
)
INSERT INTO assignments (user_id, id, session_id, position, question_id, version_id, kind, propensity, predicted,
                         difficulty, item_answers, guess, policy_version, model_version, terms, reason, seed, state,
                         shown_at)
VALUES (%(user_id)s, %(next_id)s, %(session_id)s, %(next_position)s, %(next_question_id)s, %(next_version_id)s,
        %(next_kind)s, %(next_propensity)s, %(next_predicted)s, %(next_difficulty)s, %(next_item_answers)s,
        %(next_guess)s, %(next_policy_version)s, %(next_model_version)s, %(next_terms)s, %(next_reason)s, %(next_seed)s,
        '{}', %(now)s)
""",
)


class PracticeStepRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def read(self, key: StepKey) -> StepRows | None:
        """Lock the learner and read what the step needs; None when the user may not act (any more)."""
        who = {name: getattr(key.claims, name) for name in ("user_id", "token_version", "login_id")}
        values = _members(key) | who
        learners, steps = execute_together(self.session, [(_LOCK, values), (_STEP, values)])
        if not learners:
            return None
        *known, memory = learners[0]
        learner = LearnerRow(*known)
        if not steps:
            return StepRows(learner, [], b"", None, memory=memory)
        found = steps[0]
        card, skills = found[_CARD], found[_CARD.stop :]
        beliefs = [] if skills[0] is None else [SkillRow(*row) for row in zip(*skills, strict=True)]
        recent, due = map(bytes, found[_STEP_COLUMNS : _CARD.start])
        remembered = None if card[0] is None else CardRow(*card)
        return StepRows(learner, beliefs, recent, StepRow(*found[:_STEP_COLUMNS]), due, remembered, memory)

    def write(
        self,
        attempt: AttemptWrite,
        grade: GradeWrite | None,
        evidence: EvidenceWrite | None,
        following: AssignmentWrite | None,
    ) -> None:
        """Append the step and everything that follows from it, in one trip."""
        values = _members(attempt) | _grade_values(grade) | _next_values(following)
        for name in ("response", "effects", "shown_state"):
            values[name] = _json(values[name])
        calls = [(_LOG, values)]
        if evidence is not None:
            calls.append((_EVIDENCE, _evidence_values(attempt, evidence)))
        execute_together(self.session, calls)

    def add_assignment(self, assignment: AssignmentWrite) -> None:
        where = {"user_id": assignment.user_id, "session_id": assignment.session_id, "now": assignment.shown_at}
        execute_together(self.session, [(_NEXT, _next_values(assignment) | where)])


def _members(values: Any) -> dict[str, Any]:  # any of the slotted dataclasses above
    return {name: getattr(values, name) for name in values.__slots__}


def _json(value: object) -> Jsonb | None:
    return None if value is None else Jsonb(value)


def _grade_values(grade: GradeWrite | None) -> dict[str, Any]:
    if grade is None:
        return dict.fromkeys(GradeWrite.__slots__)
    return _members(grade) | {"parts": Jsonb(grade.parts)}


def _evidence_values(attempt: AttemptWrite, evidence: EvidenceWrite) -> dict[str, Any]:
    sums = {
        "user_id": attempt.user_id,
        "attempt_id": attempt.attempt_id,
        "question_id": attempt.question_id,
        "evidence": attempt.evidence,
        "elapsed_ms": attempt.elapsed_ms,
        "now": attempt.now,
        "item_predicted": evidence.item_predicted,
        "information": evidence.information,
        "counts_for_item": evidence.counts_for_item,
    }
    changed = _skill_values(evidence.skills) | _event_values(evidence.events) | _card_values(evidence.card)
    return evidence.learner._asdict() | sums | changed


def _skill_values(skills: Sequence[SkillRow]) -> dict[str, Any]:
    columns = list(zip(*skills, strict=True)) or [()] * len(SkillRow._fields)
    return {name: list(column) for name, column in zip(_SKILL_PARAMETERS, columns, strict=True)}


def _event_values(events: Sequence[MasteryEventRow]) -> dict[str, Any]:
    return {
        "event_skills": [event.skill_id for event in events],
        "event_causes": [event.cause for event in events],
        "event_from": [event.from_state for event in events],
        "event_to": [event.to_state for event in events],
    }


def _card_values(card: CardRow | None) -> dict[str, Any]:
    return dict(zip(_CARD_PARAMETERS, (None,) * len(_CARD_PARAMETERS) if card is None else card[1:], strict=True))


def _next_values(assignment: AssignmentWrite | None) -> dict[str, Any]:
    if assignment is None:
        return dict.fromkeys(f"next_{name}" for name in AssignmentWrite.__slots__)
    values = {f"next_{name}": value for name, value in _members(assignment).items()}
    return values | {"next_terms": Jsonb(assignment.terms), "next_reason": Jsonb(assignment.reason)}


_STEP_COLUMNS: Final = len(StepRow._fields)
_CARD: Final = slice(_STEP_COLUMNS + 2, _STEP_COLUMNS + 2 + len(CardRow._fields))
_CARD_PARAMETERS: Final = tuple(f"card_{name}" for name in CardRow._fields[1:])
_SKILL_PARAMETERS: Final = ("skill_ids", *(f"skill_{name}" for name in SkillRow._fields[1:]))
