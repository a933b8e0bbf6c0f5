"""What protects an account: a password of one's own, and a second factor."""

import re

import pyotp
from playwright.sync_api import Page, expect

from tests.e2e.web.conftest import Look, Visit
from tests.e2e.web.students import PASSWORD, TEMPORARY, Bank, become, make_user


def test_a_password_told_by_an_administrator_is_changed_before_anything_else(
    visit: Visit, look: Look, bank: Bank
) -> None:
    email = make_user(bank, locale="de", must_change=True)
    page = visit("/login?next=%2Fprogress")
    keys = page.keyboard
    page.get_by_label("E-mail address").focus()
    for text in (email, TEMPORARY):
        keys.type(text)
        keys.press("Tab")
    page.get_by_label("Password", exact=True).press("Enter")

    expect(page.get_by_role("heading", name="Wähle ein neues Passwort")).to_be_visible()
    expect(page.get_by_label("Passwort, das du bekommen hast")).to_be_focused()
    look(page, "must-change-password")
    keys.type(TEMPORARY)
    keys.press("Tab")
    keys.press("Tab")
    keys.type("12345678")
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Dieses Passwort ist zu schwach")
    page.get_by_label("Neues Passwort").fill(PASSWORD)
    keys.press("Enter")
    expect(page).to_have_url("/progress")
    expect(page.get_by_role("heading", name="Fortschritt")).to_be_visible()


def test_a_second_factor_from_its_set_up_to_its_end(visit: Visit, look: Look, bank: Bank) -> None:
    page = visit("/login")
    email = become(page, bank, role="teacher")
    recovery = set_up(page, look)
    expect(page.get_by_text("10 recovery codes are left.")).to_be_visible()
    look(page, "settings-second-factor")

    other = visit("/login")
    other.get_by_label("E-mail address").fill(email)
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Log in").click()
    expect(other.get_by_label("Code")).to_be_focused()
    look(other, "login-code")
    other.keyboard.type("000000")
    other.keyboard.press("Enter")
    expect(other.get_by_role("alert")).to_contain_text("neither the code of the moment nor a recovery code")
    other.get_by_label("Code").fill(recovery[0])
    other.keyboard.press("Enter")
    expect(other).to_have_url(re.compile("/admin$"))

    page.get_by_role("button", name="Turn off").click()
    dialog = page.get_by_role("dialog", name="Turn the second factor off")
    dialog.get_by_label("Code").fill(recovery[1])
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Turn off").click()
    expect(page.get_by_role("button", name="Set up")).to_be_visible()


def set_up(page: Page, look: Look) -> list[str]:
    """Goes through the three steps; returns the recovery codes."""
    page.goto("/settings")
    page.get_by_role("button", name="Set up").click()
    dialog = page.get_by_role("dialog", name="Set up the second factor")
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("img", name="QR code for the authenticator app")).to_be_visible()
    look(page, "second-factor-code")
    secret = "".join(dialog.locator(".secret span").all_text_contents())
    dialog.get_by_label("Code of the app").fill(pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("They are shown only now")).to_be_visible()
    look(page, "second-factor-recovery")
    recovery = dialog.locator(".codes code").all_text_contents()
    dialog.get_by_role("button", name="I have kept them").click()
    return recovery
