"""Markup of strangers shows as text or not at all: it runs nothing, and the content policy has nothing to refuse."""

from itertools import product

from playwright.sync_api import expect

from tests.e2e.web.conftest import Look, Visit
from tests.e2e.web.students import Bank, become_student, new_address, start

HIT = "window.hit=1"
HANDLERS = ("onerror", "onload", "onclick", "onmouseover", "onfocus", "onanimationstart", "ontoggle", "onpointerenter")
TAGS = ("img alt=x", "svg", "body", "video", "details open", "input autofocus", "math")
VECTORS = [
    *(f"<{tag} {handler}={HIT}>" for tag, handler in product(TAGS, HANDLERS)),
    f"<script>{HIT}</script>",
    f"<scr<script>ipt>{HIT}</scr</script>ipt>",
    f"<SCRIPT SRC=data:text/javascript,{HIT}></SCRIPT>",
    f'<a href="javascript:{HIT}">go</a>',
    f'<a href="jav&#x09;ascript:{HIT}">go</a>',
    f'<a href=" &#14; javascript:{HIT}">go</a>',
    f'<a href="data:text/html,<script>{HIT}</script>">go</a>',
    f'<iframe srcdoc="<script>parent.{HIT}</script>"></iframe>',
    f'<iframe src="javascript:parent.{HIT}"></iframe>',
    f'<object data="javascript:{HIT}"></object>',
    f'<embed src="javascript:{HIT}">',
    f'<form action="javascript:{HIT}"><button>go</button></form>',
    f"<svg><script>{HIT}</script></svg>",
    f"<svg><animate onbegin={HIT} attributeName=x dur=1s>",
    f'<svg><a xlink:href="javascript:{HIT}"><text>go</text></a></svg>',
    f"<math><mtext><table><mglyph><style><img alt=x onerror={HIT}>",
    f'<math href="javascript:{HIT}">go</math>',
    f'<noscript><p title="</noscript><img alt=x onerror={HIT}>">',
    f"<style>@import 'javascript:{HIT}';</style>",
    f'<div style="background:url(javascript:{HIT})">x</div>',
    f'<link rel=stylesheet href="javascript:{HIT}">',
    f'<meta http-equiv=refresh content="0;url=javascript:{HIT}">',
    f'<base href="javascript:{HIT}//">',
    f'"><img alt=x onerror={HIT}>',
    rf"\(\href{{javascript:{HIT}}}{{x}}\)",
    rf'\(\includegraphics{{x" onerror="{HIT}}}\)',
    rf'\(\htmlData{{x="{HIT}"}}{{x}}\)',
    r"\(\def\a{\a\a}\a\)",
]  # fmt: skip
DANGEROUS = """() => [...document.querySelectorAll('.practice *')].filter((element) =>
    ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'STYLE', 'FORM', 'LINK', 'META', 'BASE'].includes(element.tagName)
    || [...element.attributes].some(({ name, value }) => /^on/.test(name) || /^\\s*(javascript|data):/i.test(value))
).map((element) => element.outerHTML)"""


def test_questions_of_strangers_run_nothing(visit: Visit, bank: Bank) -> None:
    assert len(VECTORS) >= 80
    stem = "".join(f"<p>{number}: {vector}</p>" for number, vector in enumerate(VECTORS))
    options = [
        {"id": f"o{number}", "html": f"{number} {vector}", "weight": float(number == 0), "feedback": vector}
        for number, vector in enumerate(VECTORS[-26:])
    ]
    draft = {"type": "single_choice", "options": options, "explanation": stem, "hints": [VECTORS[0]]}
    question = bank.add({**draft, "stem": f"{new_address()} {stem}"})
    page = visit("/login")
    become_student(page, bank)
    start(page, bank, [question])
    page.get_by_role("radio").last.check(force=True)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("region", name="Result")).to_be_visible()
    page.get_by_role("region", name="Question 1").locator("p").first.hover()
    assert page.evaluate("window.hit") is None
    assert page.evaluate(DANGEROUS) == []


def test_endless_words_and_scripts_from_the_right_stay_on_a_phone(visit: Visit, look: Look, bank: Bank) -> None:
    endless = "Donaudampfschifffahrt" * 60
    right_to_left = "\u202eمن اليمين\u202c \u200b\u200d\u2066"
    texts = [endless, right_to_left, *(f"{'many words ' * 40}{number}" for number in range(24))]
    options = [{"id": f"o{n}", "html": text, "weight": float(n == 0)} for n, text in enumerate(texts)]
    stem = f"{new_address()} {right_to_left} {endless} {'very ' * 1500}long?"
    question = bank.add({"type": "single_choice", "shuffle": False, "stem": stem, "options": options})
    page = visit("/login", size="phone")
    become_student(page, bank)
    start(page, bank, [question])
    expect(page.get_by_role("radio")).to_have_count(26)
    page.keyboard.press("z")
    expect(page.get_by_role("radio").last).to_be_checked()
    look(page, "practice-endless")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("region", name="Result")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
