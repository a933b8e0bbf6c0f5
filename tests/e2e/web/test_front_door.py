"""Coming in: log in, register, ask for a new password."""

from playwright.sync_api import expect

from tests.e2e.web.conftest import Look, Visit


def test_whoever_is_not_logged_in_is_led_to_the_login_and_back(visit: Visit, logins) -> None:
    page = visit("/?x=1")
    expect(page).to_have_url("/login?next=%2F%3Fx%3D1")
    email, password = logins.password("student")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("The e-mail address or the password is wrong.")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url("/?x=1")


def test_the_language_can_be_changed_before_the_login(visit: Visit, look: Look) -> None:
    page = visit("/login")
    look(page, "login")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("heading", name="Willkommen zurück")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")


def test_a_forgotten_password_never_tells_who_has_an_account(visit: Visit, look: Look) -> None:
    page = visit("/reset-password")
    look(page, "reset")
    page.get_by_label("E-mail address").fill("nobody@example.org")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("status").first).to_contain_text("a mail is on its way")
