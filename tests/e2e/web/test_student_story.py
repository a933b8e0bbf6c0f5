"""The way of a student from the first visit to the reasons behind their progress, network trouble included."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.web.conftest import Look, Visit
from tests.e2e.web.students import PASSWORD, Bank, answer, answered, become_student, check, go_on, new_address, start


def test_from_registration_to_the_reasons_of_progress(visit: Visit, look: Look) -> None:
    page = visit("/register", size="phone")
    look(page, "register")
    page.get_by_label("Name", exact=True).fill("Ada Lovelace")
    page.get_by_label("E-mail address").fill(new_address())
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Hello, Ada")).to_be_visible()
    look(page, "home-new")

    page.get_by_role("navigation").get_by_role("link", name="Practice").last.click()
    page.get_by_text("Skills", exact=True).click()
    page.get_by_label("Reading graphs").check()
    page.get_by_label("Fractions and decimals").check()
    page.get_by_role("button", name="Start").click()
    seen = practise_ten(page)
    assert seen == {"formula", "picture"}

    expect(page.get_by_role("heading", name="Summary")).to_be_visible()
    look(page, "summary")
    page.goto("/progress")
    expect(page.get_by_text("expected success").first).to_be_visible()
    page.get_by_text("Path", exact=True).click()
    expect(page.get_by_text(re.compile("Ready now|Nearly learned|Comes after")).first).to_be_visible()
    page.get_by_text("History", exact=True).click()
    expect(page.get_by_role("heading", name="You practised on 1 day of the last 30: 10 answers")).to_be_visible()


def practise_ten(page: Page) -> set[str]:
    """Ten questions; the network goes before the third is checked and comes back after. Tells what was seen."""
    seen = set()
    for number in range(1, 11):
        expect(page.get_by_role("heading", name=f"Question {number}", exact=True)).to_be_attached()
        page.get_by_text("Why this question?").click()
        expect(page.locator(".why .notice")).not_to_be_empty()
        answer(page)
        seen |= {"formula"} if page.locator(".katex").count() else set()
        if page.locator(".practice img").count():
            page.wait_for_function("[...document.querySelectorAll('.practice img')].every((each) => each.naturalWidth)")
            seen |= {"picture"}
        if number == 3:
            lose_and_regain_the_network(page)
        else:
            check(page)
        go_on(page)
    return seen


def lose_and_regain_the_network(page: Page) -> None:
    page.context.set_offline(True)
    turned = page.get_by_role("button", name="Good")
    (turned if turned.is_visible() else page.get_by_role("button", name="Check")).click()
    expect(page.get_by_text("Your answer is kept here and sent as soon as the connection is back.")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("region", name="Result")).to_be_visible()


def test_an_answer_survives_a_closed_tab_and_counts_once(visit: Visit, bank: Bank) -> None:
    page = visit("/login")
    become_student(page, bank)
    session = start(page, bank, bank.of_type("single_choice", 2))
    # It reaches the server, but the reply is lost; then the tab is closed.
    page.route("**/answers", lambda route: (route.fetch(), route.abort()))
    answer(page)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("No connection.")).to_be_visible()
    context = page.context
    page.close()

    again = context.new_page()
    again.goto(f"/practice/{session}")
    expect(again.get_by_role("heading", name="Question 2", exact=True)).to_be_attached()
    assert answered(again, session) == 1


def test_a_server_that_restarts_loses_no_answer(visit: Visit, bank: Bank) -> None:
    page = visit("/login")
    become_student(page, bank)
    session = start(page, bank, bank.of_type("single_choice", 2))
    replies = iter([503, 502])
    page.route("**/answers", lambda route: route.fulfill(status=s) if (s := next(replies, 0)) else route.continue_())
    answer(page)
    check(page)
    assert answered(page, session) == 1


def test_a_slow_reply_is_waited_for_and_nothing_is_sent_twice(visit: Visit, bank: Bank) -> None:
    page = visit("/login")
    become_student(page, bank)
    session = start(page, bank, bank.of_type("single_choice", 2))
    sent: list[str] = []

    def late(route: Route) -> None:
        sent.append(route.request.url)
        page.wait_for_timeout(1500)
        route.continue_()

    page.route("**/answers", late)
    answer(page)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("button", name="Checking")).to_be_disabled()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Result")).to_be_visible()
    assert (len(sent), answered(page, session)) == (1, 1)


def test_a_login_that_ends_in_mid_practice_is_renewed_on_the_spot(visit: Visit, bank: Bank) -> None:
    page = visit("/login")
    become_student(page, bank)
    with page.expect_response("**/skill-graph"):
        session = start(page, bank, bank.of_type("short_answer", 1))
    answer(page)
    page.context.clear_cookies()
    page.get_by_role("button", name="Check").click()
    dialog = page.get_by_role("dialog", name="Log in again")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("region", name="Result")).to_be_visible()
    assert answered(page, session) == 1


def test_half_an_essay_outlives_a_reload_and_the_end_of_the_login(visit: Visit, bank: Bank) -> None:
    page = visit("/login")
    email = become_student(page, bank)
    session = start(page, bank, bank.of_type("essay"))
    field = page.get_by_label("Your answer")
    field.fill("Half of an essay")
    page.context.set_offline(True)
    field.press_sequentially(", and more")
    page.context.set_offline(False)
    page.reload()
    expect(field).to_have_value("Half of an essay, and more")
    page.context.clear_cookies()
    page.reload()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(field).to_have_value("Half of an essay, and more")
    check(page)
    assert answered(page, session) == 1
    assert page.evaluate("Object.keys(localStorage).filter(name => name.includes('draft'))") == []


def test_two_tabs_of_one_session_stay_together(visit: Visit, bank: Bank) -> None:
    first = visit("/login")
    become_student(first, bank)
    session = start(first, bank, bank.of_type("single_choice", 2))
    second = first.context.new_page()
    second.goto(first.url)
    for page in (first, second):
        answer(page)
    check(first)
    second.get_by_role("button", name="Check").click()
    expect(second.get_by_text("This session went on in another place.")).to_be_visible()
    expect(second.get_by_role("heading", name="Question 2", exact=True)).to_be_attached()
    assert answered(second, session) == 1


def test_a_key_counts_from_the_moment_a_dialog_closes(visit: Visit, bank: Bank) -> None:
    page = visit("/login")
    become_student(page, bank)
    start(page, bank, bank.of_type("single_choice"))
    page.locator("body").click(position={"x": 1, "y": 400})
    page.keyboard.press("f")
    expect(page.get_by_role("dialog")).to_be_visible()
    # The browser closes it at once and tells the page a little later; the focus stays inside meanwhile.
    page.evaluate("""() => {
        const dialog = document.querySelector('dialog');
        const inside = dialog.querySelector('button');
        dialog.close();
        inside.dispatchEvent(new KeyboardEvent('keydown', { key: 'b', bubbles: true }));
    }""")
    expect(page.get_by_role("radio").nth(1)).to_be_checked()


def test_practice_by_keyboard_alone(visit: Visit, bank: Bank) -> None:
    page = visit("/login")
    become_student(page, bank)
    asked = [*bank.of_type("single_choice"), *bank.of_type("multiple_response"), *bank.of_type("numerical")]
    start(page, bank, [*asked, *bank.of_type("ordering"), *bank.of_type("flashcard")])
    keys = page.keyboard
    first = page.get_by_role("region", name="Question 1")
    expect(first).to_be_focused()

    for key, title in (("?", "Keyboard shortcuts"), ("f", "Report this question")):
        keys.press(key)
        expect(page.get_by_role("dialog", name=title)).to_be_visible()
        keys.press("Escape")
        expect(first).to_be_focused()
    keys.press("h")
    expect(page.get_by_text("Hint 1")).to_be_visible()

    for choices in (["b"], ["1", "3"]):
        for key in choices:
            keys.press(key)
        keys.press("Enter")
        expect(page.get_by_role("button", name="Next")).to_be_focused()
        keys.press("Enter")
    expect(page.get_by_role("region", name="Question 3")).to_be_focused()
    tab_to(page, "input")
    keys.type("7")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Next")).to_be_focused()
    keys.press("Enter")

    tab_to(page, "[data-move=down]")
    keys.press("ArrowDown")
    tab_to(page, "footer .primary")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Next")).to_be_focused()
    keys.press("Enter")

    expect(page.get_by_role("button", name="Turn the card")).to_be_visible()
    keys.press("Enter")
    expect(page.get_by_role("region", name="Back of the card")).to_be_visible()
    keys.press("3")
    expect(page.get_by_role("button", name="To the summary")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Summary")).to_be_visible()


@pytest.mark.parametrize("by", ["tap", "keys"])
def test_a_place_in_a_picture_is_checked_by_enter(visit: Visit, bank: Bank, by: str) -> None:
    page = visit("/login")
    become_student(page, bank)
    start(page, bank, bank.of_type("hotspot"))
    picture = page.locator(".picture")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Set a point in a picture")
    page.keyboard.press("Escape")
    if by == "tap":
        picture.click(position={"x": 60, "y": 40})
    else:
        picture.focus()
        # Nothing is set, so nothing is checked.
        for key in ("Enter", "ArrowLeft", "Space"):
            page.keyboard.press(key)
    expect(picture).to_have_accessible_name(re.compile("1 point set"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Result")).to_be_visible()


def tab_to(page: Page, selector: str) -> None:
    for _ in range(40):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by Tab")


def test_one_small_request_for_each_answer(visit: Visit, bank: Bank) -> None:
    page = visit("/login")
    become_student(page, bank)
    start(page, bank, bank.of_type("single_choice", 6))
    sizes = []
    for number in range(1, 6):
        answer(page)
        page.wait_for_load_state("networkidle")
        sent: list[str] = []
        page.on("request", lambda request, sent=sent: sent.append(request.url))
        with page.expect_response("**/answers") as reply:
            page.get_by_role("button", name="Check").click()
        sizes.append(len(reply.value.body()))
        go_on(page)
        # The names of skills come once, with the first outcome; the picture of a question is not part of an answer.
        extra = [url for url in sent if "/answers" not in url and "/media/" not in url]
        assert number == 1 or extra == []
    assert sorted(sizes)[len(sizes) // 2] <= 3072
