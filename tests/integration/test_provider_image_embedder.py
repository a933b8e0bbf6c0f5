"""Pictures of a bank by a provider over real HTTP: prepared, sent in parts, recorded, searched, and lost politely."""

import base64
import dataclasses
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.ai.embeddings.image_embeddings.embedder import UnreadableImageError
from app.ai.embeddings.vectors import EmbeddingError
from app.core.config import EmbeddingSettings
from app.core.resources import Resources
from app.domain.enums import LlmProvider, QuestionStatus, Role
from app.domain.permissions import Actor
from app.domain.question_draft import MediaRef
from app.domain.search import Degradation, SearchFilter
from app.integrations.storage import LocalFileStore
from app.models import LlmUsage, MediaVector, Question
from app.services.llm_gateway import LlmGateway
from app.services.media_service import MediaService
from app.services.picture_work import PictureWork
from app.services.provider_image_embedder import AT_ONCE, DIMENSION, LONGEST_SIDE, ProviderImageEmbedder
from app.services.search_service import SearchService
from app.services.semantic_tools import SemanticTools
from app.utils.ids import new_id
from tests.factories.language_models import with_llm
from tests.factories.questions import make_question, text_draft
from tests.factories.semantic import run_index, tools_of
from tests.factories.subjects import make_subject
from tests.standins.llm import LlmStandIn, Scenario


def picture(colour: str, size: tuple[int, int] = (40, 30)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGBA", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def server() -> Iterator[LlmStandIn]:
    with LlmStandIn() as server:
        yield server


@pytest.fixture
def opened(resources: Resources, sessions: sessionmaker[Session], server: LlmStandIn) -> Resources:
    return dataclasses.replace(with_llm(resources, server), sessions=sessions)


@pytest.fixture
def embedder(opened: Resources) -> ProviderImageEmbedder:
    return ProviderImageEmbedder(LlmGateway.of(opened), LlmProvider.GEMINI)


@pytest.fixture
def store(tmp_path: Path) -> LocalFileStore:
    return LocalFileStore(tmp_path)


def shown(session: Session, store: LocalFileStore, colour: str) -> Question:
    """A published question that shows a picture of this colour."""
    media = MediaService(session, store).keep(io.BytesIO(picture(colour)), None)
    name = f"/api/v1/media/{media.id}"
    draft = text_draft(colour, stem=f'What is shown? <img src="{name}" alt="figure">', media=(MediaRef(name=name),))
    question = make_question(session, make_subject(session), draft, status=QuestionStatus.PUBLISHED)
    session.commit()
    return question


def test_pictures_are_sent_small_and_in_parts(
    embedder: ProviderImageEmbedder, session: Session, server: LlmStandIn
) -> None:
    vectors = embedder.embed_images([picture("red", (2_000, 1_000))] * (AT_ONCE + 1))
    assert vectors.shape == (AT_ONCE + 1, DIMENSION)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    asked = [request.body["requests"] for request in server.requests]
    assert [len(requests) for requests in asked] == [AT_ONCE, 1]
    (part,) = asked[0][0]["content"]["parts"]
    assert (part["inline_data"]["mime_type"], "taskType" in asked[0][0]) == ("image/jpeg", False)
    with Image.open(io.BytesIO(base64.urlsafe_b64decode(part["inline_data"]["data"]))) as sent:
        assert sent.size == (LONGEST_SIDE, LONGEST_SIDE // 2)
    recorded = list(session.scalars(select(LlmUsage).order_by(LlmUsage.id)))
    assert {(row.flow, row.model) for row in recorded} == {("image_embedding", "gemini-embedding-2")}
    assert [row.tokens_in for row in recorded] == [AT_ONCE * 258, 258]
    assert all(row.cost for row in recorded)


def test_a_wrecked_picture_is_not_sent(embedder: ProviderImageEmbedder, server: LlmStandIn) -> None:
    with pytest.raises(UnreadableImageError):
        embedder.embed_images([b"no picture"])
    assert server.requests == []
    assert embedder.embed_images([]).shape == (0, DIMENSION)


@pytest.mark.parametrize(
    "scenario", [Scenario.TOO_FEW_VECTORS, Scenario.NOT_FINITE, Scenario.GARBAGE, Scenario.UNAUTHORIZED]
)
def test_what_a_provider_gets_wrong_is_an_error_of_the_embedder(
    embedder: ProviderImageEmbedder, server: LlmStandIn, scenario: Scenario
) -> None:
    server.plan(scenario)
    with pytest.raises(EmbeddingError):
        embedder.embed_images([picture("red"), picture("blue")])


def test_the_settings_choose_the_provider(opened: Resources) -> None:
    chosen = EmbeddingSettings(image_provider="gemini", image_model="other")
    settings = opened.settings.model_copy(update={"embeddings": chosen})
    assert SemanticTools.open(dataclasses.replace(opened, settings=settings)).images.name == f"gemini-other-{DIMENSION}"
    assert SemanticTools.open(opened).images.name.startswith("descriptor-")


@pytest.fixture
def tools(embedder: ProviderImageEmbedder) -> SemanticTools:
    return SemanticTools(tools_of().texts, embedder, None)


def test_questions_are_found_by_what_their_pictures_show(
    session: Session, sessions: sessionmaker[Session], store: LocalFileStore, tools: SemanticTools, server: LlmStandIn
) -> None:
    red, blue = shown(session, store, "red"), shown(session, store, "blue")
    run_index(sessions, tools)
    assert PictureWork(sessions, tools, store).run(lambda: None) == 2
    search = SearchService(sessions, Actor(new_id(), Role.STUDENT, new_id()), tools)
    found = search.by_picture(picture("darkred", (300, 200)), SearchFilter(), 5)
    assert (found.hits[0].question.id, found.degraded) == (red.id, ())
    assert all(hit.question.id != blue.id for hit in found.hits)
    server.scenario = Scenario.ERROR
    lost = search.by_picture(picture("blue"), SearchFilter(), 5)
    assert (lost.hits, lost.degraded) == ([], (Degradation.EMBEDDER_DOWN,))


def test_a_picture_that_cannot_be_read_does_not_hold_up_the_others(
    session: Session, sessions: sessionmaker[Session], store: LocalFileStore, tools: SemanticTools
) -> None:
    for colour in ("red", "blue", "green"):
        shown(session, store, colour)
    run_index(sessions, tools)
    files = sorted(each for each in store._directory.rglob("*") if each.is_file())  # as a disk may do
    files[0].write_bytes(b"wrecked")
    files[1].unlink()
    assert PictureWork(sessions, tools, store).run(lambda: None) == 3
    assert sorted(len(row) for row in session.scalars(select(MediaVector.vector))) == [0, 0, 2 * DIMENSION]


def test_a_provider_that_is_away_leaves_pictures_for_later(
    session: Session, sessions: sessionmaker[Session], store: LocalFileStore, tools: SemanticTools, server: LlmStandIn
) -> None:
    shown(session, store, "red")
    run_index(sessions, tools)
    server.scenario = Scenario.OVERLOADED
    with pytest.raises(EmbeddingError):
        PictureWork(sessions, tools, store).run(lambda: None)
    assert session.scalars(select(MediaVector)).all() == []
    server.scenario = Scenario.OK
    assert PictureWork(sessions, tools, store).run(lambda: None) == 1
