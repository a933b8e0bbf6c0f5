"""Writing packages of QTI 2.1 and 3.0."""

import re
from collections.abc import Iterable
from copy import deepcopy
from typing import BinaryIO

from app.domain.markup import gap_ids, replace_gaps
from app.domain.question_draft import Location, QuestionDraft
from app.formats.cleaning import clean
from app.formats.items import item_events
from app.formats.losses import losses_of
from app.formats.qti.files import LinkedFiles
from app.formats.qti.item import ItemReader
from app.formats.qti.item_writer import TYPES, item_element
from app.formats.qti.names import as_version_3
from app.formats.qti.package_writer import VERSION_21, VERSION_30, ItemFiles, PackageWriter, Version
from app.formats.reading import Loss, Problem, WriteOptions
from app.formats.xml_reading import Element

_HERE = Location()
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,59}")


class Qti21Writer:
    name = "qti21"
    title = "QTI 2.1"
    extension = ".zip"
    mime = "application/zip"

    def write(self, drafts: Iterable[QuestionDraft], out: BinaryIO, options: WriteOptions) -> list[Loss]:
        return _write(drafts, PackageWriter(out, VERSION_21, options), VERSION_21)


class Qti30Writer:
    name = "qti30"
    title = "QTI 3.0"
    extension = ".zip"
    mime = "application/zip"

    def write(self, drafts: Iterable[QuestionDraft], out: BinaryIO, options: WriteOptions) -> list[Loss]:
        return _write(drafts, PackageWriter(out, VERSION_30, options), VERSION_30)


def _write(drafts: Iterable[QuestionDraft], package: PackageWriter, version: Version) -> list[Loss]:
    losses: list[Loss] = []
    for position, draft in enumerate(drafts, start=1):
        if draft.type not in TYPES:
            losses.append(Loss(position, "type", f"QTI cannot hold a question of type {draft.type}."))
            continue
        named = _with_blank_names(draft)
        files = ItemFiles(draft, package)
        ident = draft.external_id or ""
        item = item_element(named, ident if _IDENTIFIER.fullmatch(ident) else f"question{position}")
        _link(item, files)
        losses += files.losses(position)
        losses += losses_of(position, named, _read_back(item, named, files))
        package.add_item(as_version_3(item) if version is VERSION_30 else item, [*files.names.values()])
    package.close()
    return losses


def _with_blank_names(draft: QuestionDraft) -> QuestionDraft:
    """The draft with an identifier as the name of each blank."""
    names = {
        name: name if _IDENTIFIER.fullmatch(name) else f"gap{place}"
        for place, name in enumerate(gap_ids(draft.stem), start=1)
    }
    if not draft.gaps or all(name == other for name, other in names.items()):
        return draft
    gaps = tuple(gap.model_copy(update={"id": names.get(gap.id, gap.id)}) for gap in draft.gaps)
    stem = replace_gaps(draft.stem, lambda name: f"[[{names[name]}]]")
    return draft.model_copy(update={"gaps": gaps, "stem": stem})


def _link(item: Element, files: ItemFiles) -> None:
    addresses = {name: address for address, name in files.names.items()}
    for each in item.iter():
        for attribute in ("src", "data", "href", "poster"):
            if (address := addresses.get(each.get(attribute) or "")) is not None:
                each.set(attribute, address)


def _read_back(item: Element, draft: QuestionDraft, files: ItemFiles) -> QuestionDraft | Problem | None:
    """What a reader makes of it; what the question gains, such as an id, is not held against it."""
    linked = LinkedFiles(files)
    events = item_events(lambda: ItemReader(deepcopy(item), linked, _HERE).events(None), _HERE, "")
    read = next((event for event in events if isinstance(event, QuestionDraft | Problem)), None)
    if not isinstance(read, QuestionDraft):
        return read
    cleaned, _ = clean(read)
    if not isinstance(cleaned, QuestionDraft):
        return cleaned
    external_id = cleaned.external_id if draft.external_id else None
    return cleaned.model_copy(update={"external_id": external_id, "media": draft.media})
