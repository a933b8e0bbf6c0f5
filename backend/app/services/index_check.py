"""Whether the vector index holds what the database says it holds, and what to do when it does not."""

from dataclasses import dataclass

from sqlalchemy.orm import Session, sessionmaker

from app.repositories.search_document_repository import SearchDocumentRepository
from app.services.semantic_tools import SemanticTools, VectorIndex


@dataclass(frozen=True, slots=True)
class IndexState:
    """`missing` were indexed and are gone, `orphaned` lie in the index without a question, `stale` await their turn."""

    missing: int = 0
    orphaned: int = 0
    stale: int = 0

    @property
    def needs_work(self) -> bool:
        return self.missing + self.stale > 0


class IndexCheck:
    """The index is a copy: what is missing is marked to be sent again, what belongs to nothing is deleted."""

    def __init__(self, sessions: sessionmaker[Session], tools: SemanticTools) -> None:
        self._sessions, self._tools = sessions, tools

    def run(self, *, is_thorough: bool) -> IndexState:
        """Compares numbers, and each id when these differ or `is_thorough`.

        Raises:
            VectorIndexError: The server is away.
        """
        index, missing, orphaned = self._tools.index, 0, 0
        if index is not None and (is_thorough or index.collections.count(self._tools.questions) != self._expected()):
            missing, orphaned = self._compare(index)
        return IndexState(missing, orphaned, self._stale())

    def forget_lost(self) -> int:
        """Documents that are to be sent again, because the index holds fewer than were sent to it.

        Before anything is added to it: an index that lost its folder would look like one that is only small.

        Raises:
            VectorIndexError: The server is away.
        """
        index = self._tools.index
        if index is None or index.collections.count(self._tools.questions) >= self._expected():
            return 0
        return self._compare(index)[0]

    def begin_anew(self) -> int:
        """Drop the index and forget that anything is in it; the number of documents it held."""
        if self._tools.index is not None:
            collections = self._tools.index.collections
            for name in collections.others(self._tools.questions):
                collections.drop_named(name)
            collections.drop(self._tools.questions)
        with self._sessions.begin() as session:
            return SearchDocumentRepository(session).forget_index()

    def _compare(self, index: VectorIndex) -> tuple[int, int]:
        """What was marked before the index was read and is not in it is missing.

        Vectors arrive in the index before they are marked, so only those without a document are orphaned.
        """
        with self._sessions() as session:
            expected = SearchDocumentRepository(session).indexed_ids(self._tools.texts.name)
        present = set(index.collections.ids(self._tools.questions))
        with self._sessions() as session:
            known = SearchDocumentRepository(session).ids()
        missing, orphaned = expected - present, present - known
        if missing:
            with self._sessions.begin() as session:
                SearchDocumentRepository(session).forget_index(missing)
        index.collections.delete(self._tools.questions, list(orphaned))
        return len(missing), len(orphaned)

    def _expected(self) -> int:
        with self._sessions() as session:
            return SearchDocumentRepository(session).count_indexed(self._tools.texts.name)

    def _stale(self) -> int:
        with self._sessions() as session:
            repository = SearchDocumentRepository(session)
            behind = repository.count_behind(self._tools.texts.name, is_indexed=self._tools.index is not None)
            return behind + len(repository.stale(limit=1))
