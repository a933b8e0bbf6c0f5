"""Real question files, read as an import would read them, against what others found in them.

The files are under many licences and stay outside the repository: `pytest tests/conformance --fixture-folder PATH`.
The table of what was found is printed at the end of the run.
"""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from app.ai.processing import ocr_engines, page_ocr
from tests.conformance.figures import PAPERS, rendered, shortfalls
from tests.conformance.scoring import Expected, Reading, Score, expectation_of, read_file, score

EXPECTATION = ".expected.json"
MISTAKEN = {
    # The expectation gives the name of an answer in the file, where everywhere else it gives its text.
    "canvas_multiple_fib_as_single.xml: question 1 has another key",
    "data-attributes.xml: question 1 has another key",
    # It takes the feedback inside an option for the text of the option, and the options for a part of the question.
    "hint.xml: question 1 has another key",
    "BegGuide_March2025.zip: question 1 is missing",
}

Record = Callable[[str, object], None]


@pytest.fixture(scope="module")
def files(request: pytest.FixtureRequest) -> list[Path]:
    given = request.config.getoption("--fixture-folder")
    if given is None:
        pytest.skip("no real files: name their folder with --fixture-folder")
    found = sorted(path for path in Path(given).rglob("*") if path.is_file() and not path.name.endswith(EXPECTATION))
    assert found, f"{given} holds no files"
    return found


@pytest.mark.timeout(900)
def test_questions_types_keys_and_error_places_are_those_expected(files: list[Path], record_property: Record) -> None:
    table: dict[str, Score] = defaultdict(Score)
    faults: list[str] = []
    for path in files:
        if (expected := expectation_of(path)) is None:
            continue
        result = score(expected, read_file(path))
        table[family := _family(expected)].add(result)
        named = [f"{path.name}: {fault}" for fault in result.faults]
        faults += [fault for fault in named if fault not in MISTAKEN and family not in PAPERS]
    record_property("conformance", rendered(table))
    faults += shortfalls(table)
    assert not faults, "\n".join(faults)


def _family(expected: Expected) -> str:
    name: str = expected["format"].split()[0]
    return name


@pytest.mark.timeout(900)
def test_files_that_nobody_judged_do_not_break_a_reader(
    files: list[Path], monkeypatch: pytest.MonkeyPatch, record_property: Record
) -> None:
    """They are read as questions or refused, never with an exception. Recognition tries only its first program."""
    monkeypatch.setattr(page_ocr, "engines", lambda: ocr_engines.engines()[:1])
    unjudged = [path for path in files if expectation_of(path) is None]
    readings = {path: read_file(path) for path in unjudged}
    silent = [str(path) for path, reading in readings.items() if _is_silent(path, reading)]
    with_questions = sum(bool(reading.drafts) for reading in readings.values())
    refused = sum(not reading.drafts for reading in readings.values())
    told = f"{len(unjudged)} files without expectation: {with_questions} with questions, {refused} refused, 0 crashes"
    record_property("conformance", told)
    assert not silent


def _is_silent(path: Path, reading: Reading) -> bool:
    holds_only_a_category = reading.format == "gift" and "$CATEGORY" in path.read_text(errors="replace")
    said = len(reading.drafts) + len(reading.problems) + len(reading.unsupported)
    return not said and not holds_only_a_category and path.stat().st_size > 0
