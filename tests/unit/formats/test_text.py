import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.utils.text import decode, encoding_of, excerpt, safe_text, text_lines

FRENCH = "Où est l’été à Noël ?"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_text_of_every_usual_encoding(encoding: str) -> None:
    text = FRENCH + " plain words" * 20
    assert decode(text.encode(encoding)) == text


def test_lines_of_two_encodings_in_one_file_are_both_read() -> None:
    assert decode("é\n".encode() + "é\n".encode("cp1252")) == "é\né\n"


def test_a_byte_without_meaning_is_marked() -> None:
    assert decode(b"a\x81b") == "a\N{REPLACEMENT CHARACTER}b"


def test_a_named_encoding_wins() -> None:
    assert decode("Вопрос".encode("cp1251"), "cp1251") == "Вопрос"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_utf_8_is_read_as_it_is(text: str) -> None:
    if not text.startswith("\ufeff") and encoding_of(text.encode()) == "utf-8":
        assert decode(text.encode()) == text


@given(st.binary(max_size=200))
def test_any_bytes_are_some_text(data: bytes) -> None:
    decode(data)
    list(text_lines(io.BytesIO(data), data))


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"a\r\nb\nc", ["a", "b", "c"]),
        (b"a\rb\r", ["a", "b"]),
        (b"a\rb\nc", ["a\rb", "c"]),
        (b"", []),
    ],
)
def test_physical_lines(data: bytes, lines: list[str]) -> None:
    stream = io.BytesIO(data)
    assert list(text_lines(stream, data)) == lines
    assert not stream.closed


@given(st.text())
def test_safe_text_can_be_stored(text: str) -> None:
    safe = safe_text(text)
    assert "\0" not in safe
    safe.encode()
    assert safe_text(safe) == safe


@given(st.text(), st.integers(2, 200))
def test_an_excerpt_is_one_short_line(text: str, length: int) -> None:
    short = excerpt(text, length)
    assert len(short) <= length
    assert "\n" not in short
