import pytest

from app.domain.enums import QuestionType
from app.domain.question_draft import QuestionDraft
from app.formats.opentrivia import OpenTriviaReader
from app.formats.pipeline import checked_events
from app.formats.reading import Event, Problem, ProblemCode, ReadOptions, Source


def events(data: bytes) -> list[Event]:
    return list(checked_events(OpenTriviaReader(), Source.of_bytes("t.txt", data), ReadOptions()))


def test_a_question_over_several_lines_in_two_encodings() -> None:
    first, second = events(
        b"#Q Who sings:\r\n\r\nI am a caf\xe9\r\n^ B\xc3\xa9a\r\nA Ann\r\nB B\xc3\xa9a\r\n\r\n"
        b"#Q So?\n^ True\nA True\nB False\n"
    )
    assert isinstance(first, QuestionDraft)
    assert first.stem == "Who sings:<br><br>I am a café"
    assert [(option.html, option.weight) for option in first.options] == [("Ann", 0), ("Béa", 1)]
    assert (first.location.line, second.location.line) == (1, 8)
    assert isinstance(second, QuestionDraft)
    assert second.type is QuestionType.TRUE_FALSE


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"#Q Who?\n^ Zed\nA Ann\nB Bob\n", ProblemCode.KEY_NOT_OPTION),
        (b"#Q Who?\n^\nA Ann\nB Bob\n", ProblemCode.NO_CORRECT),
        (b"#Q Who?\n", ProblemCode.NO_CORRECT),
        (b"#Q\n^ Ann\nA Ann\nB Bob\n", ProblemCode.EMPTY_STEM),
    ],
)
def test_faults_cost_their_question_alone(data: bytes, code: ProblemCode) -> None:
    fault, good = events(data + b"\n#Q Fine?\n^ y\nA x\nB y\n")
    assert isinstance(fault, Problem)
    assert (fault.code, fault.location.line) == (code, 1)
    assert isinstance(good, QuestionDraft)


def test_repeated_and_empty_options_are_left_out_with_a_warning() -> None:
    warning, draft = events(b"#Q Who?\n^ Bob\nA Ann\nB Bob\nC Ann\nD \n")
    assert isinstance(warning, Problem)
    assert warning.severity == "warning"
    assert isinstance(draft, QuestionDraft)
    assert [option.html for option in draft.options] == ["Ann", "Bob"]
