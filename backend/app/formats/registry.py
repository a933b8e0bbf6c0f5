"""The one list of formats, and which of them a file is."""

from collections.abc import Sequence

from app.domain.question_draft import Location
from app.formats.aiken import AikenReader, AikenWriter
from app.formats.anki import AnkiReader, AnkiWriter, CardTextReader
from app.formats.csv_reader import CsvReader
from app.formats.csv_writer import CsvWriter
from app.formats.gift import GiftReader, GiftWriter
from app.formats.h5p import H5pReader
from app.formats.json_format import JsonReader, JsonWriter
from app.formats.latex_exam import LatexExamReader
from app.formats.moodle_xml import MoodleXmlReader, MoodleXmlWriter
from app.formats.olx import OlxReader
from app.formats.opentrivia import OpenTriviaReader
from app.formats.qti import Qti21Writer, Qti30Writer, QtiReader
from app.formats.qti12 import Qti12Reader, Qti12Writer
from app.formats.reading import ProblemCode, Reader, ReadError, Sample, Source, Writer, problem
from app.formats.spreadsheets import KahootReader, XlsxReader, XlsxWriter

READERS: tuple[Reader, ...] = (
    AikenReader(),
    AnkiReader(),
    CardTextReader(),
    CsvReader(),
    GiftReader(),
    H5pReader(),
    JsonReader(),
    KahootReader(),
    LatexExamReader(),
    MoodleXmlReader(),
    OlxReader(),
    OpenTriviaReader(),
    Qti12Reader(),
    QtiReader(),
    XlsxReader(),
)
WRITERS: tuple[Writer, ...] = (
    AikenWriter(),
    AnkiWriter(),
    CsvWriter(),
    GiftWriter(),
    JsonWriter(),
    MoodleXmlWriter(),
    Qti12Writer(),
    Qti21Writer(),
    Qti30Writer(),
    XlsxWriter(),
)

_LEAST_SCORE = 0.2
_NAME_BONUS = 0.1


class UnknownFormatError(ReadError):
    """No reader knows the content, or the user named a format that does not exist."""

    def __init__(self, message: str, file: str | None = None) -> None:
        super().__init__(problem(ProblemCode.UNKNOWN_FORMAT, message, Location(file=file)))


def detect(source: Source, readers: Sequence[Reader] = READERS) -> Reader:
    """The reader whose grammar fits the content best; the file name only decides between near equals."""
    best = max(readers, key=lambda reader: _score(reader, source.sample))
    if _score(best, source.sample) < _LEAST_SCORE:
        known = ", ".join(reader.title for reader in readers)
        raise UnknownFormatError(f"The content fits none of the known formats ({known}). Name the format.", source.name)
    return best


def _score(reader: Reader, sample: Sample) -> float:
    score = reader.sniff(sample)
    return score + _NAME_BONUS if score > 0 and sample.extension in reader.extensions else score


def reader_named(name: str) -> Reader:
    for reader in READERS:
        if reader.name == name:
            return reader
    raise UnknownFormatError(f"There is no format {name!r}. Known are: {', '.join(r.name for r in READERS)}.")


def writer_named(name: str) -> Writer:
    for writer in WRITERS:
        if writer.name == name:
            return writer
    raise UnknownFormatError(f"Nothing is written as {name!r}. Known are: {', '.join(w.name for w in WRITERS)}.")
