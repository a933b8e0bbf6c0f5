"""Measure imports: reading each format, storing beside plain COPY, importing again, papers; prints JSON.

    python scripts/bench_import.py --questions 100000 --server postgresql://...

Needs a PostgreSQL server (`--server`, default: APP_DATABASE__URL): a scratch database is made in it and dropped again.
CPU seconds are comparable on a busy machine, seconds and rates on a quiet one only.
"""

import argparse
import gc
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import project  # noqa: F401  # it makes the rest importable

from sqlalchemy import Engine, create_engine, make_url, select

from app.models import Question
from scripts.bench import import_costs, question_files
from scripts.bench.scratch import migrate, scratch_database

DATABASE = "studium_bench_import"
# Our name of the file, the name of its reader, and the most CPU seconds for 100,000 questions.
FORMATS = {
    "csv": ("csv", 60),
    "gift": ("gift", 60),
    "jsonl": ("json", 60),
    "moodle_xml": ("moodle_xml", 60),
    "xlsx": ("xlsx", 90),
}
WHOLE = 100_000
MOST_GROWTH_MB = 150
LEAST_RATE = 2_000
MOST_AGAIN = 0.30
PAPER_PAGES, MOST_PAPER_S, MOST_SCAN_CPU_S = 100, 5, 6


@dataclass(frozen=True)
class Arguments:
    server: str
    questions: int
    formats: list[str]
    stored: str


def parse(argv: list[str]) -> Arguments:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default=os.environ.get("APP_DATABASE__URL", ""), help="URL of any database there")
    parser.add_argument("--questions", type=int, default=WHOLE)
    parser.add_argument("--formats", nargs="*", choices=FORMATS, default=[*FORMATS], help="to be read")
    parser.add_argument("--stored", choices=["", *FORMATS], default="csv", help="to be stored; empty = none")
    return Arguments(**vars(parser.parse_args(argv)))


def main(argv: list[str]) -> int:
    arguments = parse(argv)
    gc.freeze()  # as the worker and the script do
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report: dict[str, object] = {"questions": arguments.questions}
        report["reading"] = {name: _reading(folder, name, arguments.questions) for name in arguments.formats}
        report |= _papers(folder)
        if arguments.stored:
            report["storing"] = _storing(arguments, folder)
    print(json.dumps(report, indent=1))
    return 0


def _reading(folder: Path, name: str, count: int) -> dict[str, object]:
    reader, most_cpu_s = FORMATS[name]
    least = import_costs.reading(question_files.write_file(folder, name, 1), reader)
    cost = import_costs.reading(path := question_files.write_file(folder, name, count), reader)
    return {
        "mb": round(path.stat().st_size / 1e6, 1),
        "cpu_s": round(cost.cpu_s, 1),
        "most_cpu_s": round(most_cpu_s * count / WHOLE, 1),
        "growth_mb": round(cost.peak_mb - least.peak_mb),
        "most_growth_mb": MOST_GROWTH_MB,
    }


def _papers(folder: Path) -> dict[str, object]:
    paper = question_files.write_paper(folder, PAPER_PAGES)
    text = import_costs.reading(paper, "pdf")
    scan = import_costs.reading(question_files.write_scan(folder, paper), "image")
    return {
        "paper": {
            "pages": PAPER_PAGES,
            "cpu_s": round(text.cpu_s, 2),
            "seconds": round(text.seconds, 2),
            "most_seconds": MOST_PAPER_S,
        },
        "scanned_page": {"cpu_s": round(scan.cpu_s, 2), "most_cpu_s": MOST_SCAN_CPU_S},
    }


def _storing(arguments: Arguments, folder: Path) -> dict[str, object]:
    if not arguments.server:
        sys.exit("Name a PostgreSQL server: --server postgresql://..., or --stored ''")
    server = make_url(arguments.server).set(drivername="postgresql+psycopg")
    path = question_files.write_file(folder, arguments.stored, arguments.questions)
    with scratch_database(server, DATABASE) as url:
        migrate(url)
        engine = create_engine(url)
        try:
            return _stored(engine, folder, path, arguments.questions)
        finally:
            engine.dispose()


def _stored(engine: Engine, folder: Path, path: Path, count: int) -> dict[str, object]:
    bench = import_costs.ImportBench(engine, folder)
    subject_id = bench.subject("bench")
    first = bench.run(path, subject_id)
    copied_s = import_costs.copy_seconds(engine.url.set(drivername="postgresql").render_as_string(hide_password=False))
    before = _state(engine)
    same = bench.run(path, subject_id)
    path.write_bytes(path.read_bytes() + b"\n")  # another file with the same questions, so that it is read
    again = bench.run(path, subject_id)
    return {
        "seconds": round(first.seconds, 1),
        "worker_cpu_s": round(first.worker_cpu_s, 1),
        "questions_per_s": round(count / first.seconds),
        "least_questions_per_s": LEAST_RATE,
        "copy_questions_per_s": round(count / copied_s),
        "growth_mb": round(first.growth_mb),
        "most_growth_mb": MOST_GROWTH_MB,
        "outcome": dict(first.result.counts),
        "again": {
            "same_file": _again(same, first),
            "read_anew": _again(again, first),
            "most": MOST_AGAIN,
            "changed_rows": len(before ^ _state(engine)),
        },
    }


def _again(cost: import_costs.ImportCost, first: import_costs.ImportCost) -> dict[str, object]:
    return {
        "seconds": round(cost.seconds, 1),
        "of_first": round(cost.seconds / first.seconds, 3),
        "worker_cpu_of_first": round(cost.worker_cpu_s / first.worker_cpu_s, 3),
        "outcome": dict(cost.result.counts),
    }


def _state(engine: Engine) -> set[tuple[object, ...]]:
    """Every question as it stands."""
    with engine.connect() as connection:
        return {tuple(row) for row in connection.execute(select(Question.id, Question.revision, Question.updated_at))}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
