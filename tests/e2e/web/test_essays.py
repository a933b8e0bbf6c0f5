"""An essay on its way: written by a student, graded, graded again, and read by the student."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.web.conftest import Look, Visit
from tests.e2e.web.students import Bank, become_student, check, csrf, start

WORDS = "Since the outlier moves the mean, and not the median."


def test_a_grade_is_given_corrected_and_read(visit: Visit, look: Look, bank: Bank) -> None:
    student = visit("/login")
    become_student(student, bank)
    practice = write(student, bank)
    teacher = visit("/admin/essays", "teacher")
    card = teacher.get_by_role("listitem").filter(has_text=WORDS).last
    card.get_by_label(re.compile("Points")).fill("0")
    card.get_by_label("Comment for the student").fill("Where is the reason?")
    card.get_by_role("button", name="Save the grade").click()
    expect(teacher.get_by_text("Graded.")).to_be_visible()
    teacher.get_by_label("Show").select_option("graded")
    card = teacher.get_by_role("listitem").filter(has_text=WORDS).first
    expect(card).to_contain_text("Where is the reason?")
    card.get_by_role("button", name="Grade again").click()
    card.get_by_label(re.compile("Points")).fill("1")
    card.get_by_label("Comment for the student").fill("I had overlooked it.")
    card.get_by_label("Why is the grade changed?").fill("Read too fast.")
    look(teacher, "admin-essays-again")
    card.get_by_role("button", name="Save the new grade").click()
    expect(teacher.get_by_text("The new grade counts now.")).to_be_visible()
    card.get_by_role("button", name="Grade again").click()
    expect(card).to_contain_text("Read too fast.")
    student.request.post(f"/api/v1/practice-sessions/{practice}/finish", headers=csrf(student.request))
    student.goto(f"/practice/{practice}/summary")
    student.locator("main summary").first.click()
    expect(student.get_by_text("Your teacher changed the grade")).to_be_visible()
    expect(student.get_by_text("I had overlooked it.")).to_be_visible()
    expect(student.get_by_text("Read too fast.")).to_have_count(0)
    look(student, "student-summary-corrected")


def test_the_curve_in_force_is_told(visit: Visit, look: Look) -> None:
    student = visit("/reviews", "student")
    expect(student.get_by_role("heading", name="Your forgetting curve")).to_be_visible()
    expect(student.get_by_text("The usual one.")).to_be_visible()
    look(student, "student-reviews-curve")


def write(page: Page, bank: Bank) -> str:
    """An answer to an essay question of the demo; returns the session."""
    practice = start(page, bank, bank.of_type("essay"))
    page.get_by_role("region", name=re.compile("Question")).locator("textarea").fill(WORDS)
    check(page)
    return practice
