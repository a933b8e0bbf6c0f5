"""Prompts as versioned files: `prompts/<name>.v<version>.md` with a part `# system` and a part `# user`.

What a template is filled with stands in data slots. Angle brackets in it are written as entities, so that nothing in
it can close its slot; slots inside of it are not filled again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from app.ai.llm.interface import Message, Prompt

_FOLDER: Final = Path(__file__).parent / "prompts"
_SLOT: Final = re.compile(r"\{\{([a-z_]+)\}\}")
_PARTS: Final = re.compile(r"\A# system\n(?P<system>.*?)\n# user\n(?P<user>.*)\Z", re.DOTALL)
MAX_SLOT: Final = 24_000
"""Characters of one slot; the rest of a longer text is cut off, and the model is told so."""

LATEST: Final = {
    "draft_question": 1,
    "essay_grading": 1,
    "explanation": 1,
    "hints": 1,
    "metadata": 1,
    "rationale": 1,
    "solve": 1,
}


@dataclass(frozen=True, slots=True)
class Template:
    name: str
    system: str
    user: str

    @property
    def slots(self) -> frozenset[str]:
        return frozenset(_SLOT.findall(self.system + self.user))

    def render(self, data: Mapping[str, str], *, max_tokens: int = 4_096) -> Prompt:
        """Raises KeyError for a slot without data."""
        user = _SLOT.sub(lambda slot: f"<{slot[1]}>\n{as_data(data[slot[1]])}\n</{slot[1]}>", self.user)
        return Prompt(self.name, self.system, (Message("user", user),), max_tokens)


@cache
def template(name: str, version: int | None = None) -> Template:
    """The latest version, unless another is asked for; raises FileNotFoundError for one that never was."""
    full_name = f"{name}.v{version or LATEST[name]}"
    parts = _PARTS.match((_FOLDER / f"{full_name}.md").read_text(encoding="utf-8"))
    if parts is None:
        raise ValueError(f"{full_name}: a template has a part '# system' and a part '# user'.")
    return Template(full_name, parts["system"].strip(), parts["user"].strip())


def as_data(text: str) -> str:
    cut = text if len(text) <= MAX_SLOT else f"{text[:MAX_SLOT]}\n[cut off here]"
    return cut.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
