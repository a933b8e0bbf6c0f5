"""New questions from a passage of teaching material; each must stand in the passage and survive being solved again."""

from typing import Final

from app.ai.llm.prompt_templates import template
from app.ai.llm.question_answers import DraftedQuestion, DraftedQuestions
from app.domain.enums import LlmFlow, ProposalStatus, QuestionStatus, QuestionType
from app.domain.proposals import ProposedQuestion
from app.domain.question_draft import Option, QuestionDraft
from app.domain.question_split import split
from app.services.llm_meter import LlmCaller
from app.services.proposal_maker import Asker, Made, as_html, origin, solve
from app.services.proposal_prompts import QuestionWords
from app.utils.ids import opaque_id
from app.utils.text import safe_text

RIGHT: Final = "right"
FLOW: Final = LlmFlow.DRAFT_QUESTION


def draft_questions(asker: Asker, passage: str, count: int) -> list[Made]:
    """At most `count` outcomes; fewer when the passage yields no more."""
    caller = LlmCaller(asker.caller.user_id, asker.caller.role, FLOW, asker.caller.is_background)
    prompt = template("draft_question").render({"passage": passage, "count": str(count)})
    answer = asker.gateway.ask(caller, prompt, DraftedQuestions)
    return [_checked(asker, passage, drafted) for drafted in answer.questions[:count]]


def _checked(asker: Asker, passage: str, drafted: DraftedQuestion) -> Made:
    if _folded(drafted.quote) not in _folded(passage):
        return _rejected("The quoted sentence is not in the passage.")
    texts = [drafted.right, *drafted.wrong]
    if len({_folded(text) for text in texts}) < len(texts):
        return _rejected("Two of its options say the same.")
    draft = _draft_of(drafted)
    solved = solve(asker, QuestionWords(*split(draft, new_id=opaque_id)), passage, FLOW)
    if not solved.agrees:
        return _rejected("An independent solution disagrees with its key.")
    payload = ProposedQuestion(draft=draft, quote=safe_text(drafted.quote))
    return Made(ProposalStatus.OPEN, payload, origin=origin("draft_question"))


def _draft_of(drafted: DraftedQuestion) -> QuestionDraft:
    wrong = tuple(Option(id=f"w{place}", html=as_html(text)) for place, text in enumerate(drafted.wrong))
    # The right one does not come first: whoever solves the draft again must not find it by its place.
    place = len(drafted.question) % (len(wrong) + 1)
    options = (*wrong[:place], Option(id=RIGHT, html=as_html(drafted.right), weight=1.0), *wrong[place:])
    return QuestionDraft(
        type=QuestionType.SINGLE_CHOICE,
        stem=as_html(drafted.question),
        options=options,
        explanation=as_html(drafted.explanation),
        status=QuestionStatus.DRAFT,
    )


def _rejected(note: str) -> Made:
    return Made(ProposalStatus.REJECTED, note=note, origin=origin("draft_question"))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
