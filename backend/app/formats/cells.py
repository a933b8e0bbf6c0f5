"""Lists and paths in one table cell, and the guard that keeps spreadsheets from running a cell as a formula."""

import re
from collections.abc import Iterable

_STRONG_SEPARATOR = re.compile(r"[;|\n]")
_PATH_SEPARATOR = re.compile(r"(?<!/)/(?!/)|\s>\s")
_RISKY = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def split_list(cell: str, *, weak: str = "") -> tuple[str, ...]:
    """Items between ``;``, ``|`` or line breaks; only where there is none of them, between the ``weak`` separator."""
    parts = _STRONG_SEPARATOR.split(cell)
    if len(parts) == 1 and weak:
        parts = cell.split(weak)
    return tuple(part.strip() for part in parts if part.strip())


def join_list(items: Iterable[str], *, weak: str = "") -> str:
    """Cell from which `split_list` reads the items again, unless one of them holds a strong separator."""
    texts = list(items)
    cell = ";".join(texts)
    return f"{cell};" if weak and len(texts) == 1 and weak in cell else cell


def split_path(cell: str) -> tuple[str, ...]:
    """Parts of ``a/b`` or ``a > b``; ``//`` stands for a slash inside a part."""
    return tuple(part.strip().replace("//", "/") for part in _PATH_SEPARATOR.split(cell) if part.strip())


def join_path(parts: Iterable[str]) -> str:
    return "/".join(part.replace("/", "//") for part in parts)


def guarded(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if _RISKY.match(cell) else cell


def unguarded(cell: str, *, is_own_table: bool) -> str:
    """`guarded` undone. In a foreign table a second apostrophe means that the first one only opens a quotation."""
    if not _GUARDED.match(cell) or (not is_own_table and "'" in cell[1:]):
        return cell
    return cell[1:]
