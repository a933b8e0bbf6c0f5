from app.formats.qti.reader import QtiReader
from app.formats.qti.writer import Qti21Writer, Qti30Writer

__all__ = ["Qti21Writer", "Qti30Writer", "QtiReader"]
