from tests.standins.llm.answers import Asked
from tests.standins.llm.server import LlmStandIn, Scenario

__all__ = ["Asked", "LlmStandIn", "Scenario"]
