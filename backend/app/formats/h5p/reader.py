"""H5P content (.h5p) as questions."""

import json
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from pydantic import JsonValue

from app.domain.question_draft import Location
from app.formats.archives import Archive
from app.formats.drafts import build_draft
from app.formats.h5p.questions import READ, Fields, overall_feedback, picture
from app.formats.h5p.values import Params, text_at
from app.formats.items import UncarriedError, item_events
from app.formats.qti12.texts import Files, ItemTexts
from app.formats.reading import Event, ProblemCode, ReadError, ReadOptions, Sample, Source, problem

_PACKAGE, _CONTENT = "h5p.json", "content/content.json"
# They hold other contents and ask nothing themselves.
_CONTAINERS = frozenset(
    ("H5P.QuestionSet", "H5P.Column", "H5P.InteractiveBook", "H5P.CoursePresentation", "H5P.InteractiveVideo",
     "H5P.BranchingScenario", "H5P.Row", "H5P.RowColumn", "H5P.GamePlan", "H5P.Accordion", "H5P.KewArCode")
)  # fmt: skip


class Content(NamedTuple):
    library: str
    title: str
    params: Params


class H5pReader:
    name = "h5p"
    title = "H5P content"
    extensions: tuple[str, ...] = (".h5p",)

    def sniff(self, sample: Sample) -> float:
        return 0.95 if {_PACKAGE, _CONTENT} <= set(sample.members) else 0.0

    def read(self, source: Source, options: ReadOptions) -> Iterator[Event]:
        archive = Archive(source, options.limits)
        yield from archive.problems
        package = _json(archive, _PACKAGE, source.name)
        root: dict[str, JsonValue] = {
            "library": text_at(package, "mainLibrary"),
            "metadata": {"title": text_at(package, "title")},
            "params": dict(_json(archive, _CONTENT, source.name)),
        }
        files = Files(archive, _CONTENT)
        language = text_at(package, "language").replace("und", "")
        for row, content in enumerate(_contents(root, options.limits.depth), start=1):
            place = Location(file=source.name, member=_CONTENT, row=row)
            texts = ItemTexts(files)
            describe = content.title or content.library
            yield from item_events(partial(_events, content, texts, language, place), place, describe)


def _json(archive: Archive, member: str, file: str) -> Params:
    place = Location(file=file, member=member)
    if member not in archive.names:
        raise ReadError(problem(ProblemCode.SYNTAX, "The archive is no H5P content.", place))
    try:
        value = json.loads(archive.read(member))
    except (ValueError, RecursionError) as error:
        raise ReadError(problem(ProblemCode.SYNTAX, "It is not valid JSON.", place, text=str(error))) from error
    if not isinstance(value, dict):
        raise ReadError(problem(ProblemCode.SYNTAX, "It holds no object.", place))
    return value


def _contents(value: JsonValue, depth: int) -> Iterator[Content]:
    """Contents in their order, those inside containers in place of the containers."""
    if isinstance(value, dict):
        library, params = text_at(value, "library").split(" ")[0], value.get("params")
        if library and isinstance(params, dict) and library not in _CONTAINERS:
            yield Content(library, text_at(value, "metadata", "title"), params)
            return
        inner = list(value.values())
    else:
        inner = value if isinstance(value, list) else []
    if depth > 0:
        for each in inner:
            yield from _contents(each, depth - 1)


def _events(content: Content, texts: ItemTexts, language: str, place: Location) -> Iterator[Event]:
    if content.library not in READ:
        raise UncarriedError(content.library)
    params = {name: _linked(value, texts) for name, value in content.params.items()}
    shown = texts.linked(picture(params))
    listed = [*READ[content.library](params)]
    yield from texts.events
    common: Fields = {
        "title": content.title,
        "language": language,
        "feedback": overall_feedback(params),
        "media": tuple(texts.media.values()),
    }
    for fields in listed:
        yield build_draft({**common, **fields, "stem": f"{shown}{texts.linked(str(fields['stem']))}"}, place)


def _linked(value: JsonValue, texts: ItemTexts) -> JsonValue:
    """The value with all links in its texts pointing at the files of the package."""
    match value:
        case str():
            return texts.linked(value)
        case list():
            return [_linked(each, texts) for each in value]
        case dict():
            return {name: _linked(each, texts) for name, each in value.items()}
    return value
