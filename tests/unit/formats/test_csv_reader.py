import pytest

from app.domain.enums import QuestionType
from app.domain.question_draft import QuestionDraft, ToleranceKind
from app.formats.csv_reader import CsvReader
from app.formats.pipeline import checked_events
from app.formats.reading import Event, Limits, Problem, ProblemCode, ReadOptions, Source

HEADER = "question,option_a,option_b,option_c,answer"


def events(text: str | bytes, options: ReadOptions | None = None) -> list[Event]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(checked_events(CsvReader(), Source.of_bytes("bank.csv", data), options or ReadOptions()))


def questions(text: str | bytes, options: ReadOptions | None = None) -> list[QuestionDraft]:
    found = events(text, options)
    assert not [event for event in found if isinstance(event, Problem) and event.code.value.startswith("E_")]
    return [event for event in found if isinstance(event, QuestionDraft)]


def right(draft: QuestionDraft) -> list[str]:
    return [option.html for option in draft.options if option.weight > 0]


def keys(*rows: str, header: str = HEADER) -> list[list[str]]:
    return [right(draft) for draft in questions("\n".join([header, *rows]))]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + b"question,option_a,option_b,answer\r\nQ?,one,two,B\r\n",
        b"question;option_a;option_b;answer\nQ?;one;two;B",
        b"question\toption_a\toption_b\tanswer\rQ?\tone\ttwo\tB\r",
        b"sep=|\nquestion|option_a|option_b|answer\nQ?|one|two|B\n",
        "question,option_a,option_b,answer\nQ?,one,two,B\n".encode("utf-16"),
        b"Exported on Monday\n\nQuestion Text,Choice 1,Choice 2,Correct Answer\nQ?,one,two,choice_2\n",
        b"Q,\xe9\n,\nquestion,option_a,option_b,answer\nQ?,one,two,two\n",
    ],
)
def test_one_question_in_many_dresses(data: bytes) -> None:
    (draft,) = questions(data)
    assert draft.stem == "Q?"
    assert [(option.id, option.html) for option in draft.options] == [("a", "one"), ("b", "two")]
    assert right(draft) == ["two"]


def test_all_columns_of_the_template() -> None:
    (draft,) = questions(
        "id,type,title,category,tags,skills,points,difficulty,language,shuffle,explanation,question,answer,option_a,option_b\n"
        'q1,multiple_response,T,a/b > c,x;y,"s 1,s 2",2.5,-1,en,no,Because.,Q?,A;B,one,two\n'
    )
    assert draft.type is QuestionType.MULTIPLE_RESPONSE
    assert (draft.external_id, draft.title, draft.language, draft.explanation) == ("q1", "T", "en", "Because.")
    assert (draft.points, draft.difficulty, draft.shuffle) == (2.5, -1, False)
    assert (draft.category, draft.tags, draft.skills) == (("a", "b", "c"), ("x", "y"), ("s 1", "s 2"))


def test_lines_and_rows_are_exact_with_cells_over_several_lines() -> None:
    rows = [HEADER, '"first\nline ""two""\n\nline four",1,2,3,A', "", "bad,1,2,3,", '"x\ny",1,2,3,B', "worse,1,2,3,E"]
    found = events("\n".join(rows))
    places = [(type(event).__name__, event.location.line, event.location.row) for event in found]
    assert places == [
        ("QuestionDraft", 2, 1),
        ("Problem", 7, 3),
        ("QuestionDraft", 8, 4),
        ("Problem", 10, 5),
    ]
    assert isinstance(found[0], QuestionDraft)
    assert found[0].stem == 'first<br>line "two"<br><br>line four'


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("Q?,1,2,3,", ProblemCode.NO_CORRECT, "answer"),
        ("Q?,1,2,3,D", ProblemCode.KEY_NOT_OPTION, "answer"),
        ("Q?,1,2,,C", ProblemCode.KEY_NOT_OPTION, "answer"),
        (",1,2,3,A", ProblemCode.EMPTY_STEM, None),
        ("Q?,1,,,A", ProblemCode.FEW_OPTIONS, None),
        ("Q?,,,,A", ProblemCode.FEW_OPTIONS, "options"),
        ("Q?,1,2,1,B", ProblemCode.DUPLICATE_OPTION, "options"),
    ],
)
def test_a_bad_row_is_one_error_and_the_good_rows_survive(row: str, code: ProblemCode, column: str | None) -> None:
    found = events(f"{HEADER}\nGood?,1,2,3,A\n{row}\nAlso good?,1,2,3,B\n")
    (problem,) = [event for event in found if isinstance(event, Problem)]
    assert (problem.code, problem.column, problem.location.line, problem.location.row) == (code, column, 3, 2)
    assert len([event for event in found if isinstance(event, QuestionDraft)]) == 2


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("Q?,x,,,", ProblemCode.NUMBER),
        ('Q?,"1,000",,,', ProblemCode.NUMBER),
        ("Q?,,much,,", ProblemCode.NUMBER),
        ("Q?,,,hotspot,", ProblemCode.UNSUPPORTED_TYPE),
        ("Q?,,,numeric,ten", ProblemCode.NUMBER),
    ],
)
def test_bad_values(cells: str, code: ProblemCode) -> None:
    (problem,) = events(f"question,points,difficulty,type,answer\n{cells}\n")
    assert isinstance(problem, Problem)
    assert problem.code is code


@pytest.mark.parametrize("word", ["easy", "Very Hard", "leicht", "Schwer", "mittel", "-1.5"])
def test_difficulties_are_numbers_or_words_of_either_language(word: str) -> None:
    (question,) = questions(f"question,difficulty,answer\nQ?,{word},x\n")
    assert question.difficulty is not None


def test_a_message_says_what_would_be_right() -> None:
    (bad, no_option) = events(f"{HEADER},difficulty\nQ?,1,2,3,A,knifflig\nQ?,1,2,3,D,easy\n")
    assert isinstance(bad, Problem)
    assert "very easy, easy, medium, hard or very hard" in bad.message
    assert isinstance(no_option, Problem)
    assert "option_a" in no_option.message


@pytest.mark.parametrize(
    ("header", "mapping"),
    [
        ("question,correct answer,wrong answer 1,wrong answer 2", {}),
        ("question,answer,distractor_a,distractor_b", {}),
        ("question,answer,Incorrect Answer 1,Incorrect Answer 2", {}),
        ("Frage,Lösung,Distraktor 1,Distraktor 2", {"question": 0, "answer": 1, "option_a": 2, "option_b": 3}),
        ("1,2,3,4", {"question": 0, "answer": 1, "wrong_1": 2, "wrong_2": 3}),
    ],
)
def test_the_right_answer_joins_options_that_are_called_wrong(header: str, mapping: dict[str, str | int]) -> None:
    found = questions(f"{header}\nQ?,A,B,C\nR?,5,6,7\n", ReadOptions(columns=mapping, has_header=True))
    assert [([option.html for option in each.options], right(each)) for each in found] == [
        (["A", "B", "C"], ["A"]),
        (["5", "6", "7"], ["5"]),
    ]


def test_wrong_answers_in_one_cell_and_beside_options() -> None:
    (listed,) = questions("question,answer,distractors\nQ?,Lima,Quito; Sucre\n")
    assert ([option.html for option in listed.options], right(listed)) == (["Lima", "Quito", "Sucre"], ["Lima"])
    header = "question,answer,option_a,wrong_1,wrong_2"
    beside, missing = events(f"{header}\nQ?,A,Lima,Quito,Sucre\nQ?,La Paz,Lima,Quito,Sucre\n")
    assert isinstance(beside, QuestionDraft)
    assert ([option.html for option in beside.options], right(beside)) == (["Lima", "Quito", "Sucre"], ["Lima"])
    assert isinstance(missing, Problem)
    assert missing.code is ProblemCode.KEY_NOT_OPTION


def test_an_exact_repetition_is_named_with_its_first_place() -> None:
    found = events(f"{HEADER}\nQ?,1,2,3,A\nQ?,3,2,1,C\nQ?,1,2,3,B\n")
    problems = [event for event in found if isinstance(event, Problem)]
    assert [(each.code, each.location.row) for each in problems] == [
        (ProblemCode.DUPLICATE_ROW, 2),
        (ProblemCode.KEY_CONFLICT, 3),
    ]
    assert "line 2, row 1" in problems[0].message


def test_keys_by_letter() -> None:
    assert keys("Q?,1,2,3,b", "R?,1,2,3,(C)", "S?,1,2,3,A;C", "T?,1,2,3,AB", "U?,1,2,3,A and B") == [
        ["2"],
        ["3"],
        ["1", "3"],
        ["1", "2"],
        ["1", "2"],
    ]


def test_letters_name_columns_even_when_an_earlier_option_is_empty() -> None:
    assert keys("Q?,1,,3,C") == [["3"]]


def test_letters_win_over_options_that_are_letters_when_the_table_uses_letters() -> None:
    assert keys("Q?,x,y,z,B", "Blood type?,B,A,0,B") == [["y"], ["A"]]


def test_texts_win_over_letters_when_the_table_uses_texts() -> None:
    assert keys("Q?,x,y,z,y", "R?,x,y,z,z", "Blood type?,B,A,0,B") == [["y"], ["z"], ["B"]]


def test_numbers_are_places_where_the_table_uses_places() -> None:
    assert keys("Q?,x,y,z,3", "R?,x,y,z,1", "How many?,1,2,3,2") == [["z"], ["x"], ["2"]]
    assert keys("Q?,x,y,z,2", "R?,x,y,z,0") == [["z"], ["x"]]


def test_numbers_are_texts_where_the_options_are_numbers() -> None:
    assert keys("How many?,3,4,5,4", "And now?,2,1,7,2") == [["4"], ["2"]]


def test_a_number_that_is_no_option_is_never_taken_for_a_place() -> None:
    found = events(f"{HEADER}\nQ?,x,y,z,x\nR?,10,20,30,2\n")
    assert [event.code for event in found if isinstance(event, Problem)] == [ProblemCode.KEY_NOT_OPTION]


def test_several_right_options_cancel_wrong_ones() -> None:
    (draft,) = questions(f"{HEADER}\nQ?,1,2,3,A;B\n")
    assert [option.weight for option in draft.options] == [0.5, 0.5, -0.5]


def test_a_table_without_answer_column_has_no_keys_yet() -> None:
    found = events("question,option_a,option_b\nQ?,1,2\n")
    assert [event.code for event in found if isinstance(event, Problem)] == [ProblemCode.ANSWER_MISSING]
    (draft,) = (event for event in found if isinstance(event, QuestionDraft))
    assert not any(option.weight for option in draft.options)


def test_types_without_options() -> None:
    rows = [
        "question,answer,tolerance,type",
        "True?,TRUE,,",
        "Really?,no,,true/false",
        "Capital?,Lima|Ciudad de los Reyes,,",
        "How many?,42,,",
        "How far?,2.5;10..12,5%,numeric",
        "Code?,007,,",
        "Discuss.,,,essay",
        "Front,Back,,flashcard",
    ]
    drafts = questions("\n".join(rows))
    assert [draft.type for draft in drafts] == [
        QuestionType.TRUE_FALSE,
        QuestionType.TRUE_FALSE,
        QuestionType.SHORT_ANSWER,
        QuestionType.NUMERICAL,
        QuestionType.NUMERICAL,
        QuestionType.SHORT_ANSWER,
        QuestionType.ESSAY,
        QuestionType.FLASHCARD,
    ]
    assert right(drafts[1]) == ["False"]
    assert [answer.value for answer in drafts[2].answers] == ["Lima", "Ciudad de los Reyes"]
    assert drafts[4].numeric is not None
    assert [(answer.kind, answer.tolerance) for answer in drafts[4].numeric.answers] == [
        (ToleranceKind.RELATIVE, 0.05),
        (ToleranceKind.RANGE, 1),
    ]
    assert drafts[7].explanation == "Back"


def test_options_in_one_column() -> None:
    assert keys("Q?,one|two|three,two", header="question,options,answer") == [["two"]]


def test_a_mapping_reads_foreign_and_headerless_tables() -> None:
    by_name = ReadOptions(
        columns={"question": "Frage", "option_a": "Richtig", "option_b": "Falsch", "answer": "Lösung"}
    )
    (draft,) = questions("Frage,Richtig,Falsch,Lösung,Notiz\nWas?,ja,nein,ja,x\n", by_name)
    assert right(draft) == ["ja"]
    by_place = ReadOptions(columns={"question": 1, "option_a": 2, "option_b": 3, "answer": 0}, has_header=False)
    (draft,) = questions("B,Was?,ja,nein\n", by_place)
    assert (draft.location.row, right(draft)) == (1, ["nein"])


def test_places_alone_tell_a_header_from_data() -> None:
    places = ReadOptions(columns={"question": 0, "answer": 1})
    assert len(questions("Was?,ja\nWer?,ich\n", places)) == 2
    assert len(questions("question,answer\nWer?,ich\n", places)) == 1


def test_columns_nobody_knows_are_kept() -> None:
    (draft,) = questions("question,answer,Page\nQ?,x,17\n")
    assert draft.extensions == {"columns": {"Page": "17"}}


def test_a_table_of_something_else_is_refused_with_a_hint() -> None:
    (problem,) = events("name,age\nAda,36\nBob,40\nEve,31\n")
    assert isinstance(problem, Problem)
    assert problem.code is ProblemCode.UNKNOWN_FORMAT
    assert "Say which column" in problem.message


def test_an_open_quotation_costs_one_row() -> None:
    found = events(f'{HEADER}\nQ?,1,2,3,A\n"open,1,2,3,B\nR?,1,2,3,C\nS?,1,2,3,A\n')
    assert [(event.code, event.location.line) for event in found if isinstance(event, Problem)] == [
        (ProblemCode.SYNTAX, 3)
    ]
    assert [event.stem for event in found if isinstance(event, QuestionDraft)] == ["Q?", "R?", "S?"]


def test_a_cell_beyond_all_bounds_costs_one_row() -> None:
    found = events(f"{HEADER}\n{'x' * 140_000},1,2,3,A\nR?,1,2,3,C\n")
    assert [event.stem for event in found if isinstance(event, QuestionDraft)] == ["R?"]


def test_formula_guards_are_taken_off_and_quotations_stay() -> None:
    assert keys("Q?,'=1+1,'-5,'=' and '+',A") == [["=1+1"]]
    (draft,) = questions(f"{HEADER}\nQ?,'=1+1,'-5,'=' and '+',A\n")
    assert [option.html for option in draft.options] == ["=1+1", "-5", "'=' and '+'"]


def test_text_that_looks_like_a_tag_stays_text_and_html_is_cleaned() -> None:
    (draft,) = questions(f'{HEADER}\n"a < b & <body>?",<b>1</b><script>x</script>,2,3,B\n')
    assert draft.stem == "a &lt; b &amp; &lt;body&gt;?"
    assert draft.options[0].html == "&lt;b&gt;1&lt;/b&gt;&lt;script&gt;x&lt;/script&gt;"


def test_a_row_of_too_many_columns_is_one_error() -> None:
    found = events(f"{HEADER}\nQ?,1,2,3,A{',' * 300}\nR?,1,2,3,A\n")
    assert [getattr(event, "code", None) for event in found] == [ProblemCode.TOO_LARGE, None]


def test_more_rows_than_allowed_end_with_an_error() -> None:
    rows = "\n".join(f"Q{number}?,1,2,3,A" for number in range(5))
    found = events(f"{HEADER}\n{rows}\n", ReadOptions(limits=Limits(rows=3)))
    assert [type(event).__name__ for event in found] == ["QuestionDraft"] * 3 + ["Problem"]
