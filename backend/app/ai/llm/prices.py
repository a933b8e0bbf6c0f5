"""What calls cost: the published prices that come with the product, and those that the settings put in their place."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

from app.ai.llm.interface import Usage
from app.core.config import ModelPrice
from app.domain.enums import LlmFlow

MILLION: Final = Decimal(1_000_000)
_FILE: Final = Path(__file__).parent / "prices.toml"


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens. `as_of` is the day on which the source said so, None = nobody wrote it down."""

    model: str
    tokens_in: Decimal
    tokens_out: Decimal
    source: str
    as_of: date | None
    since: date | None = None
    flow: LlmFlow | None = None
    is_own: bool = False

    def holds(self, flow: LlmFlow, on: date) -> bool:
        return self.flow in (None, flow) and (self.since is None or self.since <= on)

    def cost(self, usage: Usage) -> Decimal:
        """Thinking is billed as output."""
        out = usage.tokens_out + usage.tokens_thinking
        return (self.tokens_in * usage.tokens_in + self.tokens_out * out) / MILLION


class PriceTable:
    """A model that is not in it has no known cost, which is something else than costing nothing."""

    def __init__(self, prices: Iterable[Price]) -> None:
        self.prices = sorted(prices, key=_order)

    @classmethod
    def of(cls, own: Iterable[ModelPrice]) -> Self:
        """The shipped table; a model that the settings price has no other price."""
        stated = [Price(**each.model_dump(), is_own=True) for each in own]
        named = {each.model for each in stated}
        return cls([*stated, *(each for each in shipped_prices() if each.model not in named)])

    def price(self, model: str, flow: LlmFlow, on: date) -> Price | None:
        """The latest that holds; one for this use alone comes before one for all uses."""
        held = [each for each in self.prices if each.model == model and each.holds(flow, on)]
        return max(held, key=lambda each: (each.flow is not None, each.since or date.min), default=None)


@cache
def shipped_prices() -> tuple[Price, ...]:
    return tuple(map(_read, tomllib.loads(_FILE.read_text(encoding="utf-8"))["price"]))


def _read(entry: dict[str, Any]) -> Price:
    flow = entry.get("flow")
    return Price(
        model=entry["model"],
        tokens_in=Decimal(entry["tokens_in"]),
        tokens_out=Decimal(entry["tokens_out"]),
        source=entry["source"],
        as_of=entry["as_of"],
        since=entry.get("since"),
        flow=LlmFlow(flow) if flow else None,
    )


def _order(price: Price) -> tuple[str, str, date]:
    return price.model, price.flow or "", price.since or date.min
