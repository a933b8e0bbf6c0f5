"""One item of QTI 2 or 3 as a question."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from app.domain.enums import QuestionType, Severity
from app.domain.numbers import parse_number
from app.domain.question_draft import Gap, Location, Passage
from app.formats.drafts import build_draft
from app.formats.items import ItemError, UncarriedError
from app.formats.qti.body import html_without, is_interaction, prompt_of, without_markers
from app.formats.qti.declarations import Response, responses_of
from app.formats.qti.feedback import Feedback, feedback_of
from app.formats.qti.files import LinkedFiles
from app.formats.qti.hotspots import hotspot, select_point
from app.formats.qti.interactions import FIELDS_OF, Fields, Interaction, gap_match, gap_of
from app.formats.qti.processing import Processing
from app.formats.reading import Event, Problem, ProblemCode, problem
from app.formats.xml_reading import Element, child, descendants, local_name, text_of

_BLANK = "_____"
_IN_TEXT = frozenset({"textEntryInteraction", "inlineChoiceInteraction"})
_OPEN, _CLOSE = "\x02", "\x03"  # no text holds them
_MOST_POINTS = 1000
_LONGEST_ID = 40


class ItemReader:
    """Reads one item whose names are `names.canonical`."""

    def __init__(self, item: Element, files: LinkedFiles, location: Location) -> None:
        self._item = item
        self._files = files
        self._location = location
        self._processing = Processing(item)
        self._responses = responses_of(item)
        body = child(item, "itemBody")
        if body is None:
            raise ItemError(ProblemCode.SYNTAX, "The item has no body.")
        self._body = body
        files.link(item)
        self._interactions = [each for each in body.iterdescendants() if is_interaction(each)]
        self._feedback = self._all_feedback()

    def events(self, passage: Passage | None) -> Iterator[Event]:
        """Media and warnings, then the question. Raises `ItemError` or `UncarriedError`."""
        fields = self._common_fields() | self._feedback.fields() | self._special_fields()
        if passage is not None:
            fields["passage"] = passage
        yield from self._files.events
        yield from self._warnings()
        yield build_draft(fields | {"media": tuple(self._files.media.values())}, self._location)

    def _all_feedback(self) -> Feedback:
        first = self._interactions[0].get("responseIdentifier") or "" if self._interactions else ""
        return feedback_of(self._item, first, self._processing)

    def _common_fields(self) -> Fields:
        fields: Fields = {
            "title": self._item.get("title") or "",
            "external_id": (self._item.get("identifier") or "")[:200] or None,
            "language": (self._item.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[:35],
        }
        points = self._points()
        return fields | ({"points": points} if points is not None else {})

    def _points(self) -> float | None:
        for outcome in descendants(self._item, "outcomeDeclaration"):
            name = (outcome.get("identifier") or "").upper()
            text = text_of(outcome, "defaultValue") if name == "MAXSCORE" else outcome.get("normalMaximum") or ""
            value = parse_number(text) if name in {"MAXSCORE", "SCORE"} else None
            if value is not None and 0 < value <= _MOST_POINTS:
                return value
        return None

    def _special_fields(self) -> Fields:
        match [local_name(each) for each in self._interactions]:
            case []:
                return {"type": QuestionType.DESCRIPTION, "stem": self._stem({})}
            case [kind]:
                return self._single(kind, self._interactions[0])
            case kinds if set(kinds) == {"extendedTextInteraction"}:
                prompts = {each: _prompt(each) for each in self._interactions}
                return {"type": QuestionType.ESSAY, "stem": self._stem(prompts)}
            case kinds:
                return self._several(kinds)

    def _single(self, kind: str, element: Element) -> Fields:
        interaction = self._interaction(element)
        match kind:
            case "inlineChoiceInteraction" | "gapMatchInteraction":
                return self._several([kind])
            case "textEntryInteraction":
                return FIELDS_OF[kind](interaction) | {"stem": self._stem(_blank(element))}
            case "hottextInteraction":
                shown = html_without(element, {})
                return FIELDS_OF[kind](interaction) | {"stem": self._stem({element: f"{prompt_of(element)} {shown}"})}
            case "hotspotInteraction" | "selectPointInteraction":
                fields = hotspot(interaction) if kind == "hotspotInteraction" else select_point(interaction)
            case _ if kind in FIELDS_OF:
                fields = FIELDS_OF[kind](interaction)
            case _:
                raise UncarriedError(kind)
        return fields | {"stem": self._stem({element: _prompt(element)})}

    def _several(self, kinds: list[str]) -> Fields:
        """A text with a blank for each interaction, or for each gap of it."""
        texts: dict[Element, str] = {}
        gaps: list[Gap] = []
        try:
            for element in self._interactions:
                texts[element], found = self._blanks(element, {gap.id for gap in gaps})
                gaps += found
        except UncarriedError as error:
            raise UncarriedError(f"composite:{'+'.join(kinds)}") from error
        return {"type": QuestionType.CLOZE, "stem": self._stem(texts), "gaps": tuple(gaps)}

    def _blanks(self, element: Element, taken: Collection[str]) -> tuple[str, Sequence[Gap]]:
        """What stands in the text in place of an interaction, and its gaps."""
        interaction = self._interaction(element)
        if interaction.kind != "gapMatchInteraction":
            gap = gap_of(_free_id(interaction.response.identifier, taken), interaction)
            prompt = "" if interaction.kind in _IN_TEXT else f"{prompt_of(element)} "
            return prompt + _marker(gap.id), [gap]
        gaps = gap_match(interaction)
        ids = [_free_id(gap.id, taken) for gap in gaps]
        texts = dict.fromkeys(descendants(element, "gapText", "gapImg"), "")
        texts |= {each: _marker(name) for each, name in zip(descendants(element, "gap"), ids, strict=True)}
        renamed = [gap.model_copy(update={"id": name}) for gap, name in zip(gaps, ids, strict=True)]
        return _prompt(element) + html_without(element, texts), renamed

    def _stem(self, replacements: Mapping[Element, str]) -> str:
        html = without_markers(html_without(self._body, replacements)).strip()
        return _unwrapped(html).replace(_OPEN, "[[").replace(_CLOSE, "]]")

    def _interaction(self, element: Element) -> Interaction:
        name = element.get("responseIdentifier") or ""
        response = self._responses.get(name, Response(name))
        return Interaction(element, response, self._processing, self._feedback.options)

    def _warnings(self) -> Iterator[Problem]:
        if any(True for _ in descendants(self._item, "templateDeclaration")):
            message = "The item computes its numbers anew for each learner; that is not taken over."
            found = problem(ProblemCode.UNSUPPORTED_TYPE, message, self._location, text=self._item.get("title") or "")
            yield Problem(found.code, Severity.WARNING, found.message, found.location, found.column, found.text)
        if any(True for _ in descendants(self._body, "svg")):
            message = "A drawing written into the text (SVG) is not taken over."
            yield problem(ProblemCode.MISSING_MEDIA, message, self._location, text="svg")


def _blank(entry: Element) -> dict[Element, str]:
    """What stands in place of a field: a line in a text, nothing where the field has a paragraph of its own."""
    parent = entry.getparent()
    is_alone = parent is not None and local_name(parent) == "p" and len(parent) == 1 and not text_of(parent)
    return {parent: ""} if parent is not None and is_alone else {entry: _BLANK}


def _unwrapped(html: str) -> str:
    """The content of a lone block around everything."""
    is_wrapped = html.startswith("<div>") and html.endswith("</div>") and html.count("<div") == 1
    return html.removeprefix("<div>").removesuffix("</div>").strip() if is_wrapped else html


def _free_id(name: str, taken: Collection[str]) -> str:
    """The name where it can be the id of a blank and no other blank has it."""
    is_usable = 0 < len(name) <= _LONGEST_ID and not set(name) & set("[]") and name not in taken
    return name if is_usable else f"gap{len(taken) + 1}-{name[:_LONGEST_ID]}".replace("[", "(").replace("]", ")")


def _prompt(interaction: Element) -> str:
    prompt = prompt_of(interaction)
    return f"<p>{prompt}</p>" if prompt else ""


def _marker(gap_id: str) -> str:
    return f"{_OPEN}{gap_id}{_CLOSE}"
