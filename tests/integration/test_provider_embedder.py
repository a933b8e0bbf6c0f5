"""Vectors of a provider over real HTTP: used like those of a local model, recorded, and refused when they are none."""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.ai.embeddings.vectors import EmbeddingError
from app.core.resources import Resources
from app.domain.enums import LlmProvider
from app.models import LlmUsage
from app.services.llm_gateway import LlmGateway
from app.services.provider_embedder import DIMENSION, ProviderEmbedder
from tests.factories.language_models import with_llm
from tests.factories.questions import make_question
from tests.factories.semantic import run_index, tools_of
from tests.factories.subjects import make_subject
from tests.standins.llm import LlmStandIn, Scenario


@pytest.fixture
def server() -> Iterator[LlmStandIn]:
    with LlmStandIn() as server:
        yield server


@pytest.fixture
def gateway(resources: Resources, sessions: sessionmaker[Session], server: LlmStandIn) -> LlmGateway:
    return LlmGateway.of(dataclasses.replace(with_llm(resources, server), sessions=sessions))


def test_a_provider_makes_unit_vectors_under_a_name_of_its_own(gateway: LlmGateway, session: Session) -> None:
    embedder = ProviderEmbedder(gateway, LlmProvider.GEMINI)
    vectors = embedder.embed(["one", "", "one"])
    assert vectors.shape == (3, DIMENSION)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert embedder.name.startswith("gemini-")
    assert {row.flow for row in session.scalars(select(LlmUsage))} == {"embedding"}


def test_questions_are_indexed_with_the_vectors_of_a_provider(
    gateway: LlmGateway, session: Session, sessions: sessionmaker[Session]
) -> None:
    make_question(session, make_subject(session))
    session.commit()
    assert run_index(sessions, tools_of(ProviderEmbedder(gateway, LlmProvider.GEMINI))).embedded == 2


@pytest.mark.parametrize("scenario", [Scenario.TOO_FEW_VECTORS, Scenario.NOT_FINITE, Scenario.UNAUTHORIZED])
def test_what_a_provider_gets_wrong_is_an_error_of_the_embedder(
    gateway: LlmGateway, server: LlmStandIn, scenario: Scenario
) -> None:
    server.plan(scenario)
    with pytest.raises(EmbeddingError):
        ProviderEmbedder(gateway, LlmProvider.GEMINI).embed(["one", "two"])


def test_a_provider_that_is_not_configured_is_an_error_of_the_embedder(gateway: LlmGateway) -> None:
    with pytest.raises(EmbeddingError):
        ProviderEmbedder(gateway, LlmProvider.OPENAI).embed(["one"])
