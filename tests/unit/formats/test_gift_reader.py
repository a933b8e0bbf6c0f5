import pytest

from app.domain.enums import QuestionType
from app.domain.question_draft import MatchKind, QuestionDraft, ToleranceKind
from app.formats.gift import GiftReader
from app.formats.reading import Event, Problem, ProblemCode, ReadOptions, Source


def events(text: str) -> list[Event]:
    return list(GiftReader().read(Source.of_bytes("quiz.gift", text.encode()), ReadOptions()))


def question(text: str) -> QuestionDraft:
    (event,) = events(text)
    assert isinstance(event, QuestionDraft), event
    return event


def right(draft: QuestionDraft) -> list[str]:
    return [option.html for option in draft.options if option.weight > 0]


def test_single_choice_with_feedback_and_explanation() -> None:
    draft = question("::Capital::What is the capital of Peru?{\n~Quito#In Ecuador.\n=Lima#Yes.\n####On the coast.\n}")
    assert (draft.type, draft.title, draft.stem) == (
        QuestionType.SINGLE_CHOICE,
        "Capital",
        "What is the capital of Peru?",
    )
    assert [(option.id, option.html, option.weight, option.feedback) for option in draft.options] == [
        ("a", "Quito", 0, "In Ecuador."),
        ("b", "Lima", 1, "Yes."),
    ]
    assert draft.explanation == "On the coast."


def test_several_equals_signs_among_tildes_stay_a_single_choice() -> None:
    draft = question("Name a season: {=spring =autumn ~easter}")
    assert draft.type is QuestionType.SINGLE_CHOICE
    assert right(draft) == ["spring", "autumn"]


@pytest.mark.parametrize("mark", ["~", "=~"])
def test_weights_without_a_lone_equals_sign_make_a_multiple_response(mark: str) -> None:
    draft = question(f"Which are prime?{{{mark}%50%2 {mark}%50%3 {mark}%-100%4}}")
    assert draft.type is QuestionType.MULTIPLE_RESPONSE
    assert [option.weight for option in draft.options] == [0.5, 0.5, -1]


@pytest.mark.parametrize("letter", ["T", "TRUE", "true"])
def test_true_false(letter: str) -> None:
    draft = question(f"The sea is salty.{{{letter}#No, taste it.#Yes.}}")
    assert draft.type is QuestionType.TRUE_FALSE
    assert [(option.html, option.weight, option.feedback) for option in draft.options] == [
        ("True", 1, "Yes."),
        ("False", 0, "No, taste it."),
    ]


def test_short_answer_with_weights_and_wildcard() -> None:
    draft = question("Who wrote it?{=Ada =%50%A. Lovelace =%0%*#Read again.}")
    assert [(answer.value, answer.weight, answer.match) for answer in draft.answers] == [
        ("Ada", 1, MatchKind.EXACT),
        ("A. Lovelace", 0.5, MatchKind.EXACT),
        ("*", 0, MatchKind.WILDCARD),
    ]


def test_a_short_answer_needs_no_equals_sign() -> None:
    assert question("Write 1 as a word. {one}").answers[0].value == "one"


@pytest.mark.parametrize(
    ("written", "kind", "value", "tolerance"),
    [
        ("#1822", ToleranceKind.ABSOLUTE, 1822, 0),
        ("#3,5:0,25", ToleranceKind.ABSOLUTE, 3.5, 0.25),
        ("#-2..6", ToleranceKind.RANGE, 2, 4),
        ("#=%100%7:1#good", ToleranceKind.ABSOLUTE, 7, 1),
    ],
)
def test_numbers(written: str, kind: ToleranceKind, value: float, tolerance: float) -> None:
    numeric = question(f"How many?{{{written}}}").numeric
    assert numeric is not None
    answer = numeric.answers[0]
    assert (answer.kind, answer.value, answer.tolerance) == (kind, value, tolerance)


def test_several_numbers_and_the_feedback_for_all_others() -> None:
    draft = question("When?{#\n=1822:0#exactly\n=%50%1822:2\n~#Not even close\n}")
    assert draft.numeric is not None
    assert [(answer.tolerance, answer.weight) for answer in draft.numeric.answers] == [(0, 1), (2, 0.5)]
    assert draft.feedback == {"incorrect": "Not even close"}


def test_a_number_that_is_none_is_an_error_of_its_question_alone() -> None:
    first, second = events("How many?{#about ten}\n\nHow many?{#10}")
    assert isinstance(first, Problem)
    assert (first.code, first.location.line) == (ProblemCode.NUMBER, 1)
    assert isinstance(second, QuestionDraft)


def test_matching_with_feedback_and_a_distractor() -> None:
    draft = question("Match.{\n=cat -> meow#correct\n=dog->bark\n= -> moo\n}")
    assert [(pair.left, pair.right, pair.feedback) for pair in draft.pairs] == [
        ("cat", "meow", "correct"),
        ("dog", "bark", ""),
    ]
    assert draft.distractors == ("moo",)


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("Grant is {~dead =buried} in a tomb.", "Grant is _____ in a tomb."),
        ("{=Asia} is large.", "_____ is large."),
        ("Two and two are {=four =4}.", "Two and two are _____."),
    ],
)
def test_text_behind_the_answers_leaves_a_blank(text: str, stem: str) -> None:
    assert question(text).stem == stem


def test_a_text_without_answers_is_a_description_and_empty_answers_are_an_essay() -> None:
    assert [
        event.type for event in events("Read this first.\n\nTell me more.{}") if isinstance(event, QuestionDraft)
    ] == [
        QuestionType.DESCRIPTION,
        QuestionType.ESSAY,
    ]


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("Is 1+1=2? {T}", "Is 1+1=2?"),
        ("Note: which one is it? {T}", "Note: which one is it?"),
        (r"A \{set\} and \~ 5\: yes? {T}", "A {set} and ~ 5: yes?"),
        (r"What is \(\frac\{1\}\{2\}\)? {T}", r"What is \(\frac{1}{2}\)?"),
        (r"What is \(\frac{1}{2}\)? {T}", r"What is \(\frac{1}{2}\)?"),
        (r"[html]1 \\neq 2\nyes {T}", "1 \\neq 2\nyes"),
        ("if a < b, what? {T}", "if a &lt; b, what?"),
        ("Which tag is <body>? {T}", "Which tag is &lt;body&gt;?"),
        ("[html]<b>bold</b> {T}", "<b>bold</b>"),
        ("is it <b>bold</b>? {T}", "is it <b>bold</b>?"),
        ("[plain]is it <b>bold</b>? {T}", "is it &lt;b&gt;bold&lt;/b&gt;?"),
        ('[html]<i lang="de:x=1">so</i> {T}', '<i lang="de:x=1">so</i>'),
        ("one\n  two {T}", "one<br>two"),
    ],
)
def test_stems_as_real_files_write_them(text: str, stem: str) -> None:
    assert question(text).stem == stem


def test_an_unescaped_colour_is_the_answer_and_no_feedback() -> None:
    assert [option.html for option in question("Red is {=#ff0000 ~#00ff00}").options] == ["#ff0000", "#00ff00"]


def test_an_unescaped_entity_is_no_feedback() -> None:
    assert [option.html for option in question("Which?{=it&#39;s ~its}").options] == ["it&#39;s", "its"]


def test_comments_give_id_and_tags_and_categories_a_path() -> None:
    text = "$CATEGORY: $course$/top/Year 1/either//or\n\n// [id:q\\]7] [tag:a b] [tag:c]\nReady?{T}\n\nDone?{F}"
    first, second = (event for event in events(text) if isinstance(event, QuestionDraft))
    assert (first.external_id, first.tags, first.category) == ("q]7", ("a b", "c"), ("Year 1", "either/or"))
    assert (second.external_id, second.tags, second.category) == (None, (), ("Year 1", "either/or"))


def test_moodle_export_comment_gives_the_id_and_comments_within_a_question_are_skipped() -> None:
    draft = question("// question: 46  name: User\n::User::Who?{\n// not this\n=me}")
    assert draft.external_id == "46"
    assert draft.answers[0].value == "me"


def test_blank_lines_inside_the_answers_do_not_end_a_question() -> None:
    assert right(question("Which?{\n\n~one\n\n=two\n\n}")) == ["two"]


def test_lines_count_from_the_text_of_a_question() -> None:
    lines = [event.location.line for event in events("\n// note\nOne?{T}\n\n\n::t::Two?\n{F}")]
    assert lines == [3, 6]


@pytest.mark.parametrize("text", ["Open {=a ~b", "Open {\n=a"])
def test_answers_that_never_close_are_one_error_and_the_next_question_survives(text: str) -> None:
    first, second = events(f"{text}\n\n::Next::Fine?{{T}}")
    assert isinstance(first, Problem)
    assert (first.code, first.location.line) == (ProblemCode.SYNTAX, 1)
    assert isinstance(second, QuestionDraft)


def test_a_pair_without_arrow_is_an_error() -> None:
    (event,) = events("Match.{=a -> 1 =b}")
    assert isinstance(event, Problem)


def sniffed(text: str) -> float:
    return GiftReader().sniff(Source.of_bytes("x", text.encode()).sample)


@pytest.mark.parametrize("text", ["Q?{T}", "Q {=a ~b}", "$CATEGORY: a", "Essay?{}", "::t::text", "Q?{#3}"])
def test_gift_is_recognised(text: str) -> None:
    assert sniffed(text) >= 0.8


@pytest.mark.parametrize("text", ["", '{"a": 1}', "plain words", "<quiz>{}</quiz>", "\\documentclass{exam} {= }"])
def test_other_text_is_not(text: str) -> None:
    assert sniffed(text) < 0.2


def test_titles_may_hold_escaped_colons() -> None:
    assert question(r"::a\:b::Q{T}").title == "a:b"
