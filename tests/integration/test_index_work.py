"""Search documents, vectors and the Chroma server follow the bank, whatever fails in between."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from app.ai.embeddings.vectors import BadVectorsError, FloatArray, from_bytes
from app.ai.utils.sketches import sketch
from app.ai.vector_db.client import ChromaClient, VectorIndexError
from app.models import Question, QuestionVector, SearchDocument, Subject
from app.repositories.pool_repository import PoolRepository
from app.repositories.search_document_repository import SearchDocumentRepository
from app.services.index_check import IndexCheck
from app.services.semantic_tools import SemanticTools, VectorIndex
from tests.factories.questions import choice_draft, make_question, make_tag, text_draft
from tests.factories.semantic import RenamedEmbedder, index_at, run_index, tools_of
from tests.factories.subjects import make_skill, make_subject


@pytest.fixture
def subject(session: Session) -> Subject:
    subject = make_subject(session, language="de")
    session.commit()
    return subject


@pytest.fixture
def tools(chroma: ChromaClient) -> Iterator[SemanticTools]:
    tools = tools_of(index=index_at(chroma))
    yield tools
    assert tools.index is not None
    tools.index.collections.drop(tools.questions)


def index_of(tools: SemanticTools) -> VectorIndex:
    assert tools.index is not None
    return tools.index


def ids_in_index(tools: SemanticTools) -> set[UUID]:
    return set(index_of(tools).collections.ids(tools.questions))


def document(session: Session, question: Question) -> SearchDocument:
    session.expire_all()
    return session.get_one(SearchDocument, question.id)


def test_only_the_staff_column_holds_what_answers_a_question(
    session: Session, sessions: sessionmaker[Session], subject: Subject
) -> None:
    draft = choice_draft("Wien", ("Graz",), stem="<p>Wie heißt die Hauptstadt?</p>", explanation="Seit 1276.")
    question = make_question(session, subject, draft, tags=[make_tag(session, "Geographie")])
    typed = make_question(session, subject, text_draft("Donau", stem="Welcher Fluss?"))
    session.commit()
    run_index(sessions, tools_of())
    made = document(session, question)
    assert (made.public_text, made.public_words, made.stemmer) == (
        "Wie heißt die Hauptstadt?", "wie heisst die hauptstadt?", "german",
    )  # fmt: skip
    assert all(word in made.staff_words for word in ("wien", "graz", "1276", "geographie"))
    assert "donau" in document(session, typed).staff_words
    assert "donau" not in document(session, typed).public_words


def test_a_second_run_does_nothing_and_an_edit_only_itself(
    session: Session, sessions: sessionmaker[Session], subject: Subject, tools: SemanticTools
) -> None:
    skill = make_skill(session, subject)
    questions = [make_question(session, subject, skills=[skill]) for _ in range(3)]
    session.commit()
    first = run_index(sessions, tools)
    assert (first.documents, first.indexed, first.is_complete) == (3, 3, True)
    assert ids_in_index(tools) == {question.id for question in questions}
    assert run_index(sessions, tools).documents == run_index(sessions, tools).indexed == 0
    questions[0].revision += 1
    session.commit()
    again = run_index(sessions, tools)
    assert (again.documents, again.indexed, again.embedded) == (1, 1, 0)


def test_equal_texts_are_embedded_once(
    session: Session, sessions: sessionmaker[Session], subject: Subject, tools: SemanticTools
) -> None:
    for number in range(4):
        make_question(session, subject, choice_draft("yes", ("no",), stem=f"Is {number} odd?"))
    session.commit()
    outcome = run_index(sessions, tools)
    embedder = tools.texts
    assert isinstance(embedder, RenamedEmbedder)
    assert len(embedder.texts) == len(set(embedder.texts)) == outcome.embedded == 5


def test_practice_reads_the_sketches_of_the_stems(
    session: Session, sessions: sessionmaker[Session], subject: Subject
) -> None:
    questions = [make_question(session, subject, text_draft("x", stem=stem)) for stem in ("Donau", "Rhein")]
    session.commit()
    tools = tools_of()
    before = PoolRepository(session).read(subject.id)
    assert [row.sketch for row in before.questions] == [None] * 2
    run_index(sessions, tools)
    session.expire_all()
    pool = PoolRepository(session).read(subject.id)
    assert pool.revision > before.revision
    stored = {row.question_id: row.sketch for row in pool.questions}
    for question in questions:
        vector = session.get_one(QuestionVector, (question.id, "stem", tools.texts.name)).vector
        assert stored[question.id] == sketch(from_bytes(vector, tools.texts.dimension))[0].tobytes()
    assert stored[questions[0].id] != stored[questions[1].id]


def test_sketches_that_are_missing_are_made_of_the_vectors_that_are_kept(
    session: Session, sessions: sessionmaker[Session], subject: Subject, tools: SemanticTools
) -> None:
    questions = [make_question(session, subject) for _ in range(3)]
    session.commit()
    run_index(sessions, tools)
    made = [document(session, question).sketch for question in questions]
    session.execute(update(SearchDocument).values(sketch=None))
    session.commit()
    assert IndexCheck(sessions, tools).run(is_thorough=False).stale == 3
    again = run_index(sessions, tools)
    assert (again.documents, again.embedded, again.is_complete) == (0, 0, True)
    assert [document(session, question).sketch for question in questions] == made
    assert not IndexCheck(sessions, tools).run(is_thorough=True).needs_work


def test_the_subject_changes_for_practice_only_when_a_sketch_does(
    session: Session, sessions: sessionmaker[Session], subject: Subject
) -> None:
    question, other = make_question(session, subject), make_subject(session)
    session.commit()
    tools = tools_of()

    def revisions() -> tuple[int, int]:
        session.expire_all()
        return subject.content_revision, other.content_revision

    run_index(sessions, tools)
    first = revisions()
    question.revision += 1
    session.commit()
    assert run_index(sessions, tools).documents == 1
    assert revisions() == first
    run_index(sessions, tools_of(NoWords()))
    assert revisions() == (first[0] + 1, first[1])


class NoWords(RenamedEmbedder):
    """Another model, by which every text points the same way."""

    def embed(self, texts: Sequence[str]) -> FloatArray:
        return np.eye(1, self.dimension, dtype=np.float32).repeat(len(texts), axis=0)


def test_a_document_that_is_made_anew_meanwhile_stays_behind(
    session: Session, sessions: sessionmaker[Session], subject: Subject
) -> None:
    question = make_question(session, subject)
    session.commit()
    tools = tools_of()
    run_index(sessions, tools)
    session.execute(update(SearchDocument).values(revision=SearchDocument.revision + 1, sketch=None))
    repository = SearchDocumentRepository(session)
    (behind,) = repository.behind(tools.texts.name, 5, is_indexed=False)
    session.execute(update(SearchDocument).values(revision=SearchDocument.revision + 1))
    assert repository.mark_embedded([behind], tools.texts.name, [b"s" * 32]) == {subject.id}
    assert repository.count_behind(tools.texts.name, is_indexed=False) == 1
    assert document(session, question).embedded_revision == behind.revision


class BrokenIndex:
    """A server that dies in the middle of a batch."""

    def __init__(self, index: VectorIndex, dies_after: int) -> None:
        self._inner, self._left = index.collections, dies_after

    def upsert(self, *arguments: object) -> None:
        self._left -= 1
        if self._left < 0:
            raise VectorIndexError("gone")
        self._inner.upsert(*arguments)  # type: ignore[arg-type]


def test_what_the_server_did_not_take_is_not_marked_as_indexed(
    session: Session, sessions: sessionmaker[Session], subject: Subject, tools: SemanticTools
) -> None:
    question = make_question(session, subject)
    session.commit()
    dying = VectorIndex(BrokenIndex(index_of(tools), 0), index_of(tools).queries)  # type: ignore[arg-type]
    with pytest.raises(VectorIndexError):
        run_index(sessions, SemanticTools(tools.texts, tools.images, dying))
    left = document(session, question)
    assert (left.embedded_revision, left.indexed_revision) == (1, 0)
    assert run_index(sessions, tools).embedded == 0
    assert document(session, question).indexed_revision == 1


class TooFew(RenamedEmbedder):
    def embed(self, texts: Sequence[str]) -> FloatArray:
        from app.ai.embeddings.vectors import checked

        return checked(super().embed(texts)[1:], len(texts), self.dimension)


class NotNumbers(RenamedEmbedder):
    def embed(self, texts: Sequence[str]) -> FloatArray:
        from app.ai.embeddings.vectors import checked

        return checked(np.full((len(texts), self.dimension), np.nan, dtype=np.float32), len(texts), self.dimension)


@pytest.mark.parametrize("embedder", [TooFew(), NotNumbers()])
def test_a_faulty_embedder_leaves_nothing_behind(
    session: Session, sessions: sessionmaker[Session], subject: Subject, embedder: RenamedEmbedder
) -> None:
    question = make_question(session, subject)
    session.commit()
    with pytest.raises(BadVectorsError):
        run_index(sessions, tools_of(embedder))
    assert document(session, question).embedded_revision == 0
    assert session.scalars(select(QuestionVector)).all() == []


def test_a_lost_index_is_noticed_and_built_again_without_embedding(
    session: Session, sessions: sessionmaker[Session], subject: Subject, tools: SemanticTools
) -> None:
    questions = [make_question(session, subject) for _ in range(3)]
    session.commit()
    run_index(sessions, tools)
    index_of(tools).collections.drop(tools.questions)
    state = IndexCheck(sessions, tools).run(is_thorough=False)
    assert (state.missing, state.orphaned, state.needs_work) == (3, 0, True)
    assert run_index(sessions, tools).embedded == 0
    assert ids_in_index(tools) == {question.id for question in questions}
    assert not IndexCheck(sessions, tools).run(is_thorough=True).needs_work


def test_a_lost_index_is_filled_again_before_anything_is_added_to_it(
    session: Session, sessions: sessionmaker[Session], subject: Subject, tools: SemanticTools
) -> None:
    questions = [make_question(session, subject) for _ in range(3)]
    session.commit()
    run_index(sessions, tools)
    check = IndexCheck(sessions, tools)
    assert check.forget_lost() == 0
    index_of(tools).collections.drop(tools.questions)
    questions.append(make_question(session, subject))
    session.commit()
    assert check.forget_lost() == 3
    run_index(sessions, tools)
    assert ids_in_index(tools) == {question.id for question in questions}


def test_what_belongs_to_no_question_is_deleted(
    session: Session, sessions: sessionmaker[Session], subject: Subject, tools: SemanticTools
) -> None:
    kept, gone = make_question(session, subject), make_question(session, subject)
    session.commit()
    run_index(sessions, tools)
    session.delete(gone)
    session.commit()
    assert IndexCheck(sessions, tools).run(is_thorough=False).orphaned == 1
    assert ids_in_index(tools) == {kept.id}


def test_another_embedder_begins_another_collection(
    session: Session, sessions: sessionmaker[Session], subject: Subject, tools: SemanticTools
) -> None:
    make_question(session, subject)
    session.commit()
    run_index(sessions, tools)
    other = tools_of(RenamedEmbedder(), tools.index)
    assert str(other.questions) != str(tools.questions)
    assert run_index(sessions, other).indexed == 1
    assert len(ids_in_index(other)) == 1
    index_of(other).collections.drop(other.questions)


def test_texts_of_any_size_and_script_are_indexed(
    session: Session, sessions: sessionmaker[Session], subject: Subject, tools: SemanticTools
) -> None:
    huge = "слово " * 3000 + "日本語 हिन्दी עברית 😀 " * 2000
    drafts = [
        text_draft("x", stem=huge),
        choice_draft("?", ("!",), stem="naïve ΑΒΓ ١٢٣"),
        text_draft("x", stem="?!"),
        text_draft("x", stem="a" * 90_000),
    ]
    for draft in drafts:
        make_question(session, subject, draft)
    session.commit()
    assert run_index(sessions, tools).indexed == len(drafts)
