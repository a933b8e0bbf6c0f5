import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ai.embeddings.hybrid_embeddings import fuse
from app.ai.embeddings.text_embeddings.choice import text_embedder
from app.ai.embeddings.text_embeddings.lexical import LexicalEmbedder
from app.ai.embeddings.vectors import BadVectorsError, ModelMissingError, checked, from_bytes, normalised, to_bytes
from app.core.config import EmbeddingSettings
from tests.factories.semantic import real_embedder


@given(st.lists(st.text(max_size=200), min_size=1, max_size=5))
def test_any_text_has_a_unit_vector_of_its_own_making(texts: list[str]) -> None:
    vectors = LexicalEmbedder().embed(texts)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert np.array_equal(vectors[:1], LexicalEmbedder().embed(texts[:1]))


def test_hashed_words_survive_accents_order_and_a_misspelling() -> None:
    near, far = "Größte Stadt der Welt", "photosynthesis in plants"
    query, one, other = LexicalEmbedder().embed(["welt: grosste stadt", near, far])
    assert query @ one > 0.6
    assert abs(query @ other) < 0.2


@pytest.mark.parametrize(
    "vectors",
    [
        np.ones((1, 3)),
        np.ones((3, 3)),
        np.ones((2, 4)),
        np.ones(6),
        np.array([[1.0, 2.0, np.nan], [1, 1, 1]]),
        np.array([[1.0, 2.0, np.inf], [1, 1, 1]]),
        np.array([[0.0, 0.0, 0.0], [1, 1, 1]]),
    ],
)
def test_what_is_no_set_of_vectors_is_refused(vectors: np.ndarray) -> None:
    with pytest.raises(BadVectorsError):
        checked(vectors.astype(np.float32), 2, 3)


def test_stored_vectors_keep_their_direction() -> None:
    vectors = normalised(np.random.default_rng(1).normal(size=(20, 384)).astype(np.float32))
    back = from_bytes(b"".join(to_bytes(vector) for vector in vectors), 384)
    assert np.abs((back * vectors).sum(axis=1) - 1.0).max() < 1e-3


def test_joined_parts_weigh_their_cosines() -> None:
    rng = np.random.default_rng(2)
    parts = {"stem": normalised(rng.normal(size=(2, 8)).astype(np.float32)), "options": np.eye(2, 4, dtype=np.float32)}
    one, other = fuse(parts, {"stem": 0.75, "options": 0.25})
    assert one @ other == pytest.approx(0.75 * (parts["stem"][0] @ parts["stem"][1]), abs=1e-5)


def test_a_missing_part_gives_its_weight_to_the_others() -> None:
    stem = normalised(np.ones((2, 4), dtype=np.float32))
    one, other = fuse({"stem": stem, "image": np.zeros((2, 3), dtype=np.float32)})
    assert one @ other == pytest.approx(1.0, abs=1e-5)
    with pytest.raises(ValueError, match="weight"):
        fuse({"smell": stem})


def test_a_local_model_must_be_there(tmp_path) -> None:
    with pytest.raises(ModelMissingError):
        text_embedder(EmbeddingSettings(provider="local", model_path=tmp_path))
    assert not text_embedder(EmbeddingSettings(model_path=tmp_path)).is_semantic


def test_a_broken_model_file_is_said_to_be_one(tmp_path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"no model")
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelMissingError):
        _ = text_embedder(EmbeddingSettings(model_path=tmp_path)).dimension


def test_the_real_model_knows_meaning_and_not_only_words() -> None:
    embedder = real_embedder()
    query, meant, same_words = embedder.embed(
        ["capital cities of Asia", "What is the seat of government of Mongolia?", "Letters in upper case are called?"]
    )
    assert query @ meant > query @ same_words
    assert embedder.dimension == 384


def test_company_does_not_change_a_vector() -> None:
    embedder = real_embedder()
    texts = ["short", "a much longer text " * 30, "", "日本の首都はどこですか", "x" * 100_000]
    together = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    assert np.abs((together * alone).sum(axis=1) - 1.0).max() < 1e-5
