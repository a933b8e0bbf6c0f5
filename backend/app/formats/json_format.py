"""Our own lossless JSON, one question a line, and the usual foreign lists of question objects.

The own form is ``{"format": "studium-questions", "version": 1, "questions": [...]}``; a question has the members of
`QuestionDraft`, those with their default value left out. Of media it holds names and hashes, not the bytes.
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import BinaryIO

from pydantic import JsonValue

from app.domain.enums import QuestionType
from app.domain.question_draft import Location, QuestionDraft
from app.formats.drafts import build_draft
from app.formats.json_datasets import rewritten
from app.formats.json_layouts import PlainItem, draft_of, key_styles, plain_item
from app.formats.json_stream import JsonStream, JsonStreamError, is_one_per_line, items, value_of_line
from app.formats.reading import (
    Event,
    Loss,
    Problem,
    ProblemCode,
    ReadError,
    ReadOptions,
    Sample,
    Source,
    WriteOptions,
    problem,
)

FORMAT = "studium-questions"
VERSION = 1

_LIST_NAMES = frozenset({"questions", "items", "data", "results", "rows", "examples", "quiz"})
_JSON_START = re.compile(r"\ufeff?\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")
_STYLE_ITEMS = 1_000
_TYPES = frozenset(QuestionType)

Entry = QuestionDraft | Problem | tuple[PlainItem, Location]


class JsonReader:
    name = "json"
    title = "JSON or JSONL list of questions"
    extensions: tuple[str, ...] = (".json", ".jsonl", ".ndjson")

    def sniff(self, sample: Sample) -> float:
        text = sample.text
        if not _JSON_START.match(text):
            return 0.0
        if FORMAT in text[:200]:
            return 1.0
        has_question = any(f'"{name}"' in text for name in ("question", "stem", "prompt", "questions"))
        return 0.9 if has_question else 0.3

    def read(self, source: Source, options: ReadOptions) -> Iterator[Event]:
        values = _values_of_lines(source) if is_one_per_line(source.sample.text) else _values(source)
        entries = (entry for value, location in values for entry in _entries(value, location, options.limits.depth))
        first = list(islice(entries, _STYLE_ITEMS))
        styles = key_styles(entry[0] for entry in first if isinstance(entry, tuple))
        for entry in chain(first, entries):
            yield draft_of(entry[0], styles, entry[1]) if isinstance(entry, tuple) else entry


def _values_of_lines(source: Source) -> Iterator[tuple[JsonValue | JsonStreamError, Location]]:
    filled = ((number, line) for number, line in enumerate(source.lines(), start=1) if line.strip("\ufeff \t"))
    for row, (number, line) in enumerate(filled, start=1):
        yield value_of_line(line.lstrip("\ufeff")), Location(file=source.name, line=number, row=row)


def _values(source: Source) -> Iterator[tuple[JsonValue | JsonStreamError, Location]]:
    """Values of a list; where it breaks, the error is the last of them."""
    stream = JsonStream(source.open(), source.head, source.encoding)
    header: dict[str, JsonValue] = {}
    try:
        for row, (line, value) in enumerate(items(stream, _LIST_NAMES, header), start=1):
            if row == 1:
                _refuse_newer_version(header, source.name)
            yield value, Location(file=source.name, line=line, row=row)
    except JsonStreamError as error:
        yield error, Location(file=source.name, line=error.line)
    finally:
        stream.close()


def _refuse_newer_version(header: dict[str, JsonValue], file: str) -> None:
    version = header.get("version")
    if header.get("format") == FORMAT and version != VERSION:
        message = f"Version {version} of this format is not known here, only {VERSION}."
        raise ReadError(problem(ProblemCode.UNKNOWN_FORMAT, message, Location(file=file, line=1)))


def _entries(value: JsonValue | JsonStreamError, location: Location, depth: int) -> Iterator[Entry]:
    """What a value of the file holds: a question, several of one data set, or a problem."""
    found = _entry(value, location, depth)
    if isinstance(found, QuestionDraft | Problem):
        yield found
    else:
        yield from ((plain_item(item), location) for item in rewritten(found))


def _entry(
    value: JsonValue | JsonStreamError, location: Location, depth: int
) -> QuestionDraft | Problem | dict[str, JsonValue]:
    if isinstance(value, JsonStreamError):
        return problem(ProblemCode.SYNTAX, str(value), location)
    if not isinstance(value, dict):
        return problem(ProblemCode.SYNTAX, "A question must be an object.", location, text=json.dumps(value)[:1000])
    if _is_deeper(value, depth):
        return problem(ProblemCode.TOO_LARGE, f"Nested more than {depth} levels deep.", location)
    if "stem" in value and value.get("type") in _TYPES:
        return build_draft({name: part for name, part in value.items() if name != "location"}, location)
    return value


def _is_deeper(value: JsonValue, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [part for each in level if isinstance(each, list | dict) for part in _parts(each)]
        if not level:
            return False
    return True


def _parts(value: list[JsonValue] | dict[str, JsonValue]) -> Iterable[JsonValue]:
    return value.values() if isinstance(value, dict) else value


class JsonWriter:
    name = "json"
    title = "Studium JSON"
    extension = ".json"
    mime = "application/json"

    def write(self, drafts: Iterable[QuestionDraft], out: BinaryIO, _options: WriteOptions) -> list[Loss]:
        losses: list[Loss] = []
        out.write(f'{{"format": "{FORMAT}", "version": {VERSION}, "questions": ['.encode())
        for position, draft in enumerate(drafts, start=1):
            out.write(b",\n" if position > 1 else b"\n")
            out.write(draft.model_dump_json(exclude_defaults=True, exclude={"location"}).encode())
            if draft.media:
                losses.append(Loss(position, "media", "Names and hashes of the files are written, not the files."))
        out.write(b"\n]}\n")
        return losses
