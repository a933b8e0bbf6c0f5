from app.formats.moodle_xml.reader import MoodleXmlReader
from app.formats.moodle_xml.writer import MoodleXmlWriter

__all__ = ["MoodleXmlReader", "MoodleXmlWriter"]
