import io
from collections.abc import Sequence

from app.domain.enums import QuestionType
from app.domain.question_draft import Answer, MediaRef, Numeric, NumericAnswer, Option, QuestionDraft, ToleranceKind
from app.formats.csv_reader import CsvReader
from app.formats.csv_writer import csv_template
from app.formats.drafts import weighted_options
from app.formats.gift import GiftReader
from app.formats.pipeline import checked_events
from app.formats.reading import Loss, Reader, Source, WriteOptions
from app.formats.registry import writer_named

CHOICE = QuestionDraft(
    type=QuestionType.SINGLE_CHOICE,
    stem="One &lt; two?<br>Say.",
    title="T",
    external_id="q-1",
    options=weighted_options(["=yes", "no; never"], {0}, ["Right.", ""]),
    category=("a", "b/c"),
    tags=("x, y",),
)


def written(name: str, *drafts: QuestionDraft) -> tuple[str, list[Loss]]:
    out = io.BytesIO()
    losses = writer_named(name).write(drafts, out, WriteOptions())
    return out.getvalue().decode(), losses


def read(reader: Reader, text: str | bytes) -> Sequence[object]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(checked_events(reader, Source.of_bytes("f", data)))


def lost(losses: Sequence[Loss]) -> list[tuple[int, str]]:
    return [(loss.position, loss.field) for loss in losses]


def test_gift() -> None:
    text, losses = written("gift", CHOICE)
    assert text == (
        "$CATEGORY: $course$/a/b//c\n\n"
        "// [id:q-1] [tag:x, y]\n"
        "::T::[html]One &lt; two?<br>Say.{\n\t=\\=yes#Right.\n\t~no; never\n}\n\n"
    )
    assert losses == []


def test_gift_names_what_it_cannot_hold() -> None:
    relative = Numeric(answers=(NumericAnswer(value=200, kind=ToleranceKind.RELATIVE, tolerance=0.05),))
    text, losses = written(
        "gift",
        CHOICE.model_copy(update={"hints": ("h",), "points": 3.0}),
        QuestionDraft(type=QuestionType.ORDERING, stem="Sort."),
        QuestionDraft(type=QuestionType.NUMERICAL, stem="How many?", numeric=relative),
    )
    assert lost(losses) == [(1, "hints"), (1, "points"), (2, "type"), (3, "numeric")]
    assert "=200:10" in text


def test_csv_guards_formulas_and_names_what_it_cannot_hold() -> None:
    text, losses = written("csv", CHOICE)
    assert text.startswith("\ufeffid,type,title,")
    assert ",'=yes,no; never" in text
    assert lost(losses) == [(1, "options")]
    (again,) = read(CsvReader(), text)
    assert isinstance(again, QuestionDraft)
    assert [(option.html, option.weight) for option in again.options] == [("=yes", 1), ("no; never", 0)]
    assert (again.stem, again.category, again.tags) == (CHOICE.stem, CHOICE.category, CHOICE.tags)


def test_the_template_is_read_as_it_is() -> None:
    assert [draft.type for draft in read(CsvReader(), csv_template()) if isinstance(draft, QuestionDraft)] == [
        QuestionType.SINGLE_CHOICE,
        QuestionType.MULTIPLE_RESPONSE,
        QuestionType.TRUE_FALSE,
        QuestionType.SHORT_ANSWER,
        QuestionType.NUMERICAL,
        QuestionType.ESSAY,
    ]


def test_aiken_holds_choices_alone() -> None:
    text, losses = written(
        "aiken",
        QuestionDraft(type=QuestionType.SINGLE_CHOICE, stem="One,<br>two?", options=weighted_options(["a", "b"], {1})),
        QuestionDraft(type=QuestionType.SHORT_ANSWER, stem="Three?", answers=(Answer(value="x"),)),
    )
    assert text == "One,\ntwo?\nA) a\nB) b\nANSWER: B\n\n"
    assert lost(losses) == [(2, "type")]


def test_json_says_that_files_stay_behind() -> None:
    _, losses = written("json", CHOICE.model_copy(update={"media": (MediaRef(name="a.png"),)}))
    assert lost(losses) == [(1, "media")]


def test_the_order_of_true_and_false_is_no_loss() -> None:
    options = (Option(id="a", html="False"), Option(id="b", html="True", weight=1))
    draft = QuestionDraft(type=QuestionType.TRUE_FALSE, stem="So?", options=options)
    text, losses = written("gift", draft)
    assert losses == []
    (again,) = read(GiftReader(), text)
    assert isinstance(again, QuestionDraft)
    assert [option.html for option in again.options if option.weight == 1] == ["True"]
