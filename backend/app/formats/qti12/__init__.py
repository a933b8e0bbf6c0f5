from app.formats.qti12.reader import Qti12Reader
from app.formats.qti12.writer import Qti12Writer

__all__ = ["Qti12Reader", "Qti12Writer"]
