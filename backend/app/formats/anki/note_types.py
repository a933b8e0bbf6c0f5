"""Note types: the fields of notes and the templates of their cards, in the old and the new schema."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import BaseModel, TypeAdapter

from app.formats.anki.templates import Node, parse_template
from app.formats.anki.wire import wire_fields

_CLOZE = 1


@dataclass(slots=True)
class NoteType:
    name: str
    is_cloze: bool
    fields: list[str] = field(default_factory=list)
    fronts: list[list[Node]] = field(default_factory=list)
    backs: list[list[Node]] = field(default_factory=list)


class _OldField(BaseModel):
    name: str
    ord: int = 0


class _OldTemplate(BaseModel):
    qfmt: str = ""
    afmt: str = ""
    ord: int = 0


class _OldNoteType(BaseModel):
    name: str = ""
    type: int = 0
    flds: list[_OldField] = []
    tmpls: list[_OldTemplate] = []


class _OldDeck(BaseModel):
    name: str = ""


_OLD_NOTE_TYPES = TypeAdapter(dict[int, _OldNoteType])
_OLD_DECKS = TypeAdapter(dict[int, _OldDeck])


def old_note_types(models: str) -> dict[int, NoteType]:
    """Note types by id, from the JSON column ``models`` of the table ``col``. Raises ValueError when it is damaged."""
    return {key: _of_old(each) for key, each in _OLD_NOTE_TYPES.validate_json(models or "{}").items()}


def _of_old(old: _OldNoteType) -> NoteType:
    templates = sorted(old.tmpls, key=lambda template: template.ord)
    return NoteType(
        old.name,
        old.type == _CLOZE,
        [each.name for each in sorted(old.flds, key=lambda each: each.ord)],
        [parse_template(template.qfmt) for template in templates],
        [parse_template(template.afmt) for template in templates],
    )


def old_decks(decks: str) -> dict[int, str]:
    return {key: deck.name for key, deck in _OLD_DECKS.validate_json(decks or "{}").items()}


def new_note_types(database: sqlite3.Connection) -> dict[int, NoteType]:
    """Note types by id, from tables of their own. Raises WireError or sqlite3.Error when they are damaged."""
    types = {
        key: NoteType(str(name), _number(config, 1) == _CLOZE)
        for key, name, config in database.execute("SELECT id, name, config FROM notetypes")
    }
    for key, name in database.execute("SELECT ntid, name FROM fields ORDER BY ntid, ord"):
        if key in types:
            types[key].fields.append(str(name))
    for key, config in database.execute("SELECT ntid, config FROM templates ORDER BY ntid, ord"):
        if key in types:
            types[key].fronts.append(parse_template(_text(config, 1)))
            types[key].backs.append(parse_template(_text(config, 2)))
    return types


def _number(message: object, wanted: int) -> int:
    return next((value for value in _values(message, wanted) if isinstance(value, int)), 0)


def _text(message: object, wanted: int) -> str:
    return next((value.decode(errors="replace") for value in _values(message, wanted) if isinstance(value, bytes)), "")


def _values(message: object, wanted: int) -> Iterator[int | bytes]:
    data = message if isinstance(message, bytes) else b""
    return (value for number, value in wire_fields(data) if number == wanted)
