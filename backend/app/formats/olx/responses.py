"""The response types of OLX as fields of a question."""

import ast
import json
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping

from app.domain.enums import QuestionType
from app.domain.numbers import parse_number
from app.domain.question_draft import Answer, Gap, Hotspot, MatchKind, Numeric, NumericAnswer, Option, Shape
from app.formats.drafts import choice_type, local_id, weighted_options
from app.formats.items import ItemError, UncarriedError
from app.formats.numbers import NumberError, numeric_answer, range_answer
from app.formats.olx.texts import content
from app.formats.reading import ProblemCode
from app.formats.xml_reading import Element, children, descendants
from app.utils.html import is_remote, plain_text, text_to_html

Fields = dict[str, object]

_COMPUTED = re.compile(r"\$\{?[A-Za-z_]")
_RANGE = re.compile(r"[\[(]\s*([^,\[\]()]+?)\s*,\s*([^,\[\]()]+?)\s*[\])]")
_RECTANGLE = re.compile(r"\(\s*([\d.]+)\s*,\s*([\d.]+)\s*\)\s*-\s*\(\s*([\d.]+)\s*,\s*([\d.]+)\s*\)")
_HALF = 0.5


def multiple_choice(response: Element) -> Fields:
    options = tuple(_options(response, "choice", "choicehint"))
    right = [index for index, option in enumerate(options) if option.weight == 1]
    return {"type": choice_type([plain_text(option.html) for option in options], right[:1]), "options": options}


def checkboxes(response: Element) -> Fields:
    listed = [*_options(response, "choice", "choicehint")]
    right = {index for index, option in enumerate(listed) if option.weight > 0}
    htmls, feedback = [option.html for option in listed], [option.feedback for option in listed]
    return {"type": QuestionType.MULTIPLE_RESPONSE, "options": weighted_options(htmls, right, feedback)}


def dropdown(response: Element) -> Fields:
    return {"type": QuestionType.SINGLE_CHOICE, "options": _listed_options(response)}


def _listed_options(response: Element) -> tuple[Option, ...]:
    """Options of a list that opens: elements, or a tuple of Python in an attribute."""
    options = tuple(_options(response, "option", "optionhint"))
    if options:
        return options
    field = next(descendants(response, "optioninput"), None)
    texts = _tuple_of_texts(field.get("options") or "") if field is not None else []
    right = field.get("correct") if field is not None else None
    return tuple(
        Option(id=local_id(index), html=text_to_html(text), weight=float(text == right))
        for index, text in enumerate(texts)
    )


def _tuple_of_texts(literal: str) -> list[str]:
    try:
        value = ast.literal_eval(literal)
    except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
        raise ItemError(ProblemCode.SYNTAX, "The list of options is not well-formed.") from error
    return [str(each) for each in value] if isinstance(value, tuple | list) else [str(value)]


def _options(response: Element, name: str, hint: str) -> Iterator[Option]:
    for index, each in enumerate(descendants(response, name)):
        feedback = "<br>".join(content(found) for found in children(each, hint))
        yield Option(id=local_id(index), html=content(each), weight=_weight(each), feedback=feedback)


def _weight(choice: Element) -> float:
    match (choice.get("correct") or "").lower():
        case "true":
            return 1.0
        case "partial":
            value = parse_number(choice.get("point_value") or "")
            return value if value is not None and 0 < value < 1 else _HALF
    return 0.0


def text_input(response: Element) -> Fields:
    return {"type": QuestionType.SHORT_ANSWER, "answers": tuple(_answers(response))}


def _answers(response: Element) -> Iterator[Answer]:
    kinds = (response.get("type") or "").split()
    texts = [*(response.get("answer") or "").split("_or_"), *_additional(response)]
    for text in dict.fromkeys(text.strip() for text in texts if text.strip()):
        yield Answer(
            value=_fixed(text),
            match=MatchKind.PATTERN if "regexp" in kinds else MatchKind.EXACT,
            case_sensitive="ci" not in kinds,
        )


def _additional(response: Element) -> Iterator[str]:
    for each in children(response, "additional_answer"):
        yield each.get("answer") or each.text or ""


def _fixed(text: str) -> str:
    """The text, unless a script of the problem makes it."""
    if _COMPUTED.search(text):
        raise UncarriedError("script")
    return text


def number_input(response: Element) -> Fields:
    return {"type": QuestionType.NUMERICAL, "numeric": _numeric(response)}


def _numeric(response: Element) -> Numeric:
    parameters = [each for each in descendants(response, "responseparam") if each.get("type") == "tolerance"]
    tolerance = next((each.get("default") or "" for each in parameters), response.get("tolerance") or "")
    texts = [response.get("answer") or "", *_additional(response)]
    return Numeric(answers=tuple(_number(_fixed(text.strip()), tolerance) for text in texts if text.strip()))


def _number(text: str, tolerance: str) -> NumericAnswer:
    try:
        if (ends := _RANGE.fullmatch(text)) is not None:
            return range_answer(_value(ends[1]), _value(ends[2]))
        return numeric_answer(text, tolerance)
    except NumberError as error:
        raise ItemError(ProblemCode.NUMBER, str(error)) from error


def _value(text: str) -> float:
    if (value := parse_number(text)) is None:
        raise NumberError(f"{text[:60]!r} is no number.")
    return value


def picture(response: Element) -> Fields:
    field = next(descendants(response, "imageinput"), None)
    if field is None:
        raise ItemError(ProblemCode.SYNTAX, "The picture is missing.")
    shapes = [*_rectangles(field.get("rectangle") or ""), *_polygons(field.get("regions") or "")]
    named = tuple(shape.model_copy(update={"id": local_id(index)}) for index, shape in enumerate(shapes))
    source = field.get("src") or "picture"
    image = posixpath.basename(source) if is_remote(source) else source
    return {"type": QuestionType.HOTSPOT, "hotspot": Hotspot(image=image, shapes=named)}


def _rectangles(text: str) -> Iterator[Shape]:
    for corners in _RECTANGLE.finditer(text):
        left, top, right, bottom = map(float, corners.groups())
        corner = (min(left, right), min(top, bottom))
        yield Shape(id="r", kind="rect", coords=(*corner, abs(right - left), abs(bottom - top)))


def _polygons(text: str) -> Iterator[Shape]:
    try:
        regions = json.loads(text or "[]")
        polygons = regions if not regions or isinstance(regions[0][0], list) else [regions]
        for polygon in polygons:
            yield Shape(id="p", kind="polygon", coords=tuple(float(value) for point in polygon for value in point))
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise ItemError(ProblemCode.SHAPE, "The regions of the picture are not well-formed.") from error


FIELDS_OF: Mapping[str, Callable[[Element], Fields]] = {
    "multiplechoiceresponse": multiple_choice,
    "truefalseresponse": checkboxes,
    "choiceresponse": checkboxes,
    "optionresponse": dropdown,
    "stringresponse": text_input,
    "numericalresponse": number_input,
    "imageresponse": picture,
}


def gap_of(gap_id: str, kind: str, response: Element) -> Gap:
    """The blank that a response is in a problem with several of them. Raises `UncarriedError` when it is none."""
    match kind:
        case "stringresponse":
            return Gap(id=gap_id, answers=tuple(_answers(response)))
        case "numericalresponse":
            return Gap(id=gap_id, kind="numeric", numeric=_numeric(response))
        case "optionresponse":
            return Gap(id=gap_id, kind="choice", options=_listed_options(response))
        case "multiplechoiceresponse":
            return Gap(id=gap_id, kind="choice", options=tuple(_options(response, "choice", "choicehint")))
    raise UncarriedError(kind)
