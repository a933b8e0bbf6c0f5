"""The one writer of new questions: by COPY, because an import inserts them by the thousand."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, LiteralString, TypeAlias

import orjson
import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.models.base import Json
from app.repositories.question_rows import NewQuestion

Row: TypeAlias = tuple[object, ...]

FIRST: Final = 1  # number of a first version, key and revision


class BulkWriter:
    """Writes in the caller's transaction. Whoever calls it holds the lock of the subject."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def write(self, questions: Sequence[NewQuestion]) -> None:
        """Insert all or nothing; numbers are given in the order of the sequence.

        Raises:
            IntegrityError: A question of the same content or external id exists already.
        """
        if not questions:
            return
        self.session.flush()
        connection = self.session.connection()
        driver = connection.connection.driver_connection
        if not isinstance(driver, psycopg.Connection):
            raise TypeError("questions are written through psycopg")
        try:
            with driver.cursor() as cursor:
                for statement, rows_of in _TABLES:
                    _copy(cursor, statement, (row for question in questions for row in rows_of(question)))
        except psycopg.Error as error:
            raise _as_raised_elsewhere(error) from error


def _copy(cursor: psycopg.Cursor[tuple[object, ...]], statement: LiteralString, rows: Iterable[Row]) -> None:
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _as_raised_elsewhere(error: psycopg.Error) -> BaseException:
    """The driver's error as SQLAlchemy raises it, so that callers know one family of errors."""
    return DBAPIError.instance("COPY", None, error, psycopg.Error)


def _dump(value: Json) -> str:
    return orjson.dumps(value).decode()


def _question(new: NewQuestion) -> list[Row]:
    form = new.form
    row = (
        new.id,
        new.subject_id,
        form.type,
        new.status,
        new.namespace,
        form.external_id,
        FIRST,
        FIRST,
        form.content_hash,
        form.stem_hash,
        form.stem_text,
        new.import_id,
        new.created_by,
        new.published_at,
    )
    return [row]


def _version(new: NewQuestion) -> list[Row]:
    return [(new.version_id, new.id, FIRST, _dump(new.form.content), _dump(new.form.details), new.created_by)]


def _key(new: NewQuestion) -> list[Row]:
    return [(new.key_id, new.version_id, FIRST, _dump(new.form.key), new.created_by, "")]


def _parameters(new: NewQuestion) -> list[Row]:
    return [(new.id, new.form.difficulty, new.form.difficulty, 0, 1.0, 0.0)]


def _skills(new: NewQuestion) -> list[Row]:
    return [(new.id, skill_id) for skill_id in dict.fromkeys(new.skill_ids)]


def _tags(new: NewQuestion) -> list[Row]:
    return [(new.id, tag_id) for tag_id in dict.fromkeys(new.tag_ids)]


_COPY_QUESTIONS: Final = (
    "COPY questions (id, subject_id, type, status, namespace, external_id, version, revision, content_hash,"
    " stem_hash, stem_text, import_id, created_by, published_at) FROM STDIN"
)
_TABLES: Final[tuple[tuple[LiteralString, Callable[[NewQuestion], list[Row]]], ...]] = (
    (_COPY_QUESTIONS, _question),
    ("COPY question_versions (id, question_id, number, content, details, created_by) FROM STDIN", _version),
    ("COPY question_keys (id, version_id, number, key, created_by, reason) FROM STDIN", _key),
    ("COPY item_parameters (id, difficulty, prior, answers, discrimination, guess) FROM STDIN", _parameters),
    ("COPY question_skills (question_id, skill_id) FROM STDIN", _skills),
    ("COPY question_tags (question_id, tag_id) FROM STDIN", _tags),
)
