"""Writing packages for Anki (.apkg), in the schema that every version reads."""

import hashlib
import itertools
import json
import sqlite3
import zipfile
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from typing import TYPE_CHECKING, BinaryIO

from app.domain.question_draft import MediaRef, QuestionDraft
from app.formats.anki.cards import CLOZE, NOTE_TYPES, Card, card_of, read_back
from app.formats.losses import losses_of
from app.formats.reading import Loss, WriteOptions

if TYPE_CHECKING:
    import genanki  # type: ignore[import-untyped]  # the library has no types

_DEFAULT_DECK_ID, _DEFAULT_DECK = 1, "Default"
# Notes need a time; the same questions shall make the same package whenever they are written.
_WRITTEN_AT_S = 1_704_067_200
_ID_BYTES = 6


class AnkiWriter:
    name = "anki"
    title = "Anki package"
    extension = ".apkg"
    mime = "application/zip"

    def write(self, drafts: Iterable[QuestionDraft], out: BinaryIO, options: WriteOptions) -> list[Loss]:
        """One deck for each category. Questions that Anki cannot ask as such become cards with the key on the back."""
        import genanki

        losses: list[Loss] = []
        decks: dict[str, genanki.Deck] = {}
        media: dict[str, MediaRef] = {}
        for position, draft in enumerate(drafts, start=1):
            card = card_of(draft)
            if card is None:
                losses.append(Loss(position, "type", f"There are no cards for questions of type {draft.type}."))
                continue
            losses += losses_of(position, draft, read_back(card, draft))
            media |= {each.name: each for each in draft.media}
            name = "::".join(draft.category) or options.title or _DEFAULT_DECK
            decks.setdefault(name, genanki.Deck(_deck_id(name), name)).add_note(_note(card))
        _write_package(decks.values(), media, out, options)
        return losses


def _deck_id(name: str) -> int:
    if name == _DEFAULT_DECK:
        return _DEFAULT_DECK_ID
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:_ID_BYTES])


def _note(card: Card) -> "genanki.Note":
    import genanki

    return genanki.Note(model=_model(card.note_type), fields=list(card.fields), tags=list(card.tags), guid=card.guid)


@cache
def _model(name: str) -> "genanki.Model":
    import genanki

    kind = NOTE_TYPES[name]
    return genanki.Model(
        kind.id,
        name,
        fields=[{"name": field} for field in kind.fields],
        templates=[{"name": "Card 1", "qfmt": kind.front, "afmt": kind.back}],
        model_type=genanki.Model.CLOZE if name == CLOZE else genanki.Model.FRONT_BACK,
    )


def _write_package(
    decks: Iterable["genanki.Deck"], media: dict[str, MediaRef], out: BinaryIO, options: WriteOptions
) -> None:
    import genanki

    with closing(sqlite3.connect(":memory:")) as database:
        package = genanki.Package(list(decks))
        package.write_to_db(database.cursor(), _WRITTEN_AT_S, itertools.count(_WRITTEN_AT_S * 1000))
        database.commit()
        collection = database.serialize()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("collection.anki2", collection)
        names: list[str] = []
        for reference in media.values():
            stream = options.media(reference)
            if stream is None:
                continue
            with stream:
                archive.writestr(str(len(names)), stream.read())
            names.append(reference.name)
        archive.writestr("media", json.dumps(dict(enumerate(names))))
