"""Two requests at once, on real connections: the outcomes that must not depend on who comes first."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session, sessionmaker

from app.core.clock import utc_now
from app.core.config import AuthSettings
from app.core.errors import AppError
from app.core.security import Tokens
from app.domain.enums import Role, UserStatus
from app.models import RefreshToken, User
from app.repositories.user_repository import Credentials
from app.services.auth_service import AuthService, ClientInfo
from app.services.password_reset_service import PasswordResetService
from app.services.user_service import EmailTakenError, LastAdminError, UserService
from tests.conftest import SECRET
from tests.factories.users import actor_of, make_user

pytestmark = pytest.mark.own_database

SETTINGS = AuthSettings()
CLIENT = ClientInfo("198.51.100.7", "test")
Work = Callable[[Session], object]


@pytest.fixture
def sessions(own_database_url: URL) -> Iterator[sessionmaker[Session]]:
    engine = create_engine(own_database_url)
    yield sessionmaker(engine, expire_on_commit=False)
    engine.dispose()


def auth_service(session: Session) -> AuthService:
    return AuthService(session, Tokens(SECRET, SETTINGS), SETTINGS, utc_now())


def stored_user(sessions: sessionmaker[Session], role: Role = Role.STUDENT) -> User:
    with sessions.begin() as session:
        return make_user(session, role=role)


def at_once(sessions: sessionmaker[Session], *works: Work) -> list[object]:
    """Runs each work in a transaction of its own, all begun before any goes on; answers results or expected errors."""
    ready = threading.Barrier(len(works), timeout=20)

    def run(work: Work) -> object:
        try:
            with sessions.begin() as session:
                session.connection()
                ready.wait()
                return work(session)
        except AppError as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def log_in(sessions: sessionmaker[Session], user: User) -> str:
    with sessions.begin() as session:
        return auth_service(session).log_in(Credentials(user.id, user.password_hash), CLIENT).refresh_token


def refresh_with(token: str) -> Work:
    def work(session: Session) -> object:
        auth = auth_service(session)
        login = auth.refresh(auth.claim(token), CLIENT)
        return None if login is None else login.refresh_token

    return work


def test_tabs_that_refresh_at_once_all_get_the_same_token(sessions: sessionmaker[Session]) -> None:
    token = log_in(sessions, stored_user(sessions))
    results = at_once(sessions, *[refresh_with(token)] * 4)
    assert all(isinstance(result, str) for result in results), results
    assert len(set(results)) == 1


def test_no_token_survives_a_logout_everywhere_beside_refreshes(sessions: sessionmaker[Session]) -> None:
    user = stored_user(sessions)
    for _ in range(10):
        tokens = [log_in(sessions, user) for _ in range(3)]
        actor = actor_of(user)
        at_once(
            sessions,
            *[refresh_with(token) for token in tokens],
            lambda session, actor=actor: auth_service(session).log_out_everywhere(actor),  # type: ignore[misc]  # bound early
        )
        with sessions() as session:
            live = select(func.count()).select_from(RefreshToken).where(RefreshToken.revoked_at.is_(None))
            assert session.scalar(live) == 0


def test_two_admins_cannot_remove_each_other(sessions: sessionmaker[Session]) -> None:
    one, other = stored_user(sessions, Role.ADMIN), stored_user(sessions, Role.ADMIN)

    def demote(actor: User, target: User) -> Work:
        return lambda session: UserService(session, utc_now()).update(
            actor_of(actor), target.id, {"role": Role.STUDENT}
        )

    results = at_once(sessions, demote(one, other), demote(other, one))
    assert sum(isinstance(result, LastAdminError) for result in results) == 1
    with sessions() as session:
        admins = select(func.count()).where(User.role == Role.ADMIN, User.status == UserStatus.ACTIVE)
        assert session.scalar(admins) == 1


def test_a_reset_token_is_used_once(sessions: sessionmaker[Session]) -> None:
    user = stored_user(sessions)
    with sessions.begin() as session:
        token = PasswordResetService(session, utc_now()).open(user.email, timedelta(hours=1))
    assert token is not None

    def confirm(digest: str) -> Work:
        return lambda session: PasswordResetService(session, utc_now()).confirm(token, digest)

    results = at_once(sessions, *[confirm(f"digest-{number}") for number in range(4)])
    assert results.count(None) == 1


def test_an_address_is_registered_once(sessions: sessionmaker[Session]) -> None:
    def register(session: Session) -> object:
        return auth_service(session).register(
            email="ada@example.org", name="Ada", locale="en", digest="digest", client=CLIENT
        )

    results = at_once(sessions, *[register] * 4)
    assert sum(isinstance(result, EmailTakenError) for result in results) == 3
