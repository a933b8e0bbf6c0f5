"""Bytes to text and text to safe text: every string that enters from a file passes through here."""

import codecs
import io
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ZERO_SHARE = 0.4
_SAMPLE_BYTES = 4096
_TEXT_CONTROLS = "\t\n\r\f\v\x1a\x1b"
_MOST_CONTROLS = 0.02
_WINDOWS_FALLBACK = "windows-1252-fallback"
_UNSAFE = {0: None, **dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")}


def _decode_as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error(_WINDOWS_FALLBACK, _decode_as_windows)


def encoding_of(head: bytes) -> str:
    """Name of the codec for bytes that begin with `head`; UTF-8 unless a mark or the zero bytes say otherwise."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    sample = head[:2048]
    half = len(sample) / 2
    if sample[1::2].count(0) > half * _ZERO_SHARE:
        return "utf-16-le"
    if sample[::2].count(0) > half * _ZERO_SHARE:
        return "utf-16-be"
    return "utf-8"


def decode(data: bytes, encoding: str | None = None) -> str:
    """Text of `data`. Bytes that are no UTF-8 are read as Windows-1252, which real files mix in line by line.

    What that code page does not define becomes U+FFFD.
    """
    name = encoding or encoding_of(data)
    return data.decode(name, errors=_WINDOWS_FALLBACK if name.startswith("utf-8") else "replace")


def is_binary(head: bytes) -> bool:
    """Whether bytes are no text in any encoding: text has next to no control characters."""
    text = decode(head[:_SAMPLE_BYTES])
    controls = sum(letter < " " and letter not in _TEXT_CONTROLS for letter in text)
    return controls > _MOST_CONTROLS * len(text)


def open_text(stream: BinaryIO, head: bytes, encoding: str | None = None) -> io.TextIOWrapper:
    """The stream from its start, decoded as `decode` does. Detach it, or the stream is closed with it.

    A carriage return alone ends a line only where the file knows no other line end.
    """
    name = encoding or encoding_of(head)
    errors = _WINDOWS_FALLBACK if name.startswith("utf-8") else "replace"
    line_end = "\r" if b"\r" in head and b"\n" not in head else "\n"
    stream.seek(0)
    return io.TextIOWrapper(stream, encoding=name, errors=errors, newline=line_end)


def text_lines(stream: BinaryIO, head: bytes, encoding: str | None = None) -> Iterator[str]:
    """Lines without their ends, one at a time from the start of the stream."""
    text = open_text(stream, head, encoding)
    try:
        for line in text:
            yield line.rstrip("\r\n")
    finally:
        text.detach()


def safe_text(text: str) -> str:
    """NFC without NUL; a lone surrogate, which no database can store, becomes U+FFFD."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    return unicodedata.normalize("NFC", text.translate(_UNSAFE) if _is_unsafe(text) else text)


def _is_unsafe(text: str) -> bool:
    if "\0" in text:
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def excerpt(text: str, length: int = 120) -> str:
    """One safe line of at most `length` characters."""
    line = " ".join(safe_text(text[: 8 * length]).split())
    return line if len(line) <= length else line[: length - 1] + "…"
