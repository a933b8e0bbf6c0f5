"""The HTML fields of a draft, by who sees them when."""

from app.domain.question_draft import Html, QuestionDraft


def shown_html(draft: QuestionDraft) -> list[Html]:
    """What a student sees before answering."""
    shown = [draft.stem, *draft.distractors, *(option.html for option in draft.options)]
    shown += [side for pair in draft.pairs for side in (pair.left, pair.right)]
    shown += [item.html for item in draft.order]
    shown += [option.html for gap in draft.gaps for option in gap.options]
    return [*shown, draft.passage.html] if draft.passage else shown


def hidden_html(draft: QuestionDraft) -> list[Html]:
    """What belongs to the key: explanation, hints and every feedback."""
    numerics = [draft.numeric, *(gap.numeric for gap in draft.gaps)]
    hidden = [draft.explanation, *draft.hints, *draft.feedback.values()]
    hidden += [option.feedback for option in draft.options]
    hidden += [answer.feedback for answer in draft.answers]
    hidden += [pair.feedback for pair in draft.pairs]
    hidden += [answer.feedback for numeric in numerics if numeric for answer in numeric.answers]
    hidden += [option.feedback for gap in draft.gaps for option in gap.options]
    return hidden + [answer.feedback for gap in draft.gaps for answer in gap.answers]
