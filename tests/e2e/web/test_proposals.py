"""What is proposed for questions, and the decision about it. Descriptions are found without a language model."""

from uuid import uuid4

from playwright.sync_api import expect

from tests.e2e.web.conftest import Look, Visit
from tests.e2e.web.students import Bank

WORKED_MS = 60_000


def test_proposals_are_asked_for_and_decided(visit: Visit, look: Look, bank: Bank) -> None:
    word = f"w{uuid4().hex}"
    for number in range(2):
        options = [{"id": "a", "html": "Yes", "weight": 1.0}, {"id": "b", "html": "No"}]
        bank.add({"type": "single_choice", "stem": f"Is {number} a number in {word}?", "options": options})
    page = visit(f"/admin/bank?q={word}", "admin")
    boxes = page.locator("main li input[type=checkbox]")
    expect(boxes).to_have_count(2)
    for number in range(2):
        boxes.nth(number).check()
    page.get_by_role("button", name="Ask for proposals").click()
    page.get_by_label("Find skills, topic, level, language and difficulty").check()
    page.get_by_role("dialog").get_by_role("button", name="Ask for proposals").click()
    cards = page.locator("main li.card")
    expect(cards.get_by_role("button", name="Accept")).to_have_count(2, timeout=WORKED_MS)
    look(page, "admin-proposals-made")
    cards.nth(0).get_by_role("button", name="Accept").click()
    expect(cards.nth(0)).to_contain_text("Accepted")
    cards.nth(1).get_by_role("button", name="Dismiss").click()
    expect(cards.nth(1)).to_contain_text("Dismissed")
