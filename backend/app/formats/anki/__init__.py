from app.formats.anki.reader import AnkiReader
from app.formats.anki.text_reader import CardTextReader
from app.formats.anki.writer import AnkiWriter

__all__ = ["AnkiReader", "AnkiWriter", "CardTextReader"]
