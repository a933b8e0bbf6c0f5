"""Real question files, read as an import would read them, against what others found in them.

The files are under many licences and stay outside the repository: `pytest tests/conformance --fixture-folder PATH`.
"""

from collections import defaultdict
from pathlib import Path

import pytest

from tests.conformance.scoring import Score, expectation_of, read_file, score

PATTERNS = (
    "opentrivia/*.txt",
    "gift/**/*.gift",
    "aiken/*.txt",
    "csv/*.csv",
    "jsonl/*.jsonl",
    "jsonl/*dev.json",
    "derived/*.csv",
    "derived/*.aiken.txt",
    "derived/bank.json",
    "moodlexml/**/*.xml",
    "qti12/**/*.xml",
    "qti12/*.zip",
    "qti12/*.imscc",
    "blackboard/*.dat",
    "derived/*.xlsx",
    "derived/*.tsv",
    "anki/*.apkg",
    "anki/*.colpkg",
    "anki/*.txt",
    "qti2/**/*.xml",
    "qti2/*.zip",
    "qti3/*.zip",
    "olx/*.xml",
    "olx/*.tar.gz",
    "h5p/*.h5p",
    "exams/*.tex",
)
MISTAKEN = {
    # The expectation gives the name of an answer in the file, where everywhere else it gives its text.
    "canvas_multiple_fib_as_single.xml: question 1 has another key",
    "data-attributes.xml: question 1 has another key",
    # It takes the feedback inside an option for the text of the option, and the options for a part of the question.
    "hint.xml: question 1 has another key",
    "BegGuide_March2025.zip: question 1 is missing",
}


@pytest.fixture(scope="module")
def folder(request: pytest.FixtureRequest) -> Path:
    given = request.config.getoption("--fixture-folder")
    if given is None:
        pytest.skip("no real files: name their folder with --fixture-folder")
    return Path(given)


@pytest.fixture(scope="module")
def files(folder: Path) -> list[Path]:
    found = sorted({path for pattern in PATTERNS for path in folder.glob(pattern)})
    assert found, f"{folder} holds none of {PATTERNS}"
    return found


def test_questions_types_keys_and_error_places_are_those_expected(
    files: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    table: dict[str, Score] = defaultdict(Score)
    faults: list[str] = []
    for path in files:
        reading = read_file(path)
        if (expected := expectation_of(path)) is None:
            continue
        result = score(expected, reading)
        table[expected["format"].split()[0]].add(result)
        faults += [named for fault in result.faults if (named := f"{path.name}: {fault}") not in MISTAKEN]
    with capsys.disabled():
        print(_rendered(table))  # noqa: T201
    assert not faults, "\n".join(faults)


def test_files_that_nobody_judged_do_not_break_a_reader(folder: Path, files: list[Path]) -> None:
    """Whatever text is in the folder is read as questions or refused, never with an exception."""
    for path in {*files, *folder.rglob("*.csv"), *folder.rglob("*.txt"), *folder.rglob("*.xml")}:
        reading = read_file(path)
        holds_only_a_category = reading.format == "gift" and "$CATEGORY" in path.read_text(errors="replace")
        outcome = len(reading.drafts) + len(reading.problems) + len(reading.unsupported)
        assert outcome or holds_only_a_category or not path.stat().st_size, path


def _rendered(table: dict[str, Score]) -> str:
    total = Score()
    for result in table.values():
        total.add(result)
    names = "".join(f"{name:>12}" for name in ("stems", "types", "options", "keys"))
    head = f"{'format':12}{'files':>6}{'found/expected':>16}{names}{'errors':>8}"
    return "\n".join(["", head, *(_line(name, result) for name, result in [*sorted(table.items()), ("total", total)])])


def _line(name: str, result: Score) -> str:
    pairs = [
        (result.stems, result.listed),
        (result.types, result.listed),
        (result.options, result.options_listed),
        (result.keys, result.keys_listed),
    ]
    shares = "".join(f"{f'{right}/{listed}':>12}" for right, listed in pairs)
    counts = f"{result.files:>6}{f'{result.found}/{result.expected}':>16}"
    return f"{name:12}{counts}{shares}{f'{result.errors}/{result.errors_listed}':>8}"
