"""Writing the workbook of our template, and the template itself."""

import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

from app.domain.question_draft import QuestionDraft
from app.formats.columns import TEMPLATE_FIELDS, Column
from app.formats.reading import Loss, WriteOptions
from app.formats.spreadsheets.cell_scan import column_letters
from app.formats.table_template import table_rows, template_rows

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.workbook.child import _WorkbookChild as AnySheet

SHEET = "Questions"

_LONGEST_CELL = 32_767
# Workbooks hold a character that XML cannot hold as its code, and so must anything that looks like such a code.
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_WIDTHS = {Column.QUESTION: 60, Column.EXPLANATION: 30, Column.ANSWER: 20}


class XlsxWriter:
    name = "xlsx"
    title = "Excel table"
    extension = ".xlsx"
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def write(self, drafts: Iterable[QuestionDraft], out: BinaryIO, _options: WriteOptions) -> list[Loss]:
        losses: list[Loss] = []
        _save(table_rows(drafts, losses, _LONGEST_CELL), out)
        return losses


def xlsx_template() -> bytes:
    """The workbook that authors download, fill in and upload: the header and one example of each type."""
    out = io.BytesIO()
    _save(template_rows(), out)
    return out.getvalue()


def _save(rows: Iterable[list[str]], out: BinaryIO) -> None:
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(SHEET)
    sheet.freeze_panes = "A2"
    for column, width in _WIDTHS.items():
        sheet.column_dimensions[column_letters(TEMPLATE_FIELDS.index(column))].width = width
    for cells in rows:
        sheet.append([_text_cell(sheet, cell) for cell in cells])
    workbook.save(out)


def _text_cell(sheet: "AnySheet", text: str) -> "Cell | None":
    """A cell that stays text, whatever it looks like."""
    from openpyxl.cell import WriteOnlyCell

    if not text:
        return None
    cell = WriteOnlyCell(sheet, _ESCAPED.sub(lambda character: f"_x{ord(character[0]):04X}_", text))
    cell.data_type = "s"
    return cell
