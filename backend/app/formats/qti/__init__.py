from app.formats.qti.reader import QtiReader

__all__ = ["QtiReader"]
