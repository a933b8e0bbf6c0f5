import io

import pytest

from app.domain.question_draft import Location
from app.formats.reading import Limits, ProblemCode, ReadError
from app.formats.xml_reading import (
    Streamed,
    child,
    children,
    descendants,
    inner_html,
    local_name,
    root_tag,
    stream_elements,
    text_of,
    xml_root,
)

STANDARD = Limits()
PLACE = Location(file="f.xml")
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def streamed(text: str | bytes, *names: str, limits: Limits = STANDARD) -> list[Streamed]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(stream_elements(io.BytesIO(data), names or ("q",), limits, PLACE))


def refusal(text: str | bytes, limits: Limits = STANDARD) -> tuple[ProblemCode, int | None]:
    with pytest.raises(ReadError) as caught:
        streamed(text, limits=limits)
    return caught.value.problem.code, caught.value.problem.location.line


def test_elements_come_with_the_line_of_their_start_tag() -> None:
    found = streamed('<r>\n<q a="1">\n<x/></q>\n\n<q/></r>')
    assert [line for _, line in found] == [2, 5]


def test_lines_stay_exact_where_the_parser_stops_counting() -> None:
    text = "<r>\n" + "<q>\n<a>1</a>\n</q>\n" * 30_000 + "</r>"
    assert [line for _, line in streamed(text)] == [2 + 3 * index for index in range(30_000)]


def test_only_outermost_elements_and_any_namespace() -> None:
    found = stream_elements(io.BytesIO(b'<r xmlns:p="u"><p:q><q/></p:q><q xmlns="v"/></r>'), {"q"})
    assert [len(each.element) for each in found] == [1, 0]


def test_what_was_given_is_emptied_and_the_rest_of_the_document_stays() -> None:
    stream = stream_elements(io.BytesIO(b"<r><title>T</title><q>1</q><q>2</q><q>3</q></r>"), {"q"})
    for place, (element, _) in enumerate(stream, start=1):
        parent = element.getparent()
        assert text_of(element) == str(place)
        assert text_of(parent, "title") == "T"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("no xml", 1),
        ("<r>\n<q>\n</r>", 3),
        ("<r>\n<q/>", 2),
        ("<r>\n&nbsp;</r>", 2),
        ("<r>\n\0</r>", 2),
        (b"<r>\n\n\xff</r>", 3),
        ('<?xml version="1.0" encoding="nonsense"?><r/>', 1),
    ],
)
def test_what_is_not_well_formed_is_one_error_with_its_line(text: str | bytes, line: int) -> None:
    assert refusal(text) == (ProblemCode.XML, line)


def test_elements_before_the_error_are_given() -> None:
    stream = stream_elements(io.BytesIO(b"<r><q/>\n<q></r>"), {"q"})
    assert next(stream).line == 1
    with pytest.raises(ReadError):
        next(stream)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE r [<!ENTITY e SYSTEM "http://127.0.0.1:9/e">]>',
        '<!DOCTYPE r [<!ENTITY % e SYSTEM "file:///etc/passwd">%e;]>',
        '<!DOCTYPE r SYSTEM "r.dtd" [<!ENTITY e "text">]>',
        f'<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]>',
    ],
)
def test_documents_with_entities_of_their_own_are_refused(doctype: str) -> None:
    assert refusal(f"{doctype}<r><q>&l9;</q></r>")[0] is ProblemCode.XML


def test_laughs_in_an_attribute_are_refused() -> None:
    assert refusal(f'<!DOCTYPE r [<!ENTITY l0 "hahahaha">{LAUGHS}]><r a="&l9;"><q/></r>')[0] is ProblemCode.TOO_LARGE


def test_a_named_dtd_is_passed_over_and_never_loaded() -> None:
    text = b'<!DOCTYPE r PUBLIC "-//x" "http://127.0.0.1:9/r.dtd"><r><q>a&nbsp;b</q></r>'
    found = next(stream_elements(io.BytesIO(text), {"q"}))
    assert text_of(found.element) == "a\N{NO-BREAK SPACE}b"


def test_depth_and_length_are_limited() -> None:
    assert refusal("<r>" * 70) == (ProblemCode.TOO_LARGE, 1)
    assert refusal("<r>" * 5 + "</r>" * 5, Limits(depth=4)) == (ProblemCode.TOO_LARGE, 1)
    assert refusal(b"<r><q>" + b"x" * 10_100_000 + b"</q></r>")[0] is ProblemCode.TOO_LARGE


def test_whole_documents() -> None:
    root = xml_root(io.BytesIO(b'<a xmlns="u"><b><c>1</c></b><b><c>2</c></b></a>'))
    assert local_name(root) == "a"
    assert text_of(root, "b", "c") == "1"
    assert [text_of(each) for each in children(root, "b")] == ["1", "2"]
    assert [text_of(each) for each in descendants(root, "c")] == ["1", "2"]
    assert child(root, "b", "missing") is None
    assert text_of(root, "missing") == ""


def test_content_as_html() -> None:
    markup = b'<a xmlns:h="u"><h:p class="x &amp; y">1 &lt; 2<h:br/>and <gap/></h:p> tail</a>'
    html = inner_html(xml_root(io.BytesIO(markup)), lambda each: "[[1]]" if local_name(each) == "gap" else None)
    assert html == '<p class="x &amp; y">1 &lt; 2<br>and [[1]]</p> tail'


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('\ufeff<?xml version="1.0"?>\n<!-- <x> -->\n<!DOCTYPE quiz SYSTEM "a" [ <!-- > --> ]><quiz a="1">', "quiz"),
        ("<p:quiz xmlns:p='u'/>", "quiz"),
        ("quiz", ""),
        ("", ""),
    ],
)
def test_root_by_the_beginning(text: str, name: str) -> None:
    assert root_tag(text).name == name
