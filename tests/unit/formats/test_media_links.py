import pytest

from app.formats.media_links import relinked


def renamed(link: str) -> str | None:
    return f"new/{link}" if link != "unknown.png" else None


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<img src="a.png" alt="x">', '<img src="new/a.png" alt="x">'),
        ("<img alt=x src='a&amp;b.png'>", '<img alt=x src="new/a&amp;b.png">'),
        ("<img src=a.png>", '<img src="new/a.png">'),
        (
            '<a href = "a.mp3">x</a><video poster="p.png"></video>',
            '<a href="new/a.mp3">x</a><video poster="new/p.png"></video>',
        ),
        ('<img src="unknown.png">', '<img src="unknown.png">'),
        ('<img src="https://example.org/a.png">', '<img src="https://example.org/a.png">'),
        ('<img src="//example.org/a.png">', '<img src="//example.org/a.png">'),
        ('<img src="data:image/png;base64,AA">', '<img src="data:image/png;base64,AA">'),
        ('<a href="#part">x</a>', '<a href="#part">x</a>'),
        ("x = y", "x = y"),
    ],
)
def test_links(html: str, expected: str) -> None:
    assert relinked(html, renamed) == expected
