"""Texts in which asterisks mark what is to be filled in: ``The *sky/heaven:look up* is blue.``"""

import html
import re
from typing import NamedTuple

from app.domain.markup import replace_gaps
from app.domain.question_draft import Answer, Gap, Option
from app.formats.drafts import local_id
from app.utils.html import plain_text, text_to_html

_BLANK = re.compile(r"\*([^*\n]+)\*")
_TIP = re.compile(r"(?<!\\):")
_REACTION = re.compile(r"\\[+-].*", re.DOTALL)


class Blank(NamedTuple):
    answers: tuple[str, ...]
    tip: str


class BlankText:
    """The HTML with a marker for each blank, and the blanks. Numbers go on from ``first``."""

    def __init__(self, marked: str, first: int = 1) -> None:
        self.blanks: list[Blank] = []
        self._first = first
        self.html = _BLANK.sub(self._replaced, replace_gaps(marked, lambda name: f"[ [{name}] ]"))

    @property
    def ids(self) -> list[str]:
        return [str(self._first + index) for index in range(len(self.blanks))]

    def _replaced(self, match: re.Match[str]) -> str:
        solution, *tip = _TIP.split(_REACTION.sub("", match[1]), maxsplit=1)
        answers = tuple(plain_text(part).strip() for part in solution.split("/") if part.strip())
        self.blanks.append(Blank(answers, html.unescape(tip[0]).strip() if tip else ""))
        return f"[[{self.ids[-1]}]]"


def typed_gaps(text: BlankText, *, case_sensitive: bool) -> list[Gap]:
    return [
        Gap(id=name, answers=tuple(Answer(value=value, case_sensitive=case_sensitive) for value in blank.answers))
        for name, blank in zip(text.ids, text.blanks, strict=True)
    ]


def dragged_gaps(text: BlankText, distractors: list[str]) -> list[Gap]:
    """Blanks of which each may be filled with any of the words."""
    right = ["/".join(blank.answers) for blank in text.blanks]
    words = list(dict.fromkeys([*right, *distractors]))
    return [
        Gap(
            id=name,
            kind="choice",
            options=tuple(
                Option(id=local_id(index), html=text_to_html(word), weight=float(word == wanted))
                for index, word in enumerate(words)
            ),
        )
        for name, wanted in zip(text.ids, right, strict=True)
    ]
