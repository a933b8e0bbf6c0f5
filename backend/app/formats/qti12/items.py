"""An item of QTI 1.2, taken apart: what is declared, what is asked, what can be answered, how it is scored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.formats.qti12.scoring import Condition, conditions_of
from app.formats.qti12.texts import RESPONSES, ItemTexts
from app.formats.xml_reading import Element, child, children, descendants, local_name, text_of

_NUMERIC_BLANKS = frozenset({"integer", "decimal", "scientific"})


@dataclass(frozen=True, slots=True)
class Label:
    """Something that can be chosen, or written into a blank."""

    ident: str
    html: str
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Response:
    element: Element
    ident: str
    kind: str
    cardinality: str
    prompt: str
    labels: Sequence[Label]
    is_numeric: bool
    is_shuffled: bool
    is_hotspot: bool


@dataclass
class Item:
    """One item, with its HTML made on demand."""

    element: Element
    texts: ItemTexts

    @cached_property
    def metadata(self) -> dict[str, str]:
        """Fields of the item by lower-case label, whatever way they are written."""
        found: dict[str, str] = {}
        listed = child(self.element, "itemmetadata")
        for each in listed.iterdescendants() if listed is not None else ():
            if local_name(each) == "qtimetadatafield":
                found[text_of(each, "fieldlabel").lower()] = text_of(each, "fieldentry")
            elif local_name(each).startswith(("bbmd_", "qmd_")):
                found[local_name(each).lower()] = text_of(each)
        return found

    @cached_property
    def presentation(self) -> Element | None:
        return child(self.element, "presentation")

    @cached_property
    def stem(self) -> str:
        block = self.block("QUESTION_BLOCK")
        return self.texts.html(self.presentation if block is None else block)

    def block(self, name: str) -> Element | None:
        """The part of the presentation that Blackboard marks by a class."""
        flows = descendants(self.presentation, "flow") if self.presentation is not None else ()
        return next((flow for flow in flows if flow.get("class") == name), None)

    @cached_property
    def responses(self) -> list[Response]:
        if self.presentation is None:
            return []
        return [self._response(each) for each in descendants(self.presentation, *RESPONSES)]

    @cached_property
    def conditions(self) -> list[Condition]:
        return conditions_of(self.element)

    @property
    def ident(self) -> str:
        return self.element.get("ident") or self.metadata.get("bbmd_asi_object_id", "")

    @property
    def title(self) -> str:
        return (self.element.get("title") or "").strip()

    @cached_property
    def feedback(self) -> dict[str, str]:
        """HTML of each piece of feedback that is not empty, by its name; hints are not among them."""
        pieces = (each for each in children(self.element, "itemfeedback") if child(each, "hint") is None)
        named = {each.get("ident") or "": self.texts.whole_html(each) for each in pieces}
        return {name: html for name, html in named.items() if html}

    def hints(self) -> Iterator[str]:
        for each in children(self.element, "itemfeedback"):
            for hint in descendants(each, "hintmaterial"):
                if html := self.texts.whole_html(hint):
                    yield html

    def _response(self, element: Element) -> Response:
        render = next((each for each in children(element) if local_name(each).startswith("render_")), None)
        labels = [
            Label(each.get("ident") or "", self.texts.whole_html(each), dict(_attributes(each)))
            for each in descendants(element, "response_label")
        ]
        return Response(
            element=element,
            ident=element.get("ident") or "",
            kind=local_name(element),
            cardinality=(element.get("rcardinality") or "Single").capitalize(),
            prompt=self.texts.html(element),
            labels=labels,
            is_numeric=_is_numeric(element, render),
            is_shuffled=render is None or (render.get("shuffle") or "").lower() != "no",
            is_hotspot=render is not None and local_name(render) == "render_hotspot",
        )


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    for name, value in element.items():
        yield str(name), str(value)


def _is_numeric(element: Element, render: Element | None) -> bool:
    if local_name(element) == "response_num":
        return True
    return render is not None and (render.get("fibtype") or "").lower() in _NUMERIC_BLANKS
