"""The two local ways to compare pictures: by a model in a folder, and by looks."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.ai.embeddings.image_embeddings.choice import image_embedder
from app.ai.embeddings.image_embeddings.clip import ClipEmbedder
from app.ai.embeddings.image_embeddings.descriptor import PictureDescriptor
from app.ai.embeddings.image_embeddings.embedder import ImageEmbedder, UnreadableImageError
from app.ai.embeddings.vectors import ModelMissingError
from app.core.config import EmbeddingSettings
from tests.factories.image_models import DIMENSION, write_image_model

ORANGE, BLUE = (240, 140, 20), (20, 60, 200)


def encoded(picture: Image.Image, kind: str = "PNG", **options: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def drawing(size: int = 96, colour: tuple[int, int, int] = ORANGE, *, is_turned: bool = False) -> Image.Image:
    """Two shapes on white."""
    picture = Image.new("RGB", (size, size), "white")
    pencil, unit = ImageDraw.Draw(picture), size // 8
    pencil.ellipse((unit, unit, 4 * unit, 4 * unit), fill=colour)
    pencil.rectangle((4 * unit, 5 * unit, 7 * unit, 7 * unit), fill="black")
    return picture.transpose(Image.Transpose.ROTATE_180) if is_turned else picture


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_image_model(tmp_path / "Tiny")


def test_a_model_in_a_folder_makes_unit_vectors_in_the_order_of_the_pictures(model: Path) -> None:
    embedder = image_embedder(EmbeddingSettings(image_model_path=model))
    pictures = [encoded(drawing(size, colour)) for size, colour in ((96, ORANGE), (40, BLUE), (96, ORANGE))]
    vectors = embedder.embed_images(pictures)
    assert (vectors.shape, embedder.dimension, embedder.name) == ((3, DIMENSION), DIMENSION, "clip-tiny-5")
    assert embedder.is_semantic
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert np.array_equal(vectors[0], vectors[2])
    assert vectors[0] @ vectors[1] < 0.999
    assert embedder.embed_images([]).shape == (0, DIMENSION)


def test_the_model_is_given_what_it_was_prepared_for(model: Path) -> None:
    """The mean of a plain picture is its colour, scaled to [-1, 1]."""
    embedder = ClipEmbedder(model)
    weights = np.random.default_rng(1).normal(size=(3, DIMENSION)).astype(np.float32)
    expected = (np.array(ORANGE) / 255 - 0.5) / 0.5 @ weights
    (vector,) = embedder.embed_images([encoded(Image.new("RGB", (50, 30), ORANGE))])
    assert np.allclose(vector, expected / np.linalg.norm(expected), atol=1e-4)


@pytest.mark.parametrize("name", ["model.onnx", "preprocessor_config.json"])
def test_a_model_for_pictures_must_be_whole(model: Path, name: str) -> None:
    (model / name).unlink()
    with pytest.raises(ModelMissingError, match=name):
        image_embedder(EmbeddingSettings(image_provider="local", image_model_path=model))
    assert not image_embedder(EmbeddingSettings(image_model_path=model)).is_semantic


def test_a_model_for_pictures_must_be_named() -> None:
    with pytest.raises(ModelMissingError, match="IMAGE_MODEL_PATH"):
        image_embedder(EmbeddingSettings(image_provider="local"))


@pytest.mark.parametrize(("name", "content"), [("model.onnx", "no model"), ("preprocessor_config.json", "{]")])
def test_a_broken_model_for_pictures_is_said_to_be_one(model: Path, name: str, content: str) -> None:
    (model / name).write_text(content)
    with pytest.raises(ModelMissingError, match="cannot be read"):
        ClipEmbedder(model).embed_images([encoded(drawing())])


def embedders(folder: Path) -> list[ImageEmbedder]:
    return [PictureDescriptor(), ClipEmbedder(write_image_model(folder / "tiny"))]


@pytest.mark.parametrize(
    "data", [b"", b"no picture", encoded(drawing())[:200], b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
)
def test_what_is_no_picture_is_refused(tmp_path: Path, data: bytes) -> None:
    for embedder in embedders(tmp_path):
        with pytest.raises(UnreadableImageError):
            embedder.embed_images([encoded(drawing()), data])


def test_what_is_see_through_counts_as_white(tmp_path: Path) -> None:
    see_through = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    see_through.paste(ORANGE, (8, 8, 32, 32))
    white = Image.new("RGB", (64, 64), "white")
    white.paste(ORANGE, (8, 8, 32, 32))
    for embedder in embedders(tmp_path):
        one, other = embedder.embed_images([encoded(see_through), encoded(white)])
        assert one @ other > 0.999


@pytest.mark.parametrize(
    "change",
    [
        lambda picture: encoded(picture.resize((60, 60))),
        lambda picture: encoded(picture, "JPEG", quality=40),
        lambda picture: encoded(picture.convert("P"), "GIF"),
        lambda picture: encoded(picture, "WEBP"),
    ],
)
def test_looks_survive_another_size_and_compression(change: Callable[[Image.Image], bytes]) -> None:
    original, other = drawing(), drawing(colour=BLUE, is_turned=True)
    same, copy, different = PictureDescriptor().embed_images([encoded(original), change(original), encoded(other)])
    assert same @ copy > 0.9 > same @ different
