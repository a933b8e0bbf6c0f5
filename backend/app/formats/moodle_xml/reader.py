"""Moodle XML files as questions."""

from collections.abc import Iterator

from app.domain.question_draft import Location, QuestionDraft
from app.formats.drafts import build_draft
from app.formats.gift.blocks import category_path
from app.formats.items import UncarriedError, item_events
from app.formats.moodle_xml.answers import READ_ANSWERS, Fields, is_true, number
from app.formats.moodle_xml.calculated import calculated
from app.formats.moodle_xml.cloze import embedded_answers, numbered_places
from app.formats.moodle_xml.texts import FileNames, QuestionTexts, raw_text
from app.formats.reading import Event, Problem, ReadOptions, Sample, Source
from app.formats.weights import unrounded
from app.formats.xml_reading import Element, child, children, root_tag, stream_elements, text_of
from app.utils.html import plain_text

READ_TYPE = {
    **READ_ANSWERS,
    "cloze": embedded_answers,
    "multianswer": embedded_answers,
    "gapselect": numbered_places,
    "ddwtos": numbered_places,
    "calculated": calculated,
    "calculatedsimple": calculated,
}
SETTINGS = "moodle"
TEXT_SETTINGS = ("graderinfo", "responsetemplate")

READ_PARTS = frozenset(
    ("name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "idnumber", "tags", "hint", "answer",
     "correctfeedback", "partiallycorrectfeedback", "incorrectfeedback", "shuffleanswers", "shownumcorrect", "single",
     "usecase", "subquestion", "selectoption", "dragbox", "units", "unitgradingtype", "showunits", "gradingtype",
     "dataset_definitions", "image", "image_base64", "file", *TEXT_SETTINGS)
)  # fmt: skip
_DEFAULT_SETTINGS = frozenset(
    {("hidden", "0"), ("answernumbering", "abc"), ("layouttype", "VERTICAL"), ("selecttype", "ALL")}
)
FEEDBACK_PARTS = {
    "correct": "correctfeedback",
    "partial": "partiallycorrectfeedback",
    "incorrect": "incorrectfeedback",
}


class MoodleXmlReader:
    name = "moodle_xml"
    title = "Moodle XML"
    extensions: tuple[str, ...] = (".xml",)

    def sniff(self, sample: Sample) -> float:
        if root_tag(sample.text).name != "quiz":
            return 0.0
        return 0.95 if "<question" in sample.text else 0.5

    def read(self, source: Source, options: ReadOptions) -> Iterator[Event]:
        names = FileNames()
        category: tuple[str, ...] = ()
        place = Location(file=source.name)
        for element, line in stream_elements(source.open(), {"question"}, options.limits, place, source.encoding):
            if element.get("type") == "category":
                category = category_path(raw_text(child(element, "category")))
                continue
            yield from question_events(element, names, category, Location(file=source.name, line=line))


def question_events(
    question: Element, names: FileNames, category: tuple[str, ...], location: Location
) -> tuple[Event, ...]:
    """The files of a question, then the question or what stands in its place."""
    texts = QuestionTexts(question, names, location)
    return item_events(lambda: _events(question, texts, category, location), location, _describe(question))


def _events(question: Element, texts: QuestionTexts, category: tuple[str, ...], location: Location) -> Iterator[Event]:
    kind = question.get("type") or "unknown"
    if kind not in READ_TYPE:
        raise UncarriedError(kind)
    fields = _common_fields(question, texts)
    special = READ_TYPE[kind](question, texts)
    yield from texts.events
    yield _draft(fields, special | {"category": category}, texts, location)


def _draft(fields: Fields, special: Fields, texts: QuestionTexts, location: Location) -> QuestionDraft | Problem:
    feedback = {**_dict(special.pop("feedback", {})), **_dict(fields.pop("feedback", {}))}
    extensions = _dict(fields.pop("extensions", {})) | ({"text_format": "markdown"} if texts.is_markdown else {})
    merged = fields | special | {"feedback": feedback, "extensions": extensions, "media": (*texts.media.values(),)}
    return build_draft(merged, location)


def _dict(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _describe(question: Element) -> str:
    return raw_text(child(question, "name")) or plain_text(raw_text(child(question, "questiontext")))


def _common_fields(question: Element, texts: QuestionTexts) -> Fields:
    fields: Fields = {
        "stem": texts.stem,
        "title": raw_text(child(question, "name")),
        "explanation": texts.html(child(question, "generalfeedback")),
        "feedback": {name: html for name, tag in FEEDBACK_PARTS.items() if (html := texts.html(child(question, tag)))},
        "hints": tuple(html for hint in children(question, "hint") if (html := texts.html(hint))),
        "tags": _tags(question),
        "shuffle": is_true(question, "shuffleanswers", default=True),
    }
    if identifier := text_of(question, "idnumber"):
        fields["external_id"] = identifier
    if points := text_of(question, "defaultgrade"):
        fields["points"] = number(points)
    if penalty := text_of(question, "penalty"):
        fields["penalty"] = unrounded(number(penalty))
    settings = _settings(question)
    return fields | ({"extensions": {SETTINGS: settings}} if settings else {})


def _tags(question: Element) -> tuple[str, ...]:
    listed = child(question, "tags")
    tags = [raw_text(tag) for tag in children(listed, "tag")] if listed is not None else []
    return tuple(tag for tag in tags if tag)


def _settings(question: Element) -> dict[str, str]:
    """What Moodle keeps with a question and we have no field for."""
    plain = [(str(part.tag), (part.text or "").strip()) for part in question if not len(part)]
    settings = {
        name: text for name, text in plain if text and name not in READ_PARTS and (name, text) not in _DEFAULT_SETTINGS
    }
    long = {name: raw_text(child(question, name)) for name in TEXT_SETTINGS}
    return settings | {name: text for name, text in long.items() if text}
