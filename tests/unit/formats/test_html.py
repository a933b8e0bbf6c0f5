import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.utils.html import html_of, is_remote, looks_like_html, plain_text, sanitize_html, text_of, text_to_html

markup = st.text(alphabet="ab<>&;/ =\"'\n!-#xpibrsvgdtc:")


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<script>alert(1)</script>x", "x"),
        ("<p onclick='x()'>y</p>", "<p>y</p>"),
        ('<p style="position:fixed">y</p>', "<p>y</p>"),
        ("<style>p{}</style><iframe src='x'>f</iframe>z", "z"),
        ("<svg><script>alert(1)</script></svg>q", "q"),
        ('<a href="javascript:alert(1)">l</a>', '<a rel="noopener noreferrer nofollow">l</a>'),
        ('<img src="https://spy.example/p.png" alt="a">', '<img alt="a">'),
        ('<img src="//spy.example/p.png">', "<img>"),
        ('<img src="data:image/svg+xml,x">', "<img>"),
        ('<img src="@@PLUGINFILE@@/1.png" alt="a">', '<img src="@@PLUGINFILE@@/1.png" alt="a">'),
        ("<math><mi>x</mi><annotation-xml><b>y</b></annotation-xml></math>", "<math><mi>x</mi></math><b>y</b>"),
        (r"\(a &lt; b\)", r"\(a &lt; b\)"),
        ("<b>open", "<b>open</b>"),
    ],
)
def test_only_the_allowed_subset_stays(dirty: str, clean: str) -> None:
    assert sanitize_html(dirty) == clean


@given(markup)
def test_sanitising_twice_changes_nothing(text: str) -> None:
    assert sanitize_html(sanitize_html(text)) == sanitize_html(text)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0")))
def test_plain_text_stays_what_it_was(text: str) -> None:
    assert plain_text(text_to_html(text)) == " ".join(text.split())


@given(markup.map(sanitize_html))
def test_what_text_of_writes_html_of_reads(html: str) -> None:
    assert plain_text(html_of(text_of(html))) == plain_text(html)


@pytest.mark.parametrize(
    "text", ["<b>x</b>", "a<br>b", "x &amp; y", '<p class="q">x<br/></p>', "&#233;", "a < b &lt; c"]
)
def test_html(text: str) -> None:
    assert looks_like_html(text)


@pytest.mark.parametrize(
    "text", ["a < b", "a & b", "the <body> tag", "<b>x", "<unknown></unknown>", "x > y", "AT&T;", "<>"]
)
def test_text(text: str) -> None:
    assert not looks_like_html(text)


@pytest.mark.parametrize(
    "name", ["http://a/b.png", "//a/b", "data:x", "FILE:///x", r"\\host\x", "javascript:x", " https://a"]
)
def test_remote_names(name: str) -> None:
    assert is_remote(name)


@pytest.mark.parametrize(
    "name", ["a.png", "img/a b.png", "@@PLUGINFILE@@/a.png", "$IMS-CC-FILEBASE$/a.png", "../a.png"]
)
def test_local_names(name: str) -> None:
    assert not is_remote(name)


def test_plain_text_keeps_words_apart_where_blocks_end() -> None:
    assert plain_text("<p>one</p><p>two<br>three</p> fo<b>ur</b> &amp; 1 &lt; 2") == "one two three four & 1 < 2"
