"""Questions as cards: which note type, what stands on the front and on the back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import ascii_uppercase
from typing import NamedTuple

from app.domain.enums import QuestionType
from app.domain.identity import content_hash
from app.domain.markup import replace_gaps
from app.domain.question_draft import Gap, Location, QuestionDraft
from app.formats.anki.collection import Note
from app.formats.anki.note_types import NoteType
from app.formats.anki.notes import NoteReader
from app.formats.anki.templates import parse_template
from app.formats.items import item_events
from app.formats.report import correct_texts
from app.utils.html import text_to_html

BASIC, TYPED, CLOZE = "Studium card", "Studium typed answer", "Studium cloze"

_ANSWER = "{{FrontSide}}<hr id=answer>"
_CHOICES = frozenset({QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_RESPONSE, QuestionType.TRUE_FALSE})
_GUID_LENGTH = 20


class CardType(NamedTuple):
    """``id`` is how Anki recognises the note type, so it never changes."""

    id: int
    fields: tuple[str, ...]
    front: str
    back: str


NOTE_TYPES: Mapping[str, CardType] = {
    BASIC: CardType(1_704_067_201, ("Front", "Back"), "{{Front}}", _ANSWER + "{{Back}}"),
    TYPED: CardType(
        1_704_067_202, ("Front", "Answer", "Back"), "{{Front}}<br>{{type:Answer}}", _ANSWER + "{{Answer}}<br>{{Back}}"
    ),
    CLOZE: CardType(1_704_067_203, ("Text", "Back"), "{{cloze:Text}}", "{{cloze:Text}}<br>{{Back}}"),
}


@dataclass(frozen=True, slots=True)
class Card:
    note_type: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    guid: str


def card_of(draft: QuestionDraft) -> Card | None:
    """The card of a question, None for types that make no sense on a card."""
    match draft.type:
        case QuestionType.CLOZE:
            return _card(draft, CLOZE, _cloze_text(draft), draft.explanation)
        case QuestionType.FLASHCARD if not draft.answers:
            return _card(draft, BASIC, draft.stem, draft.explanation)
        case QuestionType.FLASHCARD | QuestionType.SHORT_ANSWER | QuestionType.NUMERICAL:
            answer = next(iter(correct_texts(draft)), "")
            return _card(draft, TYPED, draft.stem, text_to_html(answer), draft.explanation)
        case kind if kind in _CHOICES:
            return _card(draft, BASIC, "".join(_question_with_options(draft)), "".join(_right_options(draft)))
    return None


def _card(draft: QuestionDraft, note_type: str, *fields: str) -> Card:
    tags = tuple("_".join(tag.split()) for tag in draft.tags)
    guid = draft.external_id or content_hash(draft)[:_GUID_LENGTH]
    return Card(note_type, tuple(field.replace("\x1f", " ") for field in fields), tags, guid)


def _question_with_options(draft: QuestionDraft) -> Iterator[str]:
    yield draft.stem
    for letter, option in zip(ascii_uppercase, draft.options, strict=False):
        yield f"<br>{letter}. {option.html}"


def _right_options(draft: QuestionDraft) -> Iterator[str]:
    for letter, option in zip(ascii_uppercase, draft.options, strict=False):
        if option.weight > 0:
            yield f"{letter}. {option.html}<br>"
    yield draft.explanation


def _cloze_text(draft: QuestionDraft) -> str:
    deletions = {gap.id: f"{{{{c{place}::{_gap_text(gap)}}}}}" for place, gap in enumerate(draft.gaps, start=1)}
    return replace_gaps(draft.stem, lambda gap_id: deletions.get(gap_id, f"[[{gap_id}]]"))


def _gap_text(gap: Gap) -> str:
    right = [answer.value for answer in gap.answers if answer.weight > 0]
    numbers = [f"{number.value:.15g}" for number in (gap.numeric.answers if gap.numeric else ())]
    options = [option.html for option in gap.options if option.weight > 0]
    return next(iter([*map(text_to_html, [*right, *numbers]), *options]), "")


def read_back(card: Card, draft: QuestionDraft) -> QuestionDraft | None:
    """The question that the card would be read as; what it gains, such as an id, is not held against it."""
    kind = NOTE_TYPES[card.note_type]
    note_type = NoteType(
        card.note_type,
        card.note_type == CLOZE,
        list(kind.fields),
        [parse_template(kind.front)],
        [parse_template(kind.back)],
    )
    note = Note(card.guid, kind.id, card.tags, card.fields, None)
    reader = NoteReader(note_type, None)
    events = item_events(lambda: reader.events(note, draft.category, Location()), Location(), "")
    read = next((event for event in events if isinstance(event, QuestionDraft)), None)
    if read is None:
        return None
    names = {gap.id: own.id for gap, own in zip(read.gaps, draft.gaps, strict=False)}
    stem = replace_gaps(read.stem, lambda gap_id: f"[[{names.get(gap_id, gap_id)}]]")
    external_id = read.external_id if draft.external_id else None
    return read.model_copy(update={"stem": stem, "external_id": external_id, "media": draft.media})
