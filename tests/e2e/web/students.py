"""Students of the browser tests, what they are asked, and how they answer."""

import itertools
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from playwright.sync_api import APIRequestContext, Page, expect

TEMPORARY = "told by the administrator"
PASSWORD = "rivers run under old bridges"
POOL_TRIES = 40
_numbers = itertools.count()


@dataclass(frozen=True)
class Bank:
    """Published questions of the demo, found as its administrator finds them."""

    admin: APIRequestContext

    def subject(self) -> str:
        return str(self._get("/api/v1/subjects")["items"][0]["id"])

    def of_type(self, kind: str, count: int = 1) -> list[str]:
        path = f"/api/v1/questions?type={kind}&status=published&limit={count}"
        return [str(question["id"]) for question in self._get(path)["items"]]

    def add(self, draft: dict[str, Any]) -> str:
        """A published question made from a draft."""
        subject = self.subject()
        skill = self._get(f"/api/v1/subjects/{subject}/skills?limit=1")["items"][0]["code"]
        body = {"subject_id": subject, "draft": {**draft, "skills": [skill]}}
        made = self._post("/api/v1/questions", body)
        self._post(f"/api/v1/questions/{made['id']}/status", {"status": "published", "revision": made["revision"]})
        return str(made["id"])

    def _get(self, path: str) -> Any:
        reply = self.admin.get(path)
        assert reply.ok, reply.text()
        return reply.json()

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        reply = self.admin.post(path, data=body, headers=csrf(self.admin))
        assert reply.ok, reply.text()
        return reply.json()


def csrf(request: APIRequestContext) -> dict[str, str]:
    cookies = {cookie["name"]: cookie["value"] for cookie in request.storage_state()["cookies"]}
    return {"X-CSRF-Token": cookies.get("studium_csrf", "")}


def new_address() -> str:
    return f"student-{os.getpid()}-{next(_numbers)}@example.org"


def make_user(bank: Bank, *, role: str = "student", locale: str = "en", must_change: bool = False) -> str:
    """Made by the administrator, because registrations are limited; returns the address."""
    email = new_address()
    body = {"email": email, "name": "Ada Lovelace", "password": TEMPORARY, "role": role, "locale": locale}
    reply = bank.admin.post("/api/v1/users", data=body, headers=csrf(bank.admin))
    assert reply.ok, reply.text()
    if must_change:
        path = f"/api/v1/users/{reply.json()['id']}/password"
        reply = bank.admin.put(path, data={"password": TEMPORARY}, headers=csrf(bank.admin))
        assert reply.ok, reply.text()
    return email


def become(page: Page, bank: Bank, *, role: str) -> str:
    """A new user, whose browser this is from now on."""
    email = make_user(bank, role=role)
    reply = page.request.post("/api/v1/auth/login", data={"email": email, "password": TEMPORARY})
    assert reply.ok, reply.text()
    change = {"old_password": TEMPORARY, "new_password": PASSWORD}
    reply = page.request.put("/api/v1/auth/password", data=change, headers=csrf(page.request))
    assert reply.ok, reply.text()
    return email


def become_student(page: Page, bank: Bank) -> str:
    return become(page, bank, role="student")


def start(page: Page, bank: Bank, questions: Sequence[str], **wish: Any) -> str:
    """Begin a session with exactly these questions and open it; returns its id."""
    body = {"subject_id": bank.subject(), "mode": "fixed", "question_ids": list(questions), **wish}
    for _ in range(POOL_TRIES):
        reply = page.request.post("/api/v1/practice-sessions", data=body, headers=csrf(page.request))
        if reply.status != HTTPStatus.CONFLICT:
            break
        # A question that was published this moment is asked once the pool has been read again.
        page.wait_for_timeout(500)
    assert reply.ok, reply.text()
    session = str(reply.json()["id"])
    page.goto(f"/practice/{session}")
    expect(page.get_by_role("region", name=re.compile("Question"))).to_be_visible()
    return session


def answered(page: Page, session: str) -> int:
    return int(page.request.get(f"/api/v1/practice-sessions/{session}").json()["answered"])


def answer(page: Page) -> None:
    """Give some answer to whatever is asked, as far as its `Check`."""
    page.wait_for_load_state("networkidle")
    if page.get_by_role("button", name="Turn the card").is_visible():
        page.get_by_role("button", name="Turn the card").click()
        expect(page.get_by_role("region", name="Back of the card")).to_be_visible()
        return
    section = page.get_by_role("region", name=re.compile("Question"))
    for index, select in enumerate(section.locator("select").all()):
        select.select_option(index=1 + index % (select.locator("option").count() - 1))
    for field in section.locator("input.input, textarea.input").all():
        field.fill("3")
    if section.locator(".option").count():
        section.locator(".option").first.click()
    if section.locator(".picture").count():
        section.locator(".picture").click(position={"x": 60, "y": 40})


def check(page: Page) -> None:
    """Hand the answer in and wait for its outcome."""
    turned = page.get_by_role("button", name="Good")
    (turned if turned.is_visible() else page.get_by_role("button", name="Check")).click()
    expect(page.get_by_role("region", name="Result")).to_be_visible()


def go_on(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Next|To the summary)$")).click()
    expect(page.get_by_role("region", name="Result")).to_have_count(0)
