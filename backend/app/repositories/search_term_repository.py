"""The vocabulary of the texts that everybody may read: how rare a word is, and what a misspelt one may mean."""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import TextClause, delete, func, insert, select, text
from sqlalchemy.orm import Session

from app.domain.search import NO_STEMMER
from app.models import SearchDocument, SearchTerm
from app.utils.folding import letters_of

LONGEST: Final = 64
_STEMS: Final = text("SELECT word, ndoc FROM ts_stat('SELECT public_search FROM search_documents')")
_WORDS: Final = text(
    "SELECT word, ndoc FROM ts_stat('SELECT to_tsvector(''simple'', left(public_words, 20000)) FROM search_documents')"
)
_LEXEMES: Final = text(
    """
    SELECT w.place, c.name, tsvector_to_array(to_tsvector(c.name::regconfig, w.word))
    FROM unnest(CAST(:words AS text[])) WITH ORDINALITY AS w (word, place)
    CROSS JOIN unnest(CAST(:stemmers AS text[])) AS c (name)
    """
)
_EXTENT: Final = text(
    """
    WITH RECURSIVE used AS (
      (SELECT stemmer FROM search_documents ORDER BY stemmer LIMIT 1)
      UNION ALL
      SELECT (SELECT d.stemmer FROM search_documents d WHERE d.stemmer > u.stemmer ORDER BY d.stemmer LIMIT 1)
      FROM used u WHERE u.stemmer IS NOT NULL
    )
    SELECT ARRAY(SELECT stemmer FROM used WHERE stemmer IS NOT NULL),
           (SELECT reltuples::bigint FROM pg_class WHERE oid = 'search_documents'::regclass)
    """
)
_LIKE: Final = text(
    """
    SELECT term, documents FROM search_terms
    WHERE NOT is_stem AND length BETWEEN :shortest AND :longest
      AND bit_count(CAST(letters AS bit(64)) # CAST(CAST(:letters AS bigint) AS bit(64))) <= :letters_apart
    ORDER BY documents DESC LIMIT :limit
    """
)


class SearchTermRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def refresh(self) -> None:
        """Count everything anew."""
        rows = [*self._counted(_STEMS, is_stem=True), *self._counted(_WORDS, is_stem=False)]
        self.session.execute(delete(SearchTerm))
        if rows:
            self.session.execute(insert(SearchTerm), rows)

    def extent(self) -> tuple[list[str], int]:
        """The stemmers in use, one entry of the index read for each, and about how many documents there are."""
        stemmers, estimate = self.session.execute(_EXTENT).one()
        # PostgreSQL says -1 of a table it has not looked at yet.
        return stemmers or [NO_STEMMER], estimate if estimate > 0 else self._count()

    def lexemes(self, words: Sequence[str], stemmers: Sequence[str]) -> list[frozenset[str]]:
        """For each word what it is reduced to by any of the stemmers; nothing for a word that counts for nothing."""
        found: list[set[str]] = [set() for _ in words]
        for row in self.session.execute(_LEXEMES, {"words": list(words), "stemmers": list(stemmers)}):
            found[row.place - 1].update(row[2])
        return [frozenset(each) for each in found]

    def frequencies(self, stems: Collection[str]) -> dict[str, int]:
        statement = select(SearchTerm.term, SearchTerm.documents).where(SearchTerm.is_stem, SearchTerm.term.in_(stems))
        return {row.term: row.documents for row in self.session.execute(statement)}

    def like(self, word: str, distance: int, limit: int = 200) -> list[tuple[str, int]]:
        """Words that may be within the edit distance, with the number of their documents, most frequent first."""
        wanted = {
            "shortest": len(word) - distance,
            "longest": len(word) + distance,
            "letters": letters_of(word),
            "letters_apart": 2 * distance,
            "limit": limit,
        }
        return [(row.term, row.documents) for row in self.session.execute(_LIKE, wanted)]

    def _count(self) -> int:
        return self.session.scalar(select(func.count()).select_from(SearchDocument)) or 0

    def _counted(self, statement: TextClause, *, is_stem: bool) -> list[dict[str, object]]:
        return [
            {
                "is_stem": is_stem,
                "term": row.word,
                "documents": row.ndoc,
                "length": len(row.word),
                "letters": letters_of(row.word),
            }
            for row in self.session.execute(statement)
            if len(row.word) <= LONGEST
        ]
