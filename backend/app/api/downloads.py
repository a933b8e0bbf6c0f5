"""Files that leave as attachments, never shown by the browser in our origin."""

from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import quote

from fastapi.responses import StreamingResponse

from app.core.errors import NotFoundError
from app.integrations.storage import FileMissingError, FileStore, chunks_of

DOWNLOAD: Final[dict[str, Any]] = {
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    "description": "The file.",
}


def attachment(parts: Iterable[bytes], filename: str, mime: str) -> StreamingResponse:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(parts, media_type=mime, headers=headers)


def stored_parts(store: FileStore, sha256: str) -> Iterator[bytes]:
    """The content of a stored file; raises NotFoundError at once when it is lost."""
    try:
        stream = store.open(sha256)
    except FileMissingError as error:
        raise NotFoundError("The file is lost.") from error

    def parts() -> Iterator[bytes]:
        with stream:
            yield from chunks_of(stream)

    return parts()
