"""Escapes and text formats of GIFT.

While a question is taken apart, an escaped control character stands as a noncharacter of Unicode, which no text may
hold, so that splitting at control characters needs to know nothing about escapes.
"""

import re
from dataclasses import dataclass

from app.utils.html import html_of, looks_like_html, plain_text, text_to_html

_CONTROL = "~=#{}:\\n"
_STAND_INS = "".join(chr(0xFDD0 + index) for index in range(len(_CONTROL)))
_STAND_IN_OF = dict(zip(_CONTROL, _STAND_INS, strict=True))
_RESTORED = str.maketrans(dict(zip(_STAND_INS, "~=#{}:\\\n", strict=True)))
_FOREIGN = str.maketrans(dict.fromkeys(_STAND_INS, "\N{REPLACEMENT CHARACTER}"))
_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_TAG_OR_ENTITY = re.compile(r"<[a-zA-Z/][^<>]*>|&#x?[0-9a-fA-F]{1,7};")
_HIDDEN_IN_TAGS = str.maketrans({character: _STAND_IN_OF[character] for character in "~=#:"})
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]\s*")
_NEEDS_HTML = re.compile(r"[<>&\n]")
_TO_ESCAPE = re.compile(r"[~=#{}:\\]")

DEFAULT_FORMAT = "moodle"


@dataclass(frozen=True, slots=True)
class FormattedText:
    text: str
    format: str

    @property
    def html(self) -> str:
        """The text as HTML. Markdown is shown as it is written."""
        text = restored(self.text)
        if self.format == "html":
            return text.strip()
        lines = "\n".join(line.strip() for line in text.strip().split("\n"))
        if self.format == DEFAULT_FORMAT:
            return html_of(lines)
        return text_to_html(lines)

    @property
    def plain(self) -> str:
        """The text where the format allows no markup, as in a short answer; tags that are there say nothing."""
        text = restored(self.text).strip()
        return plain_text(text) if looks_like_html(text) else " ".join(text.split())


def protected(text: str) -> str:
    """The text with stand-ins for escaped characters, and for those inside HTML tags and entities."""
    text = _ESCAPE.sub(lambda escape: _STAND_IN_OF[escape[1]], text.translate(_FOREIGN))
    return _TAG_OR_ENTITY.sub(lambda tag: tag[0].translate(_HIDDEN_IN_TAGS), text)


def restored(text: str) -> str:
    return text.translate(_RESTORED)


def formatted(text: str, inherited: str) -> FormattedText:
    """The text without its leading ``[html]``, ``[plain]``, ..., which holds instead of the inherited format."""
    if (mark := _FORMAT.match(text)) is None:
        return FormattedText(text, inherited)
    return FormattedText(text[mark.end() :], mark[1])


def needs_html(html: str) -> bool:
    return _NEEDS_HTML.search(html) is not None


def escaped(text: str, text_format: str) -> str:
    """Text from which `protected`, `formatted` and `restored` make `text` again."""
    mark = f"[{text_format}]" if _FORMAT.match(text) else ""
    return mark + _TO_ESCAPE.sub(r"\\\g<0>", text).replace("\n", "\\n")
