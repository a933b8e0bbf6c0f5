"""Small files of the packaged formats, built on the spot: what a test is about stands in the test."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import closing

import openpyxl
import zstandard

from app.domain.question_draft import QuestionDraft
from app.formats.pipeline import checked_events
from app.formats.reading import Event, MediaFile, Problem, ReadOptions, Source, Unsupported
from app.formats.registry import detect

OLD_SCHEMA = """
CREATE TABLE col (models text, decks text);
CREATE TABLE notes (id integer PRIMARY KEY, guid text, mid integer, tags text, flds text);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer, did integer);
"""
NEW_SCHEMA = """
CREATE TABLE notetypes (id integer PRIMARY KEY, name text COLLATE unicase, config blob);
CREATE TABLE fields (ntid integer, ord integer, name text COLLATE unicase, PRIMARY KEY (ntid, ord)) WITHOUT ROWID;
CREATE TABLE templates (ntid integer, ord integer, config blob, PRIMARY KEY (ntid, ord)) WITHOUT ROWID;
CREATE TABLE decks (id integer PRIMARY KEY, name text COLLATE unicase);
"""
BASIC = {"name": "Basic", "type": 0, "flds": [{"name": "Front"}, {"name": "Back", "ord": 1}]}
FRONT, BACK = "{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}"


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def events_of(data: bytes, name: str = "file", options: ReadOptions | None = None) -> list[Event]:
    """What an import sees of the file, whose format is found from its content."""
    source = Source.of_bytes(name, data)
    return list(checked_events(detect(source), source, options or ReadOptions()))


def drafts(events: Sequence[Event]) -> list[QuestionDraft]:
    return [event for event in events if isinstance(event, QuestionDraft)]


def problems(events: Sequence[Event]) -> list[Problem]:
    return [event for event in events if isinstance(event, Problem)]


def unsupported(events: Sequence[Event]) -> list[Unsupported]:
    return [event for event in events if isinstance(event, Unsupported)]


def media(events: Sequence[Event]) -> dict[str, bytes]:
    return {event.name: event.open().read() for event in events if isinstance(event, MediaFile)}


def workbook(
    *rows: Sequence[object], title: str = "Sheet", others: Mapping[str, Sequence[object]] | None = None
) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for name, row in (others or {}).items():
        book.create_sheet(name).append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def database(*statements: str, rows: Mapping[str, Sequence[Sequence[object]]] | None = None) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.create_collation("unicase", lambda left, right: (left > right) - (left < right))
        for statement in statements:
            connection.executescript(statement)
        for insert, values in (rows or {}).items():
            connection.executemany(insert, values)
        connection.commit()
        return connection.serialize()


def old_collection(
    notes: Sequence[Sequence[str]], kind: Mapping[str, object] | None = None, front: str = FRONT, back: str = BACK
) -> bytes:
    """A collection with notes of one type, given by their fields."""
    models = {"1": {**(kind or BASIC), "tmpls": [{"qfmt": front, "afmt": back}]}}
    decks = {"7": {"name": "Science::Physics"}}
    return database(
        OLD_SCHEMA,
        rows={
            "INSERT INTO col VALUES (?, ?)": [(json.dumps(models), json.dumps(decks))],
            "INSERT INTO notes VALUES (?, ?, 1, ' easy  first ', ?)": [
                (index, f"guid{index}", "\x1f".join(fields)) for index, fields in enumerate(notes)
            ],
            "INSERT INTO cards VALUES (?, ?, 7)": [(index, index) for index in range(len(notes))],
        },
    )


def new_collection(notes: Sequence[Sequence[str]]) -> bytes:
    template = _field(1, FRONT.encode()) + _field(2, BACK.encode())
    return database(
        OLD_SCHEMA,
        NEW_SCHEMA,
        rows={
            "INSERT INTO notetypes VALUES (1, 'Basic', ?)": [(b"",)],
            "INSERT INTO fields VALUES (1, ?, ?)": [(0, "Front"), (1, "Back")],
            "INSERT INTO templates VALUES (1, 0, ?)": [(template,)],
            "INSERT INTO decks VALUES (7, ?)": [("Science\x1fPhysics",)],
            "INSERT INTO notes VALUES (?, 'guid', 1, '', ?)": [
                (index, "\x1f".join(fields)) for index, fields in enumerate(notes)
            ],
            "INSERT INTO cards VALUES (?, ?, 7)": [(index, index) for index in range(len(notes))],
        },
    )


def new_package(collection: bytes, files: Mapping[str, bytes] | None = None) -> bytes:
    """A package as new versions write it, with the dummy for old ones."""
    names = list(files or {})
    listing = b"".join(_field(1, _field(1, name.encode())) for name in names)
    return zipped(
        {
            "meta": b"\x08\x03",
            "collection.anki21b": zstandard.compress(collection),
            "collection.anki2": old_collection([("Please update to the latest Anki version", "")]),
            "media": zstandard.compress(listing),
            **{str(index): zstandard.compress((files or {})[name]) for index, name in enumerate(names)},
        }
    )


def _field(number: int, content: bytes) -> bytes:
    length = bytes([len(content)]) if len(content) < 128 else bytes([len(content) & 127 | 128, len(content) >> 7])
    return bytes([number << 3 | 2]) + length + content
