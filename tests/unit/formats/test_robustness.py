"""No bytes make a reader raise: what cannot be read becomes a problem with its place."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.question_draft import QuestionDraft
from app.formats.pipeline import checked_events
from app.formats.reading import MediaFile, Problem, Reader, Source, Unsupported
from app.formats.registry import READERS, UnknownFormatError, detect

FILES = sorted((Path(__file__).parent / "files").iterdir())
SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CONTROL = st.text(alphabet="ab1 \n\t\r\"',;|{}[]()=~#:%-></\\&^$Q.ANSWER*_é\0\ufeff", max_size=120)


def consume(reader: Reader, data: bytes) -> None:
    source = Source.of_bytes("file.bin", data)
    for event in checked_events(reader, source):
        assert isinstance(event, QuestionDraft | Problem | Unsupported | MediaFile)
    assert 0 <= reader.sniff(source.sample) <= 1


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@given(data=st.one_of(st.binary(max_size=200), CONTROL.map(str.encode)))
@SOME
def test_any_bytes(reader: Reader, data: bytes) -> None:
    consume(reader, data)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@given(data=st.data())
@SOME
def test_damaged_files(reader: Reader, data: st.DataObject) -> None:
    original = data.draw(st.sampled_from(FILES)).read_bytes()
    start = data.draw(st.integers(0, len(original)))
    end = data.draw(st.integers(start, len(original)))
    consume(reader, original[:start] + data.draw(CONTROL).encode() + original[end:])


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@pytest.mark.parametrize(
    "text",
    [
        "Q " + "{}" * 50_000,
        "Q {" * 50_000,
        "Q " + "}{" * 50_000,
        "Q{=a" + " " * 100_000 + "b}",
        "Q{#1" + " " * 100_000 + "2}",
        "\n" * 200_000,
        " \n" * 100_000 + "ANSWER:" + " " * 100_000 + "x",
        "One?\nA) 1\nB) 2\nANSWER:" + " " * 100_000 + "x\n",
        "question,answer,options\nQ?,a" + " " * 100_000 + "b,x|y\n",
        "question,answer,type\nQ?,1" + " " * 100_000 + "2,numeric\n",
        "question,answer,options\nQ?,a," + "|".join(["x"] * 60_000) + "\n",
        "question,answer\n" + '"a\n' * 50_001,
        "<a '" * 25_000,
        "#Q " * 50_000,
    ],
    ids=range(14),
)
def test_hostile_repetition_takes_no_more_than_linear_time(reader: Reader, text: str) -> None:
    consume(reader, text.encode())


@given(st.one_of(st.binary(max_size=300), CONTROL.map(str.encode)))
@SOME
def test_detection_of_any_bytes(data: bytes) -> None:
    with contextlib.suppress(UnknownFormatError):
        assert detect(Source.of_bytes("file", data)) in READERS
