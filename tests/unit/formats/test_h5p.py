import json
from collections.abc import Mapping

import pytest

from app.domain.enums import QuestionType
from app.formats.reading import ProblemCode
from tests.unit.formats.package_files import drafts, events_of, media, problems, unsupported, zipped

CHOICE = {
    "library": "H5P.MultiChoice 1.16",
    "metadata": {"title": "Rivers"},
    "params": {
        "question": "<p>Longest?</p>",
        "answers": [
            {
                "text": "<div>Nile</div>",
                "correct": True,
                "tipsAndFeedback": {"chosenFeedback": "Yes.", "tip": "Africa"},
            },
            {"text": "<div>Rhine</div>", "correct": False},
        ],
        "behaviour": {"type": "auto"},
        "overallFeedback": [{"from": 0, "to": 99, "feedback": "No."}, {"from": 100, "to": 100, "feedback": "Right."}],
    },
}


def package(library: str, params: Mapping[str, object] | str, **files: bytes) -> bytes:
    content = params if isinstance(params, str) else json.dumps(params)
    named = {f"content/images/{name}.png": data for name, data in files.items()}
    return zipped(
        {"h5p.json": json.dumps({"title": "All", "mainLibrary": library}), "content/content.json": content, **named}
    )


def test_choice() -> None:
    (draft,) = drafts(events_of(package("H5P.MultiChoice", CHOICE["params"])))  # type: ignore[arg-type]
    assert (draft.type, draft.title, draft.stem) == (QuestionType.SINGLE_CHOICE, "All", "<p>Longest?</p>")
    assert [(option.html, option.weight, option.feedback) for option in draft.options] == [
        ("<div>Nile</div>", 1, "Yes."),
        ("<div>Rhine</div>", 0, ""),
    ]
    assert draft.hints == ("Africa",)
    assert draft.feedback == {"incorrect": "No.", "correct": "Right."}


def test_contents_inside_others() -> None:
    inner = {"library": "H5P.Column 1.0", "params": {"content": [{"content": CHOICE}]}}
    text = {"library": "H5P.AdvancedText 1.1", "params": {"text": "Read."}}
    events = events_of(package("H5P.QuestionSet", {"questions": [inner, text, CHOICE]}))
    assert [(draft.title, draft.location.row) for draft in drafts(events)] == [("Rivers", 1), ("Rivers", 3)]
    assert [(each.kind, each.location.row) for each in unsupported(events)] == [("H5P.AdvancedText", 2)]


def test_blanks_in_texts() -> None:
    params = {
        "text": "<p>Fill in.</p>",
        "questions": ["<p>The *sky/heaven:look up* is *blue*.</p>", "<p>*Water* is wet.</p>"],
        "behaviour": {"caseSensitive": True},
    }
    (draft,) = drafts(events_of(package("H5P.Blanks", params)))
    assert draft.stem.count("[[") == 3
    assert [[answer.value for answer in gap.answers] for gap in draft.gaps] == [["sky", "heaven"], ["blue"], ["Water"]]
    assert all(answer.case_sensitive for gap in draft.gaps for answer in gap.answers)
    assert draft.hints == ("look up",)


def test_words_to_drag() -> None:
    params = {"taskDescription": "Drag.", "textField": "A *red* rose\nand a *blue:sky* one.", "distractors": "*green*"}
    (draft,) = drafts(events_of(package("H5P.DragText", params)))
    assert draft.stem == "Drag.<p>A [[1]] rose<br>and a [[2]] one.</p>"
    assert [[option.html for option in gap.options if option.weight > 0] for gap in draft.gaps] == [["red"], ["blue"]]
    assert [option.html for option in draft.gaps[0].options] == ["red", "blue", "green"]


@pytest.mark.parametrize(
    ("library", "params", "kinds"),
    [
        ("H5P.TrueFalse", {"question": "So?", "correct": "false"}, [QuestionType.TRUE_FALSE]),
        (
            "H5P.SingleChoiceSet",
            {"choices": [{"question": "1?", "answers": ["a", "b"]}, {"question": "2?", "answers": ["c", "d"]}]},
            [QuestionType.SINGLE_CHOICE] * 2,
        ),
        (
            "H5P.Summary",
            {"intro": "Sum up.", "summaries": [{"summary": ["right", "wrong"]}]},
            [QuestionType.SINGLE_CHOICE],
        ),
        ("H5P.Essay", {"taskDescription": "Write.", "solution": {"sample": "Like this."}}, [QuestionType.ESSAY]),
        ("H5P.SortParagraphs", {"taskDescription": "Sort.", "paragraphs": ["a", "b"]}, [QuestionType.ORDERING]),
        ("H5P.Dialogcards", {"dialogs": [{"text": "Peru", "answer": "Lima"}]}, [QuestionType.FLASHCARD]),
        ("H5P.Flashcards", {"cards": [{"text": "Peru", "answer": "Lima/LIM"}]}, [QuestionType.FLASHCARD]),
        ("H5P.GuessTheAnswer", {"taskDescription": "Who?", "solutionText": "She."}, [QuestionType.FLASHCARD]),
    ],
)
def test_other_kinds(library: str, params: Mapping[str, object], kinds: list[QuestionType]) -> None:
    events = events_of(package(library, params))
    assert [draft.type for draft in drafts(events)] == kinds
    assert not problems(events)


def test_pictures_of_the_package() -> None:
    picture = {"type": {"library": "H5P.Image 1.1", "params": {"file": {"path": "images/map.png"}, "alt": 'A "map"'}}}
    params = {**CHOICE["params"], "media": picture}  # type: ignore[dict-item]
    events = events_of(package("H5P.MultiChoice", params, map=b"picture"))
    (draft,) = drafts(events)
    assert 'src="content/images/map.png"' in draft.stem
    assert media(events) == {"content/images/map.png": b"picture"}
    assert not problems(events)


def test_what_is_no_question_is_reported_by_name() -> None:
    (found,) = unsupported(events_of(package("H5P.GreetingCard", {"greeting": "Hello"})))
    assert (found.kind, found.text) == ("H5P.GreetingCard", "All")


@pytest.mark.parametrize("content", ["{};", "[1]", "", '{"a": ' * 5000])
def test_broken_content_is_one_typed_error(content: str) -> None:
    (found,) = problems(events_of(package("H5P.MultiChoice", content)))
    assert (found.code, found.location.member) == (ProblemCode.SYNTAX, "content/content.json")


@pytest.mark.parametrize(
    "params",
    [{}, {"answers": "x"}, {"answers": [None, 1, {"text": 3}]}, {"question": None, "answers": {"text": "a"}}],
)
def test_odd_members_never_raise(params: Mapping[str, object]) -> None:
    assert problems(events_of(package("H5P.MultiChoice", params)))
