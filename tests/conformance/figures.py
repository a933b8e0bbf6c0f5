"""What has to be reached for each format, and the table that shows what was."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.conformance.scoring import Score


@dataclass(frozen=True)
class Floor:
    """Least shares of questions found, of questions with all their options, and of right keys."""

    questions: float = 1.0
    options: float = 1.0
    keys: float = 1.0


STRUCTURED = Floor()
LAID_OUT = Floor(0.98, 0.97, 0.98)
SCANNED = Floor(0.95, 0.90, 0.90)
PHOTOGRAPHED = Floor(0.85, 0.75, 0.75)
PAPERS = {
    "docx": LAID_OUT,
    "pdf-exam": LAID_OUT,
    "plain-text-mcq": LAID_OUT,
    "pdf-scanned": SCANNED,
    "image": PHOTOGRAPHED,
}


def shortfalls(table: Mapping[str, Score]) -> Iterable[str]:
    for name, score in table.items():
        floor = PAPERS.get(name, STRUCTURED)
        for what, right, listed, least in (
            ("questions", min(score.stems, score.types), score.listed, floor.questions),
            ("options", score.options, score.options_listed, floor.options),
            ("keys", score.keys, score.keys_listed, floor.keys),
        ):
            if name in PAPERS and right < least * listed:
                yield f"{name}: {right} of {listed} {what}, at least {least:.0%} were to be right"
        if abs(score.found - score.expected) > (1 - floor.questions) * score.expected:
            yield f"{name}: {score.found} questions instead of {score.expected}"
        if score.invented:
            yield f"{name}: {score.invented} keys that the paper does not give"


def rendered(table: Mapping[str, Score]) -> str:
    total = Score()
    for result in table.values():
        total.add(result)
    names = "".join(f"{name:>12}" for name in ("stems", "types", "options", "keys"))
    head = f"{'format':18}{'files':>6}{'found/expected':>16}{names}{'invented':>10}{'errors':>8}"
    return "\n".join([head, *(_line(name, result) for name, result in [*sorted(table.items()), ("total", total)])])


def _line(name: str, result: Score) -> str:
    pairs = [
        (result.stems, result.listed),
        (result.types, result.listed),
        (result.options, result.options_listed),
        (result.keys, result.keys_listed),
    ]
    shares = "".join(f"{f'{right}/{listed}':>12}" for right, listed in pairs)
    counts = f"{result.files:>6}{f'{result.found}/{result.expected}':>16}"
    return f"{name:18}{counts}{shares}{result.invented:>10}{f'{result.errors}/{result.errors_listed}':>8}"
