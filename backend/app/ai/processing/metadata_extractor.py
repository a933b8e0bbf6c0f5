"""What a question is about and how hard it may be, from its words, its neighbours, and a model's statement if any.

The weights of the words are assumptions, not fitted values; their wide variance says so, and every other source
outweighs them.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.ai.personalization.user_modeling.cold_start import (
    Basis,
    Difficulty,
    Estimate,
    combine,
    from_metadata,
    from_neighbours,
    from_skill,
)
from app.ai.processing.bloom_verbs import bloom_level
from app.ai.processing.language_detection import detect_language
from app.domain.enums import BloomLevel, QuestionType

TEXT_VARIANCE: Final = 0.9
STATED_VARIANCE: Final = 1.0
STATED_SLOPE: Final = 4.0
"""Logits from "everybody answers it" to "hardly anybody does"."""
MOST_SKILLS: Final = 2
LEAST_LIKENESS: Final = 0.15
READ_CHARACTERS: Final = 20_000
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_NEGATION: Final = re.compile(
    r"\b(not|except|never|nicht|kein|keine|außer|pas|sauf|no|excepto|non|tranne|não|niet)\b", re.IGNORECASE
)
_LEVEL_STEP: Final = 0.25
_LEVELS: Final = list(BloomLevel)
_HARDER_TYPES: Final = {
    QuestionType.TRUE_FALSE: -0.5, QuestionType.MULTIPLE_RESPONSE: 0.4, QuestionType.SHORT_ANSWER: 0.4,
    QuestionType.NUMERICAL: 0.3, QuestionType.CLOZE: 0.3, QuestionType.PARAMETRIC: 0.3, QuestionType.ESSAY: 0.5,
    QuestionType.ORDERING: 0.3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A calibrated question of like wording: cosine similarity, difficulty in logits, and its standard error."""

    similarity: float
    difficulty: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What else is known of a difficulty: calibrated questions of the same skills (logits) and of like wording, and a
    level that a model or an author states, from 0 (easiest) to 1.
    """

    skill_difficulties: tuple[float, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    stated_level: float | None = None


@dataclass(frozen=True, slots=True)
class SkillText:
    """`examples` are stems of questions that have the skill."""

    name: str
    description: str = ""
    examples: tuple[str, ...] = ()

    @property
    def all_words(self) -> str:
        return " ".join((self.name, self.name, self.description, *self.examples))[:READ_CHARACTERS]


@dataclass(frozen=True, slots=True)
class QuestionText:
    """The words of a question; `language` as its author stated it, if at all."""

    stem: str
    options: tuple[str, ...] = ()
    kind: QuestionType = QuestionType.SINGLE_CHOICE
    language: str = ""

    @property
    def all_words(self) -> str:
        return " ".join((self.stem, *self.options))[:READ_CHARACTERS]


@dataclass(frozen=True, slots=True)
class ExtractedMetadata:
    """`skills` are names, the most likely first; `topic` is a word or two of the question itself."""

    skills: tuple[str, ...]
    topic: str
    bloom: BloomLevel | None
    language: str
    difficulty: Difficulty


def extract_metadata(
    question: QuestionText, skills: Sequence[SkillText] = (), evidence: Evidence | None = None
) -> ExtractedMetadata:
    """Everything that can be told without asking anybody; `evidence` sharpens the difficulty."""
    detected = detect_language(question.all_words)
    language = question.language or (detected.code if detected else "")
    bloom = bloom_level(question.stem[:READ_CHARACTERS], language, question.kind)
    found = nearest_skills(question.all_words, skills)
    return ExtractedMetadata(
        skills=found,
        topic=found[0] if found else topic_of(question.stem),
        bloom=bloom,
        language=language,
        difficulty=estimate_difficulty(question, bloom, evidence or Evidence()),
    )


def estimate_difficulty(question: QuestionText, bloom: BloomLevel | None, evidence: Evidence) -> Difficulty:
    """Independent estimates weighted by the inverse of their variances (Cochran, 1954)."""
    estimates = [from_skill(np.array(evidence.skill_difficulties, dtype=np.float64)), from_text(question, bloom)]
    if (near := _near(evidence.neighbours)) is not None:
        estimates.append(near)
    if evidence.stated_level is not None:
        estimates.append(from_metadata(evidence.stated_level, STATED_SLOPE, STATED_VARIANCE))
    return combine(estimates)


def from_text(question: QuestionText, bloom: BloomLevel | None) -> Estimate:
    """A guess from length, negation, type and level, within two logits of the middle."""
    words = len(question.stem[:READ_CHARACTERS].split())
    length = 0.3 * math.log2(max(words, 4) / 16)
    negated = 0.3 if _NEGATION.search(question.stem[:READ_CHARACTERS]) else 0.0
    level = _LEVEL_STEP * (_LEVELS.index(bloom) - 1) if bloom else 0.0
    value = length + negated + level + _HARDER_TYPES.get(question.kind, 0.0)
    return Estimate(Basis.TEXT, max(-2.0, min(2.0, value)), TEXT_VARIANCE)


def nearest_skills(text: str, skills: Sequence[SkillText]) -> tuple[str, ...]:
    """Skills whose words are those of the text, rare words counting more (tf-idf, cosine).

    Measured on the demo bank, each fifth with the rest as examples: 57 % of what is proposed is right, and half of the
    questions get a right skill; without examples 45 % and a quarter.
    """
    documents = [Counter(_stems(skill.all_words)) for skill in skills]
    rarity = _rarity(documents)
    asked = _weighted(Counter(_stems(text)), rarity)
    likeness = [(_cosine(asked, _weighted(document, rarity)), -place) for place, document in enumerate(documents)]
    best = sorted(likeness, reverse=True)[:MOST_SKILLS]
    return tuple(skills[-place].name for value, place in best if value >= max(LEAST_LIKENESS, best[0][0] / 2))


def topic_of(stem: str) -> str:
    """The longest word that begins with a capital inside the sentence, else the longest word; empty for none."""
    words = _WORD.findall(stem[:READ_CHARACTERS])
    capitals = [word for word in words[1:] if word[0].isupper()]
    return max(capitals or words, key=len, default="")[:200]


def _near(neighbours: Sequence[Neighbour]) -> Estimate | None:
    usable = [each for each in neighbours if each.standard_error > 0]
    return from_neighbours(
        np.array([each.similarity for each in usable], dtype=np.float64),
        np.array([each.difficulty for each in usable], dtype=np.float64),
        np.square(np.array([each.standard_error for each in usable], dtype=np.float64)),
    )


def _stems(text: str) -> Iterable[str]:
    """Words cut to six letters, so that "fraction" and "fractions" are one; a stemmer for every language there is."""
    return (word[:6] for word in _WORD.findall(text.lower()))


def _rarity(documents: Sequence[Mapping[str, int]]) -> dict[str, float]:
    seen = Counter(word for document in documents for word in document)
    return {word: math.log(1 + len(documents) / count) for word, count in seen.items()}


def _weighted(counts: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    """Words that no skill has weigh as the rarest do: they make the text less like any skill."""
    rarest = max(rarity.values(), default=1.0)
    return {word: (1 + math.log(count)) * rarity.get(word, rarest) for word, count in counts.items()}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    product = sum(weight * other[word] for word, weight in one.items() if word in other)
    norms = math.sqrt(sum(weight**2 for weight in one.values()) * sum(weight**2 for weight in other.values()))
    return product / norms if norms else 0.0
