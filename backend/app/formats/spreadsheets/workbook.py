"""Workbooks (.xlsx): their sheets, and the rows of one as texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat

from python_calamine import CalamineError, CalamineWorkbook

from app.domain.question_draft import Location
from app.formats.archives import Archive
from app.formats.reading import Limits, Problem, ProblemCode, ReadError, Source, problem
from app.formats.spreadsheets.cell_scan import SheetScan, scan_sheet
from app.formats.spreadsheets.cell_text import cell_text
from app.formats.table_rows import Row
from app.formats.xml_reading import Element, children, descendants, xml_root

WORKBOOK_MEMBER = "xl/workbook.xml"

_RELATIONS_MEMBER = "xl/_rels/workbook.xml.rels"
_OLD_OFFICE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


def is_old_office(head: bytes) -> bool:
    """The container of .xls files, and of newer files under a password."""
    return head.startswith(_OLD_OFFICE_MAGIC)


@dataclass(frozen=True, slots=True)
class Sheet:
    """``valueless`` cells stand in the rows by their formula or error name; `SheetScan` says which they are."""

    name: str
    scan: SheetScan
    rows: Iterator[Row]


class Workbook:
    """Usable while its source is open."""

    def __init__(self, source: Source, limits: Limits) -> None:
        """Raises `ReadError` for what is no workbook, is under a password, or would expand too far."""
        self._file = source.name
        self._limits = limits
        if is_old_office(source.head):
            raise self._old_office(source)
        self._archive = Archive(source, limits)
        self._members = self._sheet_members()
        try:
            self._book = CalamineWorkbook.from_filelike(source.open())
        except (CalamineError, OSError) as error:
            raise ReadError(self._damage(error)) from error

    @property
    def problems(self) -> list[Problem]:
        """Members of the file that were not read."""
        return self._archive.problems

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """Sheets with cells in the order of the tabs; charts are none."""
        return tuple(name for name in self._book.sheet_names if name in self._members)

    def sheet(self, name: str) -> Sheet:
        """Raises `ReadError` when the sheet is larger than the limits or damaged."""
        member = self._members[name]
        place = Location(file=self._file, member=name)
        scan = scan_sheet(self._archive.open(member), self._limits, place)
        try:
            sheet = self._book.get_sheet_by_name(name)
        except (CalamineError, OSError) as error:
            raise ReadError(self._damage(error, name)) from error
        # The library leaves the empty columns at the left out, but not the empty rows at the top.
        margin = [""] * (sheet.start[1] if sheet.start else 0)
        texts = ([*margin, *map(cell_text, row)] for row in sheet.iter_rows())
        return Sheet(name, scan, _rows(chain(texts, repeat([])), scan))

    def _sheet_members(self) -> dict[str, str]:
        """The member of the archive for each sheet name."""
        targets = {
            relation.get("Id"): relation.get("Target") or "" for relation in children(self._root(_RELATIONS_MEMBER))
        }
        members = {}
        for sheet in descendants(self._root(WORKBOOK_MEMBER), "sheet"):
            member = self._archive.find(targets.get(_relation_id(sheet), ""), WORKBOOK_MEMBER)
            if member is not None:
                members[sheet.get("name") or ""] = member
        return members

    def _root(self, member: str) -> Element:
        place = Location(file=self._file, member=member)
        if member not in self._archive.names:
            raise ReadError(problem(ProblemCode.SYNTAX, "The archive is no workbook.", place))
        return xml_root(self._archive.open(member), self._limits, place)

    def _damage(self, error: Exception, sheet: str | None = None) -> Problem:
        place = Location(file=self._file, member=sheet)
        return problem(ProblemCode.SYNTAX, "The workbook is damaged.", place, text=str(error))

    def _old_office(self, source: Source) -> ReadError:
        place = Location(file=self._file)
        if _ENCRYPTED_STREAM in source.open().read():
            return ReadError(problem(ProblemCode.ENCRYPTED, "The file is protected by a password.", place))
        message = "This is a file of an old Office program. Save it in the present format, .xlsx for a table."
        return ReadError(problem(ProblemCode.UNKNOWN_FORMAT, message, place))


def _relation_id(sheet: Element) -> str | None:
    return next((value for key, value in sheet.attrib.items() if key != "id" and key.endswith("}id")), None)


def _rows(texts: Iterator[list[str]], scan: SheetScan) -> Iterator[Row]:
    """Rows numbered as the spreadsheet program numbers them."""
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), text in scan.valueless.items():
        by_row.setdefault(row, {})[column] = text
    for index in range(scan.rows):
        cells = next(texts)
        for column, text in by_row.get(index, {}).items():
            cells = [*cells, *repeat("", column + 1 - len(cells))]
            cells[column] = text
        yield Row(index + 1, cells, index + 1)
