from enum import StrEnum

import pytest
from pydantic import BaseModel, Field

from app.ai.llm.interface import LlmInvalidOutputError
from app.ai.llm.response_parser import json_schema, parse


class Taste(StrEnum):
    SWEET = "sweet"
    SOUR = "sour"


class Part(BaseModel):
    title: str = Field(max_length=5)


class Fruit(BaseModel):
    taste: Taste
    parts: list[Part]


@pytest.mark.parametrize(
    "text",
    [
        '{"taste": "sour", "parts": [{"title": "peel"}]}',
        '```json\n{"taste": "sour", "parts": [{"title": "peel"}]}\n```',
        '  ```\n{"taste": "sour", "parts": [{"title": "peel"}]}```  ',
    ],
)
def test_plain_and_fenced_json_is_read(text: str) -> None:
    assert parse(text, Fruit) == Fruit(taste=Taste.SOUR, parts=[Part(title="peel")])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "JSON"),
        ("Sure! Here it is.", "JSON"),
        ('{"taste": "bitter", "parts": []}', "taste"),
        ('{"taste": "sour", "parts": [{"title": "too long"}]}', "parts.0.title"),
        ('{"taste": "sour"', "JSON"),
        ('{"taste": "' + "x" * 300_000 + '"}', "too long"),
    ],
)
def test_the_fault_of_an_answer_is_named(text: str, fault: str) -> None:
    with pytest.raises(LlmInvalidOutputError, match=fault):
        parse(text, Fruit)


def test_a_schema_keeps_members_that_are_called_like_keywords() -> None:
    schema = json_schema(Fruit)
    assert schema["$defs"]["Part"] == {
        "type": "object",
        "properties": {"title": {"type": "string"}},
        "required": ["title"],
    }
    assert schema["$defs"]["Taste"]["enum"] == ["sweet", "sour"]
