"""Metadata of a question: from its words alone, and better where a model is asked too."""

from dataclasses import dataclass, field, replace
from typing import Final

from app.ai.llm.question_answers import Metadata
from app.ai.processing.metadata_extractor import (
    Evidence,
    ExtractedMetadata,
    QuestionText,
    SkillText,
    extract_metadata,
)
from app.domain.enums import LlmFlow, ProposalStatus
from app.domain.proposals import ProposedMetadata
from app.services.llm_errors import LlmBlockedError, LlmFailedError
from app.services.proposal_maker import Asker, Made, origin
from app.services.proposal_prompts import NONE, QuestionWords
from app.utils.html import plain_text
from app.utils.text import safe_text

SHOWN_SKILLS: Final = 200
WIDEST: Final = 6.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the bank knows around a question."""

    skills: tuple[SkillText, ...] = ()
    evidence: Evidence = field(default_factory=Evidence)


def question_text(words: QuestionWords) -> QuestionText:
    options = tuple(plain_text(option.html) for option in words.content.options)
    return QuestionText(words.stem, options, words.content.type, words.content.language)


def metadata(asker: Asker, words: QuestionWords, around: Surroundings) -> Made:
    """Works without a model; a model that fails is done without, and the note says so."""
    text = question_text(words)
    if not asker.gateway.is_configured:
        return _made(extract_metadata(text, around.skills, around.evidence), note="Without a language model.")
    try:
        answer = asker.ask(words, LlmFlow.METADATA, "metadata", Metadata, skills=_listed(around.skills))
    except (LlmFailedError, LlmBlockedError):
        return _made(extract_metadata(text, around.skills, around.evidence), note="The language model failed.")
    stated = replace(around.evidence, stated_level=answer.difficulty)
    return _made(extract_metadata(text, around.skills, stated), answer, around.skills)


def _made(
    found: ExtractedMetadata, answer: Metadata | None = None, skills: tuple[SkillText, ...] = (), note: str = ""
) -> Made:
    """The model chooses among the skills there are; what it invents is left out."""
    known = {skill.name.casefold(): skill.name for skill in skills}
    chosen = [known[name.casefold()] for name in answer.skills if name.casefold() in known] if answer else []
    payload = ProposedMetadata(
        skills=tuple(dict.fromkeys(chosen)) or found.skills,
        topic=safe_text(answer.topic).strip() if answer and answer.topic.strip() else found.topic,
        bloom=answer.bloom if answer else found.bloom,
        language=answer.language if answer and answer.language else found.language,
        difficulty=round(max(-WIDEST, min(WIDEST, found.difficulty.value)), 3),
        difficulty_error=round(found.difficulty.standard_error, 3),
    )
    return Made(ProposalStatus.OPEN, payload, note, origin("metadata") if answer else {})


def _listed(skills: tuple[SkillText, ...]) -> str:
    return "\n".join(skill.name for skill in skills[:SHOWN_SKILLS]) or NONE
