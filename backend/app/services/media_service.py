import hashlib
from typing import BinaryIO
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.core.logging import get_logger
from app.domain.audit import AuditAction
from app.domain.permissions import Actor
from app.integrations.storage import FileMissingError, FileStore
from app.models import Media
from app.repositories.audit_repository import AuditRepository
from app.repositories.media_repository import MediaRepository
from app.schemas.media import MediaRead
from app.services.picture_upload import MAX_IMAGE_BYTES, ImageError, picture_data
from app.services.question_files import media_url
from app.utils.images import CleanImage, ImageRefusedError, clean_image

log = get_logger(__name__)


class MediaService:
    def __init__(self, session: Session, store: FileStore) -> None:
        self._session, self._store = session, store
        self._media, self._audit = MediaRepository(session), AuditRepository(session)

    def uploaded(self, actor: Actor, media: Media) -> MediaRead:
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
        """The row of a picture, made anew in this process; handing in the same bytes again is the same row.

        Raises:
            TooLargeError: More than `MAX_IMAGE_BYTES`.
            ImageError: No picture of an accepted kind, too many pixels, or broken.
        """
        data = picture_data(stream)
        return self.known(data) or self.add(data, _cleaned(data), created_by)

    def known(self, data: bytes) -> Media | None:
        """The row of a picture by the bytes that were handed in."""
        source_sha256 = hashlib.sha256(data).hexdigest()
        return self._media.by_source([source_sha256]).get(source_sha256)

    def add(self, data: bytes, image: CleanImage, created_by: UUID | None) -> Media:
        """The row of a picture that was made anew from `data`."""
        stored = self._store.put([image.data], MAX_IMAGE_BYTES * 4)
        return self._media.add_once(
            Media(
                sha256=stored.sha256,
                source_sha256=hashlib.sha256(data).hexdigest(),
                mime=image.mime,
                size=stored.size,
                width=image.width,
                height=image.height,
                created_by=created_by,
            )
        )

    def find(self, actor: Actor, media_id: UUID, *, tells_keys: bool) -> Media:
        """Raises NotFoundError, also for a file of no question that the student was asked.

        Without `tells_keys` also for one that only the key of a question shows.
        """
        media = self._media.get(actor, media_id, tells_keys=tells_keys)
        if media is None:
            raise NotFoundError("No such file.")
        return media

    def open(self, media: Media) -> BinaryIO:
        try:
            return self._store.open(media.sha256)
        except FileMissingError as error:
            log.exception("media.file_missing", media_id=str(media.id), sha256=media.sha256)
            raise NotFoundError("The file is lost.") from error


def _cleaned(data: bytes) -> CleanImage:
    try:
        return clean_image(data)
    except ImageRefusedError as error:
        raise ImageError(str(error)) from error
