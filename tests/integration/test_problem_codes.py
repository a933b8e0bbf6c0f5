"""Every code of a report, each from a small file that calls for it."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.domain.enums import Role
from app.formats.reading import ProblemCode
from app.integrations.storage import LocalFileStore
from app.services import import_runner
from tests.factories.imports import Desk, ReadingHere, csv_file, csv_row
from tests.factories.papers import pdf_file, rows
from tests.factories.subjects import make_subject
from tests.factories.users import actor_of, make_user

CHOICE = "question,answer,option_a,option_b\n"
TYPED = "question,answer,type\n"
PICTURE = """[{"type":"single_choice","stem":"Q <img src=\\"x.png\\" alt=\\"x\\">",
"options":[{"id":"a","html":"x","weight":1},{"id":"b","html":"y"}]}]"""
LOCK = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]" % (b"41" * 32, b"42" * 32)
LOCKED = pdf_file(rows("1. What is two?")).replace(b"/Root 1 0 R", b"/Root 1 0 R " + LOCK)
CAPITAL = "What is the capital city of France?"

FILES: dict[ProblemCode, str | bytes] = {
    ProblemCode.NO_CORRECT: CHOICE + "Which?,,x,y\n",
    ProblemCode.KEY_NOT_OPTION: CHOICE + "Which?,F,x,y\n",
    ProblemCode.EMPTY_STEM: CHOICE + ",A,x,y\n",
    ProblemCode.FEW_OPTIONS: "question,answer,option_a,type\nWhich?,A,x,single_choice\n",
    ProblemCode.DUPLICATE_OPTION: CHOICE + "Which?,A,x,x\n",
    ProblemCode.EMPTY_OPTION: '[{"type":"single_choice","stem":"Q","options":[{"id":"a","html":"x","weight":1},'
    '{"id":"b","html":""}]}]',
    ProblemCode.BLANKS: '[{"type":"cloze","stem":"Q [[a]]","gaps":[{"id":"b","answers":[{"value":"x"}]}]}]',
    ProblemCode.PATTERN: '[{"type":"short_answer","stem":"Q","answers":[{"value":"(","match":"pattern"}]}]',
    ProblemCode.SHAPE: '[{"type":"hotspot","stem":"Q","hotspot":{"image":"x.png","shapes":[{"id":"s","kind":"rect",'
    '"coords":[1,2,3]}]}}]',
    ProblemCode.EXPRESSION: '[{"type":"parametric","stem":"{{a}}","parametric":{"variables":[{"name":"a"}],'
    '"expression":"a +"}}]',
    ProblemCode.UNSUPPORTED_TYPE: TYPED + "Which?,A,drawing\n",
    ProblemCode.UNKNOWN_FORMAT: b"\0\1\2\3",
    ProblemCode.SYNTAX: "::A:: Which? {=a ~b\n\n::B:: Two? {=a ~b}\n",
    ProblemCode.XML: '<quiz><question type="truefalse"><questiontext><text>Q</questiontext></quiz>',
    ProblemCode.ENCODING: '[{"type":"essay","stem":"Q \\ud800"}]',
    ProblemCode.ENCRYPTED: LOCKED,
    ProblemCode.TOO_LARGE: "question,answer,options\nWhich?,o1," + "|".join(f"o{number}" for number in range(30)),
    ProblemCode.NUMBER: TYPED + "How many?,many,numerical\n",
    ProblemCode.DUPLICATE_ROW: csv_file(csv_row(1), csv_row(1)),
    ProblemCode.KEY_CONFLICT: csv_file(csv_row(1), csv_row(1, answer="B")),
    ProblemCode.NEAR_DUPLICATE: CHOICE + f"{CAPITAL},A,Paris,Rome\nPlease tell: {CAPITAL},A,Paris,Rome\n",
    ProblemCode.MISSING_MEDIA: PICTURE,
    ProblemCode.ANSWER_MISSING: "Which? {~a ~b}\n",
    ProblemCode.LOST_CHARACTERS: CHOICE + "Which \N{REPLACEMENT CHARACTER}?,A,x,y\n",
}


@pytest.fixture
def desk(session: Session, sessions: sessionmaker[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(import_runner, "FileReading", ReadingHere)
    actor = actor_of(make_user(session, role=Role.ADMIN))
    subject_id = make_subject(session).id
    session.commit()
    return Desk(sessions, LocalFileStore(tmp_path), actor, subject_id)


def test_no_code_is_without_a_file() -> None:
    assert set(FILES) == set(ProblemCode)


@pytest.mark.parametrize("code", FILES, ids=lambda code: code.value)
def test_a_file_calls_for_its_code(desk: Desk, code: ProblemCode) -> None:
    content = FILES[code]
    import_id = desk.add(content.encode() if isinstance(content, str) else content, "bank")
    desk.work(import_id)
    (row,) = [row for row in desk.rows(import_id) if row.code == code]
    assert row.severity in {code.severity, "warning"}  # what its author can complete comes in as a draft
    assert row.message
    assert len(row.text) <= 120
