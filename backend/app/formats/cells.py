"""Lists and paths in one table cell, and the guard that keeps spreadsheets from running a cell as a formula."""

import re
from collections.abc import Iterable

_STRONG_SEPARATOR = re.compile(r"[;|\n]")
_PATH_SEPARATOR = re.compile(r"(?<!/)/(?!/)|\s>\s")
# White space, control characters and what has no width: spreadsheets skip it, and take full-width signs for plain ones.
_SKIPPED = r"[\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
_FORMULA = rf"(?:[\t\r]|{_SKIPPED}*[=+\-@＝＋－＠])"
_RISKY = re.compile(rf"'*{_FORMULA}")
_GUARDED = re.compile(rf"'+{_FORMULA}")


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
