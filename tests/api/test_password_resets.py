import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.deps import get_mailer, get_now
from app.core.clock import utc_now
from app.domain.audit import AuditAction
from app.domain.enums import Role, UserStatus
from app.integrations.mail import Mail, MailError
from app.models import AuditEvent, PasswordReset, User
from tests.factories.users import PASSWORD, auth, make_user

RESETS = "/api/v1/auth/password-resets"
NEW_PASSWORD = "tidal-moss-41"


class Letterbox:
    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.is_broken = False

    def send(self, mail: Mail) -> None:
        if self.is_broken:
            raise MailError("ConnectionRefusedError")
        self.mails.append(mail)

    def token(self) -> str:
        found = re.search(r"#token=([\w-]+)", self.mails[-1].text)
        assert found is not None
        return found[1]


@pytest.fixture
def letterbox(app: FastAPI) -> Iterator[Letterbox]:
    letterbox = Letterbox()
    app.dependency_overrides[get_mailer] = lambda: letterbox
    yield letterbox
    app.dependency_overrides.clear()


@pytest.fixture
def user(session: Session) -> User:
    return make_user(session)


def ask(client: TestClient, email: str) -> Response:
    return client.post(RESETS, json={"email": email})


def confirm(client: TestClient, token: str, password: str = NEW_PASSWORD) -> Response:
    return client.post(f"{RESETS}/confirm", json={"token": token, "new_password": password})


def can_log_in(client: TestClient, user: User, password: str) -> bool:
    reply = client.post("/api/v1/auth/login", json={"email": user.email, "password": password})
    client.cookies.clear()
    return reply.status_code == 200


def test_a_reset_from_mail_to_login(client: TestClient, letterbox: Letterbox, user: User) -> None:
    headers = auth(client, user)
    assert ask(client, user.email.upper()).status_code == 202
    assert letterbox.mails[0].to == user.email
    assert "http://127.0.0.1:8000/reset-password#token=" in letterbox.mails[0].text
    assert confirm(client, letterbox.token()).status_code == 204
    assert client.get("/api/v1/users/me", headers=headers).status_code == 401
    assert not can_log_in(client, user, PASSWORD)
    assert can_log_in(client, user, NEW_PASSWORD)


def test_nobody_learns_who_has_an_account(
    client: TestClient, session: Session, letterbox: Letterbox, user: User
) -> None:
    suspended = make_user(session, status=UserStatus.SUSPENDED)
    replies = [ask(client, email) for email in (user.email, suspended.email, "no@example.org")]
    assert {(reply.status_code, reply.content) for reply in replies} == {(202, b"null")}
    assert [mail.to for mail in letterbox.mails] == [user.email]


def test_a_broken_mail_server_is_not_shown(client: TestClient, letterbox: Letterbox, user: User) -> None:
    letterbox.is_broken = True
    assert ask(client, user.email).status_code == 202


def test_a_token_works_once(client: TestClient, letterbox: Letterbox, user: User) -> None:
    ask(client, user.email)
    assert confirm(client, letterbox.token()).status_code == 204
    reply = confirm(client, letterbox.token(), "another-moss-42")
    assert (reply.status_code, reply.json()["code"]) == (400, "invalid_reset_token")


def test_only_the_newest_token_works(client: TestClient, letterbox: Letterbox, user: User) -> None:
    ask(client, user.email)
    first = letterbox.token()
    ask(client, user.email)
    assert confirm(client, first).status_code == 400
    assert confirm(client, letterbox.token()).status_code == 204


def test_a_token_ends_with_its_time(app: FastAPI, client: TestClient, letterbox: Letterbox, user: User) -> None:
    ask(client, user.email)
    app.dependency_overrides[get_now] = lambda: utc_now() + timedelta(seconds=3601)
    assert confirm(client, letterbox.token()).status_code == 400


def test_a_password_change_ends_open_resets(client: TestClient, letterbox: Letterbox, user: User) -> None:
    ask(client, user.email)
    form = {"old_password": PASSWORD, "new_password": NEW_PASSWORD}
    assert client.put("/api/v1/auth/password", json=form, headers=auth(client, user)).status_code == 200
    client.cookies.clear()
    assert confirm(client, letterbox.token()).status_code == 400


def test_a_weak_password_does_not_use_the_token_up(client: TestClient, session: Session, letterbox: Letterbox) -> None:
    teacher = make_user(session, role=Role.TEACHER)
    ask(client, teacher.email)
    reply = confirm(client, letterbox.token(), "tidal-moss-41")
    assert (reply.status_code, reply.json()["code"]) == (422, "weak_password")
    assert confirm(client, letterbox.token(), "tidal-moss-lantern-41").status_code == 204


def test_a_reset_keeps_no_password_that_somebody_else_knows(
    client: TestClient, session: Session, letterbox: Letterbox, user: User
) -> None:
    user.must_change_password = True
    session.flush()
    ask(client, user.email)
    reply = confirm(client, letterbox.token(), PASSWORD)
    assert (reply.status_code, reply.json()["code"]) == (422, "same_password")
    assert confirm(client, letterbox.token(), NEW_PASSWORD).status_code == 204


def test_a_user_suspended_meanwhile_stays_out(
    client: TestClient, session: Session, letterbox: Letterbox, user: User
) -> None:
    ask(client, user.email)
    user.status = UserStatus.SUSPENDED
    session.flush()
    assert confirm(client, letterbox.token()).status_code == 400


def test_one_address_cannot_ask_for_many(client: TestClient, letterbox: Letterbox) -> None:
    codes = [ask(client, f"no-{number}@example.org").status_code for number in range(12)]
    assert codes == [202] * 10 + [429] * 2


def test_many_addresses_cannot_flood_one_account(app: FastAPI, letterbox: Letterbox, user: User) -> None:
    for email in (user.email, "no@example.org"):
        senders = [TestClient(app, client=(f"198.51.100.{number}", 1)) for number in range(12)]
        assert [ask(sender, email).status_code for sender in senders] == [202] * 10 + [429] * 2
    assert len(letterbox.mails) == 10


@pytest.mark.parametrize("token", ["x" * 43, "x", "", "x" * 500, "\x00" * 43])
def test_unknown_tokens_are_refused(client: TestClient, token: str) -> None:
    assert confirm(client, token).status_code in {400, 422}


def test_tokens_are_stored_as_digests_and_acts_are_audited(
    client: TestClient, session: Session, letterbox: Letterbox, user: User
) -> None:
    ask(client, user.email)
    stored = session.scalars(select(PasswordReset)).one()
    assert stored.token_hash != letterbox.token()
    confirm(client, letterbox.token())
    events = session.scalars(select(AuditEvent).where(AuditEvent.object_id == str(user.id))).all()
    assert [event.action for event in events] == [AuditAction.PASSWORD_RESET_REQUESTED, AuditAction.PASSWORD_RESET]
    assert all(user.email not in str(event.details) and letterbox.token() not in str(event.details) for event in events)
