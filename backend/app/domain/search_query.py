"""What somebody typed, taken apart: words, "phrases", and -words that must not occur."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.utils.folding import fold

MOST_WORDS: Final = 16
_PIECE: Final = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>\S+))')
_EDGES: Final = re.compile(r"^[^\w#]+|[^\w#+]+$")


@dataclass(frozen=True, slots=True)
class TypedQuery:
    """Folded words; `phrases` are tuples of words that stand behind each other, and are among `words` too.

    `meaning` is the text as it was typed, without what is forbidden.
    """

    words: tuple[str, ...]
    meaning: str = ""
    phrases: tuple[tuple[str, ...], ...] = ()
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a query as the index knows it.

    `lexemes` are its stems in the languages of the bank, none for a word that says nothing, such as an article;
    `rarity` is what finding it is worth; `suggestion` is what may have been meant by a word that occurs nowhere.
    """

    word: str
    lexemes: frozenset[str]
    rarity: float
    suggestion: str = ""
    meant: frozenset[str] = frozenset()

    @property
    def is_known(self) -> bool:
        """Whether it occurs anywhere, or is taken for a word that does."""
        return self.rarity > 0.0

    @property
    def wanted(self) -> frozenset[str]:
        return self.lexemes | self.meant


def parse_query(text: str) -> TypedQuery:
    """At most `MOST_WORDS` words, each once."""
    words: dict[str, None] = {}
    phrases: list[tuple[str, ...]] = []
    forbidden: dict[str, None] = {}
    for piece in _PIECE.finditer(fold(text)):
        pieces = _bare((piece["phrase"] or piece["word"] or "").split())
        if piece["minus"]:
            forbidden |= dict.fromkeys(pieces)
            continue
        words |= dict.fromkeys(pieces)
        if piece["phrase"] is not None and len(pieces) > 1:
            phrases.append(tuple(pieces))
    return TypedQuery(
        tuple(words)[:MOST_WORDS], _meaning(text), tuple(phrases[:MOST_WORDS]), tuple(forbidden)[:MOST_WORDS]
    )


def _meaning(text: str) -> str:
    wanted = (piece for piece in _PIECE.finditer(text) if not piece["minus"])
    return " ".join(piece["phrase"] or piece["word"] or "" for piece in wanted).strip()


def _bare(pieces: Iterable[str]) -> list[str]:
    return [bare for piece in pieces if (bare := _EDGES.sub("", piece)) and re.search(r"\w", bare)]


def any_of(lexemes: Iterable[str]) -> str:
    """A tsquery that one of the lexemes satisfies."""
    return "(" + " | ".join(quoted(lexeme) for lexeme in sorted(lexemes)) + ")"


def phrase_of(words: Sequence[frozenset[str]]) -> str:
    """A tsquery for words at their distances; words without lexemes, such as articles, only take up a place."""
    query, distance = "", 1
    for lexemes in words:
        if lexemes and query:
            query, distance = f"{query} <{distance}> {any_of(lexemes)}", 1
        elif lexemes:
            query = any_of(lexemes)
        elif query:
            distance += 1
    return f"({query})" if query else ""


def quoted(lexeme: str) -> str:
    """A lexeme as PostgreSQL reads it inside a tsquery, whatever signs it holds."""
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
