"""The application without what makes a resend harmless: it neither finds the earlier step nor minds a finished one."""

from fastapi import FastAPI

from app.main import create_app
from app.repositories import practice_step_repository
from app.services import practice_steps


def create_mutant() -> FastAPI:
    statement = practice_step_repository._STEP
    key = f"${statement.members.index('client_key') + 1}"
    lookup = f"(SELECT t.id FROM attempts t WHERE t.user_id = s.user_id AND t.client_key = {key})".encode()  # noqa: S608
    assert lookup in statement.sql
    statement.sql = statement.sql.replace(lookup, f"(SELECT NULL::uuid WHERE {key}::text IS NOT NULL)".encode())
    practice_steps._check_open = lambda _row: None
    return create_app()
