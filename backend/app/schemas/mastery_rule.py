from app.domain.enums import MasteryRuleName
from app.schemas.base import OutputModel


class RuleOutcome(OutputModel):
    """Share of students with this constant chance of success whom the rule declares within 20 answers."""

    success: float
    declared: float


class MasteryRuleRead(OutputModel):
    """`false_mastery` is the share declared although they solve only 70 % of the questions; mastery means 80 %."""

    name: MasteryRuleName
    text: str
    false_mastery: float
    outcomes: list[RuleOutcome]


class MasteryRuleList(OutputModel):
    """`runs` simulated students for each figure; its standard error is at most `0.5 / sqrt(runs)`."""

    answers: int
    runs: int
    rules: list[MasteryRuleRead]
