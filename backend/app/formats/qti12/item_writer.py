"""One question as an item of QTI 1.2."""

import re

from app.domain.enums import QuestionType
from app.domain.markup import gap_ids, replace_gaps
from app.domain.numbers import format_number
from app.domain.question_draft import QuestionDraft
from app.formats.qti12.elements import ItemElement, Linker
from app.formats.qti12.extras import extra_metadata
from app.formats.qti12.responses import add_responses
from app.formats.xml_reading import Element

TYPE_NAMES = {
    QuestionType.SINGLE_CHOICE: "multiple_choice_question",
    QuestionType.MULTIPLE_RESPONSE: "multiple_answers_question",
    QuestionType.TRUE_FALSE: "true_false_question",
    QuestionType.SHORT_ANSWER: "short_answer_question",
    QuestionType.NUMERICAL: "numerical_question",
    QuestionType.MATCHING: "matching_question",
    QuestionType.ORDERING: "ordering_question",
    QuestionType.CLOZE: "fill_in_multiple_blanks_question",
    QuestionType.ESSAY: "essay_question",
    QuestionType.DESCRIPTION: "text_only_question",
}

_DROPDOWNS = "multiple_dropdowns_question"
_SIMPLE_NAME = re.compile(r"\w[\w-]{0,40}")
_SHARED_FEEDBACK = {"correct": "correct_fb", "incorrect": "general_incorrect_fb"}


def item_element(draft: QuestionDraft, ident: str, link: Linker) -> Element:
    """The item; the blanks of a cloze must be named as `with_blank_names` does."""
    metadata = {"question_type": _type_name(draft), "points_possible": format_number(draft.points)}
    item = ItemElement(ident, draft.title, metadata | extra_metadata(draft), link)
    is_cloze = draft.type is QuestionType.CLOZE
    item.add_text(replace_gaps(draft.stem, lambda name: f"[{name}]") if is_cloze else draft.stem)
    if draft.explanation:
        item.show_always(item.add_feedback("general_fb", draft.explanation))
    add_responses(draft, item)
    for name, html in draft.feedback.items():
        if html and name in _SHARED_FEEDBACK:
            item.show_always(item.add_feedback(_SHARED_FEEDBACK[name], html))
    for place, html in enumerate(draft.hints, start=1):
        item.add_hint(f"hint{place}", html)
    return item.finished()


def _type_name(draft: QuestionDraft) -> str:
    if draft.type is QuestionType.CLOZE and all(gap.kind == "choice" for gap in draft.gaps):
        return _DROPDOWNS
    return TYPE_NAMES[draft.type]


def with_blank_names(draft: QuestionDraft) -> QuestionDraft:
    """The draft with a name for each blank that can stand in square brackets and stands there once."""
    if draft.type is not QuestionType.CLOZE:
        return draft
    text = replace_gaps(draft.stem, lambda _: "")
    names: dict[str, str] = {}
    for place, gap_id in enumerate(gap_ids(draft.stem), start=1):
        is_simple = _SIMPLE_NAME.fullmatch(gap_id) is not None and f"[{gap_id}]" not in text
        names[gap_id] = gap_id if is_simple else _unused(f"blank{place}", text)
    renamed = [gap.model_copy(update={"id": names.get(gap.id, gap.id)}) for gap in draft.gaps]
    places = [*names.values()]
    renamed.sort(key=lambda gap: places.index(gap.id) if gap.id in places else len(places))
    stem = replace_gaps(draft.stem, lambda name: f"[[{names[name]}]]")
    return draft.model_copy(update={"stem": stem, "gaps": tuple(renamed)})


def _unused(name: str, text: str) -> str:
    while f"[{name}]" in text:
        name += "_"
    return name
