"""Add search documents, vectors and pairs"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STEMMERS = (
    "danish", "dutch", "english", "finnish", "french", "german", "italian", "norwegian", "portuguese", "russian",
    "spanish", "swedish",
)  # fmt: skip


def words(configuration: str, column: str, weight: str) -> str:
    return f"setweight(to_tsvector('{configuration}', left({column}, 20000)), '{weight}')"


def by_stemmer(*columns: tuple[str, str]) -> str:
    def joined(configuration: str) -> str:
        return " || ".join(words(configuration, *column) for column in columns)

    cases = " ".join(f"WHEN '{stemmer}' THEN {joined(stemmer)}" for stemmer in STEMMERS)
    return f"CASE stemmer {cases} ELSE {joined('simple')} END"


PUBLIC = by_stemmer(("public_words", "A"))
STAFF = by_stemmer(("public_words", "A"), ("staff_words", "C"))


def upgrade() -> None:
    op.create_table(
        "search_terms",
        sa.Column("is_stem", sa.Boolean(), nullable=False),
        sa.Column("term", sa.String(length=64), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("letters", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("is_stem", "term", name=op.f("pk_search_terms")),
    )
    op.create_index(
        "ix_search_terms_length", "search_terms", ["length"], unique=False, postgresql_where=sa.text("NOT is_stem")
    )
    op.create_table(
        "media_vectors",
        sa.Column("media_id", sa.Uuid(), nullable=False),
        sa.Column("embedder", sa.String(length=100), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_media_vectors_media_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("media_id", "embedder", name=op.f("pk_media_vectors")),
    )
    op.create_table(
        "skill_proposals",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("terms", postgresql.ARRAY(sa.String(length=64)), nullable=False),
        sa.Column("question_ids", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("cohesion", sa.Double(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("status IN ('open', 'accepted', 'dismissed')", name=op.f("ck_skill_proposals_status_known")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_skill_proposals_decided_by")),
        sa.ForeignKeyConstraint(["skill_id"], ["skills.id"], name=op.f("fk_skill_proposals_skill_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name=op.f("fk_skill_proposals_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_proposals")),
    )
    op.create_index("ix_skill_proposals_listing", "skill_proposals", ["subject_id", "status", "id"], unique=False)
    op.create_table(
        "question_images",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("media_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media.id"], name=op.f("fk_question_images_media_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_question_images_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "media_id", name=op.f("pk_question_images")),
    )
    op.create_index(op.f("ix_question_images_media_id"), "question_images", ["media_id"], unique=False)
    op.create_table(
        "question_pairs",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("similarity", sa.Double(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('near_duplicate', 'key_conflict', 'gives_away')", name=op.f("ck_question_pairs_kind_known")
        ),
        sa.CheckConstraint("status IN ('open', 'dismissed', 'resolved')", name=op.f("ck_question_pairs_status_known")),
        sa.CheckConstraint("first_id <> second_id", name=op.f("ck_question_pairs_not_itself")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_question_pairs_decided_by")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["questions.id"], name=op.f("fk_question_pairs_first_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["questions.id"], name=op.f("fk_question_pairs_second_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name=op.f("fk_question_pairs_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_pairs")),
        sa.UniqueConstraint("first_id", "second_id", "kind", name=op.f("uq_question_pairs_first_id_second_id_kind")),
    )
    op.create_index("ix_question_pairs_listing", "question_pairs", ["subject_id", "status", "id"], unique=False)
    op.create_index(op.f("ix_question_pairs_second_id"), "question_pairs", ["second_id"], unique=False)
    op.create_table(
        "question_vectors",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=8), nullable=False),
        sa.Column("embedder", sa.String(length=100), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("part IN ('stem', 'options')", name=op.f("ck_question_vectors_part_known")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_question_vectors_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "part", "embedder", name=op.f("pk_question_vectors")),
    )
    op.create_index(
        op.f("ix_question_vectors_embedder_text_hash"), "question_vectors", ["embedder", "text_hash"], unique=False
    )
    op.create_table(
        "search_documents",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("stemmer", sa.String(length=16), nullable=False),
        sa.Column("public_text", sa.String(), nullable=False),
        sa.Column("options_text", sa.String(), nullable=False),
        sa.Column("public_words", sa.String(), nullable=False),
        sa.Column("staff_words", sa.String(), nullable=False),
        sa.Column("public_search", postgresql.TSVECTOR(), sa.Computed(PUBLIC, persisted=True), nullable=False),
        sa.Column(
            "staff_search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "CASE stemmer WHEN 'danish' THEN setweight(to_tsvector('danish', left(public_words, 20000)), 'A') || setweight(to_tsvector('danish', left(staff_words, 20000)), 'C') WHEN 'dutch' THEN setweight(to_tsvector('dutch', left(public_words, 20000)), 'A') || setweight(to_tsvector('dutch', left(staff_words, 20000)), 'C') WHEN 'english' THEN setweight(to_tsvector('english', left(public_words, 20000)), 'A') || setweight(to_tsvector('english', left(staff_words, 20000)), 'C') WHEN 'finnish' THEN setweight(to_tsvector('finnish', left(public_words, 20000)), 'A') || setweight(to_tsvector('finnish', left(staff_words, 20000)), 'C') WHEN 'french' THEN setweight(to_tsvector('french', left(public_words, 20000)), 'A') || setweight(to_tsvector('french', left(staff_words, 20000)), 'C') WHEN 'german' THEN setweight(to_tsvector('german', left(public_words, 20000)), 'A') || setweight(to_tsvector('german', left(staff_words, 20000)), 'C') WHEN 'italian' THEN setweight(to_tsvector('italian', left(public_words, 20000)), 'A') || setweight(to_tsvector('italian', left(staff_words, 20000)), 'C') WHEN 'norwegian' THEN setweight(to_tsvector('norwegian', left(public_words, 20000)), 'A') || setweight(to_tsvector('norwegian', left(staff_words, 20000)), 'C') WHEN 'portuguese' THEN setweight(to_tsvector('portuguese', left(public_words, 20000)), 'A') || setweight(to_tsvector('portuguese', left(staff_words, 20000)), 'C') WHEN 'russian' THEN setweight(to_tsvector('russian', left(public_words, 20000)), 'A') || setweight(to_tsvector('russian', left(staff_words, 20000)), 'C') WHEN 'spanish' THEN setweight(to_tsvector('spanish', left(public_words, 20000)), 'A') || setweight(to_tsvector('spanish', left(staff_words, 20000)), 'C') WHEN 'swedish' THEN setweight(to_tsvector('swedish', left(public_words, 20000)), 'A') || setweight(to_tsvector('swedish', left(staff_words, 20000)), 'C') ELSE setweight(to_tsvector('simple', left(public_words, 20000)), 'A') || setweight(to_tsvector('simple', left(staff_words, 20000)), 'C') END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("has_image", sa.Boolean(), nullable=False),
        sa.Column("embedder", sa.String(length=100), server_default="", nullable=False),
        sa.Column("embedded_revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("indexed_revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_search_documents_question_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name=op.f("fk_search_documents_subject_id")),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_search_documents")),
    )
    op.create_index(
        "ix_search_documents_behind",
        "search_documents",
        ["question_id"],
        unique=False,
        postgresql_where=sa.text("indexed_revision < revision OR embedded_revision < revision"),
    )
    op.create_index(
        "ix_search_documents_public", "search_documents", ["public_search"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "ix_search_documents_staff", "search_documents", ["staff_search"], unique=False, postgresql_using="gin"
    )
    op.create_index(op.f("ix_search_documents_stemmer"), "search_documents", ["stemmer"], unique=False)
    op.create_index(op.f("ix_search_documents_subject_id"), "search_documents", ["subject_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_search_documents_subject_id"), table_name="search_documents")
    op.drop_index(op.f("ix_search_documents_stemmer"), table_name="search_documents")
    op.drop_index("ix_search_documents_staff", table_name="search_documents", postgresql_using="gin")
    op.drop_index("ix_search_documents_public", table_name="search_documents", postgresql_using="gin")
    op.drop_index(
        "ix_search_documents_behind",
        table_name="search_documents",
        postgresql_where=sa.text("indexed_revision < revision OR embedded_revision < revision"),
    )
    op.drop_table("search_documents")
    op.drop_index(op.f("ix_question_vectors_embedder_text_hash"), table_name="question_vectors")
    op.drop_table("question_vectors")
    op.drop_index(op.f("ix_question_pairs_second_id"), table_name="question_pairs")
    op.drop_index("ix_question_pairs_listing", table_name="question_pairs")
    op.drop_table("question_pairs")
    op.drop_index(op.f("ix_question_images_media_id"), table_name="question_images")
    op.drop_table("question_images")
    op.drop_index("ix_skill_proposals_listing", table_name="skill_proposals")
    op.drop_table("skill_proposals")
    op.drop_table("media_vectors")
    op.drop_index("ix_search_terms_length", table_name="search_terms", postgresql_where=sa.text("NOT is_stem"))
    op.drop_table("search_terms")
