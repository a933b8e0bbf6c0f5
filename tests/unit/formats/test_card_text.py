import pytest

from app.domain.enums import QuestionType
from app.formats.anki import CardTextReader
from app.formats.reading import ProblemCode, Source
from app.formats.registry import detect
from tests.unit.formats.package_files import drafts, events_of, problems


def test_terms_and_definitions() -> None:
    events = events_of(b"Peru\tLima\nChile\tSantiago")
    peru, chile = drafts(events)
    assert (peru.type, peru.stem, peru.explanation) == (QuestionType.FLASHCARD, "Peru", "Lima")
    assert [peru.location.line, chile.location.line] == [1, 2]
    assert not problems(events)


def test_quotation_marks_of_the_text_stay() -> None:
    (draft, _) = drafts(events_of(b'"To be" said\tHamlet\nx\ty\n'))
    assert draft.stem == '"To be" said'


def test_quoted_fields_may_hold_line_breaks() -> None:
    first, second = drafts(events_of(b'a\t"two\nlines and ""quotes"""\nb\tc\nd\te\nf\tg\n'))[:2]
    assert first.explanation == 'two<br>lines and "quotes"'
    assert second.location.line == 3


def test_header_of_anki() -> None:
    header = "#separator:pipe\n#html:true\n#tags:all\n#deck:A::B\n#guid column:1\n#tags column:4\n"
    (draft,) = drafts(events_of(f"{header}id1|<b>x</b>|a &lt; b|t1 t2\n".encode()))
    assert (draft.external_id, draft.stem, draft.explanation) == ("id1", "<b>x</b>", "a &lt; b")
    assert (draft.tags, draft.category) == (("all", "t1", "t2"), ("A", "B"))


def test_plain_text_is_not_taken_for_html() -> None:
    (draft,) = drafts(events_of(b"#html:false\n<b>x</b>\ty\n"))
    assert draft.stem == "&lt;b&gt;x&lt;/b&gt;"


def test_deletions_make_a_blank() -> None:
    (draft,) = drafts(events_of(b"#separator:tab\n{{c1::Lima}} is a city\tin Peru\n"))
    assert (draft.type, draft.stem, draft.explanation) == (QuestionType.CLOZE, "[[c1]] is a city", "in Peru")


def test_lines_of_another_width_are_named() -> None:
    found = problems(
        events_of(b"# comment\na\tb\nc\td\ne\tf\tg\nlost line\nh\ti\nj\tk\nl\tm\nn\to\n\tno front\nno back\t\n")
    )
    assert [(each.code, each.location.line) for each in found] == [
        (ProblemCode.SYNTAX, 4),
        (ProblemCode.SYNTAX, 5),
        (ProblemCode.EMPTY_STEM, 10),
        (ProblemCode.ANSWER_MISSING, 11),
    ]


@pytest.mark.parametrize("text", ["Question\tAnswer\nq\ta\n", "Dear all,\nsee you\t!\nthere\n", ""])
def test_other_texts_are_not_claimed(text: str) -> None:
    assert CardTextReader().sniff(Source.of_bytes("f.tsv", text.encode()).sample) == 0


def test_a_table_with_a_header_is_a_table() -> None:
    assert detect(Source.of_bytes("f.tsv", b"Question\tAnswer\nq\ta\n")).name == "csv"
