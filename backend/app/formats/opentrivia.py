"""OpenTriviaQA text: ``#Q`` stem, ``^`` text of the right answer, then one lettered line for each option."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.domain.enums import Severity
from app.domain.question_draft import Location, QuestionDraft
from app.formats.drafts import build_draft, choice_type, weighted_options
from app.formats.reading import Event, Problem, ProblemCode, ReadOptions, Sample, Source, problem
from app.utils.html import text_to_html
from app.utils.text import excerpt

_OPTION = re.compile(r"[A-Z]( .*|$)")
_QUESTION_LINE = re.compile(r"^#Q ", re.MULTILINE)
_KEY_LINE = re.compile(r"^\^ ", re.MULTILINE)


@dataclass(slots=True)
class _Block:
    line: int
    stem: list[str]
    key: str | None = None
    options: list[str] = field(default_factory=list)


class OpenTriviaReader:
    name = "opentrivia"
    title = "OpenTriviaQA text"
    extensions: tuple[str, ...] = ()

    def sniff(self, sample: Sample) -> float:
        questions = len(_QUESTION_LINE.findall(sample.text))
        keys = len(_KEY_LINE.findall(sample.text))
        return 0.95 if questions and keys and abs(questions - keys) <= 1 + questions // 10 else 0.0

    def read(self, source: Source, _options: ReadOptions) -> Iterator[Event]:
        for block in _blocks(source):
            yield from _events(block, Location(file=source.name, line=block.line))


def _blocks(source: Source) -> Iterator[_Block]:
    block: _Block | None = None
    for number, line in enumerate(source.lines(), start=1):
        if line.startswith("#Q"):
            if block is not None:
                yield block
            block = _Block(number, [line[2:].strip()])
        elif block is not None:
            _add_line(block, line)
    if block is not None:
        yield block


def _add_line(block: _Block, line: str) -> None:
    if block.key is None and line.startswith("^"):
        block.key = line[1:].strip()
    elif block.key is None:
        block.stem.append(line)
    elif (option := _OPTION.match(line)) is not None:
        block.options.append(option[1].strip())
    elif line.strip() and block.options:
        block.options[-1] += f"\n{line}"
    elif line.strip():
        block.key += f"\n{line}"


def _events(block: _Block, location: Location) -> Iterator[Event]:
    stem = "\n".join(block.stem).strip()
    # The key is a text here, so neither a line written twice nor an empty one raises a doubt about the key.
    texts = [text for text in dict.fromkeys(block.options) if text]
    if len(texts) < len(block.options):
        message = "An option that is empty or stands there twice was left out."
        yield Problem(ProblemCode.DUPLICATE_OPTION, Severity.WARNING, message, location, text=excerpt(stem))
    yield _question(stem, texts, block.key, location)


def _question(stem: str, texts: list[str], key: str | None, location: Location) -> QuestionDraft | Problem:
    if not key:
        return problem(ProblemCode.NO_CORRECT, "The answer is missing.", location, text=stem)
    if key not in texts:
        message = f"The answer {excerpt(key)!r} is none of the options."
        return problem(ProblemCode.KEY_NOT_OPTION, message, location, text=stem)
    correct = [texts.index(key)]
    fields = {
        "type": choice_type(texts, correct),
        "stem": text_to_html(stem),
        "options": weighted_options([text_to_html(text) for text in texts], correct),
    }
    return build_draft(fields, location)
