from app.formats.qti12.reader import Qti12Reader

__all__ = ["Qti12Reader"]
