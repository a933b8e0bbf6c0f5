from app.formats.spreadsheets.kahoot import KahootReader
from app.formats.spreadsheets.reader import XlsxReader

__all__ = ["KahootReader", "XlsxReader"]
