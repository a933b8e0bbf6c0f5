"""True and false in the words and letters of papers."""

import re

_WORDS = {
    "true": "false", "t": "f", "right": "wrong", "verdadero": "falso", "verdadeiro": "falso", "vero": "falso", "v": "f",
    "vrai": "faux", "richtig": "falsch", "wahr": "falsch", "r": "f", "waar": "onwaar", "верно": "неверно",
    "правда": "ложь", "prawda": "fałsz", "doğru": "yanlış", "صح": "خطأ", "对": "错", "正确": "错误", "√": "×",
}  # fmt: skip
_TRUTHS = dict.fromkeys(_WORDS, 0) | dict.fromkeys(_WORDS.values(), 1)
_PAIRS = "|".join(
    rf"{re.escape(yes)}\s*(?:/|\||or|and|o|ou|oder|of|или|lub|veya|أو)\s*{re.escape(no)}" for yes, no in _WORDS.items()
)
_BOXES = r"[☐□○◯]\s*(?:true|t)\s*[☐□○◯]\s*(?:false|f)"
_SECTION = re.compile(rf"[\W_]*(?:(?:section|part|teil)\s+\w{{1,4}}\W+)?(?:{_PAIRS}|判断)(?!\w)", re.IGNORECASE)
_SHORT_PAIRS = re.compile(r"[\W_]*[tvr]\s*[/|]", re.IGNORECASE)
_MARKER = re.compile(
    rf"^\W*(?:state\s+whether\s+)?(?:{_PAIRS})(?!\w)\W*\s*[:.–—-]?\s*"
    rf"|\s*[\[(]?\s*(?<!\w)(?:{_PAIRS}|{_BOXES})\s*[\])]?\s*[?.]?\s*$|\s+T\s+F\s*$",
    re.IGNORECASE,
)


def truth_of(text: str) -> int | None:
    """0 for true, 1 for false, None for anything else."""
    return _TRUTHS.get(text.strip(" .()[]").casefold())


def truth_marker(stem: str) -> re.Match[str] | None:
    """What asks for true or false before or after a statement."""
    return _MARKER.search(stem)


def asks_for_truths(heading: str) -> bool:
    """Whether the questions below a heading are statements, each true or false."""
    return _SECTION.match(heading) is not None and _SHORT_PAIRS.match(heading) is None
