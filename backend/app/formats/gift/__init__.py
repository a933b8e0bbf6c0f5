"""GIFT as Moodle reads it, which is more lenient than its grammar."""

from app.formats.gift.reader import GiftReader
from app.formats.gift.writer import GiftWriter

__all__ = ["GiftReader", "GiftWriter"]
