"""A note of Anki as a question: a flashcard of its first card, or the text with all its blanks."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from app.domain.enums import QuestionType
from app.domain.markup import referred_files, visible_text
from app.domain.question_draft import Answer, Location, MediaRef
from app.formats.anki.cloze import ClozeBlanks, hidden, revealed
from app.formats.anki.collection import Note
from app.formats.anki.media import Media
from app.formats.anki.note_types import NoteType
from app.formats.anki.templates import Renderer, Side
from app.formats.drafts import build_draft
from app.formats.items import ItemError
from app.formats.media_links import relinked
from app.formats.reading import Event, ProblemCode
from app.utils.html import plain_text

_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_SOUND = re.compile(r"\[sound:([^\]]+)\]")
_INLINE_FORMULA = re.compile(r"\[\$\](.*?)\[/\$\]", re.DOTALL)
_DISPLAY_FORMULA = re.compile(r"\[\$\$\](.*?)\[/\$\$\]", re.DOTALL)
_ANSWER_RULE = re.compile(r".*<hr\b[^>]*\bid\s*=\s*[\"']?answer\b[^>]*>", re.DOTALL | re.IGNORECASE)
_EDGE_RULE = re.compile(r"^(?:\s|<hr\b[^>]*>|<br\b[^>]*>)+|(?:\s|<br\b[^>]*>)+$", re.IGNORECASE)
_MOST_TAGS = 50
_LONGEST_TYPED = 400

Fields = dict[str, object]


class NoteReader:
    """Reads the notes of one type and deck path; a card shows fields of the note by its templates."""

    def __init__(self, kind: NoteType, media: Media | None) -> None:
        self._kind = kind
        self._media = media

    def events(self, note: Note, category: tuple[str, ...], place: Location) -> Iterator[Event]:
        """The media of a note, then the question. Raises `ItemError` or `UncarriedError`."""
        fields = {name: _modern(text) for name, text in zip(self._kind.fields, note.fields, strict=False)}
        specials = {"Tags": " ".join(note.tags), "Deck": "::".join(category), "Type": self._kind.name}
        question = (self._cloze if self._kind.is_cloze else self._card)(fields, specials)
        question |= {"external_id": note.guid[:200] or None, "tags": note.tags[:_MOST_TAGS], "category": category}
        names: dict[str, MediaRef] = {}
        for name in ("stem", "explanation"):
            question[name] = self._linked(str(question.get(name, "")), names)
        for name in names:
            if self._media is not None and (file := self._media.new_file(name)) is not None:
                yield file
        yield build_draft(question | {"media": tuple(names.values())}, place)

    def _card(self, fields: Mapping[str, str], specials: Mapping[str, str]) -> Fields:
        renderer = Renderer({**specials, **fields}, lambda _, text: hidden(text))
        for front, back in zip(self._kind.fronts, self._kind.backs, strict=True):
            side = renderer.side(front)
            if _has_content(side.html):
                return self._flashcard(fields, side, renderer.side(back))
        name = next((name for name, text in fields.items() if _has_content(text)), None)
        if name is None:
            raise ItemError(ProblemCode.EMPTY_STEM, "The note is empty.")
        return self._flashcard(fields, Side(fields[name], {name}), Side())

    def _flashcard(self, fields: Mapping[str, str], front: Side, back: Side) -> Fields:
        answer = _EDGE_RULE.sub("", _ANSWER_RULE.sub("", back.html))
        if not _has_content(answer):
            answer = _joined(text for name, text in fields.items() if name not in front.shown)
        typed = [plain_text(fields[name]) for name in front.typed]
        return {
            "type": QuestionType.FLASHCARD,
            "stem": _with_number(front, back, fields),
            "explanation": answer,
            "hints": tuple(front.hints[:10]),
            "answers": tuple(Answer(value=text) for text in typed if 0 < len(text) <= _LONGEST_TYPED),
            "extensions": self._left_over(fields, front.shown | back.shown),
        }

    def _cloze(self, fields: Mapping[str, str], specials: Mapping[str, str]) -> Fields:
        shown = {**specials, **fields}
        nodes = self._kind.fronts[0] if self._kind.fronts else []
        blanks = ClozeBlanks()
        front = Renderer(shown, blanks.blanked).side(nodes)
        back = Renderer(shown, lambda *_: "").side(self._kind.backs[0] if self._kind.backs else [])
        extra = _EDGE_RULE.sub("", back.html)
        question: Fields = {
            "hints": tuple(front.hints[:10]),
            "extensions": self._left_over(fields, front.shown | back.shown),
        }
        if blanks.can_be_typed(front.html):
            return question | {
                "type": QuestionType.CLOZE,
                "stem": front.html,
                "gaps": tuple(blanks.gaps),
                "explanation": extra,
            }
        whole = Renderer(shown, lambda _, text: revealed(text)).side(nodes).html if blanks.gaps else ""
        return question | {
            "type": QuestionType.FLASHCARD,
            "stem": Renderer(shown, lambda _, text: hidden(text)).side(nodes).html,
            "explanation": _joined([whole, extra]),
        }

    def _left_over(self, fields: Mapping[str, str], shown: set[str]) -> Fields:
        rest = {name: text for name, text in fields.items() if text and name not in shown}
        return {"anki": {"note_type": self._kind.name, "fields": rest}} if rest else {}

    def _linked(self, html: str, names: dict[str, MediaRef]) -> str:
        if self._media is None or "=" not in html:
            return html
        html = relinked(html, self._media.name)
        names |= {name: MediaRef(name=name) for name in referred_files(html) if self._media.name(name) == name}
        return html


def _modern(text: str) -> str:
    """HTML with sounds and the formulas of older versions as other HTML has them."""
    text = _COMMENT.sub("", text)
    if "[" not in text:
        return text
    text = _SOUND.sub(lambda sound: f'<audio src="{escape(sound[1])}" controls></audio>', text)
    text = _DISPLAY_FORMULA.sub(r"\\[\1\\]", text)
    return _INLINE_FORMULA.sub(r"\\(\1\\)", text)


def _has_content(html: str) -> bool:
    return bool(visible_text(html))


def _with_number(front: Side, back: Side, fields: Mapping[str, str]) -> str:
    """The front; below it the first field, by which people know a note, where no side shows it."""
    name, text = next(iter(fields.items()))
    if name in front.shown | back.shown or not _has_content(text):
        return front.html
    return f"{front.html}<br><small>{text}</small>"


def _joined(htmls: Iterable[str]) -> str:
    return "<br>".join(html for html in htmls if _has_content(html))
