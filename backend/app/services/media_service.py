import hashlib
import threading
from typing import BinaryIO, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import InvalidInputError, NotFoundError, TooLargeError, UnavailableError
from app.core.logging import get_logger
from app.domain.audit import AuditAction
from app.domain.permissions import Actor
from app.integrations.storage import FileMissingError, FileStore
from app.models import Media
from app.repositories.audit_repository import AuditRepository
from app.repositories.media_repository import MediaRepository
from app.schemas.media import MediaRead
from app.services.question_files import media_url
from app.utils.images import CleanImage, ImageRefusedError, clean_image

log = get_logger(__name__)

MAX_IMAGE_BYTES: Final = 20 * 1024 * 1024
WAIT_S: Final = 30
# A picture of the greatest size takes some 400 MB while it is encoded.
_encoder = threading.BoundedSemaphore(1)


class ImageError(InvalidInputError):
    code = "image_refused"


class MediaService:
    def __init__(self, session: Session, store: FileStore) -> None:
        self._session, self._store = session, store
        self._media, self._audit = MediaRepository(session), AuditRepository(session)

    def upload(self, actor: Actor, stream: BinaryIO) -> MediaRead:
        media = self.keep(stream, actor.user_id)
        self._audit.record(
            AuditAction.MEDIA_UPLOADED, actor_id=actor.user_id, object_type="media", object_id=str(media.id)
        )
        return MediaRead(
            id=media.id,
            url=media_url(media.id),
            sha256=media.source_sha256,
            mime=media.mime,
            size=media.size,
            width=media.width,
            height=media.height,
        )

    def keep(self, stream: BinaryIO, created_by: UUID | None) -> Media:
        """The row of a picture; handing in the same bytes again is the same row.

        Raises:
            TooLargeError: More than `MAX_IMAGE_BYTES`.
            ImageError: No picture of an accepted kind, too many pixels, or broken.
        """
        data = stream.read(MAX_IMAGE_BYTES + 1)
        if len(data) > MAX_IMAGE_BYTES:
            raise TooLargeError(f"A picture has at most {MAX_IMAGE_BYTES} bytes.")
        source_sha256 = hashlib.sha256(data).hexdigest()
        known = self._media.by_source([source_sha256]).get(source_sha256)
        if known is not None:
            return known
        image = cleaned_picture(data)
        stored = self._store.put([image.data], MAX_IMAGE_BYTES * 4)
        return self._media.add_once(
            Media(
                sha256=stored.sha256,
                source_sha256=source_sha256,
                mime=image.mime,
                size=stored.size,
                width=image.width,
                height=image.height,
                created_by=created_by,
            )
        )

    def find(self, actor: Actor, media_id: UUID) -> Media:
        """Raises NotFoundError, also for a file of no question that the student was asked."""
        media = self._media.get(actor, media_id)
        if media is None:
            raise NotFoundError("No such file.")
        return media

    def open(self, media: Media) -> BinaryIO:
        try:
            return self._store.open(media.sha256)
        except FileMissingError as error:
            log.exception("media.file_missing", media_id=str(media.id), sha256=media.sha256)
            raise NotFoundError("The file is lost.") from error


def cleaned_picture(data: bytes) -> CleanImage:
    if not _encoder.acquire(timeout=WAIT_S):
        raise UnavailableError("Too many pictures at once. Try again.", headers={"Retry-After": "10"})
    try:
        return clean_image(data)
    except ImageRefusedError as error:
        raise ImageError(str(error)) from error
    finally:
        _encoder.release()
