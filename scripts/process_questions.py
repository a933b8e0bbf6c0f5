"""Import question files into a subject, or show what an import would do.

    python scripts/process_questions.py bank.gift more.csv --subject history --dry-run --report report.json

With --dry-run nothing is written; without a database it compares the questions of each file with one another only.
"""

import argparse
import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

import project
from app.core.clock import utc_now
from app.core.resources import Resources
from app.domain.enums import Role
from app.domain.identity import content_hash
from app.domain.permissions import Actor
from app.domain.question_draft import QuestionDraft
from app.formats.pipeline import checked_events
from app.formats.reading import Event, ReadError, ReadOptions, Source
from app.formats.report import file_report
from app.models import ImportJob, Subject, User
from app.services.import_judge import ImportWish
from app.services.import_runner import AUTO, ImportRun, ImportRunner, reader_for
from app.utils.ids import new_id


@dataclass(frozen=True)
class Arguments:
    files: list[Path]
    subject: str
    format: str
    skill: str
    namespace: str
    dry_run: bool
    draft: bool
    report: Path | None
    data_dir: Path


def parse(argv: list[str]) -> Arguments:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--subject", required=True, help="code of the subject; made when there is none")
    parser.add_argument("--format", default=AUTO, help="name of the format, or auto")
    parser.add_argument("--skill", default="", help="skill of questions that name none; default: the file's name")
    parser.add_argument("--namespace", default="", help="keeps the external ids of several sources apart")
    parser.add_argument("--dry-run", action="store_true", help="write nothing to the database")
    parser.add_argument("--draft", action="store_true", help="publish nothing")
    parser.add_argument("--report", type=Path, help="write a JSON report here")
    parser.add_argument("--data-dir", type=Path, default=project.ROOT / "data", help="of the running product")
    return Arguments(**vars(parser.parse_args(argv)))


def main(argv: list[str]) -> int:
    arguments = parse(argv)
    missing = [str(file) for file in arguments.files if not file.is_file()]
    if missing:
        sys.exit(f"No such file: {', '.join(missing)}")
    with ExitStack() as stack:
        sessions = stack.enter_context(_sessions(arguments))
        entries = [_process(file, arguments, sessions) for file in arguments.files]
    if arguments.report is not None:
        arguments.report.write_text(json.dumps({"files": entries}, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


@contextmanager
def _sessions(arguments: Arguments) -> Iterator[sessionmaker[Session] | None]:
    """Sessions on the product's database; those of a dry run are rolled back at the end. None without a database."""
    if not project.use_running_product(arguments.data_dir):
        if not arguments.dry_run:
            sys.exit("No database: start the product with `python3 run.py`, or set APP_DATABASE__URL.")
        yield None
        return
    from app.core.config import get_settings

    resources = Resources.open(get_settings())
    try:
        if not arguments.dry_run:
            yield resources.sessions
            return
        with resources.engine.connect() as connection:
            transaction = connection.begin()
            yield sessionmaker(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
            transaction.rollback()
    finally:
        resources.close()


def _process(file: Path, arguments: Arguments, sessions: sessionmaker[Session] | None) -> dict[str, object]:
    began = time.perf_counter()
    with file.open("rb") as stream:
        source = Source(file.name, stream)
        format_name, events = _events(source, arguments.format)
        kept = list(events) if arguments.report is not None or sessions is None else None
        outcome = _import(file, arguments, sessions, events if kept is None else kept)
    counts = ", ".join(f"{count} {name}" for name, count in sorted(outcome.items()) if count) or "nothing"
    print(f"{file}: {format_name}: {counts} ({time.perf_counter() - began:.1f} s)", flush=True)
    return file_report(str(file), format_name, kept or (), outcome)


def _events(source: Source, format_name: str) -> tuple[str, Iterator[Event]]:
    try:
        reader = reader_for(source, format_name)
    except ReadError as error:
        return "unknown", iter([error.problem])
    return reader.name, checked_events(reader, source, ReadOptions())


def _import(file: Path, arguments: Arguments, sessions: sessionmaker[Session] | None, events: object) -> Counter[str]:
    if sessions is None:
        return _compared_within(events)
    with sessions.begin() as session:
        run = _open_import(session, file, arguments)
    return ImportRunner(sessions, utc_now()).run(run, events)


def _open_import(session: Session, file: Path, arguments: Arguments) -> ImportRun:
    subject, actor = _subject(session, arguments.subject), _admin(session)
    row = ImportJob(
        id=new_id(),
        subject_id=subject.id,
        created_by=actor.user_id,
        filename=file.name[:255],
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        format=arguments.format[:32],
        dry_run=arguments.dry_run,
    )
    session.add(row)
    skill = arguments.skill or file.stem.replace("-", " ").replace("_", " ").strip().capitalize()
    wish = ImportWish(subject.id, arguments.namespace, skill, publish=not arguments.draft)
    return ImportRun(row.id, actor, wish, dry_run=arguments.dry_run)


def _subject(session: Session, code: str) -> Subject:
    subject = session.scalar(select(Subject).where(Subject.code == code))
    if subject is None:
        subject = Subject(code=code, title=code.replace("-", " ").replace("_", " ").capitalize())
        session.add(subject)
        session.flush()
    return subject


def _admin(session: Session) -> Actor:
    """Whose import it is: the first administrator."""
    user_id = session.scalar(select(User.id).where(User.role == Role.ADMIN).order_by(User.id).limit(1))
    if user_id is None:
        sys.exit("There is no administrator yet: make one with `python scripts/init_db.py --admin EMAIL`.")
    return Actor(user_id, Role.ADMIN, user_id)


def _compared_within(events: list[Event]) -> Counter[str]:
    seen: set[str] = set()
    outcome: Counter[str] = Counter()
    for event in events:
        if isinstance(event, QuestionDraft):
            digest = content_hash(event)
            outcome["identical" if digest in seen else "new"] += 1
            seen.add(digest)
        elif getattr(event, "severity", None) == "error":
            outcome["error"] += 1
    return outcome


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
