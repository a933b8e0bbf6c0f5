from pydantic import JsonValue

from app.core.errors import ConflictError
from app.domain.publishing import publish_problems
from app.domain.question_draft import QuestionDraft


class NotPublishableError(ConflictError):
    code = "not_publishable"


def refuse_unpublishable(draft: QuestionDraft) -> None:
    """Raises NotPublishableError that lists everything to be put right before students may see the question."""
    problems: list[JsonValue] = [{"code": each.code.value, "message": each.message} for each in publish_problems(draft)]
    if problems:
        raise NotPublishableError("The question cannot be published as it is.", extra={"problems": problems})
