"""What each rule of mastery really declares, measured with the learner model in force."""

from functools import lru_cache
from typing import Final

from numpy.random import PCG64, Generator
from sqlalchemy.orm import Session

from app.ai.personalization.mastery_rules import ANSWERS, RUNS, SUCCESS_LEVELS, RuleCharacteristic, characteristics
from app.ai.personalization.user_modeling.state import Population
from app.repositories.pool_repository import PoolRepository
from app.schemas.mastery_rule import MasteryRuleList, MasteryRuleRead, RuleOutcome
from app.services.model_parameters import ModelParameters

SEED: Final = 20


class MasteryRuleService:
    def __init__(self, session: Session) -> None:
        self.pools = PoolRepository(session)

    def rules(self) -> MasteryRuleList:
        population = ModelParameters.from_json(self.pools.live_model()).population
        return MasteryRuleList(answers=ANSWERS, runs=RUNS, rules=[_read(each) for each in _measured(population)])


@lru_cache(maxsize=4)
def _measured(population: Population) -> list[RuleCharacteristic]:
    """The same draws every time, so that the figures change only with the model."""
    return characteristics(population, Generator(PCG64(SEED)))


def _read(rule: RuleCharacteristic) -> MasteryRuleRead:
    outcomes = zip(SUCCESS_LEVELS, rule.declared, strict=True)
    return MasteryRuleRead(
        name=rule.name,
        text=rule.text,
        false_mastery=round(rule.false_mastery, 3),
        outcomes=[RuleOutcome(success=success, declared=round(declared, 3)) for success, declared in outcomes],
    )
