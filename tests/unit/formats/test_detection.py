from pathlib import Path
from random import Random

import pytest

from app.domain.question_draft import QuestionDraft
from app.formats.pipeline import checked_events
from app.formats.reading import ProblemCode, Source
from app.formats.registry import READERS, WRITERS, UnknownFormatError, detect, reader_named, writer_named

FILES = Path(__file__).parent / "files"
EXPECTED = {
    "capitals.gift": "gift",
    "capitals.aiken.txt": "aiken",
    "capitals.trivia.txt": "opentrivia",
    "capitals.csv": "csv",
    "capitals.json": "json",
    "capitals.jsonl": "json",
    "capitals.moodle.xml": "moodle_xml",
    "capitals.canvas.xml": "qti12",
    "capitals.pool.dat": "qti12",
}


@pytest.mark.parametrize("given_name", [None, "upload", "misnamed.gift", "misnamed.csv", "misnamed.json"])
@pytest.mark.parametrize("file", EXPECTED)
def test_the_content_decides_whatever_the_name_says(file: str, given_name: str | None) -> None:
    source = Source.of_bytes(given_name or file, (FILES / file).read_bytes())
    reader = detect(source)
    assert reader.name == EXPECTED[file]
    drafts = [event for event in checked_events(reader, source) if isinstance(event, QuestionDraft)]
    assert drafts[0].stem == "What is the capital of Peru?"
    assert [option.html for option in drafts[0].options if option.weight == 1] == ["Lima"]


def test_every_own_file_is_tried() -> None:
    assert {path.name for path in FILES.iterdir()} == set(EXPECTED)


def test_the_name_decides_between_near_equals() -> None:
    assert detect(Source.of_bytes("note.gift", b"Just read this {carefully}.")).name == "gift"


@pytest.mark.parametrize(
    "data", [b"", b"Dear all,\n\nsee you there.\n", b"\x00\x01\x02\x03" * 99, b"PK\x03\x04 broken"]
)
def test_unknown_content_is_a_typed_error_with_a_hint(data: bytes) -> None:
    with pytest.raises(UnknownFormatError, match="Name the format") as caught:
        detect(Source.of_bytes("letter.txt", data))
    assert caught.value.problem.code is ProblemCode.UNKNOWN_FORMAT


def test_formats_are_found_by_name() -> None:
    assert [reader_named(reader.name) for reader in READERS] == [*READERS]
    assert [writer_named(writer.name) for writer in WRITERS] == [*WRITERS]
    with pytest.raises(UnknownFormatError, match="csv"):
        reader_named("doc")
    with pytest.raises(UnknownFormatError, match="csv"):
        writer_named("opentrivia")


def test_names_are_unique() -> None:
    assert len({reader.name for reader in READERS}) == len(READERS)
    assert len({writer.name for writer in WRITERS}) == len(WRITERS)


def test_bytes_that_are_no_text_are_no_text_format() -> None:
    noise = Random(5).randbytes(4_000) + b"\nWhat is this? {=noise ~text}\n1. Really?\nA. yes\nB. no\nANSWER: A\n"
    with pytest.raises(UnknownFormatError):
        detect(Source.of_bytes("page.tif", noise))
