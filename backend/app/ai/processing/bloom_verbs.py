"""Words by which a question asks for one of Bloom's levels.

References:
    Anderson, L. W., & Krathwohl, D. R. (Eds.). (2001). A taxonomy for learning, teaching, and assessing.
"""

import re
from collections.abc import Mapping
from typing import Final

from app.domain.enums import BloomLevel, QuestionType

L = BloomLevel

_VERBS: Final[Mapping[str, Mapping[BloomLevel, str]]] = {
    "en": {
        L.CREATE: "design|compose|devise|invent|formulate|write a|construct a|plan a",
        L.EVALUATE: (
            "evaluate|judge|justify|criticise|criticize|assess|argue|defend|recommend|best supports|"
            "most appropriate"
        ),
        L.ANALYSE: (
            "analyse|analyze|compare|contrast|distinguish|infer|deduce|what evidence|assumption|why did|"
            "why does"
        ),
        L.APPLY: (
            "calculate|compute|solve|apply|determine|simplify|evaluate the expression|find the|convert|"
            "how much|estimate"
        ),
        L.UNDERSTAND: (
            "explain|describe|summarise|summarize|interpret|classify|paraphrase|give an example|"
            "what does .* mean|best describes"
        ),
        L.REMEMBER: "who|when|where|name|list|define|state|recall|which of|what is|what was|how many",
    },
    "de": {
        L.CREATE: "entwirf|entwerfen sie|entwickle|entwickeln sie|verfasse|verfassen sie|konstruiere",
        L.EVALUATE: "bewerte|bewerten sie|beurteile|beurteilen sie|begründe|begründen sie|nimm stellung|rechtfertige",
        L.ANALYSE: "analysiere|analysieren sie|vergleiche|vergleichen sie|unterscheide|leite ab|warum",
        L.APPLY: (
            "berechne|berechnen sie|löse|lösen sie|bestimme|bestimmen sie|wende|vereinfache|ermittle|"
            "wie groß|wie viel"
        ),
        L.UNDERSTAND: "erkläre|erklären sie|beschreibe|beschreiben sie|erläutere|fasse|ordne|was bedeutet",
        L.REMEMBER: "wer|wann|wo|nenne|nennen sie|definiere|welche|welcher|welches|was ist|wie heißt|wie viele",
    },
    "fr": {
        L.CREATE: "concevez|imaginez|rédigez|élaborez|inventez",
        L.EVALUATE: "évaluez|jugez|justifiez|critiquez|argumentez",
        L.ANALYSE: "analysez|comparez|distinguez|déduisez|pourquoi",
        L.APPLY: "calculez|calculer|résolvez|résoudre|déterminez|appliquez|simplifiez|trouvez|combien vaut",
        L.UNDERSTAND: "expliquez|décrivez|résumez|interprétez|que signifie",
        L.REMEMBER: "qui|quand|où|nommez|définissez|citez|quel|quelle|quels|quelles|combien",
    },
    "es": {
        L.CREATE: "diseña|diseñe|elabora|elabore|redacta|redacte|inventa",
        L.EVALUATE: "evalúa|evalúe|juzga|justifica|justifique|critica|argumenta",
        L.ANALYSE: "analiza|analice|compara|compare|distingue|deduce|por qué",
        L.APPLY: "calcula|calcule|resuelve|resuelva|determina|determine|aplica|simplifica|halla",
        L.UNDERSTAND: "explica|explique|describe|describa|resume|interpreta|qué significa",
        L.REMEMBER: "quién|cuándo|dónde|nombra|define|cuál|cuáles|cuántos|cuántas|qué es",
    },
    "it": {
        L.CREATE: "progetta|elabora|inventa|componi",
        L.EVALUATE: "valuta|giudica|giustifica|argomenta",
        L.ANALYSE: "analizza|confronta|distingui|deduci|perché",
        L.APPLY: "calcola|risolvi|determina|applica|semplifica|trova",
        L.UNDERSTAND: "spiega|descrivi|riassumi|interpreta|che cosa significa",
        L.REMEMBER: "chi|quando|dove|nomina|definisci|quale|quali|quanti|quante",
    },
    "pt": {
        L.CREATE: "projete|elabore|crie|redija|invente",
        L.EVALUATE: "avalie|julgue|justifique|critique|argumente",
        L.ANALYSE: "analise|compare|distinga|deduza|por que",
        L.APPLY: "calcule|resolva|determine|aplique|simplifique|encontre",
        L.UNDERSTAND: "explique|descreva|resuma|interprete|o que significa",
        L.REMEMBER: "quem|quando|onde|nomeie|defina|qual|quais|quantos|quantas",
    },
    "nl": {
        L.CREATE: "ontwerp|bedenk|schrijf een|ontwikkel",
        L.EVALUATE: "beoordeel|rechtvaardig|onderbouw|bekritiseer",
        L.ANALYSE: "analyseer|vergelijk|onderscheid|leid af|waarom",
        L.APPLY: "bereken|los op|bepaal|pas toe|vereenvoudig|hoe groot",
        L.UNDERSTAND: "leg uit|beschrijf|vat samen|interpreteer|wat betekent",
        L.REMEMBER: "wie|wanneer|waar|noem|definieer|welke|welk|hoeveel|wat is",
    },
}  # fmt: skip
_PATTERNS: Final = {
    language: {level: re.compile(rf"(?<!\w)(?:{verbs})(?!\w)") for level, verbs in levels.items()}
    for language, levels in _VERBS.items()
}
_CALCULATION: Final = re.compile(r"\\\(|\\\[|\d\s*[-+*/×÷=^]\s*\d|%")


def bloom_level(text: str, language: str, kind: QuestionType) -> BloomLevel | None:
    """The highest level whose words the question uses, English ones where the language has no list; None = no sign.

    Words of remembering stand in nearly every question, so they count only when nothing else does. A formula to work
    on asks to apply.
    """
    patterns = _PATTERNS.get(language.partition("-")[0], _PATTERNS["en"])
    lowered = text.lower()
    found = next((level for level, pattern in patterns.items() if pattern.search(lowered)), None)
    if found in {None, L.REMEMBER} and (kind is QuestionType.PARAMETRIC or _CALCULATION.search(text)):
        return L.APPLY
    return found
