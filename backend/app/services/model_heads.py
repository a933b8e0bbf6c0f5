"""The heads of model versions, kept in the process: a version never changes."""

import threading
from collections.abc import Callable

from app.ai.personalization.user_modeling.model_arrays import InvalidModelError
from app.ai.personalization.user_modeling.model_file import read_model
from app.ai.personalization.user_modeling.served_head import ServedHead
from app.core.logging import get_logger

log = get_logger(__name__)


class ModelHeads:
    """The latest version asked for; a file that cannot be used leaves practice with the filter's own chances.

    Args:
        read: Reads the file of a version; None when it has none.
    """

    def __init__(self, read: Callable[[int], bytes | None]) -> None:
        self._read = read
        self._kept: tuple[int, ServedHead | None] = (0, None)
        self._lock = threading.Lock()

    def get(self, number: int) -> ServedHead | None:
        with self._lock:
            if self._kept[0] != number:
                self._kept = (number, self._load(number))
            return self._kept[1]

    def _load(self, number: int) -> ServedHead | None:
        content = self._read(number)
        if content is None:
            return None
        try:
            return read_model(content)[0].head
        except InvalidModelError as error:
            log.warning("model.file_refused", model_version=number, reason=str(error))
            return None
