import io
import zipfile
from pathlib import Path

import pytest

from app.domain.enums import QuestionType
from app.domain.parametric import answer_value
from app.domain.question_draft import MatchKind, QuestionDraft, ToleranceKind
from app.formats.pipeline import checked_events
from app.formats.qti12 import Qti12Reader
from app.formats.reading import Event, MediaFile, Problem, ProblemCode, ReadOptions, Source, Unsupported
from app.formats.registry import detect

FILE = Path(__file__).parent / "files" / "capitals.canvas.xml"


def package(files: dict[str, str | bytes]) -> Source:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return Source.of_bytes("a.zip", out.getvalue())


def document(*items: str) -> str:
    return f"<questestinterop>{''.join(items)}</questestinterop>"


def events(*items: str) -> list[Event]:
    return list(Qti12Reader().read(Source.of_bytes("quiz.xml", document(*items).encode()), ReadOptions()))


def item(kind: str, responses: str = "", processing: str = "", *, stem: str = "Stem", more: str = "") -> str:
    field = "<qtimetadatafield><fieldlabel>{}</fieldlabel><fieldentry>{}</fieldentry></qtimetadatafield>"
    metadata = field.format("question_type", kind) if kind else ""
    return (
        f'<item ident="i"><itemmetadata><qtimetadata>{metadata}</qtimetadata></itemmetadata>'
        f'<presentation><material><mattext texttype="text/html">{stem}</mattext></material>{responses}</presentation>'
        f"<resprocessing>{processing}</resprocessing>{more}</item>"
    )


def question(
    kind: str, responses: str = "", processing: str = "", *, stem: str = "Stem", more: str = ""
) -> QuestionDraft:
    (found,) = events(item(kind, responses, processing, stem=stem, more=more))
    assert isinstance(found, QuestionDraft), found
    return found


def choices(ident: str, labels: dict[str, str], cardinality: str = "Single", prompt: str = "") -> str:
    listed = "".join(
        f'<response_label ident="{name}"><material><mattext>{text}</mattext></material></response_label>'
        for name, text in labels.items()
    )
    told = f"<material><mattext>{prompt}</mattext></material>" if prompt else ""
    return (
        f'<response_lid ident="{ident}" rcardinality="{cardinality}">{told}'
        f"<render_choice>{listed}</render_choice></response_lid>"
    )


def blank(fibtype: str = "") -> str:
    return f'<response_str ident="r"><render_fib{fibtype}><response_label ident="x"/></render_fib></response_str>'


def condition(variables: str, score: str = "100", action: str = "Set", feedback: str = "") -> str:
    shown = f'<displayfeedback linkrefid="{feedback}"/>' if feedback else ""
    return (
        f"<respcondition><conditionvar>{variables}</conditionvar>"
        f'<setvar action="{action}">{score}</setvar>{shown}</respcondition>'
    )


def equal(response: str, value: str) -> str:
    return f'<varequal respident="{response}">{value}</varequal>'


def feedback(ident: str, text: str) -> str:
    material = f"<material><mattext>{text}</mattext></material>"
    return f'<itemfeedback ident="{ident}"><flow_mat>{material}</flow_mat></itemfeedback>'


def test_a_file_of_canvas() -> None:
    with FILE.open("rb") as stream:
        source = Source(FILE.name, stream)
        assert detect(source).name == "qti12"
        draft, unsupported = checked_events(detect(source), source)
    assert isinstance(draft, QuestionDraft)
    assert draft.model_dump(exclude_defaults=True) == {
        "type": QuestionType.SINGLE_CHOICE,
        "stem": "What is the capital of Peru?",
        "title": "Peru",
        "external_id": "i1",
        "options": (
            {"id": "a", "html": "Quito &lt;b&gt;", "feedback": "That is in Ecuador."},
            {"id": "b", "html": "Lima", "weight": 1.0},
        ),
        "explanation": "It lies on the coast.",
        "feedback": {"correct": "Right."},
        "points": 2.0,
        "category": ("Capitals",),
        "location": {"file": FILE.name, "line": 5},
    }
    assert isinstance(unsupported, Unsupported)
    assert (unsupported.kind, unsupported.location.line, unsupported.text) == ("hot_spot", 37, "Hot")


def test_several_scores_are_partial_credit() -> None:
    scores = condition(equal("r", "a"), "10") + condition(equal("r", "b"), "5") + condition(equal("r", "c"), "0")
    draft = question("multiple_choice_question", choices("r", {"a": "A", "b": "B", "c": "C"}), scores)
    assert [option.weight for option in draft.options] == [1, 0.5, 0]


def test_a_right_combination() -> None:
    every = f"<and>{equal('r', 'a')}<not>{equal('r', 'b')}</not>{equal('r', 'c')}</and>"
    draft = question(
        "multiple_answers_question", choices("r", {"a": "A", "b": "B", "c": "C"}, "Multiple"), condition(every)
    )
    assert draft.type is QuestionType.MULTIPLE_RESPONSE
    assert [option.weight for option in draft.options] == [0.5, -0.5, 0.5]


def test_a_sum_of_scores() -> None:
    scores = condition(equal("r", "a"), "75", "Add") + condition(equal("r", "b"), "25", "Add")
    scores += condition(equal("r", "c"), "50", "Subtract")
    draft = question("", choices("r", {"a": "A", "b": "B", "c": "C"}, "Multiple"), scores)
    assert [option.weight for option in draft.options] == [0.75, 0.25, -0.5]


def test_right_labels_that_are_scored_one_by_one() -> None:
    scores = condition(equal("r", "a")) + condition(equal("r", "c")) + condition(equal("r", "b"), "-10")
    draft = question("", choices("r", {"a": "A", "b": "B", "c": "C"}, "Multiple"), scores)
    assert [option.weight for option in draft.options] == [0.5, -0.5, 0.5]


def test_a_penalty_is_no_key() -> None:
    draft = question("", choices("r", {"a": "A", "b": "B"}, "Multiple"), condition(equal("r", "b"), "-10"))
    assert [option.weight for option in draft.options] == [0, 0]


def test_feedback_on_the_answer_as_a_whole_is_not_that_of_an_option() -> None:
    more = feedback("Correct", "Yes.") + feedback("Incorrect", "No.")
    processing = condition(equal("r", "a"), feedback="Correct") + condition(equal("r", "b"), "0", feedback="Incorrect")
    draft = question("", choices("r", {"a": "A", "b": "B"}), processing, more=more)
    assert draft.feedback == {"correct": "Yes.", "incorrect": "No."}
    assert [option.feedback for option in draft.options] == ["", ""]


def test_true_and_false_are_recognised_without_being_declared() -> None:
    draft = question("", choices("r", {"t": "True", "f": "False"}), condition(equal("r", "f")))
    assert draft.type is QuestionType.TRUE_FALSE
    assert [option.weight for option in draft.options] == [0, 1]


def test_a_missing_key_is_not_invented() -> None:
    source = Source.of_bytes("q.xml", document(item("", choices("r", {"a": "A", "b": "B"}))).encode())
    warning, draft = checked_events(Qti12Reader(), source)
    assert isinstance(warning, Problem)
    assert warning.code is ProblemCode.ANSWER_MISSING
    assert isinstance(draft, QuestionDraft)
    assert not any(option.weight for option in draft.options)


def test_short_answers() -> None:
    processing = condition(
        '<varequal respident="r" case="Yes">Lima</varequal>' + '<varsubstring respident="r">city</varsubstring>'
    ) + condition(equal("r", "Callao"), "50")
    draft = question("short_answer_question", blank(), processing)
    assert [(each.value, each.match, each.case_sensitive, each.weight) for each in draft.answers] == [
        ("Lima", MatchKind.EXACT, True, 1),
        ("*city*", MatchKind.WILDCARD, False, 1),
        ("Callao", MatchKind.EXACT, False, 0.5),
    ]


def test_numbers_exact_with_tolerance_and_in_a_range() -> None:
    def between(low: str, high: str) -> str:
        return f'<vargte respident="r">{low}</vargte><varlte respident="r">{high}</varlte>'

    processing = (
        condition(f"<or>{equal('r', '42.0')}<and>{between('41.5', '42.5')}</and></or>", feedback="n_fb")
        + condition(between("1", "3"), "50")
        + condition(equal("r", "7"))
    )
    draft = question("numerical_question", blank(' fibtype="Decimal"'), processing, more=feedback("n_fb", "Yes."))
    assert draft.numeric is not None
    found = [(each.value, each.kind, each.tolerance, each.weight, each.feedback) for each in draft.numeric.answers]
    assert found == [
        (42, ToleranceKind.ABSOLUTE, 0.5, 1, "Yes."),
        (2, ToleranceKind.RANGE, 1, 0.5, ""),
        (7, ToleranceKind.ABSOLUTE, 0, 1, ""),
    ]


def test_a_range_without_an_end_is_reported() -> None:
    (found,) = events(item("numerical_question", blank(), condition('<vargt respident="r">3</vargt>')))
    assert isinstance(found, Unsupported)


def test_matching_with_distractors_and_feedback() -> None:
    labels = {"1": "Peru", "2": "Chile", "3": "Spain"}
    responses = choices("response_a", labels, prompt="Lima") + choices("response_b", labels, prompt="Santiago")
    processing = condition(equal("response_a", "1"), "50", "Add") + condition(equal("response_b", "2"), "50", "Add")
    processing += condition(f"<not>{equal('response_b', '2')}</not>", "0", feedback="b_fb")
    draft = question("matching_question", responses, processing, more=feedback("b_fb", "Look south."))
    assert [(pair.left, pair.right, pair.feedback) for pair in draft.pairs] == [
        ("Lima", "Peru", ""),
        ("Santiago", "Chile", "Look south."),
    ]
    assert draft.distractors == ("Spain",)


def test_ordering() -> None:
    draft = question(
        "",
        choices("r", {"a": "A", "b": "B", "c": "C"}, "Ordered"),
        condition(equal("r", "c") + equal("r", "a") + equal("r", "b"), "5", "Add"),
    )
    assert [each.html for each in draft.order] == ["C", "A", "B"]


def test_drop_downs_named_in_the_text() -> None:
    responses = choices("response_x", {"1": "red", "2": "blue"}) + choices("response_y", {"3": "hot", "4": "cold"})
    processing = condition(equal("response_x", "2"), "75", "Add") + condition(equal("response_y", "3"), "25", "Add")
    draft = question("multiple_dropdowns_question", responses, processing, stem="[y] and [x] and [x]")
    assert draft.stem == "[[y]] and [[x]] and [x]"
    assert [(gap.id, gap.weight, [option.weight for option in gap.options]) for gap in draft.gaps] == [
        ("x", 3, [0, 1]),
        ("y", 1, [1, 0]),
    ]


def test_entries_that_canvas_lists_like_choices() -> None:
    responses = choices("response_x", {"1": "Lima", "2": "lima"}).replace(
        'ident="2"', 'ident="2" scoring_algorithm="TextCloseEnough" levenshtein_distance="5"'
    )
    draft = question("fill_in_multiple_blanks_question", responses, condition(equal("response_x", "1")), stem="[x]!")
    (gap,) = draft.gaps
    assert [(each.value, each.typo_tolerance, each.weight) for each in gap.answers] == [("Lima", 0, 1), ("lima", 2, 1)]


def test_blanks_inside_the_text() -> None:
    material = "<material><mattext>{}</mattext></material>"
    number = '<response_num ident="n"><render_fib/></response_num>'
    flow = f"<flow>{material.format('One')}{blank()}{material.format('two')}{number}</flow>"
    processing = condition(equal("r", "1"), "1", "Add") + condition(equal("n", "2"), "1", "Add")
    draft = question("", flow, processing)
    assert draft.stem == "Stem One [[1]] two [[2]]"
    assert [gap.kind for gap in draft.gaps] == ["text", "numeric"]


def formula(text: str, answer: str, tolerance: str = "0") -> str:
    return (
        f"<itemproc_extension><calculated><answer_tolerance>{tolerance}</answer_tolerance>"
        f'<formulas decimal_places="2">{text}</formulas>'
        '<vars><var name="N" scale="1"><min>1</min><max>9</max></var></vars>'
        f'<var_sets><var_set><var name="N">2.5</var><answer>{answer}</answer></var_set></var_sets>'
        "</calculated></itemproc_extension>"
    )


def test_formula_questions_become_parametric() -> None:
    text = "<formula>N=2*N</formula><formula>N^2/3</formula>"
    draft = question("calculated_question", blank(), more=formula(text, "8.33", "5%"), stem="What is [N]?")
    assert (draft.type, draft.stem) == (QuestionType.PARAMETRIC, "What is {{n}}?")
    assert draft.parametric is not None
    assert (draft.parametric.kind, draft.parametric.tolerance) == (ToleranceKind.RELATIVE, 0.05)
    assert answer_value(draft.parametric, {"n": 2.5}) == 8.33


def test_formulas_that_mean_something_else_here_are_reported() -> None:
    (found,) = events(item("calculated_question", blank(), more=formula("<formula>log(N)</formula>", "0.40")))
    assert isinstance(found, Unsupported)
    assert found.kind == "calculated"


def test_a_stimulus_becomes_the_passage_of_its_questions() -> None:
    label, entry = "<fieldlabel>parent_stimulus_item_ident</fieldlabel>", "<fieldentry>i</fieldentry>"
    parent = f"<qtimetadatafield>{label}{entry}</qtimetadatafield>"
    child = item("essay_question", blank()).replace("<qtimetadata>", f"<qtimetadata>{parent}")
    stimulus, essay = events(item("text_only_question", stem="Read this."), child)
    assert isinstance(stimulus, QuestionDraft)
    assert isinstance(essay, QuestionDraft)
    assert stimulus.type is QuestionType.DESCRIPTION
    assert essay.passage is not None
    assert (essay.passage.external_id, essay.passage.html) == ("i", "Read this.")


@pytest.mark.parametrize(
    ("kind", "responses", "named"),
    [
        ("file_upload_question", "", "file_upload"),
        ("categorization_question", "", "categorization"),
        ("", choices("a", {"1": "x"}) + choices("b", {"2": "y"}), "composite"),
        ("", '<response_xy ident="r"><render_hotspot/></response_xy>', "hotspot"),
        ("multiple_choice_question", "", "choice_without_response"),
    ],
)
def test_what_cannot_be_carried_is_named(kind: str, responses: str, named: str) -> None:
    (found,) = events(item(kind, responses))
    assert isinstance(found, Unsupported)
    assert (found.kind, found.location.line) == (named, 1)


def test_an_item_without_text_is_shown_by_its_title() -> None:
    (found,) = events(
        item("essay_question", blank(), stem="&lt;div&gt;&lt;/div&gt;").replace("<item ", '<item title="A &lt; B" ')
    )
    assert isinstance(found, QuestionDraft)
    assert found.stem == "A &lt; B"


@pytest.mark.parametrize(
    ("processing", "code"),
    [
        (condition(equal("r", "three")), ProblemCode.NUMBER),
        (condition('<vargte respident="r">3</vargte><varlte respident="r">1</varlte>'), ProblemCode.NUMBER),
    ],
)
def test_a_bad_item_is_one_problem_and_the_next_is_read(processing: str, code: ProblemCode) -> None:
    bad, good = events(item("numerical_question", blank(), processing), item("essay_question", blank()))
    assert isinstance(bad, Problem)
    assert bad.code is code
    assert isinstance(good, QuestionDraft)


def test_packages_with_banks_files_and_a_copy_of_a_quiz() -> None:
    picture = "&lt;img src='$IMS-CC-FILEBASE$/Uploaded%20Media/a.png' alt='A'&gt;"
    bank = (
        "<objectbank><qtimetadata><qtimetadatafield><fieldlabel>bank_title</fieldlabel><fieldentry>My bank</fieldentry>"
        f"</qtimetadatafield></qtimetadata>{item('essay_question', blank(), stem=picture)}</objectbank>"
    )
    quiz = '<assessment title="Quiz"><section title="Part"><bankentry_item item_ref="{}"/></section></assessment>'
    source = package(
        {
            "imsmanifest.xml": "<manifest/>",
            "non_cc_assessments/b1.xml.qti": document(bank),
            "non_cc_assessments/q1.xml.qti": document(quiz.format("i"), quiz.format("elsewhere")),
            "q1/assessment_qti.xml": document(item("essay_question", blank())),
            "q1/assessment_meta.xml": "<quiz/>",
            "web_resources/Uploaded Media/a.png": b"PNG",
            "broken.xml": "<questestinterop><item>",
        }
    )
    reader = detect(source)
    assert reader.name == "qti12"
    media, draft, broken, reference = checked_events(reader, source)
    assert isinstance(media, MediaFile)
    assert (media.name, media.open().read()) == ("web_resources/Uploaded Media/a.png", b"PNG")
    assert isinstance(draft, QuestionDraft)
    assert draft.category == ("My bank",)
    assert [ref.name for ref in draft.media] == [media.name]
    assert f'src="{media.name}"' in draft.stem
    assert isinstance(broken, Problem)
    assert (broken.code, broken.location.member) == (ProblemCode.XML, "broken.xml")
    assert isinstance(reference, Unsupported)
    assert (reference.kind, reference.text) == ("bankentry_item", "elsewhere")


def test_a_package_without_items_is_an_error() -> None:
    (found,) = checked_events(Qti12Reader(), package({"a.xml": "<a/>"}))
    assert isinstance(found, Problem)
    assert found.code is ProblemCode.UNKNOWN_FORMAT
