"""What an item declares about its responses: which are right, and what each earns."""

import math
from dataclasses import dataclass

from app.domain.numbers import parse_number
from app.formats.xml_reading import Element, child, children, text_of

_NUMBERS = frozenset({"integer", "float"})


@dataclass(frozen=True, slots=True)
class MapEntry:
    key: str
    value: float
    is_case_sensitive: bool


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a picture that earns points; coordinates as in an image map of HTML."""

    shape: str
    coords: str
    value: float


@dataclass(frozen=True, slots=True)
class Response:
    identifier: str
    cardinality: str = "single"
    base_type: str = "identifier"
    correct: tuple[str, ...] = ()
    mapping: tuple[MapEntry, ...] = ()
    most: float = 0.0
    areas: tuple[Area, ...] = ()

    @property
    def is_numeric(self) -> bool:
        return self.base_type in _NUMBERS

    @property
    def mapped(self) -> dict[str, float]:
        """What each key earns, as a fraction of the declared most or, without one, of what all right ones earn."""
        gains = [entry.value for entry in self.mapping if entry.value > 0]
        best = self.most or ((sum if self.cardinality == "multiple" else max)(gains) if gains else 0.0)
        return {entry.key: min(1.0, max(-1.0, entry.value / best)) for entry in self.mapping} if best else {}


def responses_of(item: Element) -> dict[str, Response]:
    found = [_response(each) for each in children(item, "responseDeclaration")]
    return {response.identifier: response for response in found}


def _response(element: Element) -> Response:
    mapping, areas = child(element, "mapping"), child(element, "areaMapping")
    return Response(
        identifier=element.get("identifier") or "",
        cardinality=element.get("cardinality") or "single",
        base_type=element.get("baseType") or "identifier",
        correct=_values(child(element, "correctResponse")),
        mapping=tuple(_map_entry(each) for each in children(mapping, "mapEntry")) if mapping is not None else (),
        most=max(0.0, number_of_attribute(mapping, "upperBound")) if mapping is not None else 0.0,
        areas=tuple(_area(each) for each in children(areas, "areaMapEntry")) if areas is not None else (),
    )


def _values(correct: Element | None) -> tuple[str, ...]:
    return tuple(text for each in children(correct, "value") if (text := text_of(each))) if correct is not None else ()


def _map_entry(element: Element) -> MapEntry:
    return MapEntry(
        key=element.get("mapKey") or "",
        value=number_of_attribute(element, "mappedValue"),
        is_case_sensitive=(element.get("caseSensitive") or "").lower() == "true",
    )


def _area(element: Element) -> Area:
    value = number_of_attribute(element, "mappedValue")
    return Area(element.get("shape") or "", element.get("coords") or "", value)


def number_of_attribute(element: Element, name: str) -> float:
    """Value of the attribute, 0 where it is missing or no finite number."""
    value = parse_number(element.get(name) or "")
    return value if value is not None and math.isfinite(value) else 0.0
