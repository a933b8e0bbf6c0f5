"""The statements of a step are prepared by name, so two of one name would run in each other's place."""

from app.core.prepared import Statement
from app.repositories import practice_step_repository as steps

STATEMENTS = {name: value for name, value in vars(steps).items() if isinstance(value, Statement)}


def test_every_statement_has_a_name_of_its_own() -> None:
    assert set(STATEMENTS) == {"_LOCK", "_STEP", "_LOG", "_EVIDENCE", "_NEXT"}
    assert len({statement.name for statement in STATEMENTS.values()}) == len(STATEMENTS)


def test_every_step_of_a_student_is_bound_to_that_student() -> None:
    assert {name for name, statement in STATEMENTS.items() if "user_id" not in statement.members} == set()
