"""The SQLite database inside an Anki package, opened from memory and read with as little trust as possible."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from app.formats.anki.note_types import NoteType, new_note_types, old_decks, old_note_types

SEPARATOR = "\x1f"

_MAGIC = b"SQLite format 3\x00"
_JOURNAL_MODE = slice(18, 20)
_ROLLBACK_JOURNAL = b"\x01\x01"
_STEPS_BETWEEN_CHECKS = 100_000
# Some seconds; 100,000 notes take a hundredth of it.
_MOST_CHECKS = 2_000
_LONGEST_VALUE = 16_000_000
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})
_OLD_TABLES = frozenset({"col", "notes", "cards"})
_NEW_TABLES = frozenset({"notetypes", "fields", "templates", "decks"})


class CollectionError(Exception):
    """The database is no collection, is damaged, or never comes to an end."""


@dataclass(frozen=True, slots=True)
class Note:
    guid: str
    note_type: int
    tags: tuple[str, ...]
    fields: tuple[str, ...]
    deck: int | None


class Collection:
    """Note types and decks are read at once, notes one after another."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        tables = _tables(database)
        if not tables >= _OLD_TABLES:
            raise CollectionError("The tables of a collection are not there.")
        try:
            self.note_types, self._decks = _new_schema(database) if tables >= _NEW_TABLES else _old_schema(database)
        except ValueError as error:
            raise CollectionError("The note types cannot be read.") from error

    def notes(self) -> Iterator[Note]:
        decks = dict(self._database.execute("SELECT nid, did FROM cards ORDER BY id DESC"))
        for key, guid, note_type, tags, fields in self._database.execute(
            "SELECT id, guid, mid, tags, flds FROM notes ORDER BY id"
        ):
            texts = tuple(str(fields).split(SEPARATOR))
            yield Note(str(guid), note_type, tuple(str(tags).split()), texts, decks.get(key))

    def deck_path(self, deck: int | None) -> tuple[str, ...]:
        name = self._decks.get(deck or 0, "").replace(SEPARATOR, "::")
        return tuple(part.strip() for part in name.split("::") if part.strip())


def _new_schema(database: sqlite3.Connection) -> tuple[dict[int, NoteType], dict[int, str]]:
    decks = {key: str(name) for key, name in database.execute("SELECT id, name FROM decks")}
    return new_note_types(database), decks


def _old_schema(database: sqlite3.Connection) -> tuple[dict[int, NoteType], dict[int, str]]:
    models, decks = database.execute("SELECT models, decks FROM col").fetchone() or ("", "")
    return old_note_types(models), old_decks(decks)


@contextmanager
def opened_collection(data: bytearray) -> Iterator[Collection]:
    """The collection in the bytes of a database file, which are changed and given up.

    Raises:
        CollectionError: For everything that is wrong with it, also while notes are read.
    """
    if not data.startswith(_MAGIC):
        raise CollectionError("It holds no database.")
    data[_JOURNAL_MODE] = _ROLLBACK_JOURNAL  # a log file beside it would be needed otherwise, and there is none
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(data)
            data.clear()
            _distrust(database)
            yield Collection(database)
    except sqlite3.Error as error:
        raise CollectionError(str(error)) from error


def _distrust(database: sqlite3.Connection) -> None:
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA query_only = ON")
    database.execute("PRAGMA cell_size_check = ON")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    database.text_factory = lambda text: text.decode(errors="replace")
    checks = 0

    def is_endless() -> bool:
        nonlocal checks
        checks += 1
        return checks > _MOST_CHECKS

    database.set_progress_handler(is_endless, _STEPS_BETWEEN_CHECKS)
    database.set_authorizer(_authorize)


def _authorize(action: int, *_: str | None) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _tables(database: sqlite3.Connection) -> set[str]:
    """Real tables only: a view or a virtual table runs what its author wrote."""
    statement = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
    listed = [(str(name), str(sql)) for name, sql in database.execute(statement)]
    return {name for name, sql in listed if not sql.upper().lstrip().startswith("CREATE VIRTUAL")}
