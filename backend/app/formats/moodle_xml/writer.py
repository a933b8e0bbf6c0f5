"""Questions as Moodle XML."""

from collections.abc import Iterable
from typing import BinaryIO

from app.domain.question_draft import Location, QuestionDraft
from app.formats.cells import join_path
from app.formats.gift.blocks import category_path
from app.formats.losses import losses_of
from app.formats.moodle_xml.cloze_writer import as_numbered
from app.formats.moodle_xml.markup import FileWriter
from app.formats.moodle_xml.question_writer import WRITTEN_TYPES, question_element
from app.formats.moodle_xml.reader import question_events
from app.formats.moodle_xml.texts import FileNames
from app.formats.reading import Loss, Problem, WriteOptions
from app.formats.xml_reading import Element
from app.formats.xml_writing import add, element, serialized, xml_text

_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
_TAIL = b"</quiz>\n"


class MoodleXmlWriter:
    name = "moodle_xml"
    title = "Moodle XML"
    extension = ".xml"
    mime = "application/xml"

    def write(self, drafts: Iterable[QuestionDraft], out: BinaryIO, options: WriteOptions) -> list[Loss]:
        losses: list[Loss] = []
        category: tuple[str, ...] = ()
        out.write(_HEAD)
        for position, draft in enumerate(drafts, start=1):
            if draft.type not in WRITTEN_TYPES:
                losses.append(Loss(position, "type", f"Moodle XML cannot hold a question of type {draft.type}."))
                continue
            if draft.category != category:
                category = draft.category
                out.write(serialized(_category_element(category)))
            files = FileWriter(draft, options)
            written = question_element(draft, files)
            losses += files.losses(position)
            losses += losses_of(position, as_numbered(draft), _read_back(written, draft))
            out.write(serialized(written))
        out.write(_TAIL)
        return losses


def _category_path(category: tuple[str, ...]) -> str:
    return xml_text(join_path(("$course$", "top", *category))).strip()


def _category_element(category: tuple[str, ...]) -> Element:
    made = element("question", {"type": "category"})
    add(add(made, "category"), "text", _category_path(category))
    return made


def _read_back(written: Element, draft: QuestionDraft) -> QuestionDraft | Problem | None:
    """What a reader makes of it. Files are left out: those that are not written are listed as losses already."""
    category = category_path(_category_path(draft.category))
    events = question_events(written, FileNames(), category, Location())
    read = next((event for event in events if isinstance(event, QuestionDraft | Problem)), None)
    return read.model_copy(update={"media": draft.media}) if isinstance(read, QuestionDraft) else read
