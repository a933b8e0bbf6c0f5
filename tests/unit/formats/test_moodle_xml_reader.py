import hashlib
from pathlib import Path

import pytest

from app.domain.enums import QuestionType
from app.domain.question_draft import Gap, MatchKind, QuestionDraft, ToleranceKind
from app.formats.moodle_xml import MoodleXmlReader
from app.formats.pipeline import checked_events
from app.formats.reading import Event, MediaFile, Problem, ProblemCode, ReadOptions, Source, Unsupported
from app.formats.registry import detect

FILE = Path(__file__).parent / "files" / "capitals.moodle.xml"


def events(text: str | bytes) -> list[Event]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(MoodleXmlReader().read(Source.of_bytes("quiz.xml", data), ReadOptions()))


def event(kind: str, body: str, stem: str = "Stem") -> Event:
    text = f'<questiontext format="html"><text><![CDATA[{stem}]]></text></questiontext>'
    (found,) = events(f'<quiz><question type="{kind}">{text}{body}</question></quiz>')
    return found


def question(kind: str, body: str, stem: str = "Stem") -> QuestionDraft:
    found = event(kind, body, stem)
    assert isinstance(found, QuestionDraft), found
    return found


def gaps(stem: str) -> tuple[Gap, ...]:
    return question("cloze", "", stem).gaps


def answer(fraction: str, text: str, more: str = "") -> str:
    return f'<answer fraction="{fraction}"><text>{text}</text>{more}</answer>'


def test_a_file_of_many_parts() -> None:
    with FILE.open("rb") as stream:
        source = Source(FILE.name, stream)
        assert detect(source).name == "moodle_xml"
        media, peru, cloze, unsupported = checked_events(detect(source), source)
    assert isinstance(media, MediaFile)
    assert (media.name, media.size, media.open().read()) == ("the map.png", 3, b"PNG")
    assert isinstance(peru, QuestionDraft)
    assert peru.model_dump(exclude_defaults=True) == {
        "type": QuestionType.SINGLE_CHOICE,
        "stem": "What is the capital of Peru?",
        "title": "Peru",
        "external_id": "geo-1",
        "options": (
            {"id": "a", "html": "Quito &amp; more", "feedback": "That is in Ecuador."},
            {"id": "b", "html": "Lima", "weight": 1.0},
            {"id": "c", "html": "<b>Callao</b>", "weight": 1 / 3},
        ),
        "shuffle": False,
        "hints": ("Think of beans.",),
        "explanation": '<p>It lies on the coast. <img src="the map.png" alt="Map"></p>',
        "feedback": {"correct": "Right.", "incorrect": "Wrong."},
        "points": 2.0,
        "tags": ("capital", "peru"),
        "category": ("Geography", "South America"),
        "media": ({"name": "the map.png", "sha256": hashlib.sha256(b"PNG").hexdigest()},),
        "location": {"file": FILE.name, "line": 7},
        "extensions": {"moodle": {"answernumbering": "none"}},
    }
    assert isinstance(cloze, QuestionDraft)
    assert cloze.stem == "Lima is in [[1]], Paris in [[2]]."
    assert isinstance(unsupported, Unsupported)
    assert (unsupported.kind, unsupported.location.line, unsupported.text) == ("coderunner", 41, "Print a capital")


@pytest.mark.parametrize(
    ("single", "kind"), [("true", "single_choice"), ("0", "multiple_response"), ("False", "multiple_response")]
)
def test_multiple_choice(single: str, kind: str) -> None:
    draft = question("multichoice", f"<single>{single}</single>{answer('66.66667', 'a')}{answer('-50', 'b')}")
    assert draft.type == kind
    assert [option.weight for option in draft.options] == [2 / 3, -0.5]


def test_answers_of_oumultiresponse_share_the_mark() -> None:
    draft = question("oumultiresponse", answer("100", "a") + answer("100", "b") + answer("0", "c"))
    assert [option.weight for option in draft.options] == [0.5, 0.5, -0.5]


def test_true_false() -> None:
    draft = question("truefalse", answer("0", "true") + answer("100", "false"))
    assert [(option.html, option.weight) for option in draft.options] == [("True", 0), ("False", 1)]


def test_short_answers_and_their_stars() -> None:
    draft = question("shortanswer", "<usecase>1</usecase>" + answer("100", "2\\*3") + answer("50", "two*"))
    assert [(each.value, each.match, each.case_sensitive, each.weight) for each in draft.answers] == [
        ("2*3", MatchKind.EXACT, True, 1),
        ("two*", MatchKind.WILDCARD, True, 0.5),
    ]


def test_numbers_with_tolerance_and_units() -> None:
    body = (
        answer("100", "5000", "<tolerance>5</tolerance>")
        + answer("0", "*", "<feedback><text>No.</text></feedback>")
        + "<unitgradingtype>1</unitgradingtype><units>"
        + "<unit><multiplier>1</multiplier><unit_name>W</unit_name></unit>"
        + "<unit><multiplier>0.001</multiplier><unit_name>kW</unit_name></unit></units>"
    )
    draft = question("numerical", body)
    assert draft.numeric is not None
    assert [(each.value, each.kind, each.tolerance) for each in draft.numeric.answers] == [
        (5000, ToleranceKind.ABSOLUTE, 5)
    ]
    assert [(unit.name, unit.multiplier) for unit in draft.numeric.units] == [("W", 1), ("kW", 1000)]
    assert draft.numeric.unit_required
    assert draft.feedback == {"incorrect": "No."}


def test_matching_with_distractors() -> None:
    body = "".join(
        f"<subquestion><text>{left}</text><answer><text>{right}</text></answer></subquestion>"
        for left, right in [("frog", "a &lt; b"), ("", "insect"), ("", "")]
    )
    draft = question("matching", body)
    assert [(pair.left, pair.right) for pair in draft.pairs] == [("frog", "a &lt; b")]
    assert draft.distractors == ("insect",)


@pytest.mark.parametrize(("grading", "is_partial"), [("ALL_OR_NOTHING", False), ("ABSOLUTE_POSITION", True)])
def test_ordering(grading: str, is_partial: bool) -> None:
    draft = question("ordering", f"<gradingtype>{grading}</gradingtype>{answer('1', 'first')}{answer('2', 'second')}")
    assert [item.html for item in draft.order] == ["first", "second"]
    assert draft.partial_order is is_partial


def test_what_has_no_field_is_kept() -> None:
    draft = question("essay", "<responseformat>plain</responseformat><graderinfo><text>Be kind.</text></graderinfo>")
    assert draft.type is QuestionType.ESSAY
    assert draft.extensions == {"moodle": {"responseformat": "plain", "graderinfo": "Be kind."}}


def test_kinds_of_embedded_answers() -> None:
    choice, text, exact, number = gaps(
        "{:MCVS:wrong#no~%100%x < y} {2:SHORTANSWER:=a\\}b~%25%Fran\\~c*} {1:SAC:=Über} {1:NM:=3.14:0.01#good~*#bad}"
    )
    assert [(option.html, option.weight, option.feedback) for option in choice.options] == [
        ("wrong", 0, "no"),
        ("x < y", 1, ""),
    ]
    assert (text.weight, [(each.value, each.match, each.weight) for each in text.answers]) == (
        2,
        [("a}b", MatchKind.EXACT, 1), ("Fran~c*", MatchKind.WILDCARD, 0.25)],
    )
    assert [(each.value, each.case_sensitive) for each in exact.answers] == [("Über", True)]
    assert number.numeric is not None
    assert [(each.value, each.tolerance, each.feedback) for each in number.numeric.answers] == [(3.14, 0.01, "good")]


def test_entities_in_embedded_answers_are_no_feedback() -> None:
    (gap,) = gaps("{1:SA:=caf&#233; &amp; bar#why &#35;}")
    assert [(each.value, each.feedback) for each in gap.answers] == [("café & bar", "why &#35;")]


def test_text_that_looks_like_a_blank_is_none() -> None:
    assert question("cloze", "", "See [[1]]: {1:SA:=x}").stem == "See [ [1] ]: [[1]]"


@pytest.mark.parametrize("kind", ["MULTIRESPONSE", "REGEXP"])
def test_blanks_that_cannot_be_carried_are_named(kind: str) -> None:
    found = event("cloze", "", f"{{1:{kind}:=a~b}}")
    assert isinstance(found, Unsupported)
    assert found.kind == f"multianswer:{kind}"


def test_numbered_places_offer_their_group() -> None:
    body = "".join(
        f"<selectoption><text>{text}</text><group>{group}</group></selectoption>"
        for text, group in [("cat", 1), ("sat", 2), ("dog", 1), ("ran", 2)]
    )
    draft = question("gapselect", body, "The [[1]] [[2]]; a [[1]].")
    assert draft.stem == "The [[1]] [[2]]; a [[1-2]]."
    assert [(gap.id, [(option.html, option.weight) for option in gap.options]) for gap in draft.gaps] == [
        ("1", [("cat", 1), ("dog", 0)]),
        ("2", [("sat", 1), ("ran", 0)]),
        ("1-2", [("cat", 1), ("dog", 0)]),
    ]


def test_a_place_without_a_choice_is_an_error() -> None:
    found = event("ddwtos", "<dragbox><text>a</text><group>1</group></dragbox>", "[[2]]")
    assert isinstance(found, Problem)
    assert found.code is ProblemCode.KEY_NOT_OPTION


def calculated(formula: str, definitions: str = "", tolerance_type: str = "1") -> Event:
    tolerance = f"<tolerance>0.01</tolerance><tolerancetype>{tolerance_type}</tolerancetype>"
    body = f"{answer('100', formula, tolerance)}<dataset_definitions>{definitions}</dataset_definitions>"
    return event("calculated", body, "What is {A} over {B-2}?")


EVEN = """<dataset_definition><name><text>A</text></name><distribution><text>uniform</text></distribution>
<minimum><text>1</text></minimum><maximum><text>9.5</text></maximum><decimals><text>1</text></decimals>
</dataset_definition>"""
LISTED = """<dataset_definition><name><text>B-2</text></name><dataset_items>
<dataset_item><number>1</number><value>2</value></dataset_item>
<dataset_item><number>2</number><value>4</value></dataset_item></dataset_items></dataset_definition>"""


def test_calculated_questions_become_parametric() -> None:
    draft = calculated("pow({A},2)/{B-2}", EVEN + LISTED)
    assert isinstance(draft, QuestionDraft)
    assert (draft.type, draft.stem) == (QuestionType.PARAMETRIC, "What is {{a}} over {{b_2}}?")
    assert draft.parametric is not None
    assert draft.parametric.expression == "a ** 2 / b_2"
    assert (draft.parametric.kind, draft.parametric.tolerance) == (ToleranceKind.RELATIVE, 0.01)
    first, second = draft.parametric.variables
    assert (first.low, first.high, first.step) == (1, 9.5, 0.1)
    assert second.values == (2, 4)


@pytest.mark.parametrize("formula", ["{A}+{unknown}", "system('ls')", "{A} ? 1 : 2", "fmod({A}, 2)"])
def test_formulas_beyond_arithmetic_are_reported(formula: str) -> None:
    found = calculated(formula, EVEN)
    assert isinstance(found, Unsupported)
    assert found.kind == "calculated"


def test_calculated_questions_without_numbers_are_reported() -> None:
    assert isinstance(calculated("{A}"), Unsupported)


def test_one_name_never_stands_for_two_files() -> None:
    part = (
        '<question type="description"><questiontext format="html"><text>&lt;img src="@@PLUGINFILE@@/a.png"&gt;</text>'
        '<file name="a.png" encoding="base64">{}</file></questiontext></question>'
    )
    found = events(f"<quiz>{part.format('QUFB')}{part.format('QkJC')}{part.format('QUFB')}</quiz>")
    files = {each.name: each.open().read() for each in found if isinstance(each, MediaFile)}
    drafts = [each for each in found if isinstance(each, QuestionDraft)]
    assert [files[draft.media[0].name] for draft in drafts] == [b"AAA", b"BBB", b"AAA"]
    assert len(files) == 2
    assert all(f'src="{draft.media[0].name}"' in draft.stem for draft in drafts)


def test_missing_and_broken_files_are_named() -> None:
    text = (
        '<quiz><question type="essay"><questiontext format="html">'
        '<text>x &lt;img src="@@PLUGINFILE@@/gone.png"&gt;&lt;img src="@@PLUGINFILE@@/bad.png"&gt;'
        '&lt;img src="https://example.org/far.png"&gt;</text>'
        '<file name="bad.png" encoding="base64">!</file></questiontext></question></quiz>'
    )
    found = checked_events(MoodleXmlReader(), Source.of_bytes("q.xml", text.encode()))
    missing = [each.text for each in found if isinstance(each, Problem) and each.code is ProblemCode.MISSING_MEDIA]
    assert sorted(missing) == ["bad.png", "gone.png", "https://example.org/far.png"]


def test_the_one_image_of_old_questions() -> None:
    media, draft = events(
        '<quiz><question type="essay"><questiontext><text>Look.</text></questiontext><image>a.png</image>'
        "<image_base64>UE5H</image_base64></question></quiz>"
    )
    assert isinstance(media, MediaFile)
    assert isinstance(draft, QuestionDraft)
    assert draft.stem == 'Look.<br><img src="a.png" alt="">'


@pytest.mark.parametrize(
    ("text_format", "html"),
    [
        ("html", "1 &lt; 2\n**x**"),
        ("plain_text", "1 &amp;lt; 2<br>**x**"),
        ("moodle_auto_format", "1 &lt; 2\n**x**"),
        ("markdown", "1 &amp;lt; 2<br>**x**"),
    ],
)
def test_formats_of_texts(text_format: str, html: str) -> None:
    text = f'<questiontext format="{text_format}"><text>1 &amp;lt; 2\n**x**</text></questiontext>'
    (draft,) = events(f'<quiz><question type="essay">{text}</question></quiz>')
    assert isinstance(draft, QuestionDraft)
    assert draft.stem == html
    assert draft.extensions == ({"text_format": "markdown"} if text_format == "markdown" else {})


def test_html_that_nobody_escaped() -> None:
    (draft,) = events(
        '<quiz><question type="essay"><questiontext format="html"><text><p>One <b>two</b><br/></p></text>'
        "</questiontext></question></quiz>"
    )
    assert isinstance(draft, QuestionDraft)
    assert draft.stem == "<p>One <b>two</b><br></p>"


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("multichoice", answer("many", "a"), ProblemCode.NUMBER),
        ("multichoice", answer("200", "a"), ProblemCode.NUMBER),
        ("multichoice", "".join(answer("0", str(n)) for n in range(27)), ProblemCode.TOO_LARGE),
        ("shortanswer", answer("100", "x" * 5000), ProblemCode.TOO_LARGE),
        ("numerical", answer("100", "three"), ProblemCode.NUMBER),
        ("essay", "<defaultgrade>-1</defaultgrade>", ProblemCode.NUMBER),
        ("essay", f"<idnumber>{'x' * 300}</idnumber>", ProblemCode.TOO_LARGE),
    ],
)
def test_a_bad_question_is_one_problem_and_the_next_is_read(kind: str, body: str, code: ProblemCode) -> None:
    stem = "<questiontext><text>Stem</text></questiontext>"
    good = f'<question type="essay">{stem}</question>'
    bad, read = events(f'<quiz>\n<question type="{kind}">{stem}{body}</question>{good}</quiz>')
    assert isinstance(bad, Problem)
    assert (bad.code, bad.location.line) == (code, 2)
    assert isinstance(read, QuestionDraft)
