"""Answers by a schema: read strictly, sent back once when they do not fit."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from pydantic import ValidationError

from app.ai.llm.interface import Answer, LlmInvalidOutputError, Message, Prompt, Reply, Structured

MAX_ANSWER: Final = 200_000
SHOWN_ANSWER: Final = 4_000
_KEPT: Final = {
    "type", "properties", "required", "items", "enum", "const", "anyOf", "description", "additionalProperties",
    "$ref", "$defs",
}  # fmt: skip
_FENCE: Final = re.compile(r"^\s*```[a-z]*\s*\n(.*?)\n?\s*```\s*$", re.DOTALL)

Complete = Callable[[Prompt, dict[str, Any]], Reply]


def structured(complete: Complete, prompt: Prompt, schema: type[Answer]) -> Structured[Answer]:
    """Ask for an instance of the schema, and once more, with the fault named, when the answer is none.

    Raises:
        LlmInvalidOutputError: The second answer is no instance either; its usage counts both.
    """
    asked = json_schema(schema)
    first = complete(prompt, asked)
    try:
        return Structured(parse(first.text, schema), first.usage)
    except LlmInvalidOutputError as error:
        second = complete(_repair(prompt, first.text, str(error)), asked)
    usage = first.usage + second.usage
    try:
        return Structured(parse(second.text, schema), usage)
    except LlmInvalidOutputError as error:
        raise LlmInvalidOutputError(str(error), usage=usage) from error


def parse(text: str, schema: type[Answer]) -> Answer:
    """The JSON of an answer, also inside a Markdown fence; raises LlmInvalidOutputError with what is wrong."""
    if len(text) > MAX_ANSWER:
        raise LlmInvalidOutputError("The answer is too long.")
    fenced = _FENCE.match(text)
    try:
        return schema.model_validate_json(fenced[1] if fenced else text)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'JSON'}: {fault['msg']}" for fault in error.errors())
        raise LlmInvalidOutputError(f"The answer does not fit: {faults[:500]}") from error


def json_schema(schema: type[Answer]) -> dict[str, Any]:
    """The part of the schema that every provider enforces; lengths and ranges are checked when the answer is read."""
    reduced = _reduced(schema.model_json_schema())
    assert isinstance(reduced, dict)  # noqa: S101  # for the type checker: a schema is an object
    return reduced


def _reduced(node: Any, *, names: bool = False) -> Any:
    if isinstance(node, list):
        return [_reduced(member) for member in node]
    if not isinstance(node, dict):
        return node
    return {
        name: _reduced(member, names=name in {"properties", "$defs"})
        for name, member in node.items()
        if names or name in _KEPT
    }


def _repair(prompt: Prompt, answer: str, fault: str) -> Prompt:
    request = f"{fault} Answer again with nothing but JSON that fits the schema."
    extra = (Message("assistant", answer[:SHOWN_ANSWER] or "(nothing)"), Message("user", request))
    return replace(prompt, messages=prompt.messages + extra)
