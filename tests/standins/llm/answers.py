"""What the stand-in says when nobody tells it what to say: something that fits what was asked for."""

import base64
import hashlib
import html
import io
import math
import re
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

OBEYED = re.compile(r"STAND-IN, SAY: (.+)")
THOUGHTS = "The stand-in thinks."
TRANSCRIPT = "Words that were said."
TEXT = "The stand-in answers."
VECTOR_LENGTH = 8
INLINE = "data:"
"""What begins like this is no text, but the base64 of a picture or a recording."""
WORDS = {"language": "en", "letter": "B", "letters": "A", "text": "", "topic": "Standing in"}
SEVERAL = {"wrong": ["Something else.", "Something other.", "Something different."]}


@dataclass(frozen=True)
class Asked:
    """One request, whatever protocol it came by."""

    provider: str
    kind: str
    model: str
    system: str = ""
    texts: tuple[str, ...] = ()
    schema: dict[str, Any] | None = None
    streams: bool = False
    dimension: int | None = None
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    def data(self, slot: str) -> str:
        """What stands in a data slot of the prompt."""
        found = re.search(rf"<{slot}>\n(.*?)\n</{slot}>", self.text, re.DOTALL)
        return html.unescape(found[1]) if found else ""


def default_text(asked: Asked) -> str:
    """Obeys whoever says `STAND-IN, SAY: ...` in the prompt, as a weak model would."""
    order = OBEYED.search(html.unescape(asked.text))
    return order[1] if order else TEXT


def instance_of(schema: dict[str, Any], asked: Asked) -> Any:
    """A plain instance of a JSON schema; members that a program reads by their name get something that fits it."""
    return _instance("", schema, schema.get("$defs", {}), asked)


def _instance(name: str, schema: dict[str, Any], named: dict[str, Any], asked: Asked) -> Any:
    if "$ref" in schema:
        return _instance(name, named[schema["$ref"].rpartition("/")[2]], named, asked)
    if "anyOf" in schema:
        return _instance(name, schema["anyOf"][0], named, asked)
    fixed = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ())]
    return fixed[0] if fixed else _plain(name, schema, named, asked)


def _plain(name: str, schema: dict[str, Any], named: dict[str, Any], asked: Asked) -> Any:
    if schema.get("type") == "object":
        members = schema.get("properties", {})
        return {member: _instance(member, each, named, asked) for member, each in members.items()}
    if schema.get("type") == "array":
        return SEVERAL.get(name) or [_instance(name, schema["items"], named, asked)]
    if schema.get("type") == "string":
        return asked.data("passage").partition(".")[0] if name == "quote" else WORDS.get(name, default_text(asked))
    return {"integer": 1, "number": 0.5, "boolean": True}[schema["type"]]


def vector(text: str, length: int) -> list[float]:
    """Equal texts have equal vectors of length 1, pictures of like colours in like places near ones."""
    raw = _seen(text, length) if text.startswith(INLINE) else None
    if raw is None:
        raw = [byte / 255 + 0.01 for byte in hashlib.shake_256(text.encode()).digest(length)]
    norm = sum(value * value for value in raw) ** 0.5
    return [value / norm for value in raw]


def _seen(text: str, length: int) -> list[float] | None:
    """The colours of a small copy of the picture; None when it is none."""
    side = math.ceil(math.sqrt(length / 3))
    try:
        with Image.open(io.BytesIO(base64.urlsafe_b64decode(text.removeprefix(INLINE)))) as picture:
            colours = picture.convert("RGB").resize((side, side)).tobytes()
    except (OSError, ValueError):
        return None
    return [colour / 255 - 0.51 for colour in colours[:length]]


def tokens(text: str) -> int:
    return max(1, len(text) // 4)
