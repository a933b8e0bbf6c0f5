"""What practice serves of a fitted population: the parameters of the filter, and the head that corrects its chance."""

from dataclasses import dataclass

from app.ai.personalization.user_modeling.parameters import Parameters
from app.ai.personalization.user_modeling.served_head import ServedHead


@dataclass(frozen=True, slots=True)
class ServedModel:
    """Without a head the filter's own chance is served, as before the first fit."""

    parameters: Parameters
    head: ServedHead | None = None
