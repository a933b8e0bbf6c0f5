"""The lines at the top of a text file by which Anki says how to read it, such as ``#separator:tab``."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_DIRECTIVE = re.compile(r"#\s*([a-z][a-z ]*?)\s*:(.*)", re.IGNORECASE)
_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|", "colon": ":"}


@dataclass(frozen=True, slots=True)
class TextHeader:
    """``columns`` gives the 0-based columns that are no fields, by what they hold: tags, deck, guid, notetype."""

    separator: str | None = None
    is_html: bool | None = None
    tags: tuple[str, ...] = ()
    deck: str = ""
    columns: dict[str, int] = field(default_factory=dict)
    is_known: bool = False


def text_header(lines: Iterable[str]) -> TextHeader:
    """What the first lines say; a line that begins with # and is no directive is a comment."""
    said: dict[str, str] = {}
    for line in lines:
        if line.strip() and not line.startswith("#"):
            break
        if (match := _DIRECTIVE.fullmatch(line.strip())) is not None:
            said[match[1].lower()] = match[2].strip() or match[2]
    columns = {
        name.removesuffix(" column"): int(value) - 1
        for name, value in said.items()
        if name.endswith(" column") and re.fullmatch("[1-9][0-9]?", value)
    }
    separator = said.get("separator", "")
    return TextHeader(
        separator=_SEPARATORS.get(separator.lower(), separator[:1]) or None,
        is_html={"true": True, "false": False}.get(said.get("html", "").lower()),
        tags=tuple(said.get("tags", "").split()),
        deck=said.get("deck", ""),
        columns=columns,
        is_known=bool(said.keys() & {"separator", "html", "columns", "notetype", "deck", "tags"} or columns),
    )
