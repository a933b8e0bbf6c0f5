"""GIFT files as questions."""

import re
from collections.abc import Iterator

from pydantic import ValidationError

from app.domain.enums import QuestionType
from app.domain.question_draft import Location, QuestionDraft
from app.formats.drafts import build_draft, problem_of
from app.formats.gift.answers import Fields, GiftError, answer_fields, looks_like_answers
from app.formats.gift.blocks import Block, blocks
from app.formats.gift.markup import DEFAULT_FORMAT, FormattedText, formatted, protected, restored
from app.formats.reading import Event, Problem, ProblemCode, ReadOptions, Sample, Source, problem

_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_ID = re.compile(r"\[id:((?:\\\]|[^\]])+)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]])+)\]")
_MOODLE_ID = re.compile(r"\s*question:\s*([1-9]\d*)\s+name:")
_ANSWER_LIST = re.compile(r"(?<!\\)\{\s*(?:[=~#}]|(?:T|F|TRUE|FALSE)\s*[}#])")
_GIFT_LINE = re.compile(r"^(?:[ \t]*::.*?::|\$CATEGORY:|// question: \d)", re.MULTILINE)
_OTHER_LANGUAGE = re.compile(r"\s*<[?!a-zA-Z]|.*\\(?:documentclass|begin\{)", re.DOTALL)
_BLANK = "_____"


class GiftReader:
    name = "gift"
    title = "Moodle GIFT"
    extensions: tuple[str, ...] = (".gift",)

    def sniff(self, sample: Sample) -> float:
        text = sample.text
        signs = len(_ANSWER_LIST.findall(text)) + len(_GIFT_LINE.findall(text))
        if _OTHER_LANGUAGE.match(text):
            return 0.1 if signs else 0.0
        if signs:
            return 0.85
        return 0.15 if "{" in text and "}" in text else 0.05 * bool(text.strip())

    def read(self, source: Source, _options: ReadOptions) -> Iterator[Event]:
        for block in blocks(source.lines()):
            yield draft_of(block, source.name)


def draft_of(block: Block, file: str) -> QuestionDraft | Problem:
    location = Location(file=file, line=block.line)
    try:
        fields = _fields(protected(block.text))
    except GiftError as error:
        return problem(error.code, str(error), location, text=block.text)
    except ValidationError as error:
        return problem_of(error, location)
    return build_draft(fields | _comment_fields("\n".join(block.comments)) | {"category": block.category}, location)


def _fields(text: str) -> Fields:
    title = ""
    if (named := _TITLE.match(text)) is not None:
        title, text = restored(named[1]).strip(), text[named.end() :]
    stem = formatted(text, DEFAULT_FORMAT)
    fields: Fields = {"title": title}
    if stem.format == "markdown":
        fields["extensions"] = {"text_format": "markdown"}
    place = _answer_list(stem.text)
    if place is None:
        return fields | {"type": QuestionType.DESCRIPTION, "stem": stem.html}
    start, end = place
    before, after = stem.text[:start].strip(), stem.text[end + 1 :].strip()
    fields["stem"] = FormattedText(_with_blank(before, after), stem.format).html
    return fields | answer_fields(stem.text[start + 1 : end], stem.format)


def _with_blank(before: str, after: str) -> str:
    """Text behind the answers makes them a missing word."""
    if not after:
        return before
    gap = "" if after[0] in ".,;:!?)" else " "
    return f"{before} {_BLANK}{gap}{after}".lstrip()


def _answer_list(text: str) -> tuple[int, int] | None:
    """Places of the braces around the answers: of several pairs the first that holds something like answers.

    Raises:
        GiftError: When a brace is opened and never closed.
    """
    pairs, is_open = _brace_pairs(text)
    if is_open and not pairs:
        raise GiftError(ProblemCode.SYNTAX, "The answers are never closed by }.")
    for start, end in pairs:
        if looks_like_answers(text[start + 1 : end]):
            return start, end
    return pairs[-1] if pairs else None


def _brace_pairs(text: str) -> tuple[list[tuple[int, int]], bool]:
    """Outermost pairs in order, and whether a brace stays open; then the pairs inside it are given."""
    pairs: list[tuple[int, int]] = []
    opened: list[int] = []
    for index, character in enumerate(text):
        if character == "{":
            opened.append(index)
        elif character == "}" and opened:
            start = opened.pop()
            while pairs and pairs[-1][0] > start:
                pairs.pop()
            pairs.append((start, index))
    return pairs, bool(opened)


def _comment_fields(comments: str) -> Fields:
    if not comments:
        return {}
    fields: Fields = {}
    if (identifier := _ID.search(comments) or _MOODLE_ID.search(comments)) is not None:
        fields["external_id"] = _unbracketed(identifier[1])
    if tags := _TAG.findall(comments):
        fields["tags"] = tuple(_unbracketed(tag) for tag in tags)
    return fields


def _unbracketed(text: str) -> str:
    return text.replace("\\]", "]").strip()
