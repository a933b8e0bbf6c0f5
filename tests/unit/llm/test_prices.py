from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.ai.llm.interface import Usage
from app.ai.llm.prices import Price, PriceTable, shipped_prices
from app.core.config import LlmSettings, ModelPrice
from app.domain.enums import LlmFlow, LlmProvider
from app.services.provider_embedder import USUAL_MODELS
from app.services.provider_image_embedder import USUAL_MODEL

TODAY = date(2026, 11, 28)
FLOW = LlmFlow.EXPLANATION


def price(model: str = "m", cost: int = 1, **fields: object) -> Price:
    return Price(model, Decimal(cost), Decimal(10 * cost), "a page", TODAY, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "model", [*(LlmSettings().of(each).model for each in LlmProvider), *USUAL_MODELS.values(), USUAL_MODEL]
)
def test_every_usual_model_has_a_price_with_source_and_date(model: str) -> None:
    found = PriceTable.of(()).price(model, FLOW, TODAY)
    assert found is not None
    assert found.tokens_in > 0
    assert found.source.startswith("https://")
    assert found.as_of is not None


def test_no_two_shipped_prices_hold_for_the_same() -> None:
    named = [(each.model, each.flow, each.since) for each in shipped_prices()]
    assert len(named) == len(set(named))


def test_thinking_is_billed_as_output() -> None:
    assert price().cost(Usage(1_000_000, 200_000, 300_000)) == Decimal(6)


def test_a_price_holds_from_its_day_on() -> None:
    table = PriceTable([price(cost=2, since=TODAY), price(cost=1)])
    found = [table.price("m", FLOW, TODAY + timedelta(days)) for days in (-1, 0, 1)]
    assert [each.tokens_in for each in found if each] == [1, 2, 2]
    assert PriceTable([price(since=TODAY)]).price("m", FLOW, TODAY - timedelta(1)) is None


def test_a_price_for_one_use_comes_before_that_for_all() -> None:
    table = PriceTable([price(cost=5, flow=LlmFlow.IMAGE_EMBEDDING), price(cost=1, since=TODAY)])
    found = [table.price("m", flow, TODAY) for flow in (LlmFlow.IMAGE_EMBEDDING, LlmFlow.EMBEDDING)]
    assert [each.tokens_in for each in found if each] == [5, 1]


def test_the_settings_replace_all_that_is_known_of_a_model() -> None:
    own = ModelPrice(model="gemini-embedding-2", tokens_in=Decimal(0), tokens_out=Decimal(0), source="our contract")
    table = PriceTable.of([own])
    (found,) = [each for each in table.prices if each.model == own.model]
    assert (found.is_own, found.source, found.cost(Usage(10**9))) == (True, "our contract", 0)
    assert table.price("gpt-5-mini", FLOW, TODAY) == PriceTable.of(()).price("gpt-5-mini", FLOW, TODAY)


def test_a_model_that_nobody_priced_has_no_price() -> None:
    assert PriceTable.of(()).price("whisper-1", LlmFlow.TRANSCRIPTION, TODAY) is None
