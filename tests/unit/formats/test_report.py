import json

from app.domain.enums import QuestionType
from app.domain.question_draft import (
    Answer,
    Gap,
    Location,
    Numeric,
    NumericAnswer,
    Option,
    OrderItem,
    Pair,
    QuestionDraft,
)
from app.formats.drafts import weighted_options
from app.formats.reading import Event, MediaFile, ProblemCode, Source, Unsupported, problem
from app.formats.report import correct_texts, file_report


def draft(kind: QuestionType, **fields: object) -> QuestionDraft:
    return QuestionDraft.model_validate({"type": kind, "stem": "<p>Q &amp; A?</p>", **fields})


def test_a_file_becomes_plain_data() -> None:
    options = (
        Option(id="a", html="<b>x</b>", weight=1, feedback="<i>Yes</i>"),
        Option(id="b", html="y &lt; z"),
    )
    place = Location(file="quiz.gift", line=12)
    events: list[Event] = [
        draft(QuestionType.SINGLE_CHOICE, options=options, tags=("t",), location=place, explanation="Why."),
        problem(ProblemCode.NO_CORRECT, "The answer is missing.", Location(line=7, row=2), column="answer", text="R?"),
        Unsupported("drawing", Location(member="q.xml")),
        MediaFile("a.png", lambda: Source.of_bytes("a.png", b"").open(), 0),
    ]
    report = file_report("quiz.gift", "gift", events, {"new": 1, "error": 1})
    assert json.loads(json.dumps(report)) == report
    assert report["questions"] == [
        {
            "n": 1,
            "type": "single_choice",
            "title": "",
            "external_id": None,
            "stem": "Q & A?",
            "options": ["x", "y < z"],
            "correct": ["x"],
            "pairs": [],
            "distractors": [],
            "order": [],
            "numeric": None,
            "feedback": ["Yes", "Why."],
            "tags": ["t"],
            "points": 1.0,
            "media": [],
            "status": "draft",
            "location": {"line": 12},
        }
    ]
    assert report["errors"] == [
        {
            "line": 7,
            "row": 2,
            "column": "answer",
            "code": "E_NO_CORRECT",
            "severity": "error",
            "message": "The answer is missing.",
            "text": "R?",
        }
    ]
    assert report["unsupported"] == [{"kind": "drawing", "location": {"member": "q.xml"}, "text": ""}]
    assert (report["file"], report["format"], report["count"]) == ("quiz.gift", "gift", 1)
    assert report["outcome"] == {"new": 1, "changed": 0, "identical": 0, "near_duplicate": 0, "error": 1}


def test_what_counts_as_correct() -> None:
    weights = (
        Option(id="a", html="x", weight=0.5),
        Option(id="b", html="y", weight=1),
        Option(id="c", html="z", weight=-1),
    )
    number = Numeric(answers=(NumericAnswer(value=3.14, tolerance=0.01), NumericAnswer(value=3, weight=0.5)))
    assert correct_texts(draft(QuestionType.SINGLE_CHOICE, options=weights)) == ["y"]
    assert correct_texts(draft(QuestionType.MULTIPLE_RESPONSE, options=weights)) == ["x", "y"]
    assert correct_texts(draft(QuestionType.SINGLE_CHOICE, options=weighted_options(["x", "y"], ()))) == []
    assert correct_texts(draft(QuestionType.SHORT_ANSWER, answers=(Answer(value="a"), Answer(value="b")))) == ["a", "b"]
    assert correct_texts(draft(QuestionType.NUMERICAL, numeric=number)) == ["3.14"]
    assert correct_texts(draft(QuestionType.FLASHCARD, explanation="<b>back</b>")) == ["back"]
    assert correct_texts(draft(QuestionType.ESSAY)) == []
    gaps = (Gap(id="a", answers=(Answer(value="x"),)), Gap(id="b", kind="choice", options=weights))
    assert correct_texts(draft(QuestionType.CLOZE, gaps=gaps)) == ["x", "y"]


def test_pairs_order_and_number_are_listed() -> None:
    fields = {
        "pairs": (Pair(id="a", left="<b>l</b>", right="r"),),
        "distractors": ("d",),
        "order": (OrderItem(id="a", html="1"),),
        "numeric": Numeric(answers=(NumericAnswer(value=2, tolerance=0.5),)),
    }
    report = file_report("f", "json", [draft(QuestionType.MATCHING, **fields)], {})
    questions = report["questions"]
    assert isinstance(questions, list)
    entry = questions[0]
    assert isinstance(entry, dict)
    assert (entry["pairs"], entry["distractors"], entry["order"]) == ([["l", "r"]], ["d"], ["1"])
    assert entry["numeric"] == {"value": 2.0, "tolerance": 0.5}
