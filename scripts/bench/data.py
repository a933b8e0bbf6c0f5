"""A bank, students and a history of any size, made inside the database."""

from uuid import UUID

from sqlalchemy import Engine, text

from app.core.clock import utc_now
from app.core.security import AccessClaims, Tokens
from app.domain.enums import Role

SUBJECT_ID = UUID(int=1)
SKILLS = 50

_BANK = """
INSERT INTO subjects (id, code, title, description, language, content_revision)
VALUES (:subject_id, 'bench', 'Benchmark', '', 'en', 1);
INSERT INTO skills (id, subject_id, code, name, description, position)
SELECT lpad(to_hex(i), 32, '0')::uuid, :subject_id, 'skill-' || i, 'Skill ' || i, '', i
FROM generate_series(1, :skills) i;
INSERT INTO questions (id, subject_id, type, status, namespace, version, revision, content_hash, stem_hash, stem_text)
SELECT ('0a' || lpad(to_hex(i), 30, '0'))::uuid, :subject_id, 'single_choice', 'published', '', 1, 1,
       encode(sha256(i::text::bytea), 'hex'), encode(sha256(i::text::bytea), 'hex'),
       'Question ' || i || repeat(' word', 60)
FROM generate_series(1, :questions) i;
INSERT INTO question_versions (id, question_id, number, content, details)
SELECT ('0b' || lpad(to_hex(i), 30, '0'))::uuid, ('0a' || lpad(to_hex(i), 30, '0'))::uuid, 1,
       jsonb_build_object('type', 'single_choice', 'stem', 'Question ' || i || repeat(' word', 60), 'options',
           (SELECT jsonb_agg(jsonb_build_object('id', 'option0' || k, 'html', 'Answer ' || k || repeat(' text', 8)))
            FROM generate_series(0, 3) k)), '{}'
FROM generate_series(1, :questions) i;
INSERT INTO question_keys (id, version_id, number, key, reason)
SELECT ('0c' || lpad(to_hex(i), 30, '0'))::uuid, ('0b' || lpad(to_hex(i), 30, '0'))::uuid, 1,
       jsonb_build_object('options', (SELECT jsonb_object_agg('option0' || k, jsonb_build_object('weight',
           CASE WHEN k = i % 4 THEN 1 ELSE 0 END)) FROM generate_series(0, 3) k), 'explanation', 'Because.'), ''
FROM generate_series(1, :questions) i;
INSERT INTO item_parameters (id, difficulty, prior, answers, discrimination, guess, counted_residual)
SELECT ('0a' || lpad(to_hex(i), 30, '0'))::uuid, d, d, 20, 1, 0, 0
FROM (SELECT i, 2 * (random() + random() + random() - 1.5) AS d FROM generate_series(1, :questions) i) q;
INSERT INTO question_skills (question_id, skill_id)
SELECT ('0a' || lpad(to_hex(i), 30, '0'))::uuid, lpad(to_hex(1 + (i + k * 7) % :skills), 32, '0')::uuid
FROM generate_series(1, :questions) i, generate_series(0, 1) k;
"""

_STUDENTS = """
INSERT INTO users (id, email, name, role, status, password_hash, token_version, locale)
SELECT ('0d' || lpad(to_hex(i), 30, '0'))::uuid, 's' || i || '@example.org', 'Student ' || i, 'student', 'active', '-',
       0, 'en'
FROM generate_series(1, :students) i;
INSERT INTO learner_states (user_id, mean, variance, answers, wins, residual_fast, residual_mid, residual_slow)
SELECT ('0d' || lpad(to_hex(i), 30, '0'))::uuid, random() - 0.5, 0.3, 0, 0, 0, 0, 0
FROM generate_series(1, :students) i;
INSERT INTO practice_sessions (user_id, id, subject_id, mode, behaviour, status, skill_ids, question_ids,
                               target_success, seed, shown, answered, score, mark, recent)
SELECT ('0d' || lpad(to_hex(i), 30, '0'))::uuid, ('0e' || lpad(to_hex(i), 30, '0'))::uuid, :subject_id, 'adaptive',
       'immediate', 'finished', '{}', '{}', 0.75, i, 0, 0, 0, 0, '{}'
FROM generate_series(1, :students) i;
"""

# Stored attempts lie three months back and belong to all students alike.
_HISTORY = """
INSERT INTO assignments (user_id, id, session_id, position, question_id, version_id, kind, propensity, predicted,
                         difficulty, item_answers, guess, policy_version, model_version, terms, reason, seed, state,
                         shown_at, finished_at)
SELECT ('0d' || lpad(to_hex(u), 30, '0'))::uuid, ('0f' || lpad(to_hex(i), 30, '0'))::uuid,
       ('0e' || lpad(to_hex(u), 30, '0'))::uuid, i, ('0a' || lpad(to_hex(q), 30, '0'))::uuid,
       ('0b' || lpad(to_hex(q), 30, '0'))::uuid, 'adaptive', 0.1, 0.7, 0, 20, 0, 'bench', 0, '{}', '{}', 1, '{}',
       now() - interval '90 days' * random(), now()
FROM (SELECT i, 1 + i % :students AS u, 1 + (i * 7919::bigint) % :questions AS q
      FROM generate_series(1, :attempts) i) n;
INSERT INTO attempts (user_id, id, assignment_id, question_id, client_key, action, response, elapsed_ms, evidence,
                      weight, effects, answered_at)
SELECT user_id, ('1a' || lpad(to_hex(position), 30, '0'))::uuid, id, question_id, 'bench-' || position, 'answer',
       '{"choice": "option01"}', 4000, 1, 1, '{"finished": true, "mastery": []}', shown_at
FROM assignments;
INSERT INTO attempt_grades (user_id, attempt_id, number, state, fraction, mark, parts, graded_at, reason)
SELECT user_id, id, 1, 'right', 1, 1, '{}', answered_at, '' FROM attempts;
INSERT INTO learner_item_states (user_id, question_id, tries, wins, last_result, last_at)
SELECT user_id, question_id, count(*), count(*), 1, max(answered_at) FROM attempts GROUP BY 1, 2;
INSERT INTO item_statistics (question_id, answers, wins, expected, information, elapsed_ms)
SELECT question_id, count(*), count(*), 0, 0, sum(elapsed_ms) FROM attempts GROUP BY 1;
INSERT INTO learner_skill_states (user_id, skill_id, mean, variance, answers, wins, residual, last_step, mastery)
SELECT u.id, k.id, random() - 0.5, 0.2, 10, 7, 0, 0, 0.5 FROM users u CROSS JOIN skills k;
"""


def fill(engine: Engine, *, questions: int, students: int, attempts: int) -> None:
    """Write everything in one transaction and let the database look at what it has."""
    values = {
        "subject_id": SUBJECT_ID,
        "skills": SKILLS,
        "questions": questions,
        "students": students,
        "attempts": attempts,
    }
    with engine.begin() as connection:
        for script in (_BANK, _STUDENTS, _HISTORY):
            for statement in script.split(";\n"):
                if statement.strip():
                    connection.execute(text(statement), {n: v for n, v in values.items() if f":{n}" in statement})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))


def student_id(number: int) -> UUID:
    """The number-th student, counted from 1."""
    return UUID(hex=f"0d{number:030x}")


def access_token(tokens: Tokens, number: int) -> str:
    user_id = student_id(number)
    return tokens.issue(AccessClaims(user_id, Role.STUDENT, 0, user_id), utc_now())


LEFT_OPEN = """
SELECT a.id FROM assignments a JOIN practice_sessions s ON s.user_id = a.user_id AND s.id = a.session_id
WHERE s.status = 'finished' AND a.finished_at IS NULL AND (a.state ->> 'tries')::int > 0
"""
"""Answered questions that the end of their session passed over; one that waits for a teacher is closed as any other."""

_DRIFT = f"""
WITH fresh AS (SELECT count(*) AS n, coalesce(sum(evidence), 0) AS won FROM attempts
               WHERE client_key NOT LIKE 'bench-%'),
     log AS (SELECT count(*) AS n, coalesce(sum(evidence), 0) AS won FROM attempts)
SELECT (SELECT sum(answers) FROM learner_states) - fresh.n AS learner_answers,
       (SELECT sum(wins) FROM learner_states) - fresh.won AS learner_wins,
       (SELECT sum(answers) FROM item_statistics) - log.n AS item_answers,
       (SELECT sum(wins) FROM item_statistics) - log.won AS item_wins,
       (SELECT sum(tries) FROM learner_item_states) - log.n AS learner_item_tries,
       (SELECT coalesce(sum(answers), 0) FROM daily_activity) - fresh.n AS daily_answers,
       (SELECT sum(answered) FROM practice_sessions) - fresh.n AS session_answers,
       (SELECT count(*) FROM attempt_grades) - log.n AS grades,
       (SELECT count(*) FROM ({LEFT_OPEN}) open) AS left_open
FROM fresh, log
"""  # noqa: S608  # of constants


def drift(engine: Engine) -> dict[str, float]:
    """Each counter less what the log of attempts says, and `LEFT_OPEN`; all 0 if nothing was lost or counted twice."""
    with engine.connect() as connection:
        row = connection.execute(text(_DRIFT)).mappings().one()
    return {name: float(value or 0) for name, value in row.items()}
