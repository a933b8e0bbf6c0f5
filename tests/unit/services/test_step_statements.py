"""The statements of a step are parsed once a connection only while they are small."""

import re

import pytest
from psycopg import _queries

from app.repositories import practice_step_repository as steps

STATEMENTS = {name: value for name, value in vars(steps).items() if isinstance(value, str) and "%(user_id)s" in value}


def test_all_statements_are_looked_at() -> None:
    assert set(STATEMENTS) == {"_LOCK", "_STEP", "_LOG", "_EVIDENCE", "_NEXT"}


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS.keys())
def test_a_statement_is_small_enough_to_be_kept(statement: str) -> None:
    assert len(statement) < _queries.MAX_CACHED_STATEMENT_LENGTH
    assert len(set(re.findall(r"%\((\w+)\)s", statement))) <= _queries.MAX_CACHED_STATEMENT_PARAMS
