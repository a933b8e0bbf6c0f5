import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.markup import gap_ids, images_without_alt, referred_files, replace_gaps, visible_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        (" a \n b ", "a b"),
        ("<p>a</p><p>b</p>", "a b"),
        ("<b>a</b>b", "ab"),
        ("a<br>b", "a b"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("a < b > c", "a < b > c"),
        ("x<sup>2</sup>", "x^2"),
        ("H<sub>2</sub>O", "H_2O"),
        ("<!-- note -->a", "a"),
        ('<span title="a > b">a</span>', "a"),
        ('<img src="a&amp;b.png">', "[image a&b.png]"),
        ("<img>", ""),
        (r"\(a^2\)", r"\(a^2\)"),
        ("<math><msup><mi>x</mi><mn>2</mn></msup></math>", "msup x 2"),
    ],
)
def test_visible_text(html: str, text: str) -> None:
    assert visible_text(html) == text


def test_files_may_be_named_by_their_content() -> None:
    assert visible_text('<img src="a.png">', {"a.png": "hash"}) == "[image hash]"


@pytest.mark.parametrize(
    ("html", "files"),
    [
        ("<img src=\"a.png\"><audio src='b.mp3'></audio><source src=c.ogg>", {"a.png", "b.mp3", "c.ogg"}),
        ('<video poster="p.png"></video><object data="o.pdf"></object>', {"p.png", "o.pdf"}),
        ('<a href="page.html">a</a> src="no.png"', set()),
        ("", set()),
    ],
)
def test_referred_files(html: str, files: set[str]) -> None:
    assert referred_files(html) == files


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ('<img src="a.png">', ["a.png"]),
        ('<img src="a.png" alt="">', ["a.png"]),
        ("<img alt=map src='a.png'>", []),
        ("<IMG SRC='a.png' ALT='A map'>", []),
        ("<img>", [""]),
        ("<audio src='a.mp3'>", []),
    ],
)
def test_images_without_alt(html: str, names: list[str]) -> None:
    assert images_without_alt(html) == names


def test_gaps_are_read_and_replaced_in_order() -> None:
    stem = "[[b]] and [[a]], not [c] or [[]]"
    assert gap_ids(stem) == ["b", "a"]
    assert replace_gaps(stem, str.upper) == "B and A, not [c] or [[]]"


@given(st.text(alphabet="<>/ab\"'=&; src!-", max_size=60))
def test_any_text_is_read(html: str) -> None:
    visible_text(html)
    referred_files(html)
    images_without_alt(html)
