"""Every screen of administrators on the demo: no finding of axe, a clean console, pictures for people."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.web.conftest import Look, Visit, settle

SCREENS = {
    "overview": "/admin",
    "bank": "/admin/bank",
    "bank-nothing": "/admin/bank?q=zzzznothing",
    "question-new": "/admin/bank/new",
    "duplicates": "/admin/duplicates",
    "proposals": "/admin/proposals",
    "reports": "/admin/reports",
    "essays": "/admin/essays",
    "review": "/admin/review",
    "ai": "/admin/ai",
    "imports": "/admin/imports",
    "import-new": "/admin/imports/new",
    "subjects": "/admin/subjects",
    "users": "/admin/users",
    "users-table": "/admin/users/table",
    "jobs": "/admin/jobs",
    "health": "/admin/health",
    "audit": "/admin/audit",
}


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_sound(visit: Visit, look: Look, name: str) -> None:
    page = visit(SCREENS[name], "admin")
    expect(page.locator("h1")).to_be_visible()
    look(page, f"admin-{name}")


def test_keys_are_listed_and_act(visit: Visit, look: Look) -> None:
    page = visit("/admin/bank", "admin")
    search = page.get_by_role("searchbox")
    expect(search).to_be_visible()
    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("?")
    expect(search).to_have_value("?")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    look(page, "admin-shortcuts")


def test_a_question_is_shown_to_its_editor(visit: Visit, look: Look) -> None:
    page = visit("/admin/bank", "admin")
    page.locator("main li a").first.click()
    expect(page.get_by_role("heading", name="As students see it")).to_be_visible()
    look(page, "admin-question")
    page.get_by_role("link", name="Version 1").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Versions of question")
    look(page, "admin-versions")


def test_dialogs_are_sound_too(visit: Visit, look: Look) -> None:
    page = visit("/admin/bank", "admin")
    page.get_by_role("button", name="Preview of question").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look(page, "admin-bank-preview")
    page.keyboard.press("Escape")
    page.locator("main li input[type=checkbox]").nth(0).check()
    page.locator("main li input[type=checkbox]").nth(1).check()
    expect(page.get_by_role("toolbar")).to_contain_text("2 questions selected")
    look(page, "admin-bank-bulk")


def test_an_account_is_managed(visit: Visit, look: Look) -> None:
    page = visit("/admin/users", "admin")
    page.locator("main li button").nth(3).click()
    look(page, "admin-user")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add a person").click()
    look(page, "admin-user-new")


def test_the_graph_of_a_subject_is_drawn_and_said(visit: Visit, look: Look) -> None:
    page = visit("/admin/subjects", "admin")
    open_first_subject(page)
    page.get_by_role("button", name="needs").nth(3).click()
    look(page, "admin-subject")


def open_first_subject(page: Page) -> None:
    page.locator("main li a").first.click()
    expect(page.get_by_role("heading", name="What comes before what")).to_be_visible()
    settle(page)
