"""One OLX problem as a question."""

from collections.abc import Iterator

from app.domain.enums import QuestionType
from app.domain.numbers import parse_number
from app.domain.question_draft import Gap, Location
from app.formats.drafts import build_draft
from app.formats.items import UncarriedError
from app.formats.olx.responses import FIELDS_OF, Fields, gap_of
from app.formats.olx.texts import content, heading
from app.formats.qti.files import LinkedFiles
from app.formats.reading import Event
from app.formats.xml_reading import Element, descendants, local_name

_MOST_HINTS = 10
_MOST_POINTS = 1000


def problem_events(problem: Element, category: tuple[str, ...], files: LinkedFiles, place: Location) -> Iterator[Event]:
    """Media, then the question. Raises `ItemError` or `UncarriedError`."""
    files.link(problem)
    fields = _common_fields(problem) | {"category": category} | _special_fields(problem)
    yield from files.events
    yield build_draft(fields | {"media": tuple(files.media.values())}, place)


def _common_fields(problem: Element) -> Fields:
    hints = [content(each) for each in descendants(problem, "hint")]
    solutions = [content(each) for each in descendants(problem, "solution")]
    fields: Fields = {
        "title": problem.get("display_name") or "",
        "external_id": (problem.get("url_name") or "")[:200] or None,
        "hints": tuple(hints[:_MOST_HINTS]),
        "explanation": "<br>".join([*solutions, *hints[_MOST_HINTS:]]),
    }
    points = parse_number(problem.get("weight") or "")
    if points is not None and 0 < points <= _MOST_POINTS:
        fields["points"] = points
    partial = [each.get("partial_answers") or "" for each in descendants(problem, "responseparam")]
    return fields | ({"extensions": {"olx": {"partial_answers": partial}}} if any(partial) else {})


def _special_fields(problem: Element) -> Fields:
    responses = [each for each in problem.iterdescendants() if local_name(each).endswith("response")]
    kinds = [local_name(each) for each in responses]
    match kinds:
        case []:
            return {"type": QuestionType.DESCRIPTION, "stem": _stem(problem, {})}
        case [kind] if kind in FIELDS_OF:
            return FIELDS_OF[kind](responses[0]) | {"stem": _stem(problem, {})}
        case [kind]:
            raise UncarriedError(_name(kind))
    return _blanks(problem, responses, kinds)


def _blanks(problem: Element, responses: list[Element], kinds: list[str]) -> Fields:
    """A text with a blank for each response."""
    gaps: list[Gap] = []
    texts: dict[Element, str] = {}
    for response, kind in zip(responses, kinds, strict=True):
        try:
            gaps.append(gap_of(str(len(gaps) + 1), kind, response))
        except UncarriedError as error:
            raise UncarriedError(f"composite:{'+'.join(map(_name, kinds))}") from error
        texts[response] = f"{content(response)} [[{gaps[-1].id}]]"
    return {
        "type": QuestionType.CLOZE,
        "stem": _stem(problem, texts),
        "gaps": tuple(gaps),
        "points": float(len(gaps)),
    }


def _name(kind: str) -> str:
    return kind.removesuffix("response")


def _stem(problem: Element, replacements: dict[Element, str]) -> str:
    """The text; a problem without a label is known to learners by its name alone, which stands above it."""
    has_label = any(True for _ in descendants(problem, "label"))
    title = "" if has_label else heading(problem.get("display_name") or "")
    return f"{title}{content(problem, replacements)}"
