"""Every format that an import reads: the structured ones and the documents."""

from typing import Final

from app.formats import registry
from app.formats.reading import Reader, Source
from app.services import document_reading

READERS: Final[tuple[Reader, ...]] = (*registry.READERS, *document_reading.READERS)


def detect(source: Source) -> Reader:
    """As `registry.detect`, documents included."""
    return registry.detect(source, READERS)


def reader_named(name: str) -> Reader:
    """As `registry.reader_named`, documents included."""
    for reader in READERS:
        if reader.name == name:
            return reader
    known = ", ".join(reader.name for reader in READERS)
    raise registry.UnknownFormatError(f"There is no format {name!r}. Known are: {known}.")
