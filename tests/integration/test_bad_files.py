"""Files that want to harm: each ends as typed problems, the worker lives on, and the next import works."""

import io
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image
from sqlalchemy.orm import Session, sessionmaker

from app.domain.enums import Role
from app.integrations.storage import LocalFileStore
from tests.factories.imports import Desk, csv_file, csv_rows
from tests.factories.papers import pdf_file, rows
from tests.factories.subjects import make_subject
from tests.factories.users import actor_of, make_user
from tests.unit.formats.package_files import database, workbook, zipped

SHEET = "xl/worksheets/sheet1.xml"
HEADER = ("question", "answer", "option_a", "option_b")
GOOD = ("What is 1 + 1?", "A", "2", "3")
MOODLE = '<quiz><question type="truefalse"><questiontext format="html"><text>{}</text></questiontext>'
MOODLE += '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
MOODLE += "</question></quiz>"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
OPTIONS = b"question,answer,options\nWhich?,o1," + b"|".join(b"o%d" % number for number in range(5000))
PAPER = pdf_file(rows("1. What is two?\nA) 2\nB) 3\nAnswer: A"))
LOCK = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]" % (b"41" * 32, b"42" * 32)


class Bad(NamedTuple):
    """A file, what its rows say, and how many questions come in all the same."""

    name: str
    content: bytes
    codes: set[str]
    stored: int = 0


def changed_workbook(members: dict[str, bytes], *pairs: bytes) -> bytes:
    """A sound workbook with more members, and its sheet with each first of two replaced by the second."""
    with zipfile.ZipFile(io.BytesIO(workbook(HEADER, GOOD))) as opened:
        sound = {name: opened.read(name) for name in opened.namelist()}
    for before, after in zip(pairs[::2], pairs[1::2], strict=True):
        assert before in sound[SHEET]
        sound[SHEET] = sound[SHEET].replace(before, after)
    return zipped({**sound, **members})


def endless_deck() -> bytes:
    """What the table of notes promises never ends."""
    return zipped(
        {
            "collection.anki2": database(
                "CREATE TABLE col (models text, decks text)",
                "CREATE TABLE cards (id integer PRIMARY KEY, nid integer, did integer)",
                "CREATE VIEW notes AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) "
                "SELECT id, 'g' AS guid, 1 AS mid, '' AS tags, 'a' AS flds FROM n",
            )
        }
    )


def bomb_picture() -> bytes:
    """A picture of 60,000 x 60,000 pixels in a few kilobytes."""
    out = io.BytesIO()
    Image.new("1", (64, 64)).save(out, "PNG")
    data = bytearray(out.getvalue())
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


BAD = [
    Bad("bomb.xlsx", changed_workbook({"padding.bin": bytes(30_000_000)}), {"E_TOO_LARGE"}),
    Bad("slip.xlsx", changed_workbook({"../../../tmp/evil.txt": b"evil"}), {"E_SYNTAX"}, 1),
    Bad(
        "entities.xml",
        ('<!DOCTYPE quiz [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + MOODLE.format("&e;")).encode(),
        {"E_XML"},
    ),
    Bad("laughs.xml", (f'<!DOCTYPE quiz [<!ENTITY l0 "ha">{LAUGHS}]>' + MOODLE.format("&l9;")).encode(), {"E_XML"}),
    Bad("locked.pdf", PAPER.replace(b"/Root 1 0 R", b"/Root 1 0 R " + LOCK), {"E_ENCRYPTED"}),
    Bad("cut.pdf", PAPER[:200], {"E_SYNTAX"}),
    Bad("bomb.png", bomb_picture(), {"E_TOO_LARGE"}),
    Bad("far.xlsx", changed_workbook({}, b'<row r="2"', b'<row r="4000000"', b'"A2"', b'"A4000000"'), {"E_TOO_LARGE"}),
    Bad("endless.apkg", endless_deck(), {"E_SYNTAX"}),
    Bad("options.csv", OPTIONS, {"E_TOO_LARGE"}),
    Bad("wrong-name.pdf", csv_file(*csv_rows(2)), set(), 2),
    Bad("mixed.csv", csv_file(',"Größe von é?",A,1,2,3,,,').replace("ö".encode(), b"\xf6"), set(), 1),
    Bad("formula.csv", csv_file(',"=HYPERLINK(""http://x"")",A,1,2,3,,,'), set(), 1),
    Bad("scripts.csv", csv_file(',"<p>Is it <b>so</b>?<script>alert(1)</script></p>",A,yes,no,maybe,,,'), set(), 1),
]


@pytest.fixture
def desk(session: Session, sessions: sessionmaker[Session], tmp_path: Path) -> Desk:
    actor = actor_of(make_user(session, role=Role.ADMIN))
    subject_id = make_subject(session).id
    session.commit()
    return Desk(sessions, LocalFileStore(tmp_path), actor, subject_id)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_bad_file_harms_nobody(desk: Desk, bad: Bad) -> None:
    import_id = desk.add(bad.content, bad.name)
    desk.work(import_id)
    assert bad.codes <= {row.code for row in desk.rows(import_id)}
    questions = desk.questions()
    assert len(questions) == bad.stored
    assert bad.name != "mixed.csv" or questions[0].stem_text == "Größe von é?"
    assert "<script" not in "".join(desk.draft(question).stem for question in questions)
    assert desk.outcome(csv_file(*csv_rows(1, 900)), "next.csv") == {"new": 1}
