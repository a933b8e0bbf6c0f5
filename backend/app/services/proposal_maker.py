"""Proposals for one question, made by a language model and checked as far as a program can."""

from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from app.ai.llm.prompt_templates import template
from app.ai.llm.question_answers import Explanation, Hints, Rationales, Solution
from app.domain.enums import GradeState, LlmFlow, ProposalKind, ProposalStatus
from app.domain.grading import grade
from app.domain.proposals import Payload, ProposedExplanation, ProposedHints, ProposedKey, ProposedRationale
from app.domain.responses import Response
from app.services.llm_gateway import LlmGateway
from app.services.llm_meter import LlmCaller
from app.services.proposal_prompts import NONE, SOLVING_SEED, QuestionWords
from app.utils.html import plain_text, text_to_html
from app.utils.text import safe_text

Answer = TypeVar("Answer", bound=BaseModel)
SHORTEST_GIVEAWAY: Final = 3
"""Right answers of fewer characters ("A", "7") occur in every text by chance."""


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a request; a payload there is only where somebody is to decide about it."""

    status: ProposalStatus
    payload: Payload | None = None
    note: str = ""
    origin: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks on behalf of one person, whose limits count."""

    gateway: LlmGateway
    caller: LlmCaller

    def ask(self, words: QuestionWords, flow: LlmFlow, name: str, schema: type[Answer], **more: str) -> Answer:
        caller = LlmCaller(self.caller.user_id, self.caller.role, flow, self.caller.is_background)
        return self.gateway.ask(caller, words.prompt(name, **more), schema)


def explanation(asker: Asker, words: QuestionWords) -> Made:
    answer = asker.ask(words, LlmFlow.EXPLANATION, "explanation", Explanation)
    payload = ProposedExplanation(explanation=as_html(answer.explanation))
    return Made(ProposalStatus.OPEN, payload, origin=origin("explanation"))


def hints(asker: Asker, words: QuestionWords) -> Made:
    """Hints that state the answer are no hints; what is left of them is proposed."""
    answer = asker.ask(words, LlmFlow.HINTS, "hints", Hints)
    kept = [hint for hint in answer.hints if not gives_away(hint, words)]
    if not kept:
        return Made(ProposalStatus.REJECTED, note="Every hint stated the answer.", origin=origin("hints"))
    note = "" if len(kept) == len(answer.hints) else "Hints that stated the answer were left out."
    return Made(ProposalStatus.OPEN, ProposedHints(hints=tuple(map(as_html, kept))), note, origin("hints"))


def rationale(asker: Asker, words: QuestionWords) -> Made:
    """Feedback for the options that have none and are wrong."""
    answer = asker.ask(words, LlmFlow.RATIONALE, "rationale", Rationales)
    wanted = {
        option_id: letter
        for letter, option_id in words.letters.items()
        if words.key.options[option_id].weight <= 0 and not words.key.options[option_id].feedback
    }
    said = {each.letter.strip(" ).").upper(): each.feedback for each in answer.options}
    feedback = {option_id: as_html(said[letter]) for option_id, letter in wanted.items() if letter in said}
    if not feedback:
        return Made(ProposalStatus.REJECTED, note="No wrong option was named.", origin=origin("rationale"))
    return Made(ProposalStatus.OPEN, ProposedRationale(feedback=feedback), origin=origin("rationale"))


def key_check(asker: Asker, words: QuestionWords) -> Made:
    """Solve the question without its key; a contradiction is looked at a second time before a person is."""
    first = solve(asker, words)
    if first.agrees:
        return Made(
            ProposalStatus.CONFIRMED, note="An independent solution agrees with the key.", origin=origin("solve")
        )
    if first.response is None:
        return Made(ProposalStatus.FAILED, note="The model gave no answer to the question.", origin=origin("solve"))
    second = solve(asker, words)
    contradicting = 0.5 if second.agrees else 1.0
    chosen = second if second.response is not None and not second.agrees else first
    return Made(ProposalStatus.OPEN, _other_key(chosen, contradicting), origin=origin("solve"))


@dataclass(frozen=True, slots=True)
class Solved:
    response: Response | None
    agrees: bool
    reason: str


def solve(asker: Asker, words: QuestionWords, passage: str = NONE, flow: LlmFlow = LlmFlow.KEY_CHECK) -> Solved:
    """The key is not in the prompt."""
    answer = asker.ask(words, flow, "solve", Solution, passage=passage)
    response = words.response_of(answer.letters, answer.text)
    if response is None:
        return Solved(None, agrees=False, reason=answer.reason)
    result = grade(words.content, words.key, response, seed=SOLVING_SEED)
    return Solved(response, agrees=result.state is GradeState.RIGHT, reason=safe_text(answer.reason))


def gives_away(hint: str, words: QuestionWords) -> bool:
    """Whether the words of the right answer stand in the hint and not already in the question."""
    answer = words.right_answer
    said = " ".join(plain_text(line.partition(") ")[2] or line) for line in answer.splitlines()).casefold().strip()
    if len(said) < SHORTEST_GIVEAWAY or said in words.stem.casefold():
        return False
    return said in " ".join(hint.split()).casefold()


def as_html(text: str) -> str:
    """What a model writes is text, whatever it looks like."""
    return text_to_html(safe_text(text).strip())


def origin(name: str) -> dict[str, Any]:
    return {"template": template(name).name}


def _other_key(solved: Solved, agreement: float) -> ProposedKey:
    response = solved.response or Response()
    chosen = (response.choice,) if response.choice else response.choices or ()
    return ProposedKey(options=chosen, answer=response.text or "", reason=solved.reason, agreement=agreement)


MAKERS: Final = {
    ProposalKind.EXPLANATION: explanation,
    ProposalKind.HINTS: hints,
    ProposalKind.RATIONALE: rationale,
    ProposalKind.KEY_CHECK: key_check,
}
