import io
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.enums import Role
from app.models import User
from app.services.user_table import MAX_TABLE_ROWS
from tests.factories.users import auth, make_user

TABLE, BATCH = "/api/v1/users/table", "/api/v1/users/batch"
PASSWORD = "tidal-moss-lantern-41"


@pytest.fixture
def headers(client: TestClient, session: Session) -> dict[str, str]:
    return auth(client, make_user(session, role=Role.ADMIN))


def checked(client: TestClient, headers: dict[str, str], text: str | bytes) -> dict[str, Any]:
    data = text.encode() if isinstance(text, str) else text
    reply = client.post(TABLE, headers=headers, files={"file": ("people.csv", io.BytesIO(data))})
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def problems(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["column"], each["code"]) for each in row["problems"]]


def test_each_row_tells_what_it_would_do(client: TestClient, session: Session, headers: dict[str, str]) -> None:
    make_user(session, email="here@example.org")
    before = session.scalar(select(func.count()).select_from(User))
    found = checked(
        client,
        headers,
        "E-Mail;Full name;Role;House\n"
        "New@Example.org;Ada Lovelace;Teacher;Red\n"
        "here@example.org;Known;;\n"
        "\n"
        "no address;;boss;\n"
        "new@example.org;Ada again;;\n",
    )
    rows = found["rows"]
    assert [(row["line"], row["outcome"]) for row in rows] == [(2, "new"), (3, "exists"), (5, "error"), (6, "error")]
    assert (rows[0]["email"], rows[0]["name"], rows[0]["role"]) == ("new@example.org", "Ada Lovelace", "teacher")
    assert problems(rows[2]) == [("email", "bad_email"), ("name", "bad_name"), ("role", "bad_role")]
    assert problems(rows[3]) == [("email", "repeated_email")]
    assert (found["ignored"], found["counts"]) == (["House"], {"new": 1, "exists": 1, "error": 2})
    assert session.scalar(select(func.count()).select_from(User)) == before


def test_names_in_two_columns_and_old_encodings_are_read(client: TestClient, headers: dict[str, str]) -> None:
    text = "email,first name,last name,language\r\njose@example.org,José,Núñez,de-AT\r\n"
    for data in (text.encode(), b"\xef\xbb\xbf" + text.encode(), text.encode("cp1252"), text.encode("utf-16")):
        (row,) = checked(client, headers, data)["rows"]
        assert (row["name"], row["locale"], row["outcome"]) == ("José Núñez", "de-AT", "new")


@pytest.mark.parametrize(
    "header",
    [
        "E-Mail;Vorname;Nachname;Rolle;Sprache",
        "E-Mail-Adresse;Vorname;Name;Rolle;Sprache",
        "email,forename,surname,role,language",
        "Mail,Given name,Family name,Role,Locale",
    ],
)
@pytest.mark.parametrize("cells", ["Lehrerin;Deutsch", "teacher;de"])
def test_usual_headers_and_words_of_both_languages_are_read(
    client: TestClient, headers: dict[str, str], header: str, cells: str
) -> None:
    row = f"ada@example.org;Ada;Lovelace;{cells}"
    found = checked(client, headers, f"{header}\n{row if ';' in header else row.replace(';', ',')}\n")
    (read,) = found["rows"]
    told = (read["name"], read["role"], read["locale"], read["outcome"])
    assert (told, found["ignored"]) == (("Ada Lovelace", "teacher", "de", "new"), [])


def test_a_language_that_the_pages_do_not_speak_is_an_error(client: TestClient, headers: dict[str, str]) -> None:
    table = "email,name,language\na@example.org,Ada,fr\nb@example.org,Bea,DE\nc@example.org,Cy,\nd@example.org,Di,x_y\n"
    assert [problems(row) for row in checked(client, headers, table)["rows"]] == [
        [("locale", "bad_language")],
        [],
        [],
        [("locale", "bad_language")],
    ]


def test_a_table_without_names_is_told_so(client: TestClient, headers: dict[str, str]) -> None:
    reply = client.post(TABLE, headers=headers, files={"file": ("x.csv", io.BytesIO(b"email,role\na@example.org,\n"))})
    assert (reply.status_code, "No column holds names" in reply.json()["detail"]) == (422, True)


@pytest.mark.parametrize("text", ["", "name,role\nAda,student\n", 'email,name\n"a@example.org,Ada\n', "\x00\x01\x02"])
def test_what_is_no_table_of_people_is_refused(client: TestClient, headers: dict[str, str], text: str) -> None:
    reply = client.post(TABLE, headers=headers, files={"file": ("x.csv", io.BytesIO(text.encode()))})
    assert (reply.status_code, reply.json()["code"]) == (422, "unreadable_table")


def test_a_table_has_a_limit(client: TestClient, headers: dict[str, str]) -> None:
    rows = "".join(f"u{number}@example.org,User {number}\n" for number in range(MAX_TABLE_ROWS + 1))
    reply = client.post(TABLE, headers=headers, files={"file": ("x.csv", io.BytesIO(f"email,name\n{rows}".encode()))})
    assert (reply.status_code, reply.json()["code"]) == (413, "too_large")


def test_a_batch_makes_what_can_be_made(client: TestClient, session: Session, headers: dict[str, str]) -> None:
    make_user(session, email="here@example.org")
    body = {
        "users": [
            {"email": "one@example.org", "name": "One", "password": PASSWORD},
            {"email": "here@example.org", "name": "Other", "password": PASSWORD},
            {"email": "two@example.org", "name": "Two", "role": "teacher", "password": "short-one"},
        ]
    }
    reply = client.post(BATCH, headers=headers, json=body)
    assert reply.status_code == 201
    items = reply.json()["items"]
    assert [item["outcome"] for item in items] == ["created", "exists", "refused"]
    assert "15 to 128" in items[2]["message"]
    login = {"email": "one@example.org", "password": PASSWORD}
    assert client.post("/api/v1/auth/login", json=login).status_code == 200
    again = client.post(BATCH, headers=headers, json=body).json()["items"]
    assert [item["outcome"] for item in again] == ["exists", "exists", "refused"]


def test_an_address_twice_in_a_batch_is_one_account(client: TestClient, headers: dict[str, str]) -> None:
    user = {"email": "one@example.org", "name": "One", "password": PASSWORD}
    items = client.post(BATCH, headers=headers, json={"users": [user, user]}).json()["items"]
    assert [item["outcome"] for item in items] == ["created", "exists"]


@pytest.mark.parametrize("role", [Role.STUDENT, Role.TEACHER])
def test_only_admins_open_accounts_by_table(client: TestClient, session: Session, role: Role) -> None:
    headers = auth(client, make_user(session, role=role))
    files = {"file": ("x.csv", io.BytesIO(b"email,name\n"))}
    assert client.post(TABLE, headers=headers, files=files).status_code == 403
    user = {"email": "one@example.org", "name": "One", "password": PASSWORD}
    assert client.post(BATCH, headers=headers, json={"users": [user]}).status_code == 403
