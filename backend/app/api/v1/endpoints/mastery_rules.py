from fastapi import APIRouter

from app.api.deps import MasteryRuleServiceDep, Staff
from app.schemas.mastery_rule import MasteryRuleList

router = APIRouter(prefix="/mastery-rules", tags=["subjects"])


@router.get("", dependencies=[Staff])
def list_mastery_rules(rules: MasteryRuleServiceDep) -> MasteryRuleList:
    """The rules by which a subject may call a skill learned, each with what it declares by simulation.

    Pick one with `mastery_rule` of the subject. It judges from the next answer on.
    """
    return rules.rules()
