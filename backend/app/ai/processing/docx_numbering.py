"""Labels of automatic lists in Word documents, which stand in no text: they follow from numbering and styles."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from string import ascii_lowercase

from lxml import etree

from app.ai.processing.words import readable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"

Element = etree._Element  # noqa: SLF001  # lxml has no public name for it

_DEEPEST = 9
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_MOST_ROMAN = 3999
_BULLET = "•"


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    number_format: str = "decimal"
    text: str = "%1."


@dataclass(slots=True)
class _List:
    """A `w:num`: levels of its own before those of the definition it refers to, with which it shares its counters."""

    definition: str
    levels: dict[int, _Level]
    starts: dict[int, int] = field(default_factory=dict)
    is_used: bool = False


class ListLabels:
    """Counts along the document: ask once for each paragraph, in order."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        definitions = dict(_definitions(numbering)) if numbering is not None else {}
        self._lists = dict(_lists(numbering, definitions)) if numbering is not None else {}
        self._style_lists = dict(_style_lists(styles)) if styles is not None else {}
        self._style_levels = dict(_style_levels(numbering)) if numbering is not None else {}
        self._counters: dict[str, dict[int, int]] = defaultdict(dict)

    def label(self, paragraph: Element, style: str) -> tuple[str, int] | None:
        """The label and its depth from 0; None for a paragraph outside of lists."""
        properties = paragraph.find(f"{W}pPr/{W}numPr")
        number, level = _reference(properties)
        style_number, style_level = self._style_lists.get(style, (None, None))
        number = number or style_number
        if number is None or number not in self._lists:
            return None
        if level is None:
            level = style_level if style_level is not None else self._style_levels.get(style, 0)
        return self._next(self._lists[number], min(level, _DEEPEST - 1)), level

    def _next(self, listed: _List, level: int) -> str:
        counters = self._counters[listed.definition]
        if not listed.is_used:
            listed.is_used = True
            counters |= {depth: start - 1 for depth, start in listed.starts.items()}
        counters[level] = counters.get(level, _level(listed, level).start - 1) + 1
        for deeper in range(level + 1, _DEEPEST):
            counters.pop(deeper, None)
        return _shown(listed, level, counters)


def _shown(listed: _List, level: int, counters: dict[int, int]) -> str:
    own = _level(listed, level)
    if own.number_format == "bullet":
        return readable(ord(own.text[0])) if own.text and not own.text[0].isspace() else _BULLET
    text = own.text
    for depth in range(level + 1):
        each = _level(listed, depth)
        text = text.replace(f"%{depth + 1}", _formatted(counters.get(depth, each.start), each.number_format))
    return text


def _level(listed: _List, depth: int) -> _Level:
    return listed.levels.get(depth, _Level())


def _definitions(numbering: Element) -> Iterator[tuple[str, dict[int, _Level]]]:
    for definition in numbering.iterfind(f"{W}abstractNum"):
        yield definition.get(f"{W}abstractNumId", ""), dict(_levels(definition))


def _levels(parent: Element) -> Iterator[tuple[int, _Level]]:
    for level in parent.iterfind(f"{W}lvl"):
        yield (
            _number(level.get(f"{W}ilvl"), 0),
            _Level(
                _number(_value(level, "start"), 1),
                _value(level, "numFmt") or "decimal",
                _value(level, "lvlText") or "",
            ),
        )


def _lists(numbering: Element, definitions: dict[str, dict[int, _Level]]) -> Iterator[tuple[str, _List]]:
    for listed in numbering.iterfind(f"{W}num"):
        definition = _value(listed, "abstractNumId") or ""
        levels = dict(definitions.get(definition, {}))
        starts: dict[int, int] = {}
        for override in listed.iterfind(f"{W}lvlOverride"):
            depth = _number(override.get(f"{W}ilvl"), 0)
            levels |= dict(_levels(override))
            if (start := _value(override, "startOverride")) is not None:
                starts[depth] = _number(start, 1)
        yield listed.get(f"{W}numId", ""), _List(definition, levels, starts)


def _style_lists(styles: Element) -> Iterator[tuple[str, tuple[str | None, int | None]]]:
    """List and level of the styles that have one, or inherit it."""
    own = {style.get(f"{W}styleId", ""): style for style in styles.iterfind(f"{W}style")}
    for name in own:
        current, seen = name, set[str]()
        while current in own and current not in seen:
            seen.add(current)
            number, level = _reference(own[current].find(f"{W}pPr/{W}numPr"))
            if number is not None:
                yield name, (number, level)
                break
            current = _value(own[current], "basedOn") or ""


def _style_levels(numbering: Element) -> Iterator[tuple[str, int]]:
    for level in numbering.iter(f"{W}lvl"):
        if (style := _value(level, "pStyle")) is not None:
            yield style, _number(level.get(f"{W}ilvl"), 0)


def _reference(properties: Element | None) -> tuple[str | None, int | None]:
    if properties is None:
        return None, None
    level = _value(properties, "ilvl")
    return _value(properties, "numId"), None if level is None else _number(level, 0)


def _value(parent: Element, name: str) -> str | None:
    found = parent.find(f"{W}{name}")
    return None if found is None else found.get(VAL)


def _number(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdecimal() and len(text) < _DEEPEST else default


def _formatted(number: int, number_format: str) -> str:
    shown = _FORMATS.get(number_format)
    return shown(number) if shown else str(number)


def _letters(number: int) -> str:
    """Letters from a to z, then aa to zz, as Word counts."""
    repeats, index = divmod(max(number, 1) - 1, len(ascii_lowercase))
    return ascii_lowercase[index] * (min(repeats, _DEEPEST) + 1)


def _roman(number: int) -> str:
    rest, text = min(number, _MOST_ROMAN), ""
    for worth, letters in _ROMAN:
        count, rest = divmod(rest, worth)
        text += letters * count
    return text


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02d}",
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "none": lambda _: "",
}
