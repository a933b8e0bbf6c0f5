"""Which options are right, by what the document itself says; where it says nothing, there is no key."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.document_text import Style
from app.formats.answer_keys import Choice, KeyStyle, right_choices
from app.formats.drafts import local_id
from app.formats.exam_text.alphabets import LATIN_KEYS
from app.formats.exam_text.answer_lines import Remark
from app.formats.exam_text.flow import flow_of
from app.formats.exam_text.key_section import KeyEntry
from app.formats.exam_text.questions import ParsedQuestion

_IS_RIGHT = re.compile(r"is\s+(?:the\s+)?(?:correct|right)\b", re.IGNORECASE)
_WHOLLY = 0.8
_USUAL = 0.6
_KEY_STYLES = (Style.HIGHLIGHT, Style.BOLD, Style.UNDERLINE, Style.COLOUR)


@dataclass(frozen=True, slots=True)
class ChoiceKey:
    """Right options by position, and what says so. ``is_disputed``: another place of the document says otherwise."""

    right: frozenset[int]
    source: str
    is_disputed: bool = False


def marking_style(questions: Sequence[ParsedQuestion]) -> Style | None:
    """The look that marks right options, if most questions with options use it for some of them and not for all."""
    asked = [question for question in questions if question.options]
    for style in _KEY_STYLES:
        telling = sum(bool(_styled(question, style)) for question in asked)
        if asked and telling >= _USUAL * len(asked):
            return style
    return None


def _styled(question: ParsedQuestion, style: Style) -> frozenset[int]:
    return _some(question, lambda index: question.options[index].flow.share(style) >= _WHOLLY)


def _some(question: ParsedQuestion, is_marked: Callable[[int], bool]) -> frozenset[int]:
    """The marked options, if there are any and they are not all."""
    marked = frozenset(index for index in range(len(question.options)) if is_marked(index))
    return marked if len(marked) < len(question.options) else frozenset()


def choice_key(question: ParsedQuestion, entry: KeyEntry | None, style: Style | None) -> ChoiceKey | None:
    """The key by the first of: the list of answers, the question's own answer line, stars, the look."""
    found = [
        ("answer list", _of_entry(question, entry)),
        ("answer line", _of_remark(question)),
        ("mark", _some(question, lambda index: question.options[index].is_starred)),
        (style.value if style else "", _styled(question, style) if style else frozenset()),
    ]
    told = [(source, right) for source, right in found if right]
    if not told:
        return None
    source, right = told[0]
    return ChoiceKey(right, source, is_disputed=any(other != right for _, other in told[1:]))


def _of_entry(question: ParsedQuestion, entry: KeyEntry | None) -> frozenset[int]:
    if entry is None:
        return frozenset()
    if entry.letters:
        return _named(question, ",".join(entry.letters))
    return _named(question, entry.text.plain) if entry.text.text else frozenset()


def _of_remark(question: ParsedQuestion) -> frozenset[int]:
    lines = question.remarks.get(Remark.ANSWER) or question.remarks.get(Remark.SOLUTION) or []
    if not lines:
        return frozenset()
    return _named(question, flow_of(lines).plain) or _named(question, lines[0].text)


def _named(question: ParsedQuestion, key: str) -> frozenset[int]:
    """Options that the key names by letter, number or text; none when it names anything else."""
    key = key.translate(LATIN_KEYS) if len(key.strip(" .()\t")) == 1 else key
    choices = [Choice(option.flow.plain, local_id(index), index + 1) for index, option in enumerate(question.options)]
    styles = [KeyStyle.TEXT, KeyStyle.LETTER]
    if question.option_style.startswith(("digit", "circled")):
        styles.append(KeyStyle.NUMBER)
    for style in styles:
        if (right := right_choices(key.strip(" .\t"), choices, style)) is not None:
            return right
    return _lettered_text(key, choices)


def _lettered_text(key: str, choices: Sequence[Choice]) -> frozenset[int]:
    """``B. Ohio``, ``(b) Ohio`` or ``Ohio (b)``: letter and text of the same option."""
    words = key.split(maxsplit=1)
    if len(words) != 2:  # noqa: PLR2004
        return frozenset()
    by_letter = right_choices(words[0], choices, KeyStyle.LETTER)
    if by_letter is None or len(by_letter) != 1:
        return frozenset()
    is_labelled = words[0][-1] in ".):]-" or words[0][0] in "([" or _IS_RIGHT.match(words[1]) is not None
    told = words[1].strip(" ()[].–—-").casefold()
    says_the_same = told in {choices[at].text.strip(" .").casefold() for at in by_letter}
    return by_letter if is_labelled or says_the_same else frozenset()
