"""An installation with a language model: settings that point to the stand-in."""

import dataclasses
from decimal import Decimal

from pydantic import SecretStr

from app.core.config import GeminiSettings, LlmSettings, ModelPrice
from app.core.resources import Resources
from app.domain.enums import LlmFlow, LlmProvider, Role
from app.models import User
from app.services.llm_meter import LlmCaller
from tests.standins.llm import LlmStandIn

MODEL = "stand-in"
PRICES = (ModelPrice(model=MODEL, tokens_in=Decimal(1_000), tokens_out=Decimal(2_000)),)


def llm_settings(server: LlmStandIn, **values: object) -> LlmSettings:
    """Gemini's protocol, without waiting between tries."""
    own = GeminiSettings(api_key=SecretStr("only-for-the-suite"), base_url=server.url, model=MODEL)
    defaults = {"order": (LlmProvider.GEMINI,), "gemini": own, "prices": PRICES, "longest_wait_s": 0.1}
    return LlmSettings.model_validate({**defaults, **values})


def with_llm(resources: Resources, server: LlmStandIn, **values: object) -> Resources:
    settings = resources.settings.model_copy(update={"llm": llm_settings(server, **values)})
    return dataclasses.replace(resources, settings=settings)


def caller_of(user: User, flow: LlmFlow = LlmFlow.EXPLANATION, *, is_background: bool = False) -> LlmCaller:
    return LlmCaller(user.id, Role(user.role), flow, is_background)
