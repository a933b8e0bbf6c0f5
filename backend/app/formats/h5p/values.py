"""Members of JSON objects of which nothing is certain; what is missing or of another kind counts as empty."""

from collections.abc import Mapping

from pydantic import JsonValue

Params = Mapping[str, JsonValue]


def text_at(params: Params, *path: str) -> str:
    value = _at(params, path)
    return value.strip() if isinstance(value, str) else ""


def objects_at(params: Params, *path: str) -> list[Params]:
    """The objects of a list, or the one object that stands in its place."""
    value = _at(params, path)
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, dict)]


def texts_at(params: Params, *path: str) -> list[str]:
    value = _at(params, path)
    return [each.strip() for each in value if isinstance(each, str)] if isinstance(value, list) else []


def is_true_at(params: Params, *path: str) -> bool:
    return _at(params, path) in (True, "true")


def _at(params: Params, path: tuple[str, ...]) -> JsonValue:
    value: JsonValue = dict(params)
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
