"""Import question files into a subject, or show what an import would do.

    python scripts/process_questions.py bank.gift more.csv --subject history --dry-run --report report.json

A folder stands for all files in it. With --dry-run nothing is written; without a database it compares the questions of
the files with one another only. The exit code is 1 when a file could not be read at all, or was refused whole.
"""

import argparse
import gc
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import BinaryIO, Final, Protocol
from uuid import UUID

import project

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from app.core.clock import utc_now
from app.core.config import get_settings
from app.core.errors import AppError
from app.core.resources import Resources
from app.domain.enums import Role, Severity
from app.domain.permissions import Actor
from app.formats.reading import ProblemCode, ReadOptions, problem
from app.integrations.storage import LocalFileStore, chunks_of
from app.models import ImportJob, Subject, User
from app.repositories.import_repository import ImportResult
from app.schemas.import_job import ImportOptions, RowOutcome
from app.services.import_judge import ImportWish
from app.services.import_near import NearBank, NearFinder
from app.services.import_readers import READERS
from app.services.import_reading import FileReading
from app.services.import_report import ReportWriter, problems_of, report_of_files
from app.services.import_runner import ImportTools, compare_within
from app.services.import_seen import SeenDrafts
from app.services.import_service import UploadedFile, new_import
from app.services.import_things import Thing
from app.services.import_work import ImportWork
from app.utils.ids import new_id
from app.utils.text import safe_text

MAX_NAME = 200
MOST_NAMED = 20
PRINTED_ERRORS = 5
PLACES = ("member", "page", "row", "line", "column")


@dataclass(frozen=True)
class Arguments:
    files: list[Path]
    subject: str
    format: str
    skill: str
    namespace: str
    columns: dict[str, str | int]
    no_header: bool
    all_or_nothing: bool
    dry_run: bool
    draft: bool
    report: Path | None
    data_dir: Path

    def refuses(self, result: ImportResult) -> bool:
        has_errors = result.is_broken or result.counts[RowOutcome.ERROR.value] > 0
        return self.all_or_nothing and not self.dry_run and has_errors

    def options(self, file: Path) -> ImportOptions:
        skill = self.skill or file.stem.replace("-", " ").replace("_", " ").strip().capitalize()
        skill = "".join(filter(str.isprintable, skill))[:MAX_NAME]
        return ImportOptions(
            format=self.format,
            namespace=self.namespace,
            skill=skill,
            publish=not self.draft,
            all_or_nothing=self.all_or_nothing,
            columns=self.columns,
            has_header=False if self.no_header else None,
        )


@dataclass(frozen=True)
class Processed:
    """A file's outcome and the open entry of its report, without name and outcome."""

    result: ImportResult
    entry: BinaryIO


class Importer(Protocol):
    def process(self, file: Path, options: ImportOptions) -> Processed:
        """Raises OSError for a file that cannot be opened and AppError for one that is refused."""
        ...


@dataclass
class DatabaseImporter:
    """Imports into the product's database, or into a transaction on it that is rolled back."""

    tools: ImportTools
    actor: Actor
    subject_id: UUID
    largest_bytes: int
    dry_run: bool
    seen: SeenDrafts | None
    near: NearBank = field(default_factory=NearBank)

    def process(self, file: Path, options: ImportOptions) -> Processed:
        with file.open("rb") as stream:
            stored = self.tools.store.put(chunks_of(stream), self.largest_bytes)
        uploaded = UploadedFile(safe_text(file.name)[-255:], stored.sha256)
        row = new_import(self.actor, self.subject_id, uploaded, options, dry_run=self.dry_run)
        with self.tools.sessions.begin() as session:
            session.add(row)
        result = ImportWork(self.tools, self.seen or SeenDrafts(near=NearFinder(self.near))).work(row.id)
        if self.seen is not None:
            self.seen.next_file()
        with self.tools.sessions() as session:
            report = session.get_one(ImportJob, row.id).outcome["report"]
        return Processed(result, self.tools.store.open(report))


@dataclass
class ComparingImporter:
    """Without a database: the outcome that the files would have in an empty one."""

    seen: SeenDrafts = field(default_factory=lambda: SeenDrafts(spans_files=True))

    def process(self, file: Path, options: ImportOptions) -> Processed:
        entry = TemporaryFile()  # noqa: SIM115  # whoever gets it closes it
        wish = ImportWish(new_id(), options.namespace, options.skill, options.publish)
        report, asked = ReportWriter(entry), ReadOptions(columns=options.columns, has_header=options.has_header)
        with file.open("rb") as stream, FileReading(safe_text(file.name), stream, options.format, asked) as reading:
            counts = compare_within(reading, wish, self.seen, report)
            report.close(reading.format)
            result = ImportResult(counts, reading.format, is_broken=reading.is_broken)
        self.seen.next_file()
        entry.seek(0)
        return Processed(result, entry)


def parse(argv: list[str]) -> Arguments:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--subject", required=True, type=_code, help="code of the subject; made when there is none")
    formats = ["auto", *(reader.name for reader in READERS)]
    parser.add_argument("--format", default="auto", choices=formats, metavar="FORMAT", help=", ".join(formats))
    parser.add_argument("--skill", default="", type=_name, help="of questions that name none; default: the file's name")
    parser.add_argument("--namespace", default="", type=_name, help="keeps the external ids of several sources apart")
    parser.add_argument("--columns", default={}, type=_columns, metavar="JSON", help="our columns to those of a table")
    parser.add_argument("--no-header", action="store_true", help="the first row of the table is a question")
    parser.add_argument("--all-or-nothing", action="store_true", help="store nothing of a file with an error")
    parser.add_argument("--dry-run", action="store_true", help="write nothing to the database")
    parser.add_argument("--draft", action="store_true", help="publish nothing")
    parser.add_argument("--report", type=Path, help="write a JSON report here")
    parser.add_argument("--data-dir", type=Path, default=project.ROOT / "data", help="of the running product")
    arguments = Arguments(**vars(parser.parse_args(argv)))
    arguments = replace(arguments, files=[file for path in arguments.files for file in _files_of(path)])
    if not arguments.files:
        parser.error("there are no files in the folder")
    if arguments.report is not None and not arguments.report.parent.is_dir():
        parser.error(f"there is no folder {arguments.report.parent}")
    return arguments


def _files_of(path: Path) -> list[Path]:
    """The files of a folder and of its folders, hidden ones left out; whatever else is named stands for itself."""
    if not path.is_dir():
        return [path]
    inside = (each for each in sorted(path.rglob("*")) if each.is_file())
    return [each for each in inside if not any(part.startswith(".") for part in each.relative_to(path).parts)]


def _code(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", value):
        raise argparse.ArgumentTypeError("a code has up to 64 letters, digits, dots, hyphens and underscores")
    return value


def _name(value: str) -> str:
    if len(value) > MAX_NAME or not value.isprintable():
        raise argparse.ArgumentTypeError(f"a name has up to {MAX_NAME} printable characters")
    return value


def _columns(value: str) -> dict[str, str | int]:
    try:
        return ImportOptions.model_validate({"columns": json.loads(value)}).columns
    except ValueError as error:
        raise argparse.ArgumentTypeError('columns look like {"question": "Frage", "answer": 3}') from error


AMONG_THEMSELVES: Final = "the files are compared with one another only."


def main(argv: list[str]) -> int:
    arguments = parse(argv)
    gc.freeze()  # what is loaded by now stays; looking through it again and again costs a fifth of the time
    with ExitStack() as stack:
        importer = stack.enter_context(_importer(arguments))
        processed = [stack.enter_context(_process(file, arguments, importer)) for file in arguments.files]
        if arguments.report is not None:
            _write_report(arguments, processed)
        return int(any(each.result.is_unreadable or arguments.refuses(each.result) for each in processed))


@contextmanager
def _process(file: Path, arguments: Arguments, importer: Importer) -> Iterator[Processed]:
    began = time.perf_counter()
    try:
        processed = importer.process(file, arguments.options(file))
    except (OSError, AppError) as error:
        reason = error.detail if isinstance(error, AppError) else error.strerror or "it cannot be read"
        processed = _unreadable(f"The file cannot be opened: {reason}")
        print(f"{safe_text(str(file))} cannot be opened: {reason}", flush=True)
    counts = ", ".join(f"{count} {name}" for name, count in sorted(processed.result.counts.items()) if count)
    if arguments.refuses(processed.result):
        counts += "; nothing is stored"
    seconds = time.perf_counter() - began
    print(f"{safe_text(str(file))}: {processed.result.format}: {counts or 'nothing'} ({seconds:.1f} s)", flush=True)
    _print_errors(processed, arguments.report)
    with processed.entry:
        yield processed


def _print_errors(processed: Processed, report: Path | None) -> None:
    """The first errors and their places; the report has them all."""
    if not processed.result.counts.get("error"):
        return
    errors = [each for each in problems_of(processed.entry) if each["severity"] == Severity.ERROR]
    for each in errors[:PRINTED_ERRORS]:
        place = ", ".join(f"{name} {each[name]}" for name in PLACES if name in each)
        print(f"  {place or 'whole file'}: {each['code']} {safe_text(str(each['message']))}")
    if len(errors) > PRINTED_ERRORS:
        where = f"{report} has" if report else "--report FILE writes"
        print(f"  and {len(errors) - PRINTED_ERRORS} more: {where} them all", flush=True)


def _unreadable(message: str) -> Processed:
    entry = TemporaryFile()  # noqa: SIM115  # whoever gets it closes it
    report = ReportWriter(entry)
    found = problem(ProblemCode.UNKNOWN_FORMAT, message)
    report.add([Thing(1, found)], ())
    report.close("unknown")
    entry.seek(0)
    return Processed(ImportResult(Counter({"error": 1}), "unknown", is_broken=True), entry)


def _write_report(arguments: Arguments, processed: list[Processed]) -> None:
    files = [
        (safe_text(str(file)), chunks_of(each.entry), each.result.counts)
        for file, each in zip(arguments.files, processed, strict=True)
    ]
    with (arguments.report or Path()).open("wb") as out:
        out.writelines(report_of_files(files))


@contextmanager
def _importer(arguments: Arguments) -> Iterator[Importer]:
    if not project.use_running_product(arguments.data_dir):
        if not arguments.dry_run:
            sys.exit(
                f"No database: no product runs on the data folder {arguments.data_dir}. Start it with "
                "`python3 run.py`, name the folder it was started with by --data-dir, or set APP_DATABASE__URL."
            )
        print(f"No product runs on {arguments.data_dir} (--data-dir): {AMONG_THEMSELVES}", flush=True)
        yield ComparingImporter()
        return
    with ExitStack() as stack:
        resources = Resources.open(get_settings())
        stack.callback(resources.close)
        try:
            importer = _database_importer(arguments, resources, stack)
        except OperationalError as error:
            if not arguments.dry_run:
                sys.exit(f"The database does not answer: {error.orig}")
            print(f"The database does not answer: {AMONG_THEMSELVES}", file=sys.stderr)
            importer = ComparingImporter()
        yield importer


def _database_importer(arguments: Arguments, resources: Resources, stack: ExitStack) -> Importer:
    files = resources.settings.files
    sessions, directory, seen = resources.sessions, files.directory, None
    if arguments.dry_run:
        sessions, seen = stack.enter_context(_rolled_back(resources)), SeenDrafts(spans_files=True)
        directory = Path(stack.enter_context(TemporaryDirectory()))
    with sessions.begin() as session:
        actor, subject_id = _admin(session), _subject_id(session, arguments.subject)
    tools = ImportTools(sessions, LocalFileStore(directory), utc_now())
    return DatabaseImporter(tools, actor, subject_id, files.max_upload_bytes, arguments.dry_run, seen)


@contextmanager
def _rolled_back(resources: Resources) -> Iterator[sessionmaker[Session]]:
    """Sessions whose commits are undone in the end."""
    with resources.engine.connect() as connection:
        transaction = connection.begin()
        yield sessionmaker(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        transaction.rollback()


def _subject_id(session: Session, code: str) -> UUID:
    subject = session.scalar(select(Subject).where(Subject.code == code))
    if subject is None:
        subject = Subject(code=code, title=code.replace("-", " ").replace("_", " ").capitalize())
        others = session.scalars(select(Subject.code).order_by(Subject.code).limit(MOST_NAMED)).all()
        print(
            f"There is no subject {code} yet, so the import makes it. Others: {', '.join(others) or 'none'}", flush=True
        )
        session.add(subject)
        session.flush()
    return subject.id


def _admin(session: Session) -> Actor:
    """Whose import it is: the first administrator."""
    user_id = session.scalar(select(User.id).where(User.role == Role.ADMIN).order_by(User.id).limit(1))
    if user_id is None:
        sys.exit("There is no administrator yet: make one with `python scripts/init_db.py --admin EMAIL`.")
    return Actor(user_id, Role.ADMIN, user_id)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
