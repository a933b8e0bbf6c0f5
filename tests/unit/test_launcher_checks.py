import itertools

import pytest

from app.domain.enums import QuestionType
from app.domain.grading import grade
from app.domain.question_draft import QuestionDraft
from app.domain.question_split import split
from app.domain.responses import Response
from scripts.demo.bank import demo_bank
from scripts.launcher.checks import some_response

DRAFTS = {draft.type: draft for draft in demo_bank().drafts}


@pytest.mark.parametrize("draft", DRAFTS.values(), ids=DRAFTS.keys())
def test_answer_suits_every_type_of_question(draft: QuestionDraft) -> None:
    counter = itertools.count()
    content, key = split(draft, new_id=lambda: f"id{next(counter)}")
    response = Response.model_validate(some_response(content.model_dump(mode="json")))
    seed = 1 if draft.type is QuestionType.PARAMETRIC else None
    assert grade(content, key, response, seed=seed) is not None
