"""A CSV table of people, row by row against the rules for accounts."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from app.core.errors import InvalidInputError, TooLargeError
from app.formats.cells import unguarded
from app.schemas.user import (
    UserRowCode,
    UserRowOutcome,
    UserRowProblem,
    UserTableEntry,
    UserTableRead,
    UserTableRow,
)
from app.utils.text import decode, excerpt

MAX_TABLE_BYTES: Final = 5 * 1024 * 1024
MAX_TABLE_ROWS: Final = 10_000
_DELIMITERS: Final = ",;\t"
_FIELDS: Final = ("email", "name", "role", "locale")
_HEADERS: Final = {
    "email": "email", "emailaddress": "email", "mail": "email", "address": "email", "emailadresse": "email",
    "mailadresse": "email",
    "name": "name", "fullname": "name", "displayname": "name", "vollername": "name", "vollständigername": "name",
    "anzeigename": "name",
    "firstname": "first", "givenname": "first", "forename": "first", "vorname": "first", "rufname": "first",
    "lastname": "last", "surname": "last", "familyname": "last", "nachname": "last", "familienname": "last",
    "zuname": "last",
    "role": "role", "rolle": "role", "locale": "locale", "language": "locale", "sprache": "locale",
}  # fmt: skip
_ROLES: Final = {
    "schüler": "student", "schülerin": "student", "studentin": "student", "pupil": "student", "learner": "student",
    "lehrer": "teacher", "lehrerin": "teacher", "lehrkraft": "teacher",
    "administrator": "admin", "administratorin": "admin",
}  # fmt: skip
_LOCALES: Final = {"english": "en", "englisch": "en", "german": "de", "deutsch": "de"}
_LANGUAGES: Final = ("en", "de")
_CODES: Final = {
    "email": UserRowCode.EMAIL,
    "name": UserRowCode.NAME,
    "role": UserRowCode.ROLE,
    "locale": UserRowCode.LOCALE,
}
_MESSAGES: Final = {
    UserRowCode.EMAIL: "This is no e-mail address.",
    UserRowCode.NAME: "A name has 1 to 120 characters, on one line.",
    UserRowCode.ROLE: "The role is student, teacher or admin.",
    UserRowCode.LOCALE: "The language is en or de, or one of their kinds such as de-AT.",
    UserRowCode.REPEATED: "An earlier row has this address.",
}


class UnreadableTableError(InvalidInputError):
    code = "unreadable_table"


@dataclass(frozen=True, slots=True)
class _Line:
    """The cells of a row by what they mean; `number` is the line where it begins."""

    number: int
    cells: Mapping[str, str]


def read_user_table(data: bytes, taken: Callable[[Collection[str]], set[str]]) -> UserTableRead:
    """What each row would do; `taken` tells which addresses have an account.

    Raises:
        TooLargeError: There are more than 10,000 rows or 5 MB.
        UnreadableTableError: The file is no CSV table, or no column holds addresses, or none names.
    """
    if len(data) > MAX_TABLE_BYTES:
        raise TooLargeError(f"The table is larger than {MAX_TABLE_BYTES // 1024**2} MB.")
    lines, ignored = _lines(decode(data))
    entries = [_entry(line) for line in lines]
    known = taken({entry.email for entry, _ in entries if entry is not None})
    seen: set[str] = set()
    rows = [_row(line, *found, known, seen) for line, found in zip(lines, entries, strict=True)]
    return UserTableRead(rows=rows, ignored=ignored, counts=dict(Counter(row.outcome for row in rows)))


def _lines(text: str) -> tuple[list[_Line], list[str]]:
    """The rows below the header, and the headers that mean nothing here."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text), strict=True)
    try:
        header = next(reader, [])
        meanings = _meanings(header)
        lines = list(_filled(reader, meanings))
    except csv.Error as error:
        raise UnreadableTableError(f"Line {reader.line_num} cannot be read: {error}.") from error
    return lines, [excerpt(cell) for cell, meaning in zip(header, meanings, strict=True) if cell and not meaning]


def _meanings(header: Sequence[str]) -> list[str]:
    meanings = [_HEADERS.get(re.sub(r"[\W_]", "", cell.casefold()), "") for cell in header]
    if "first" in meanings and "last" not in meanings:
        meanings = ["last" if meaning == "name" else meaning for meaning in meanings]
    if "email" not in meanings:
        raise UnreadableTableError("The first row names the columns; one of them must be email.")
    if not {"name", "first", "last"} & set(meanings):
        raise UnreadableTableError("No column holds names. Call one name, or two of them first name and last name.")
    return meanings


def _filled(reader: Iterator[list[str]], meanings: Sequence[str]) -> Iterator[_Line]:
    begin, count = 2, 0
    for cells in reader:
        number, begin = begin, reader.line_num + 1  # type: ignore[attr-defined]  # csv's reader has no type of its own
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MAX_TABLE_ROWS:
            raise TooLargeError(f"The table has more than {MAX_TABLE_ROWS:,} rows. Split it.")
        texts = (unguarded(cell, is_own_table=True).strip() for cell in cells)
        named = {meaning: text for meaning, text in zip(meanings, texts, strict=False) if meaning}
        yield _Line(number, named)


def _delimiter(text: str) -> str:
    header = text.split("\n", 1)[0]
    return max(_DELIMITERS, key=header.count)


def _entry(line: _Line) -> tuple[UserTableEntry | None, list[UserRowProblem]]:
    fields = _fields_of(line)
    entry, columns = None, dict[str, None]()
    try:
        entry = UserTableEntry.model_validate({name: text for name, text in fields.items() if text})
    except ValidationError as error:
        columns = dict.fromkeys(str(each["loc"][0]) for each in error.errors())
    if fields["locale"] and fields["locale"].partition("-")[0].casefold() not in _LANGUAGES:
        columns["locale"] = None
    return None if columns else entry, [_problem(column, _CODES[column]) for column in columns]


def _fields_of(line: _Line) -> dict[str, str]:
    cells = line.cells
    name = cells.get("name") or f"{cells.get('first', '')} {cells.get('last', '')}".strip()
    role, locale = cells.get("role", "").casefold(), cells.get("locale", "")
    return {
        "email": cells.get("email", ""),
        "name": name,
        "role": _ROLES.get(role, role),
        "locale": _LOCALES.get(locale.casefold(), locale),
    }


def _row(
    line: _Line, entry: UserTableEntry | None, problems: list[UserRowProblem], known: set[str], seen: set[str]
) -> UserTableRow:
    if entry is None:
        shown = {name: excerpt(text) for name, text in _fields_of(line).items()}
        return UserTableRow(line=line.number, outcome=UserRowOutcome.ERROR, problems=problems, **shown)
    outcome = UserRowOutcome.EXISTS if entry.email in known else UserRowOutcome.NEW
    if entry.email in seen:
        outcome, problems = UserRowOutcome.ERROR, [_problem("email", UserRowCode.REPEATED)]
    seen.add(entry.email)
    return UserTableRow(
        line=line.number, outcome=outcome, problems=problems, **{name: str(getattr(entry, name)) for name in _FIELDS}
    )


def _problem(column: str, code: UserRowCode) -> UserRowProblem:
    return UserRowProblem(column=column, code=code, message=_MESSAGES[code])
