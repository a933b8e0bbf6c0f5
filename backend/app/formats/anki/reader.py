"""Packages of Anki (.apkg, .colpkg), of old and new versions."""

from collections.abc import Iterator
from functools import partial

from app.domain.question_draft import Location
from app.formats.anki.collection import Collection, CollectionError, Note, opened_collection
from app.formats.anki.media import Media, Unpacker
from app.formats.anki.notes import NoteReader
from app.formats.archives import Archive
from app.formats.items import item_events
from app.formats.reading import Event, ProblemCode, ReadError, ReadOptions, Sample, Source, problem
from app.utils.html import plain_text

# New versions put a dummy with the notice "please update" into the member for old ones.
_COLLECTIONS = ("collection.anki21b", "collection.anki21", "collection.anki2")
_DEFAULT_DECK = ("Default",)


class AnkiReader:
    name = "anki"
    title = "Anki package"
    extensions: tuple[str, ...] = (".apkg", ".colpkg")

    def sniff(self, sample: Sample) -> float:
        return 0.95 if any(name in sample.members for name in _COLLECTIONS) else 0.0

    def read(self, source: Source, options: ReadOptions) -> Iterator[Event]:
        archive = Archive(source, options.limits)
        yield from archive.problems
        member = next((name for name in _COLLECTIONS if name in archive.names), None)
        if member is None:
            message = "The archive holds no collection of Anki."
            raise ReadError(problem(ProblemCode.SYNTAX, message, Location(file=source.name)))
        unpacker = Unpacker(archive, source.name, options.limits.expanded_bytes)
        media = Media(archive, unpacker, source.name)
        place = Location(file=source.name, member=member)
        try:
            with opened_collection(unpacker.read(member)) as collection:
                yield from _events(collection, media, place)
        except CollectionError as error:
            message = "The collection inside the package cannot be read."
            raise ReadError(problem(ProblemCode.SYNTAX, message, place, text=str(error))) from error


def _events(collection: Collection, media: Media, place: Location) -> Iterator[Event]:
    readers = {key: NoteReader(kind, media) for key, kind in collection.note_types.items()}
    for row, note in enumerate(collection.notes(), start=1):
        location = place.model_copy(update={"row": row})
        reader = readers.get(note.note_type)
        if reader is None:
            yield problem(ProblemCode.SYNTAX, "The type of the note is not there.", location, text=note.fields[0])
            continue
        path = collection.deck_path(note.deck)
        category = () if path == _DEFAULT_DECK else path
        yield from item_events(partial(reader.events, note, category, location), location, _describe(note))


def _describe(note: Note) -> str:
    return plain_text(note.fields[0])
