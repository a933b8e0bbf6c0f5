"""Every student screen and type of question: seen on phone and desktop, light and dark, and judged by axe."""

import pytest
from playwright.sync_api import expect

from tests.e2e.web.conftest import Look, Visit
from tests.e2e.web.students import Bank, answer, become_student, check, new_address, start

TYPES = (
    "single_choice multiple_response true_false short_answer numerical matching ordering cloze essay hotspot flashcard "
    "parametric"
)


@pytest.mark.parametrize("name", ["home", "practice", "progress", "reviews", "search", "settings"])
def test_screens_of_a_student_with_a_history(visit: Visit, look: Look, name: str) -> None:
    page = visit("/" if name == "home" else f"/{name}", "student")
    look(page, name)


@pytest.mark.parametrize("view", ["Path", "History"])
def test_views_of_progress(visit: Visit, look: Look, view: str) -> None:
    page = visit("/progress", "student")
    page.get_by_text(view, exact=True).click()
    look(page, f"progress-{view.lower()}")


@pytest.mark.parametrize("kind", TYPES.split())
def test_types_of_questions(visit: Visit, look: Look, bank: Bank, kind: str) -> None:
    page = visit("/login")
    become_student(page, bank)
    start(page, bank, bank.of_type(kind))
    answer(page)
    if kind in {"single_choice", "flashcard"}:
        look(page, f"question-{kind}-open")
    check(page)
    look(page, f"question-{kind}")


@pytest.mark.parametrize("behaviour", ["interactive", "certainty", "deferred"])
def test_behaviours(visit: Visit, look: Look, bank: Bank, behaviour: str) -> None:
    page = visit("/login")
    become_student(page, bank)
    start(page, bank, bank.of_type("single_choice"), behaviour=behaviour)
    answer(page)
    if behaviour == "certainty":
        expect(page.get_by_role("button", name="Check")).to_be_disabled()
        page.get_by_text("Fairly").click()
    page.get_by_role("button", name="Check").click()
    if behaviour == "deferred":
        expect(page.get_by_role("heading", name="Summary")).to_be_visible()
    else:
        expect(page.get_by_role("region", name="Result")).to_be_visible()
        look(page, f"behaviour-{behaviour}")


def test_a_placement_is_listed_resumed_and_explained(visit: Visit, look: Look, bank: Bank) -> None:
    page = visit("/login")
    become_student(page, bank)
    page.goto("/practice")
    page.get_by_text("Placement", exact=True).click()
    page.get_by_role("group", name="How many questions").get_by_text("5", exact=True).click()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Question 1", exact=True)).to_be_attached()
    page.goto("/practice")
    expect(page.get_by_text("0 of 5 questions answered")).to_be_visible()
    look(page, "practice-with-tests")
    page.get_by_role("link", name="Continue").click()
    for number in range(1, 6):
        expect(page.get_by_role("heading", name=f"Question {number}", exact=True)).to_be_attached()
        page.get_by_role("button", name="Skip").click()
        page.get_by_role("button", name="I do not know").click()
    expect(page.get_by_text("with 95 % certainty")).to_be_visible()
    look(page, "test-result")
    page.goto("/practice")
    page.get_by_role("link", name="Result of").click()
    expect(page.get_by_text("after all of its questions")).to_be_visible()


def test_search_by_words_meaning_and_picture(visit: Visit, look: Look, bank: Bank) -> None:
    page = visit("/search", "student")
    page.get_by_role("searchbox").fill("average speed of a bicycle")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("button", name="Find similar").first).to_be_visible()
    look(page, "search-found")
    page.get_by_role("button", name="Find similar").first.click()
    expect(page.get_by_text("Similar to")).to_be_visible()
    url = next(
        media["name"]
        for media in bank.admin.get(f"/api/v1/questions/{bank.of_type('hotspot')[0]}/preview").json()["media"]
    )
    picture = {"name": "graph.png", "mimeType": "image/png", "buffer": bank.admin.get(url).body()}
    page.get_by_label("By picture").set_input_files([picture])
    expect(page.get_by_text("Like the picture graph.png")).to_be_visible()


def test_a_search_is_found_by_its_address_and_keeps_it(visit: Visit) -> None:
    page = visit("/search?q=%20fraction", "student")
    expect(page.get_by_role("button", name="Find similar").first).to_be_visible()
    page.get_by_role("searchbox").fill("speed")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Found for “speed”")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Found for “speed”")).to_be_visible()


def test_nothing_is_praised_or_blamed_before_the_first_answer(visit: Visit, look: Look, bank: Bank) -> None:
    page = visit("/login")
    become_student(page, bank)
    page.goto("/")
    expect(page.get_by_text("No review in the next two weeks.")).to_be_visible()
    start(page, bank, bank.of_type("single_choice", 2))
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="End this session").click()
    expect(page.get_by_role("heading", name="Nothing was answered")).to_be_visible()
    expect(page.locator(".hero")).not_to_contain_text("%")
    look(page, "summary-empty")


def test_reviews_remembered_well_are_not_called_nearly_forgotten(visit: Visit, bank: Bank) -> None:
    card = {"question_id": bank.of_type("flashcard")[0], "stem": "What is a prime?", "recall": 0.997}
    page = visit("/", "student")
    # A learning step of minutes is due with everything remembered; the reply is made up, because minutes would pass.
    due = {"count": 1, "in_steps": 1, "suspended": 0, "upcoming": [], "items": [card]}
    page.route("**/reviews/due*", lambda route: route.fulfill(json=due))
    page.goto("/reviews")
    expect(page.get_by_text("What is a prime?")).to_be_visible()
    expect(page.get_by_text("nearly forgotten")).to_have_count(0)


def test_settings_act_at_once(visit: Visit, look: Look, bank: Bank) -> None:
    page = visit("/login")
    become_student(page, bank)
    page.goto("/settings")
    page.get_by_text("Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_text("125%", exact=True).click()
    expect(page.get_by_text("Saved.").first).to_be_visible()
    page.get_by_label("Language").select_option("de")
    expect(page.get_by_role("heading", name="Einstellungen")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("heading", name="Hallo, Ada")).to_be_visible()
    look(page, "home-german-large")


def test_long_words_and_many_options_fit(visit: Visit, look: Look, bank: Bank) -> None:
    options = [
        {"id": f"o{number}", "html": f"Option {number} " + "x" * 90, "weight": float(number == 0)}
        for number in range(26)
    ]
    long = "Donaudampfschifffahrtsgesellschaftskapitän" * 6 + " \u202eRTL\u202c \u200bzero " + "שלום עולם " * 20
    stem = f"{new_address()} {long}"
    question = bank.add({"type": "single_choice", "stem": stem, "options": options})
    page = visit("/login", size="phone")
    become_student(page, bank)
    start(page, bank, [question])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    look(page, "question-26-options")
    page.keyboard.press("z")
    expect(page.get_by_role("radio").nth(25)).to_be_checked()
