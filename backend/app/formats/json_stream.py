"""JSON values one at a time out of a file of any size, each with the line where it begins."""

import json
from collections.abc import Collection, Iterator
from itertools import islice
from typing import BinaryIO

from pydantic import JsonValue

from app.formats.reading import HEAD_BYTES
from app.utils.text import open_text

_SPACE = frozenset(" \t\r\n\ufeff")
_SNIFFED_LINES = 20
_LEAST_OBJECT_LINES = 2
_LONGEST_VALUE = 16_000_000
_ERROR_TAIL = 16  # an error this close to the end of the buffer may only be a value cut in two


class JsonStreamError(ValueError):
    """The text is no JSON from `line` on."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def _missing(_: str) -> None:
    """NaN and Infinity are not JSON; exports of data frames write NaN where there is nothing."""


_DECODER = json.JSONDecoder(parse_constant=_missing)


class JsonStream:
    """Reads tokens and values from the start of a stream."""

    def __init__(self, stream: BinaryIO, head: bytes, encoding: str | None = None) -> None:
        stream.seek(0)
        self.line = 1
        self._text = open_text(stream, head, encoding)
        self._buffer = ""
        self._at = 0
        self._is_complete = False

    def close(self) -> None:
        """Let go of the stream without closing it."""
        self._text.detach()

    def peek(self) -> str:
        """The next character that is no white space; empty at the end."""
        while True:
            end = self._at
            while end < len(self._buffer) and self._buffer[end] in _SPACE:
                end += 1
            self._advance(end)
            if end < len(self._buffer) or not self._fill():
                return self._buffer[self._at : self._at + 1]

    def take(self, character: str) -> bool:
        """Step over the character if it is the next one."""
        if self.peek() != character:
            return False
        self._advance(self._at + 1)
        return True

    def value(self) -> JsonValue:
        """The next whole value.

        Raises:
            JsonStreamError: When there is none.
        """
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                self._fill_or_raise(error)
                continue
            except RecursionError as error:
                raise JsonStreamError("The value is nested too deeply.", self.line) from error
            if end < len(self._buffer) or not self._fill():
                self._advance(end)
                decoded: JsonValue = value
                return decoded

    def _fill_or_raise(self, error: json.JSONDecodeError) -> None:
        may_be_cut = error.msg.startswith("Unterminated string") or error.pos >= len(self._buffer) - _ERROR_TAIL
        if may_be_cut and len(self._buffer) - self._at < _LONGEST_VALUE and self._fill():
            return
        line = self.line + self._buffer.count("\n", self._at, error.pos)
        raise JsonStreamError(f"No valid JSON: {error.msg}.", line) from error

    def _fill(self) -> bool:
        wanted = max(HEAD_BYTES, len(self._buffer) - self._at)
        more = "" if self._is_complete else self._text.read(wanted)
        self._is_complete = not more
        self._buffer = self._buffer[self._at :] + more
        self._at = 0
        return bool(more)

    def _advance(self, end: int) -> None:
        self.line += self._buffer.count("\n", self._at, end)
        self._at = end


def items(
    stream: JsonStream, list_names: Collection[str], header: dict[str, JsonValue]
) -> Iterator[tuple[int, JsonValue]]:
    """Items, each with its line, of a top-level array, of a list inside the top-level object, or one after another.

    The other members of an object with a list go to ``header``.

    Raises:
        JsonStreamError: Where the text is no JSON; nothing after the place can be read.
    """
    if stream.take("["):
        yield from _array(stream)
        return
    while stream.peek():
        yield from _value_or_list(stream, list_names, header)


def is_one_per_line(text: str) -> bool:
    """Whether the text begins with lines that are a whole object each, at least two of them."""
    lines = [line for line in islice(text.lstrip("\ufeff").split("\n"), _SNIFFED_LINES) if line.strip()]
    return sum(isinstance(value_of_line(line), dict) for line in lines) >= _LEAST_OBJECT_LINES


def value_of_line(line: str) -> JsonValue | JsonStreamError:
    try:
        value: JsonValue = json.loads(line, parse_constant=_missing)
    except json.JSONDecodeError as error:
        return JsonStreamError(f"No valid JSON: {error.msg}.", 1)
    except RecursionError:
        return JsonStreamError("The value is nested too deeply.", 1)
    return value


def _array(stream: JsonStream) -> Iterator[tuple[int, JsonValue]]:
    while not stream.take("]"):
        yield stream.line, stream.value()
        if not stream.take(",") and stream.peek() != "]":
            raise JsonStreamError("No valid JSON: a comma or ] is missing.", stream.line)


def _value_or_list(
    stream: JsonStream, list_names: Collection[str], header: dict[str, JsonValue]
) -> Iterator[tuple[int, JsonValue]]:
    line = stream.line
    if not stream.take("{"):
        yield line, stream.value()
        return
    members: dict[str, JsonValue] = {}
    has_list = False
    while not stream.take("}"):
        name = _member_name(stream)
        if name in list_names and stream.take("["):
            has_list = True
            header.update(members)
            yield from _array(stream)
        else:
            members[name] = stream.value()
        if not stream.take(",") and stream.peek() != "}":
            raise JsonStreamError("No valid JSON: a comma or } is missing.", stream.line)
    if not has_list:
        yield line, members


def _member_name(stream: JsonStream) -> str:
    name = stream.value()
    if not isinstance(name, str) or not stream.take(":"):
        raise JsonStreamError("No valid JSON: a member name and a colon are missing.", stream.line)
    return name
