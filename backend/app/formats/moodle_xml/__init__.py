from app.formats.moodle_xml.reader import MoodleXmlReader

__all__ = ["MoodleXmlReader"]
