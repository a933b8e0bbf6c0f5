from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.question_pairs import PairKind, PairStatus
from app.domain.search import STEMMERS, SkillProposalStatus, VectorPart
from app.models.base import Base, Json, Record, Timestamped, one_of


def _vector_of(*columns: tuple[str, str]) -> str:
    """The words of the columns with their weights, reduced to stems in the row's language."""

    def weighted(configuration: str) -> str:
        parts = (
            f"setweight(to_tsvector('{configuration}', left({column}, 20000)), '{weight}')"
            for column, weight in columns
        )
        return " || ".join(parts)

    cases = " ".join(f"WHEN '{stemmer}' THEN {weighted(stemmer)}" for stemmer in STEMMERS)
    return f"CASE stemmer {cases} ELSE {weighted('simple')} END"


PUBLIC_VECTOR: Final = _vector_of(("public_words", "A"))
STAFF_VECTOR: Final = _vector_of(("public_words", "A"), ("staff_words", "C"))


class SearchDocument(Base):
    """A question as searches see it; made from its rows by a job, and made again whenever they change.

    `public_*` holds what every student may read before answering, without options; only `staff_words` holds options,
    answers and explanations. `revision` is that of the question when the texts were made, `embedded_revision` when its
    vectors were, and `indexed_revision` when they reached the vector index: 0 = not yet. `sketch` is made of the
    vector of the stem, see `ai.utils.sketches`.
    """

    __tablename__ = "search_documents"
    __table_args__ = (
        Index("ix_search_documents_public", "public_search", postgresql_using="gin"),
        Index("ix_search_documents_staff", "staff_search", postgresql_using="gin"),
        Index(None, "subject_id"),
        Index(None, "stemmer"),
        Index(
            "ix_search_documents_behind",
            "question_id",
            postgresql_where=text("indexed_revision < revision OR embedded_revision < revision"),
        ),
    )

    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subjects.id"))
    revision: Mapped[int]
    stemmer: Mapped[str] = mapped_column(String(16))
    public_text: Mapped[str]
    options_text: Mapped[str]
    public_words: Mapped[str]
    staff_words: Mapped[str]
    public_search: Mapped[str] = mapped_column(TSVECTOR, Computed(PUBLIC_VECTOR, persisted=True), deferred=True)
    staff_search: Mapped[str] = mapped_column(TSVECTOR, Computed(STAFF_VECTOR, persisted=True), deferred=True)
    has_image: Mapped[bool]
    embedder: Mapped[str] = mapped_column(String(100), default="", server_default="")
    embedded_revision: Mapped[int] = mapped_column(default=0, server_default="0")
    indexed_revision: Mapped[int] = mapped_column(default=0, server_default="0")
    sketch: Mapped[bytes | None] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class QuestionVector(Base):
    """The vector of one part of a question, as float16; also the cache, since `text_hash` names what was embedded."""

    __tablename__ = "question_vectors"
    __table_args__ = (
        PrimaryKeyConstraint("question_id", "part", "embedder"),
        one_of("part", VectorPart),
        Index(None, "embedder", "text_hash"),
    )

    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    part: Mapped[str] = mapped_column(String(8))
    embedder: Mapped[str] = mapped_column(String(100))
    text_hash: Mapped[str] = mapped_column(String(64))
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class QuestionImage(Base):
    """A picture that a question shows before it is answered."""

    __tablename__ = "question_images"
    __table_args__ = (PrimaryKeyConstraint("question_id", "media_id"), Index(None, "media_id"))

    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    media_id: Mapped[UUID] = mapped_column(ForeignKey("media.id", ondelete="CASCADE"))


class MediaVector(Base):
    """What a picture looks like, or shows, as float16. A picture that cannot be read has an empty vector."""

    __tablename__ = "media_vectors"
    __table_args__ = (PrimaryKeyConstraint("media_id", "embedder"),)

    media_id: Mapped[UUID] = mapped_column(ForeignKey("media.id", ondelete="CASCADE"))
    embedder: Mapped[str] = mapped_column(String(100))
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class SearchTerm(Base):
    """A word (or the stem of one) of the texts that everybody may read, with the number of questions that have it.

    `letters` has a bit for each letter that occurs, by which words of like spelling are found.
    """

    __tablename__ = "search_terms"
    __table_args__ = (
        PrimaryKeyConstraint("is_stem", "term"),
        Index("ix_search_terms_length", "length", postgresql_where=text("NOT is_stem")),
    )

    is_stem: Mapped[bool]
    term: Mapped[str] = mapped_column(String(64))
    documents: Mapped[int]
    length: Mapped[int]
    letters: Mapped[int] = mapped_column(BigInteger)


class QuestionPair(Record):
    """Two questions that should not both stay as they are; `first_id` is the older one, which would be kept."""

    __tablename__ = "question_pairs"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id", "kind"),
        Index("ix_question_pairs_listing", "subject_id", "status", "id"),
        Index(None, "second_id"),
        one_of("kind", PairKind),
        one_of("status", PairStatus),
        CheckConstraint("first_id <> second_id", name="not_itself"),
    )

    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subjects.id"))
    first_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    second_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    similarity: Mapped[float]
    details: Mapped[Json] = mapped_column(default=dict)
    status: Mapped[str] = mapped_column(String(16), default=PairStatus.OPEN)
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))


class SkillProposal(Timestamped, Record):
    """A group of questions that seem to be about one thing; staff make a skill of it or not."""

    __tablename__ = "skill_proposals"
    __table_args__ = (
        Index("ix_skill_proposals_listing", "subject_id", "status", "id"),
        one_of("status", SkillProposalStatus),
    )

    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subjects.id"))
    name: Mapped[str] = mapped_column(String(200))
    terms: Mapped[list[str]] = mapped_column(ARRAY(String(64)))
    question_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    cohesion: Mapped[float]
    status: Mapped[str] = mapped_column(String(16), default=SkillProposalStatus.OPEN)
    skill_id: Mapped[UUID | None] = mapped_column(ForeignKey("skills.id"))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
