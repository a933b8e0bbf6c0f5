"""What an administrator does with a bank: bring it in, mend it, clean it, take it back; and people and teachers."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.web.conftest import Look, Visit

VECTORS = (
    "<script>window.hacked=1</script><img src=x onerror=window.hacked=1><a href='javascript:window.hacked=1'>x</a>"
)
HEADER = "id,question,option_a,option_b,option_c,answer\n"
WORKED_MS = 60_000


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    rows = [
        "one,What is the capital of Norway?,Oslo,Bergen,Trondheim,A",
        "two,What is the capital city of Norway?,Oslo,Bergen,Trondheim,A",
        "three,,Oslo,Bergen,Trondheim,A",
        "four,What is the capital of Chad?,N'Djamena,Abéché,Moundou,D",
        f'five,"Which river is longest? {VECTORS} \u202e{"very " * 400}long",Nile,Rhine,Elbe,A',
    ]
    path = tmp_path / "capitals.csv"
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def upload(page: Page, path: Path) -> None:
    page.goto("/admin/imports/new")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_label("Skill for questions that name none").fill("Capitals")
    page.get_by_label("Publish the questions that are complete").check()
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("Checked, not stored")).to_be_visible(timeout=WORKED_MS)


def test_a_file_with_errors_is_mended_committed_cleaned_and_undone(visit: Visit, look: Look, bank: Path) -> None:
    page = visit("/admin/imports/new", "admin")
    upload(page, bank)
    rows = page.get_by_role("list", name="Rows")
    expect(rows.get_by_text("No question text")).to_be_visible()
    expect(rows.get_by_text("The key is none of the options")).to_be_visible()
    look(page, "admin-import-checked")
    bank.write_text(bank.read_text(encoding="utf-8").replace("three,,", "three,Where is Oslo?,"), encoding="utf-8")
    page.get_by_role("link", name="Upload a corrected file").click()
    upload(page, bank)
    expect(page.get_by_role("list", name="Rows").get_by_text("No question text")).to_have_count(0)
    page.get_by_role("button", name=re.compile("Put 4 questions into the bank")).click()
    expect(page.get_by_role("link", name="See its questions")).to_be_visible(timeout=WORKED_MS)
    look(page, "admin-import-committed")
    imported = page.url
    page.get_by_role("link", name="See its questions").click()
    expect(page.locator("main li a .stem")).to_have_count(4)
    page.get_by_text("Which river is longest?").click()
    expect(page.get_by_role("heading", name="As students see it")).to_be_visible()
    assert page.evaluate("window.hacked") is None
    page.goto("/admin/duplicates")
    page.get_by_role("button", name="Look for duplicates").click()
    expect(page.get_by_text("Almost the same").last).to_be_visible(timeout=WORKED_MS)
    look(page, "admin-duplicates-found")
    page.goto(imported)
    page.get_by_role("button", name="Undo the import").click()
    page.get_by_role("dialog").get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("The questions were taken out again.")).to_be_visible(timeout=WORKED_MS)


def test_a_file_without_rows_says_so_and_a_long_one_is_gone_through(visit: Visit, look: Look, tmp_path: Path) -> None:
    page = visit("/admin/imports/new", "admin")
    path = tmp_path / "rows.csv"
    path.write_text(HEADER, encoding="utf-8")
    upload(page, path)
    expect(page.get_by_text("No question was found in this file")).to_be_visible()
    look(page, "admin-import-nothing")
    rows = [f"{n},How much is {n} and {n % 97} in all?,{n + n % 97},{n + 1000},{n + 2000},A" for n in range(2_000)]
    path.write_text(HEADER + "\n".join([*rows, "last,Which key is wrong?,a,b,c,D"]) + "\n", encoding="utf-8")
    upload(page, path)
    shown = page.get_by_role("list", name="Rows")
    expect(shown.get_by_text("The key is none of the options")).to_be_visible()
    page.get_by_label("Every outcome").select_option("")
    expect(shown.get_by_text("How much is 0 and 0 in all?")).to_be_visible()
    page.get_by_role("region", name="Rows", exact=True).evaluate("box => { box.scrollTop = box.scrollHeight; }")
    expect(shown.get_by_text("Which key is wrong?")).to_be_visible()
    page.get_by_placeholder("Go to row").fill("1000")
    page.keyboard.press("Enter")
    expect(shown.get_by_text("How much is 999 and 29 in all?")).to_be_visible()
    assert page.locator("[aria-posinset]").count() < 100


def test_a_table_with_other_columns_is_read_in_the_second_try(visit: Visit, look: Look, tmp_path: Path) -> None:
    page = visit("/admin/imports/new", "admin")
    expect(page.get_by_text("Choose a file first.")).to_be_visible()
    path = tmp_path / "aufgaben.csv"
    rows = [f"Was ist {n} und {uuid4().hex}?;{n};{n};{n + 1}" for n in range(3)]
    path.write_text("\n".join(["Aufgabe;Loesung;Wahl1;Wahl2", *rows]) + "\n", encoding="utf-8")
    upload(page, path)
    expect(page.get_by_text("The columns of this table are not understood.")).to_be_visible()
    expect(page.get_by_text("Look at the rows, then commit")).to_have_count(0)
    look(page, "admin-import-unknown")
    again(page, path)
    for field, column in {"Question": 0, "Answer": 1, "Option A": 2, "Option B": 3}.items():
        page.get_by_label(f"Column of {field}", exact=True).select_option(str(column))
    look(page, "admin-import-again")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("button", name="Put 3 questions into the bank")).to_be_visible(timeout=WORKED_MS)
    again(page, path)
    expect(page.get_by_label("Column of Option B")).to_have_value("3")


def again(page: Page, path: Path) -> None:
    """The form for a corrected file knows what was chosen for the earlier one."""
    page.get_by_role("link", name="Upload a corrected file").first.click()
    expect(page.get_by_label("Skill for questions that name none")).to_have_value("Capitals")
    expect(page.get_by_label("Publish the questions that are complete")).to_be_checked()
    expect(page.get_by_label("Into which subject")).not_to_have_value("")
    page.locator("input[type=file]").set_input_files(path)


def test_rows_that_would_be_drafts_are_told_beside_the_commit(visit: Visit, look: Look, tmp_path: Path) -> None:
    page = visit("/admin/imports/new", "admin")
    path = tmp_path / "colours.gift"
    items = ["::1::What is {n} red? {{=a ~b ~c}}", "::2::What is {n} blue? {{~a ~b ~c}}"]
    path.write_text("\n\n".join(items).format(n=uuid4().hex), encoding="utf-8")
    upload(page, path)
    rows = page.get_by_role("list", name="Rows")
    expect(page.get_by_text("1 of them will be a draft")).to_be_visible()
    expect(rows.get_by_text("blue")).to_be_visible()
    expect(rows.get_by_text("red")).to_have_count(0)
    page.get_by_label("Every outcome").select_option("")
    expect(rows.get_by_text("red")).to_be_visible()
    page.get_by_role("link", name="Show rows with a warning").click()
    expect(rows.get_by_text("red")).to_have_count(0)
    look(page, "admin-import-drafts")


def test_a_question_is_written_saved_and_published(visit: Visit) -> None:
    page = visit("/admin/bank/new", "admin")
    page.get_by_role("textbox", name="Question text").fill("What is **two** times \\(3_a\\)?")
    for letter, text in zip("ABCD", ("6", "7", "8", "9"), strict=True):
        page.get_by_role("textbox", name=f"Option {letter}", exact=True).fill(text)
    page.get_by_role("radio", name="Right").first.check()
    expect(page.get_by_text("The question belongs to no skill.")).to_be_visible()
    try_in_the_preview(page)
    page.get_by_label("Skills").select_option(index=1)
    expect(page.get_by_text("Complete: it can be published.")).to_be_visible()
    page.get_by_role("button", name="Save and publish").click()
    expect(page.get_by_role("heading", name=re.compile(r"Question \d+"))).to_be_visible()
    expect(page.get_by_role("textbox", name="Question text")).to_have_value("What is **two** times \\(3_a\\)?")


def try_in_the_preview(page: Page) -> None:
    """Answered as a student would; what is told follows the key while it is changed."""
    preview = page.get_by_role("region", name="As students see it")
    preview.get_by_role("radio", name="7").check(force=True)
    preview.get_by_role("button", name="Check").click()
    result = preview.get_by_role("region", name="Result")
    expect(result).to_contain_text("Not quite")
    page.get_by_role("radio", name="Right").nth(1).check()
    expect(result).to_contain_text("Right")
    page.get_by_role("radio", name="Right").first.check()
    expect(result).to_contain_text("Not quite")
    preview.get_by_role("button", name="Try again").click()


def test_two_editors_lose_nothing(visit: Visit) -> None:
    first = visit("/admin/bank", "admin")
    first.locator("main li a").nth(4).click()
    expect(first.get_by_role("heading", name="As students see it")).to_be_visible()
    second = visit(first.url, "admin")
    # Both have read the same revision before one of them writes.
    expect(second.get_by_role("heading", name="As students see it")).to_be_visible()
    changes = ((first, "first hint", "Saved."), (second, "second hint", "Somebody else changed this question"))
    for page, text, told in changes:
        page.get_by_role("textbox", name="Explanation", exact=True).fill(text)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text(told)).to_be_visible()
    expect(second.get_by_role("textbox", name="Explanation", exact=True)).to_have_value("second hint")
    second.get_by_role("button", name="Save mine over theirs").click()
    expect(second.get_by_text("Somebody else changed this question")).to_have_count(0)


def test_text_survives_a_login_that_ends_and_a_reload(visit: Visit, logins) -> None:
    page = visit("/admin/bank/new", "admin")
    page.get_by_role("textbox", name="Question text").fill(f"Kept across a lost login {uuid4().hex}?")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save as draft").click()
    dialog = page.get_by_role("dialog", name="Log in again")
    dialog.get_by_label("Password").fill(logins.password("admin")[1])
    dialog.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(re.compile(r"/admin/bank/[0-9a-f-]{36}$"))
    page.get_by_role("textbox", name="Question text").fill("Typed and not saved.")
    page.wait_for_timeout(900)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="Go on with it").click()
    expect(page.get_by_role("textbox", name="Question text")).to_have_value("Typed and not saved.")


def test_people_come_from_a_table(visit: Visit, look: Look, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    address = f"{uuid4().hex}@example.org"
    lines = ["email,name,role", f"{address},New One,student", "no address,,boss", "admin@demo.example,Known,"]
    path.write_text("\n".join(lines), encoding="utf-8")
    page = visit("/admin/users/table", "admin")
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("This is no e-mail address.")).to_be_visible()
    look(page, "admin-users-table-checked")
    page.get_by_role("button", name="Make 1 account").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download names and passwords").click()
    assert address in Path(download.value.path()).read_text(encoding="utf-8-sig")


def test_ten_thousand_people_and_none_are_read(visit: Visit, tmp_path: Path) -> None:
    page = visit("/admin/users/table", "admin")
    many = tmp_path / "many.csv"
    many.write_text("email,name\n" + "".join(f"p{n}@example.org,P {n}\n" for n in range(10_000)), encoding="utf-8")
    page.locator("input[type=file]").set_input_files(many)
    expect(page.get_by_text("New: 10,000")).to_be_visible(timeout=WORKED_MS)
    assert page.locator("[aria-posinset]").count() < 100
    none = tmp_path / "none.csv"
    none.write_text("email,name\n", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(none)
    expect(page.get_by_text("The table has no rows.")).to_be_visible()


def test_a_circle_of_skills_is_named(visit: Visit) -> None:
    page = visit("/admin/subjects", "admin")
    page.locator("main li a").first.click()
    page.get_by_role("button", name=re.compile("^Integer arithmetic: needs 0")).click()
    page.get_by_label("Add what must be learned before").select_option(label="Fractions and decimals")
    expect(page.get_by_role("alert")).to_contain_text(
        re.compile("This would be a circle: .*(Integer arithmetic → .*Fractions|Fractions.* → .*Integer arithmetic)")
    )


def test_teachers_find_content_and_not_what_is_the_admins(visit: Visit) -> None:
    page = visit("/admin", "teacher")
    menu = page.get_by_role("navigation", name="Main").first
    expect(menu.get_by_role("link", name="Questions")).to_be_visible()
    expect(menu.get_by_role("link", name="Users")).to_have_count(0)
    page.goto("/admin/users")
    expect(page.get_by_text("This page does not exist, or it is not yours to see.")).to_be_visible()
