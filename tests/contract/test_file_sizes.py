"""Nobody has to read a long function or a long file."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

LONGEST_FUNCTION = 60
LONGEST_FILE = 400
SOURCES = [path for folder in ("backend", "scripts") for path in sorted((ROOT / folder).rglob("*.py"))]


def lengths(path: Path) -> Iterator[tuple[str, int]]:
    """Lines of the file and of each of its functions, by name."""
    text = path.read_text(encoding="utf-8")
    name = str(path.relative_to(ROOT))
    yield name, len(text.splitlines())
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield f"{name}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1


@pytest.fixture(scope="module")
def measured() -> dict[str, int]:
    return {name: length for path in SOURCES for name, length in lengths(path)}


def test_files_are_short(measured: dict[str, int]) -> None:
    assert {name: length for name, length in measured.items() if ":" not in name and length > LONGEST_FILE} == {}


def test_functions_are_short(measured: dict[str, int]) -> None:
    assert {name: length for name, length in measured.items() if ":" in name and length > LONGEST_FUNCTION} == {}
