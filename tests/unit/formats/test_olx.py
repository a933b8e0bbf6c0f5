import gzip
import io
import tarfile
from collections.abc import Mapping

import pytest

from app.domain.enums import QuestionType
from app.domain.question_draft import MatchKind
from app.formats.olx import OlxReader
from app.formats.pipeline import checked_events
from app.formats.reading import Limits, Problem, ProblemCode, ReadOptions, Source
from tests.unit.formats.package_files import drafts, events_of, media, problems, unsupported

CHOICE = (
    "<multiplechoiceresponse><label>Longest?</label><choicegroup>"
    '<choice correct="true">Nile<choicehint>Yes.</choicehint></choice><choice correct="false">Rhine</choice>'
    "</choicegroup><solution><p>Because.</p></solution></multiplechoiceresponse>"
    "<demandhint><hint>Africa</hint></demandhint>"
)


def problem(content: str, **attributes: str) -> bytes:
    listed = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<problem{listed}>{content}</problem>".encode()


def export(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def test_single_choice() -> None:
    (draft,) = drafts(events_of(problem(CHOICE, display_name="Rivers", weight="2", url_name="r1")))
    assert (draft.type, draft.stem, draft.title) == (QuestionType.SINGLE_CHOICE, "<p>Longest?</p>", "Rivers")
    assert [(option.html, option.weight, option.feedback) for option in draft.options] == [
        ("Nile", 1, "Yes."),
        ("Rhine", 0, ""),
    ]
    assert (draft.points, draft.external_id, draft.hints) == (2, "r1", ("Africa",))
    assert draft.explanation == "<p>Because.</p>"


def test_a_problem_without_a_label_shows_its_name() -> None:
    content = '<p>Say it.</p><stringresponse answer="x" type="ci"><textline/></stringresponse>'
    (draft,) = drafts(events_of(problem(content, display_name="A &amp; B")))
    assert draft.stem == "<h3>A &amp; B</h3><p>Say it.</p>"
    assert not draft.answers[0].case_sensitive


CHECKED = '<choice correct="true">a</choice><choice correct="true">b</choice><choice correct="false">c</choice>'
LISTED = '<option correct="True">a</option><option correct="False">b</option>'


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (f"<choiceresponse><checkboxgroup>{CHECKED}</checkboxgroup></choiceresponse>", QuestionType.MULTIPLE_RESPONSE),
        (f"<optionresponse><optioninput>{LISTED}</optioninput></optionresponse>", QuestionType.SINGLE_CHOICE),
        (
            "<optionresponse><optioninput options=\"('a','b')\" correct=\"b\"/></optionresponse>",
            QuestionType.SINGLE_CHOICE,
        ),
    ],
)
def test_kinds_of_choices(response: str, kind: QuestionType) -> None:
    (draft,) = drafts(events_of(problem(f"<label>Q?</label>{response}")))
    assert draft.type is kind
    assert any(option.weight > 0 for option in draft.options)


def test_texts_and_patterns() -> None:
    content = (
        '<stringresponse answer="b.bble" type="ci regexp"><label>Q?</label>'
        '<additional_answer answer="round"/><textline/></stringresponse>'
    )
    (draft,) = drafts(events_of(problem(content)))
    assert [(answer.value, answer.match) for answer in draft.answers] == [
        ("b.bble", MatchKind.PATTERN),
        ("round", MatchKind.PATTERN),
    ]


@pytest.mark.parametrize(
    ("answer", "tolerance", "expected"),
    [("600", "5", (600, 5, None)), ("200", "5%", (200, 0.05, None)), ("[5, 7)", "", (6, 1, (5, 7)))],
)
def test_numbers(answer: str, tolerance: str, expected: tuple[float, float, tuple[float, float] | None]) -> None:
    parameter = f'<responseparam type="tolerance" default="{tolerance}"/>' if tolerance else ""
    content = (
        f'<numericalresponse answer="{answer}"><label>Q?</label>{parameter}<formulaequationinput/></numericalresponse>'
    )
    (draft,) = drafts(events_of(problem(content)))
    assert draft.numeric is not None
    (number,) = draft.numeric.answers
    assert (number.value, number.tolerance) == expected[:2]
    assert (number.low, number.high) == (expected[2] or (None, None))


def test_areas_of_a_picture() -> None:
    content = (
        '<imageresponse><label>Where?</label><imageinput src="https://example.org/x/map.png" '
        'rectangle="(10,20)-(30,50)" regions="[[[0,0],[5,0],[5,5]]]"/></imageresponse>'
    )
    events = events_of(problem(content))
    (draft,) = drafts(events)
    assert draft.hotspot is not None
    assert draft.hotspot.image == "map.png"
    assert [shape.coords for shape in draft.hotspot.shapes] == [(10, 20, 20, 30), (0, 0, 5, 0, 5, 5)]
    assert [each.code for each in problems(events)] == [ProblemCode.MISSING_MEDIA]


def test_several_responses_are_blanks() -> None:
    field = "<optionresponse><optioninput options=\"('a','b')\" correct=\"b\"/></optionresponse>"
    (draft,) = drafts(events_of(problem(f"<p>One {field}</p><p>Two {field}</p>")))
    assert draft.stem == "<p>One [[1]]</p><p>Two [[2]]</p>"
    assert [option.weight for option in draft.gaps[1].options] == [0, 1]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("<customresponse/>", "custom"),
        ("<schematicresponse/>", "schematic"),
        ('<numericalresponse answer="$x"><formulaequationinput/></numericalresponse>', "script"),
        (f"{CHOICE}<customresponse/>", "composite:multiplechoice+custom"),
    ],
)
def test_what_needs_a_program_is_reported_by_name(content: str, kind: str) -> None:
    events = events_of(problem(content, display_name="P"))
    assert [(each.kind, each.text) for each in unsupported(events)] == [(kind, "P")]
    assert not drafts(events)


def test_export_of_a_course() -> None:
    data = export(
        {
            "course/course.xml": b'<course url_name="run" org="O" course="C"/>',
            "course/course/run.xml": b'<course display_name="C"><chapter url_name="ch"/></course>',
            "course/chapter/ch.xml": b'<chapter display_name="Ch"><problem url_name="p2"/></chapter>',
            "course/problem/p1.xml": problem(CHOICE, display_name="Lost"),
            "course/problem/p2.xml": problem(f'<img src="/static/map.png" alt=""/>{CHOICE}', display_name="Found"),
            "course/problem/p3.xml": b"<problem>",
            "course/static/map.png": b"picture",
        }
    )
    events = events_of(data)
    found, lost = drafts(events)
    assert (found.title, found.category, found.external_id) == ("Found", ("C", "Ch"), "p2")
    assert (lost.title, lost.category) == ("Lost", ())
    assert media(events) == {"course/static/map.png": b"picture"}
    assert [(each.code, each.location.member) for each in problems(events) if each.code is ProblemCode.XML] == [
        (ProblemCode.XML, "course/problem/p3.xml")
    ]


@pytest.mark.parametrize("limits", [Limits(members=1), Limits(expanded_bytes=100)])
def test_too_large_exports(limits: Limits) -> None:
    data = export({"library/library.xml": b"<library/>", "library/problem/p.xml": problem(CHOICE * 10)})
    (found,) = problems(events_of(data, options=ReadOptions(limits=limits)))
    assert found.code is ProblemCode.TOO_LARGE


def test_members_outside_of_the_archive_are_not_read() -> None:
    data = export({"library/library.xml": b"<library/>", "../problem/p.xml": problem(CHOICE)})
    assert not drafts(events_of(data))


@pytest.mark.parametrize("data", [b"\x1f\x8b broken", gzip.compress(b"no archive", mtime=0), b"\x1f\x8b"])
def test_damaged_exports(data: bytes) -> None:
    (found,) = checked_events(OlxReader(), Source.of_bytes("x.tar.gz", data))
    assert isinstance(found, Problem)
    assert found.code is ProblemCode.SYNTAX


def test_a_cut_export_is_one_typed_error() -> None:
    data = export({"library/library.xml": b"<library/>", "library/static/x.png": bytes(range(256)) * 99})
    found = [*checked_events(OlxReader(), Source.of_bytes("x.tar.gz", data[: len(data) // 2]))]
    assert [each.code for each in found if isinstance(each, Problem)] == [ProblemCode.SYNTAX]
