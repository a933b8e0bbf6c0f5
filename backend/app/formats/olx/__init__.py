from app.formats.olx.reader import OlxReader

__all__ = ["OlxReader"]
