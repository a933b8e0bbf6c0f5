"""Places on a picture: choices with a shape, or points that earn something in some area."""

from collections.abc import Iterator

from app.domain.enums import QuestionType
from app.domain.numbers import parse_number
from app.domain.question_draft import Hotspot, Shape
from app.formats.drafts import local_id
from app.formats.items import ItemError, UncarriedError
from app.formats.qti.interactions import Fields, Interaction
from app.formats.reading import ProblemCode
from app.formats.xml_reading import Element, descendants

_MOST_POINTS = 20


def hotspot(interaction: Interaction) -> Fields:
    choices = [*descendants(interaction.element, "hotspotChoice")]
    shapes = [
        _shape(
            index, each.get("shape") or "", each.get("coords") or "", (each.get("identifier") or "") in interaction.keys
        ).model_copy(update={"label": each.get("hotspotLabel") or each.get("identifier") or ""})
        for index, each in enumerate(choices)
    ]
    return _fields(interaction, shapes)


def select_point(interaction: Interaction) -> Fields:
    areas = interaction.response.areas
    if not areas:
        raise UncarriedError(interaction.kind)
    shapes = [_shape(index, area.shape, area.coords, area.value > 0) for index, area in enumerate(areas)]
    return _fields(interaction, shapes)


def picture_of(interaction: Element) -> str:
    """The link of the picture, empty where there is none."""
    for each in descendants(interaction, "object", "img"):
        return each.get("data") or each.get("src") or ""
    return ""


def _fields(interaction: Interaction, shapes: list[Shape]) -> Fields:
    right = sum(shape.correct for shape in shapes)
    most = int(parse_number(interaction.element.get("maxChoices") or "") or 0)
    picture = picture_of(interaction.element)
    return {
        "type": QuestionType.HOTSPOT,
        "hotspot": Hotspot(image=picture, shapes=tuple(shapes), max_points=min(max(most, right, 1), _MOST_POINTS)),
    }


def _shape(index: int, kind: str, coords: str, is_right: bool) -> Shape:  # noqa: FBT001
    numbers = [*_numbers(coords)]
    match kind, numbers:
        case "rect", [left, top, right, bottom]:
            corner = (min(left, right), min(top, bottom))
            return _made(index, "rect", (*corner, abs(right - left), abs(bottom - top)), is_right)
        case "circle", [_, _, _]:
            return _made(index, "circle", tuple(numbers), is_right)
        case "poly", [*points] if len(points) >= 6 and len(points) % 2 == 0:  # noqa: PLR2004 - a triangle at least
            closed = points[:2] == points[-2:]
            return _made(index, "polygon", tuple(points[:-2] if closed else points), is_right)
    if kind in {"ellipse", "default"}:
        raise UncarriedError(f"hotspot:{kind}")
    raise ItemError(ProblemCode.SHAPE, f"{kind} {coords[:60]} is no area of a picture.")


def _made(index: int, kind: str, coords: tuple[float, ...], is_right: bool) -> Shape:  # noqa: FBT001
    return Shape.model_validate({"id": local_id(index), "kind": kind, "coords": coords, "correct": is_right})


def _numbers(coords: str) -> Iterator[float]:
    for part in coords.replace(",", " ").split():
        if (value := parse_number(part)) is None:
            raise ItemError(ProblemCode.SHAPE, f"{coords[:60]!r} are no coordinates.")
        yield value
