"""The application without what makes a resend harmless: it neither finds the earlier step nor minds a finished one."""

from fastapi import FastAPI

from app.main import create_app
from app.repositories import practice_step_repository
from app.services import practice_steps


def create_mutant() -> FastAPI:
    lookup = "(SELECT t.id FROM attempts t WHERE t.user_id = s.user_id AND t.client_key = %(client_key)s)"
    assert lookup in practice_step_repository._STEP
    blind = practice_step_repository._STEP.replace(lookup, "(SELECT NULL::uuid WHERE %(client_key)s::text IS NOT NULL)")
    practice_step_repository._STEP = blind
    practice_steps._check_open = lambda _row: None
    return create_app()
