"""The language of a short text: by its script, and among Latin and Cyrillic languages by their commonest words.

Short words of grammar make up a third to a half of running text and differ from language to language (Grefenstette,
G. (1995). Comparing two language identification schemes); letters that only some languages have decide the rest.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Final

READ_CHARACTERS: Final = 4_000
LEAST_WORDS: Final = 2
_TEX: Final = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
_WORD: Final = re.compile(r"[^\W\d_]+")

_STOP_WORDS: Final = {
    "en": (
        "the of and to in is are was were what which who how many for that with from by this it be an "
        "does did do not has have you they when where why following between than as at or on"
    ),
    "de": (
        "der die das und ist in den von zu mit sich des auf für nicht ein eine einer eines welche welcher "
        "welches was wie viele wer wird werden sind hat im dem bei aus nach als auch wo wann warum an"
    ),
    "fr": (
        "le la les de des et est un une dans en du que qui quel quelle quels quelles pour pas sur par "
        "avec sont combien ce cette ces au aux il elle ne se où quand comment plus"
    ),
    "es": (
        "el la los las de del y es un una en que qué cuál cuáles quién por para con no se su al lo como "
        "cómo cuántos cuántas son está dónde cuándo entre más este esta"
    ),
    "it": (
        "il lo la gli le di del della dei delle e è un una in che quale quali chi per con non si da nel "
        "nella come quanti quante sono al alla dove quando perché più questo"
    ),
    "pt": (
        "o a os as de do da dos das e é um uma em no na que qual quais quem para com não se por como "
        "quantos quantas são ao à onde quando mais este esta foi pelo pela"
    ),
    "nl": (
        "de het een van en is in op te dat die wat welke wie hoe veel voor met niet zijn aan door er als "
        "ook bij uit om naar waar wanneer waarom deze dit worden wordt"
    ),
    "sv": (
        "och är en ett i på av som att det den vad vilken vilket vilka vem hur många för med inte till "
        "från om när var varför de har kan ska denna detta"
    ),
    "da": (
        "og er en et i på af som at det den hvad hvilken hvilket hvilke hvem hvor mange for med ikke til "
        "fra om når hvorfor de har kan skal denne dette"
    ),
    "pl": (
        "i w na z do jest to nie się że co jak który która które ile kto gdzie kiedy dlaczego są dla po "
        "od przez oraz jaki jaka jakie czy tego"
    ),
    "cs": (
        "a v na z do je to se že co jak který která které kolik kdo kde kdy proč jsou pro po od nebo není "
        "s ve ze tento tato"
    ),
    "tr": (
        "ve bir bu ne hangi hangisi nasıl kaç kim için ile değil mi mı da de olan olarak en daha nerede "
        "neden aşağıdakilerden kadar"
    ),
    "ru": (
        "и в на не что это с по как из который какой какая какие кто сколько где когда почему для от к а "
        "он она они является у или"
    ),
    "uk": "і в на не що це з по як який яка які хто скільки де коли чому для від до та він вона вони є у або",
    "bg": "и в на не че това с по как от който коя кое кои кой колко къде кога защо за до а той тя те е са или",
}  # fmt: skip
_OWN_LETTERS: Final = {
    "de": "ß", "es": "ñ¿¡", "pt": "ãõ", "fr": "œ", "pl": "łąęśźż", "cs": "řěů", "sv": "", "da": "øæ", "tr": "ğı",
    "ru": "ыэ", "uk": "їєґ", "bg": "",
}  # fmt: skip
_SCRIPTS: Final = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CJK": "zh", "ARABIC": "ar", "HEBREW": "he", "GREEK": "el",
    "THAI": "th", "DEVANAGARI": "hi", "BENGALI": "bn", "TAMIL": "ta", "GEORGIAN": "ka", "ARMENIAN": "hy",
}  # fmt: skip
_PROFILES: Final = {language: frozenset(words.split()) for language, words in _STOP_WORDS.items()}
_LETTER_WEIGHT: Final = 2.0


@dataclass(frozen=True, slots=True)
class Language:
    """A code of ISO 639-1, and the lead over the second best as a share of the best, from 0 to 1."""

    code: str
    confidence: float


def detect_language(text: str) -> Language | None:
    """None where there is too little to tell. TeX is left out; of a long text the beginning is read."""
    text = _TEX.sub(" ", text[:READ_CHARACTERS]).lower()
    script = _script_of(text)
    if script in {"LATIN", "CYRILLIC"}:
        return _by_words(text, cyrillic=script == "CYRILLIC")
    return Language(_SCRIPTS[script], 1.0) if script in _SCRIPTS else None


def _script_of(text: str) -> str:
    counts = Counter(unicodedata.name(each, "").partition(" ")[0] for each in text if each.isalpha())
    if counts["HIRAGANA"] + counts["KATAKANA"] > 0 and counts["CJK"] > 0:
        return "HIRAGANA"  # Japanese mixes its own signs with Chinese ones
    return max(counts, key=lambda name: counts[name]) if counts else ""


def _by_words(text: str, *, cyrillic: bool) -> Language | None:
    words = _WORD.findall(text)
    languages = [code for code in _PROFILES if (code in {"ru", "uk", "bg"}) is cyrillic]
    scores = {code: _score(text, words, code) for code in languages}
    best, second = sorted(scores, key=lambda code: -scores[code])[:2]
    if scores[best] == 0 or len(words) < LEAST_WORDS:
        return None
    return Language(best, (scores[best] - scores[second]) / scores[best])


def _score(text: str, words: list[str], language: str) -> float:
    letters = sum(text.count(letter) for letter in _OWN_LETTERS.get(language, ""))
    return sum(word in _PROFILES[language] for word in words) + _LETTER_WEIGHT * letters
