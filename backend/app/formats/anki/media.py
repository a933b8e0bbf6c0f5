"""The media of an Anki package: members called 0, 1, 2 …, and a list of the names that notes use for them."""

import io
import json
from typing import BinaryIO
from urllib.parse import unquote

import zstandard

from app.domain.question_draft import Location
from app.formats.anki.wire import WireError, wire_fields
from app.formats.archives import Archive
from app.formats.reading import MediaFile, ProblemCode, ReadError, problem

LIST_MEMBER = "media"

_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_LARGEST_WINDOW = 1 << 27


class Unpacker:
    """Reads members that may be compressed once more by Zstandard, up to a total of ``limit`` bytes each."""

    def __init__(self, archive: Archive, file: str, limit: int) -> None:
        self._archive = archive
        self._file = file
        self._limit = limit

    def read(self, member: str) -> bytearray:
        """Raises `ReadError` when the member is damaged, encrypted or larger than the limit."""
        place = Location(file=self._file, member=member)
        data = bytearray()
        try:
            with self._archive.open(member) as packed:
                stream = _unpacked(packed)
                while block := stream.read(io.DEFAULT_BUFFER_SIZE * 16):
                    data += block
                    if len(data) > self._limit:
                        raise ReadError(problem(ProblemCode.TOO_LARGE, "The member would expand too far.", place))
        except zstandard.ZstdError as error:
            raise ReadError(problem(ProblemCode.SYNTAX, "The member of the archive is damaged.", place)) from error
        return data


def _unpacked(packed: BinaryIO) -> BinaryIO | zstandard.ZstdDecompressionReader:
    is_compressed = packed.read(len(_ZSTD_MAGIC)) == _ZSTD_MAGIC
    packed.seek(0)
    return (
        zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW).stream_reader(packed) if is_compressed else packed
    )


class Media:
    """Finds the files that the texts of notes name, and gives each of them once."""

    def __init__(self, archive: Archive, unpacker: Unpacker, file: str) -> None:
        self._archive = archive
        self._unpacker = unpacker
        self._file = file
        listing = bytes(unpacker.read(LIST_MEMBER)) if LIST_MEMBER in archive.names else b""
        try:
            self._members = _members(listing)
        except ValueError as error:
            place = Location(file=file, member=LIST_MEMBER)
            raise ReadError(problem(ProblemCode.SYNTAX, "The list of media is damaged.", place)) from error
        self._given: set[str] = set()

    def name(self, reference: str) -> str | None:
        """The listed name that a link means; None when the package does not have the file."""
        for candidate in (reference, unquote(reference)):
            if self._members.get(candidate) in self._archive.names:
                return candidate
        return None

    def new_file(self, name: str) -> MediaFile | None:
        """The file of a listed name the first time that it is asked for."""
        if name in self._given:
            return None
        self._given.add(name)
        member = self._members[name]
        place = Location(file=self._file, member=member)
        return MediaFile(name, lambda: io.BytesIO(self._unpacker.read(member)), self._archive.size(member), place)


def _members(listing: bytes) -> dict[str, str]:
    """Member by file name, from ``{"0": "name"}`` or from a message with an entry for each file in order.

    Raises:
        ValueError: When it is neither.
    """
    if listing[:1] == b"{":
        listed = json.loads(listing)
        return {str(name): str(member) for member, name in listed.items()}
    entries = [value for number, value in wire_fields(listing) if number == 1 and isinstance(value, bytes)]
    return {_entry_name(entry): str(index) for index, entry in enumerate(entries)}


def _entry_name(entry: bytes) -> str:
    names = (value for number, value in wire_fields(entry) if number == 1 and isinstance(value, bytes))
    name = next(names, None)
    if name is None:
        raise WireError("A file has no name.")
    return name.decode(errors="replace")
