"""Where files are kept: by the hash of their content, never by a name that somebody chose."""

import hashlib
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, Final, Protocol

from app.core.errors import TooLargeError

CHUNK_BYTES: Final = 256 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")


class FileMissingError(Exception):
    """The store has no such content."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    sha256: str
    size: int


class FileStore(Protocol):
    """A content-addressed store. Content once put never changes, so every method may be repeated."""

    def put(self, chunks: Iterable[bytes], limit: int) -> StoredFile:
        """Keep a content durably; raises TooLargeError beyond `limit` bytes and keeps nothing then."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """Raises FileMissingError."""
        ...

    def delete(self, sha256: str) -> None:
        """Deleting what is not there is no error."""
        ...

    def free_bytes(self) -> int | None:
        """Room that is left; None where nobody can tell."""
        ...


class LocalFileStore:
    """A folder of this machine. A content appears under its name only when it is complete and on the disk."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def put(self, chunks: Iterable[bytes], limit: int) -> StoredFile:
        incoming = self._directory / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with NamedTemporaryFile(dir=incoming, delete=False) as file:
            temporary = Path(file.name)
            try:
                for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise TooLargeError(f"The file is larger than {limit} bytes.")
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
                self._settle(temporary, digest.hexdigest())
            finally:
                temporary.unlink(missing_ok=True)
        return StoredFile(digest.hexdigest(), size)

    def open(self, sha256: str) -> BinaryIO:
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError as error:
            raise FileMissingError(sha256) from error

    def delete(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)

    def free_bytes(self) -> int | None:
        self._directory.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self._directory).free

    def _settle(self, temporary: Path, sha256: str) -> None:
        target = self._path(sha256)
        fresh = [folder for folder in (target.parent, target.parent.parent) if not folder.exists()]
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(target)
        # The name itself is durable only once its folder is, and a new folder once its parent is.
        for folder in (target.parent, *(folder.parent for folder in fresh)):
            _sync_folder(folder)

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a SHA-256")
        return self._directory / sha256[:2] / sha256[2:4] / sha256


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def chunks_of(stream: BinaryIO) -> Iterable[bytes]:
    """The rest of a stream, piece by piece."""
    return iter(lambda: stream.read(CHUNK_BYTES), b"")
