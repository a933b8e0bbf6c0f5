"""The question types of H5P as fields of questions; one content may hold several."""

from collections.abc import Callable, Iterator, Mapping

from app.domain.enums import QuestionType
from app.domain.question_draft import Answer, OrderItem
from app.formats.drafts import choice_type, local_id, weighted_options
from app.formats.h5p.blanks import BlankText, dragged_gaps, typed_gaps
from app.formats.h5p.values import Params, is_true_at, objects_at, text_at, texts_at
from app.utils.html import plain_text, text_to_html

Fields = dict[str, object]

_LONGEST_TYPED = 400
_FULL = 100


def multi_choice(params: Params) -> Iterator[Fields]:
    answers = objects_at(params, "answers")
    htmls = [text_at(answer, "text") for answer in answers]
    right = {index for index, answer in enumerate(answers) if is_true_at(answer, "correct")}
    feedback = [text_at(answer, "tipsAndFeedback", "chosenFeedback") for answer in answers]
    declared = text_at(params, "behaviour", "type")
    is_multiple = declared == "multi" or (declared != "single" and len(right) > 1)
    single = choice_type([plain_text(html) for html in htmls], [*right][:1])
    tips = [tip for answer in answers if (tip := text_at(answer, "tipsAndFeedback", "tip"))]
    yield {
        "type": QuestionType.MULTIPLE_RESPONSE if is_multiple else single,
        "stem": text_at(params, "question"),
        "options": weighted_options(htmls, right, feedback),
        "hints": tuple(tips[:10]),
    }


def true_false(params: Params) -> Iterator[Fields]:
    right = {"true": {0}, "false": {1}}.get(text_at(params, "correct"), set())
    feedback = [text_at(params, "behaviour", "feedbackOnCorrect"), text_at(params, "behaviour", "feedbackOnWrong")]
    yield {
        "type": QuestionType.TRUE_FALSE,
        "stem": text_at(params, "question"),
        "options": weighted_options(["True", "False"], right),
        "feedback": {name: html for name, html in zip(("correct", "incorrect"), feedback, strict=True) if html},
    }


def blanks(params: Params) -> Iterator[Fields]:
    texts: list[BlankText] = []
    for marked in texts_at(params, "questions"):
        texts.append(BlankText(marked, 1 + sum(len(text.blanks) for text in texts)))
    is_cased = is_true_at(params, "behaviour", "caseSensitive")
    gaps = [gap for text in texts for gap in typed_gaps(text, case_sensitive=is_cased)]
    yield {
        "type": QuestionType.CLOZE,
        "stem": text_at(params, "text") + "".join(f"<p>{text.html}</p>" for text in texts),
        "gaps": tuple(gaps),
        "hints": _tips(texts),
        "points": float(len(gaps) or 1),
    }


def drag_text(params: Params) -> Iterator[Fields]:
    text = BlankText(text_to_html(text_at(params, "textField")))
    others = BlankText(text_at(params, "distractors"))
    distractors = ["/".join(blank.answers) for blank in others.blanks]
    yield {
        "type": QuestionType.CLOZE,
        "stem": f"{text_at(params, 'taskDescription')}<p>{text.html}</p>",
        "gaps": tuple(dragged_gaps(text, distractors)),
        "hints": _tips([text]),
        "points": float(len(text.blanks) or 1),
    }


def _tips(texts: list[BlankText]) -> tuple[str, ...]:
    tips = [text_to_html(blank.tip) for text in texts for blank in text.blanks if blank.tip]
    return tuple(tips[:10])


def single_choice_set(params: Params) -> Iterator[Fields]:
    """The first answer of each question is the right one."""
    for each in objects_at(params, "choices"):
        yield _first_is_right(text_at(each, "question"), texts_at(each, "answers"))


def summary(params: Params) -> Iterator[Fields]:
    for each in objects_at(params, "summaries"):
        yield _first_is_right(text_at(params, "intro"), texts_at(each, "summary"))


def _first_is_right(stem: str, htmls: list[str]) -> Fields:
    right = {0} if htmls else set[int]()
    kind = choice_type([plain_text(html) for html in htmls], right)
    return {"type": kind, "stem": stem, "options": weighted_options(htmls, right)}


def essay(params: Params) -> Iterator[Fields]:
    yield {
        "type": QuestionType.ESSAY,
        "stem": text_at(params, "taskDescription"),
        "explanation": text_at(params, "solution", "sample"),
    }


def sort_paragraphs(params: Params) -> Iterator[Fields]:
    items = [OrderItem(id=local_id(index), html=html) for index, html in enumerate(texts_at(params, "paragraphs"))]
    yield {"type": QuestionType.ORDERING, "stem": text_at(params, "taskDescription"), "order": tuple(items)}


def dialog_cards(params: Params) -> Iterator[Fields]:
    for card in objects_at(params, "dialogs"):
        yield _card(text_at(card, "text"), text_at(card, "answer"), card, text_at(card, "tips", "front"))


def flashcards(params: Params) -> Iterator[Fields]:
    for card in objects_at(params, "cards"):
        answer = text_at(card, "answer")
        typed = tuple(Answer(value=part.strip()) for part in answer.split("/") if part.strip())
        is_typed = len(answer) <= _LONGEST_TYPED
        yield _card(text_at(card, "text"), text_to_html(answer), card, text_at(card, "tip")) | {
            "answers": typed if is_typed else ()
        }


def guess_the_answer(params: Params) -> Iterator[Fields]:
    yield _card(text_at(params, "taskDescription"), text_at(params, "solutionText"), {}, "")


def _card(front: str, back: str, card: Params, tip: str) -> Fields:
    return {
        "type": QuestionType.FLASHCARD,
        "stem": front + picture(card),
        "explanation": back,
        "hints": (tip,) if tip else (),
    }


def picture(card: Params, *path: str) -> str:
    """HTML of the picture that an object has, empty where there is none."""
    name = text_at(card, *path, "image", "path") or text_at(card, "media", "type", "params", "file", "path")
    alternative = text_at(card, "imageAltText") or text_at(card, "media", "type", "params", "alt")
    if not name:
        return ""
    return f'<p><img src="{_attribute(name)}" alt="{_attribute(alternative)}"></p>'


def _attribute(text: str) -> str:
    return text_to_html(text).replace('"', "&quot;")


def overall_feedback(params: Params) -> dict[str, str]:
    """What is said to those who have all, nothing or a part right; texts with a score in them say nothing more."""
    found: dict[str, str] = {}
    for each in objects_at(params, "overallFeedback"):
        text = text_at(each, "feedback")
        low, high = each.get("from"), each.get("to")
        if not text or "@" in text or (low, high) == (0, _FULL):
            continue
        name = "correct" if high == _FULL else "incorrect" if low == 0 else "partial"
        found.setdefault(name, text_to_html(text))
    return found


READ: Mapping[str, Callable[[Params], Iterator[Fields]]] = {
    "H5P.MultiChoice": multi_choice,
    "H5P.TrueFalse": true_false,
    "H5P.Blanks": blanks,
    "H5P.DragText": drag_text,
    "H5P.SingleChoiceSet": single_choice_set,
    "H5P.Summary": summary,
    "H5P.Essay": essay,
    "H5P.SortParagraphs": sort_paragraphs,
    "H5P.Dialogcards": dialog_cards,
    "H5P.Flashcards": flashcards,
    "H5P.GuessTheAnswer": guess_the_answer,
}
