from app.formats.spreadsheets.kahoot import KahootReader
from app.formats.spreadsheets.reader import XlsxReader
from app.formats.spreadsheets.writer import XlsxWriter

__all__ = ["KahootReader", "XlsxReader", "XlsxWriter"]
