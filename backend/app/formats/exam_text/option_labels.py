"""What stands before an option: ``(b)``, ``C)``, ``в)``, ``(2)``, ``③``, a bullet, a box."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.formats.exam_text.alphabets import ANY_LETTER, place_of, roman_number

_BULLETS = "•●○◯⃝◦▪■□☐☑☒◻▢▫❏❑➢➤‣⚪⚫"
_WEAK_BULLETS = "o*–—·-"  # a label only before white space
_STARS = "*✓✔√☑☒→➔"
_ARROW = r"(?:=|-)>|>>"
_EMPTY_BOXES = "☐□○◯"
_BOX = r"\[[ xX✓✔√]?\]|\([xX✓✔√]\)"
_MARK = rf"(?P<mark>(?:[{_STARS}{_EMPTY_BOXES}]|{_ARROW}|{_BOX})?[ ]?)"
_CIRCLED = (
    {chr(0x2460 + index): index for index in range(10)}
    | {chr(0x24D0 + index): index for index in range(26)}
    | {chr(0x24B6 + index): index for index in range(26)}
)
_LETTER_LABEL = re.compile(
    rf"{_MARK}(?P<open>[(\[]?)(?P<label>[{ANY_LETTER}])"
    r"(?P<close>\s?(?:\.[)-]|\)\.|[.)\]:、．：，])|\s?[–—-](?=\s)|/(?=\s))(?=\s|$|(?P<tight>\S))"
)
_ROMAN_LABEL = re.compile(rf"{_MARK}(?P<open>[(\[]?)(?P<label>[ivx]{{1,4}})(?P<close>[.)\]])(?=\s|$)")
_DIGIT_LABEL = re.compile(
    rf"{_MARK}(?P<open>[(\[]?)(?P<label>\d{{1,2}})(?P<close>[.)\]、．])(?=\s|$|(?P<tight>[^\W\d]))"
)
_CIRCLED_LABEL = re.compile(rf"{_MARK}(?P<label>[{''.join(_CIRCLED)}])")
_BARE_LETTER = re.compile(rf"{_MARK}(?P<label>[A-Z])[\t ]+(?=\S)")
_BULLET_LABEL = re.compile(rf"(?:[{_BULLETS}]|[{_WEAK_BULLETS}](?=\s)|[(\[][ xX✓✔√]?[)\]](?=\s))\s*")
_CHECKED = re.compile(r"[☑☒⚫]|.[xX✓✔√]")
_USUAL = {"．": ".", "、": ".", "，": ".", "：": ":", ".)": ")", ").": ")", ".-": ".", "–": "-", "—": "-"}
_CJK_SIGNS = "、．，："
_DASHES = "–—-/"
_PAIRS = {"(": ")", "[": "]"}
_LINE_ENDS = "\n\N{PARAGRAPH SEPARATOR}"

LINE_START, AFTER_GAP, INSIDE = 3, 2, 1


@dataclass(frozen=True, slots=True)
class OptionLabel:
    """A label that option number `index`, from 0, of a style may have, from `start` to before `end` of the text.

    ``rank`` tells how much its place says: at the start of a line, after a wide gap, or inside of running text.
    Styles begin with ``A`` or ``a`` for letters, ``roman``, ``digit``, ``circled``, ``bullet``, and with ``letter`` for
    a letter without a sign.
    """

    style: str
    index: int
    start: int
    end: int
    rank: int
    is_starred: bool = False


def option_labels(text: str) -> Iterator[OptionLabel]:
    """Everything in the text that may be the label of an option, style by style."""
    for at, rank in _places(text):
        for label in _labels_at(text, at, rank):
            if label.index >= 0:
                yield label


def is_first_option(line: str) -> bool:
    """Whether the line begins with ``A.``, ``(a)`` or the like."""
    found = _LETTER_LABEL.match(line.lstrip())
    return found is not None and place_of(found["label"])[1] == 0 and _is_balanced(found)


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Starts of words with their rank."""
    rank, spaces = LINE_START, 0
    for at, letter in enumerate(text):
        if letter.isspace():
            spaces += 1
            if letter in _LINE_ENDS:
                rank = LINE_START
            elif rank != LINE_START:
                rank = AFTER_GAP if letter == "\t" or spaces > 1 else max(rank, INSIDE)
            continue
        if spaces or at == 0:
            yield at, rank
        rank, spaces = INSIDE, 0


def _labels_at(text: str, at: int, rank: int) -> Iterator[OptionLabel]:
    if (found := _LETTER_LABEL.match(text, at)) and _is_balanced(found) and (rank > INSIDE or _is_clear(found)):
        yield _label(_letter_style(found), place_of(found["label"])[1], found, rank)
    if (found := _ROMAN_LABEL.match(text, at)) and _is_balanced(found):
        style = f"roman{found['open']}{found['close']}"
        yield _label(style, roman_number(found["label"]) - 1, found, rank)
    if (found := _DIGIT_LABEL.match(text, at)) and _is_balanced(found):
        style = f"digit{found['open']}{_sign(found)}"
        yield _label(style, int(found["label"]) - 1, found, rank)
    if found := _CIRCLED_LABEL.match(text, at):
        yield _label("circled", _CIRCLED[found["label"]], found, rank)
    if rank > INSIDE and (found := _BARE_LETTER.match(text, at)):
        yield _label("letter", place_of(found["label"])[1], found, rank)
    is_bullet = rank == LINE_START or (rank == AFTER_GAP and text[at] in _BULLETS)
    if is_bullet and (found := _BULLET_LABEL.match(text, at)):
        yield OptionLabel("bullet", 0, at, found.end(), rank, _CHECKED.match(found[0]) is not None)


def _label(style: str, index: int, found: re.Match[str], rank: int) -> OptionLabel:
    mark = found["mark"].strip()
    return OptionLabel(style, index, found.start(), found.end(), rank, bool(mark.strip(_EMPTY_BOXES + "[ ]")))


def _letter_style(found: re.Match[str]) -> str:
    case = "a" if found["label"].islower() else "A"
    alphabet, _ = place_of(found["label"])
    return f"{case}{alphabet}{found['open']}{_sign(found)}"


def _sign(found: re.Match[str]) -> str:
    sign = found["close"].strip()
    return _USUAL.get(sign, sign)


def _is_clear(found: re.Match[str]) -> bool:
    """Whether the label is one also inside of a line: ``B) 5`` and ``B)5``, but ``B. 5`` only with the space."""
    if not found["tight"]:
        return found["close"].strip() not in _DASHES
    if found["close"] == ".":
        return found["label"].isupper() and found["tight"].isalnum()
    return found["close"] in _CJK_SIGNS or (found["close"] in ")]" and found["tight"].isalnum())


def _is_balanced(found: re.Match[str]) -> bool:
    """``(a)`` and ``a)``, but neither ``(a.`` nor ``(a``."""
    return not found["open"] or _PAIRS[found["open"]] == _USUAL.get(found["close"].strip(), found["close"].strip())
