"""Damaged packages, and sound packages with damaged members, make no reader raise."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.enums import QuestionType
from app.domain.question_draft import QuestionDraft
from app.formats.drafts import weighted_options
from app.formats.pipeline import checked_events
from app.formats.reading import MediaFile, Problem, ProblemCode, ReadError, Source, WriteOptions
from app.formats.registry import UnknownFormatError, detect, reader_named, writer_named
from tests.unit.formats.package_files import new_collection, new_package, zipped
from tests.unit.formats.test_h5p import CHOICE as H5P_CHOICE
from tests.unit.formats.test_h5p import package as h5p_package
from tests.unit.formats.test_olx import CHOICE as OLX_CHOICE
from tests.unit.formats.test_olx import export, problem

SOME = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
QUESTION = QuestionDraft(
    type=QuestionType.SINGLE_CHOICE, stem="What?", options=weighted_options(["a", "b"], {0}), explanation="So."
)


def written(name: str) -> bytes:
    out = io.BytesIO()
    writer_named(name).write([QUESTION, QUESTION], out, WriteOptions())
    return out.getvalue()


def olx_export() -> bytes:
    return export(
        {
            "library/library.xml": b'<library><problem url_name="p"/></library>',
            "library/problem/p.xml": problem(OLX_CHOICE),
        }
    )


PACKAGES: dict[str, Callable[[], bytes]] = {
    "xlsx": lambda: written("xlsx"),
    "anki": lambda: new_package(new_collection([("a", "b")] * 9), {"x.png": b"picture"}),
    "qti": lambda: written("qti21"),
    "h5p": lambda: h5p_package("H5P.QuestionSet", {"questions": [H5P_CHOICE]}),
    "olx": olx_export,
}


@cache
def sound(name: str) -> bytes:
    return PACKAGES[name]()


def consume(name: str, data: bytes) -> None:
    """Find the format, then read everything, the files that are given included."""
    with suppress(UnknownFormatError):
        detect(Source.of_bytes("file", data))
    for event in checked_events(reader_named(name), Source.of_bytes("file", data)):
        if isinstance(event, MediaFile):
            with suppress(ReadError):
                event.open().read()


@pytest.mark.parametrize("name", PACKAGES)
@given(data=st.data())
@SOME
def test_damaged_packages(name: str, data: st.DataObject) -> None:
    original = sound(name)
    start = data.draw(st.integers(0, len(original)))
    end = data.draw(st.integers(start, min(len(original), start + 40)))
    consume(name, original[:start] + data.draw(st.binary(max_size=40)) + original[end:])


@pytest.mark.parametrize("name", [name for name in PACKAGES if name != "olx"])
@given(data=st.data())
@SOME
def test_sound_packages_with_damaged_members(name: str, data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(sound(name))) as package:
        members = {each: package.read(each) for each in package.namelist()}
    target = data.draw(st.sampled_from(sorted(members)))
    content = members[target]
    start = data.draw(st.integers(0, len(content)))
    members[target] = (
        content[:start] + data.draw(st.binary(max_size=20)) + content[data.draw(st.integers(start, len(content))) :]
    )
    consume(name, zipped(members))


@pytest.mark.parametrize("name", ["xlsx", "anki", "qti", "h5p"])
def test_members_that_point_outside_are_named(name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(sound(name))) as package:
        members = {each: package.read(each) for each in package.namelist()}
    data = zipped({**members, "../../evil.xml": b"<x/>"})
    events = list(checked_events(reader_named(name), Source.of_bytes("file", data)))
    found = [event for event in events if isinstance(event, Problem) and "evil" in event.text]
    assert [each.code for each in found] == [ProblemCode.SYNTAX]
    assert any(isinstance(event, QuestionDraft) for event in events)


@pytest.mark.parametrize("name", ["xlsx", "anki", "qti", "h5p"])
def test_bombs_are_refused(name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(sound(name))) as package:
        members = {each: package.read(each) for each in package.namelist()}
    data = zipped({**members, "padding": bytes(20_000_000)})
    (found,) = checked_events(reader_named(name), Source.of_bytes("file", data))
    assert isinstance(found, Problem)
    assert found.code is ProblemCode.TOO_LARGE


@pytest.mark.parametrize("name", ["xlsx", "anki", "qti", "h5p"])
def test_members_under_a_password_are_named(name: str) -> None:
    data = bytearray(sound(name))
    for signature, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + flag] |= 1
            at = data.find(signature, at + 4)
    codes = [
        event.code
        for event in checked_events(reader_named(name), Source.of_bytes("file", bytes(data)))
        if isinstance(event, Problem)
    ]
    assert ProblemCode.ENCRYPTED in codes
