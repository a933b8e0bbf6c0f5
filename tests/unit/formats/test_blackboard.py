import io
import zipfile
from pathlib import Path

import pytest

from app.domain.enums import QuestionType
from app.domain.question_draft import MatchKind, QuestionDraft
from app.formats.pipeline import checked_events
from app.formats.qti12 import Qti12Reader
from app.formats.reading import Event, MediaFile, ReadOptions, Source, Unsupported
from app.formats.registry import detect

FILE = Path(__file__).parent / "files" / "capitals.pool.dat"


def events(text: str) -> list[Event]:
    return list(Qti12Reader().read(Source.of_bytes("res00001.dat", text.encode()), ReadOptions()))


def formatted(html: str) -> str:
    return (
        f'<material><mat_extension><mat_formattedtext type="HTML">{html}</mat_formattedtext></mat_extension></material>'
    )


def item(kind: str, presentation: str, processing: str) -> str:
    metadata = f"<bbmd_asi_object_id>ID</bbmd_asi_object_id><bbmd_questiontype>{kind}</bbmd_questiontype>"
    metadata += "<qmd_absolutescore_max>3.0</qmd_absolutescore_max>"
    block = f'<flow class="QUESTION_BLOCK">{formatted("&lt;i&gt;Stem&lt;/i&gt;")}</flow>'
    return (
        f'<questestinterop><assessment title="Pool"><section><item><itemmetadata>{metadata}</itemmetadata>'
        f'<presentation><flow class="Block">{block}{presentation}</flow></presentation><resprocessing>'
        f'<outcomes><decvar maxvalue="3.0" varname="SCORE"/></outcomes>{processing}</resprocessing>'
        f'<itemfeedback ident="correct"><flow_mat>{formatted("Yes.")}</flow_mat></itemfeedback>'
        "</item></section></assessment></questestinterop>"
    )


def question(kind: str, presentation: str, processing: str) -> QuestionDraft:
    (found,) = events(item(kind, presentation, processing))
    assert isinstance(found, QuestionDraft), found
    return found


def test_pools_of_old_versions() -> None:
    with FILE.open("rb") as stream:
        source = Source(FILE.name, stream)
        assert detect(source).name == "qti12"
        choice, match, unsupported = checked_events(detect(source), source)
    assert isinstance(choice, QuestionDraft)
    assert (choice.type, choice.stem, choice.external_id) == (
        QuestionType.SINGLE_CHOICE,
        "What is the capital of Peru?",
        "q1",
    )
    assert [(option.html, option.weight) for option in choice.options] == [("<b>Quito</b>", 0), ("Lima", 1)]
    assert choice.feedback == {"correct": "Right."}
    assert choice.category == ("Capitals",)
    assert isinstance(match, QuestionDraft)
    assert [(pair.left, pair.right) for pair in match.pairs] == [("Lima", "Peru"), ("Cusco", "Peru")]
    assert match.distractors == ("Chile",)
    assert isinstance(unsupported, Unsupported)
    assert (unsupported.kind, unsupported.location.line) == ("hotspot", 26)


OLD = "<POOL><{0} id='q'><BODY><TEXT>Stem</TEXT></BODY>{1}</{0}></POOL>"
ANSWERS = "<ANSWER id='a'><TEXT>true</TEXT></ANSWER><ANSWER id='b'><TEXT>false</TEXT></ANSWER>"
KEY = "<GRADABLE><CORRECTANSWER answer_id='a'/></GRADABLE>"


@pytest.mark.parametrize(
    ("element", "kind"),
    [
        ("QUESTION_TRUEFALSE", QuestionType.TRUE_FALSE),
        ("QUESTION_MULTIPLEANSWER", QuestionType.MULTIPLE_RESPONSE),
        ("QUESTION_FILLINBLANK", QuestionType.SHORT_ANSWER),
        ("QUESTION_ESSAY", QuestionType.ESSAY),
    ],
)
def test_types_of_old_pools(element: str, kind: QuestionType) -> None:
    (found,) = events(OLD.format(element, ANSWERS + KEY))
    assert isinstance(found, QuestionDraft)
    assert found.type is kind
    assert [option.weight for option in found.options] == ([1, 0] if found.options else [])
    assert [answer.value for answer in found.answers] == (
        ["true", "false"] if kind is QuestionType.SHORT_ANSWER else []
    )


def test_matching_by_the_place_of_labels() -> None:
    def left(ident: str, text: str) -> str:
        labels = "".join(f'<response_label ident="{ident}{place}"/>' for place in range(3))
        response = f'<response_lid ident="{ident}"><render_choice>{labels}</render_choice></response_lid>'
        return f'<flow class="Block"><flow class="FORMATTED_TEXT_BLOCK">{formatted(text)}</flow>{response}</flow>'

    rights = "".join(f'<flow class="Block">{formatted(text)}</flow>' for text in ("insect", "mammal", "amphibian"))
    responses = f'<flow class="RESPONSE_BLOCK">{left("L", "frog")}{left("M", "cat")}</flow>'
    processing = "".join(
        f'<respcondition><conditionvar><varequal respident="{ident}">{label}</varequal></conditionvar>'
        '<displayfeedback linkrefid="correct"/></respcondition>'
        for ident, label in [("L", "L2"), ("M", "M1")]
    )
    draft = question("Matching", f'{responses}<flow class="RIGHT_MATCH_BLOCK">{rights}</flow>', processing)
    assert draft.stem == "<i>Stem</i>"
    assert [(pair.left, pair.right) for pair in draft.pairs] == [("frog", "amphibian"), ("cat", "mammal")]
    assert draft.distractors == ("insect",)
    assert (draft.points, draft.category, draft.external_id) == (3, ("Pool",), "ID")
    assert draft.feedback == {"correct": "Yes."}


def test_the_full_score_has_a_name() -> None:
    labels = '<response_label ident="a"><flow_mat><material><mattext>A</mattext></material></flow_mat></response_label>'
    labels += labels.replace('"a"', '"b"').replace(">A<", ">B<")
    response = f'<response_lid ident="r"><render_choice>{labels}</render_choice></response_lid>'
    processing = (
        '<respcondition title="correct"><conditionvar><varequal respident="r">b</varequal></conditionvar>'
        '<setvar action="Set">SCORE.max</setvar></respcondition>'
    )
    draft = question("Multiple Choice", response, processing)
    assert [(option.html, option.weight) for option in draft.options] == [("A", 0), ("B", 1)]


@pytest.mark.parametrize(
    ("way", "value", "match"),
    [
        ("Contains", "*frog*", MatchKind.WILDCARD),
        ("Matches", "frog", MatchKind.PATTERN),
        ("Exact", "frog", MatchKind.EXACT),
    ],
)
def test_ways_of_matching_a_blank(way: str, value: str, match: MatchKind) -> None:
    processing = (
        f'<respcondition title="correct"><conditionvar><varsubset respident="r" setmatch="{way}">frog</varsubset>'
        "</conditionvar></respcondition>"
    )
    draft = question("Fill in the Blank", '<response_str ident="r"><render_fib/></response_str>', processing)
    assert [(answer.value, answer.match, answer.weight) for answer in draft.answers] == [(value, match, 1)]


@pytest.mark.parametrize("kind", ["Opinion Scale", "File Upload", "Quiz Bowl"])
def test_other_types_are_named(kind: str) -> None:
    (found,) = events(item(kind, "", ""))
    assert isinstance(found, Unsupported)
    assert found.kind == kind.lower().replace(" ", "_")


def test_files_are_found_by_their_number() -> None:
    link = "&lt;img src='@X@EmbeddedFile.requestUrlStub@X@bbcswebdav/xid-12_1' alt='M'&gt;"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("imsmanifest.xml", '<manifest><resource type="assessment/x-bb-qti-pool"/></manifest>')
        archive.writestr("res00001.dat", item("Essay", "", "").replace("Stem", link))
        archive.writestr("csfiles/home_dir/map__xid-12_1.png", b"PNG")
    source = Source.of_bytes("pool.zip", out.getvalue())
    found = list(checked_events(detect(source), source))
    assert [each.name for each in found if isinstance(each, MediaFile)] == ["csfiles/home_dir/map__xid-12_1.png"]
