from app.formats.anki.reader import AnkiReader

__all__ = ["AnkiReader"]
