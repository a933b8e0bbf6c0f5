"""What a text says in words, numbers and negations: English, German, Spanish and French."""

import re
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

_TOKEN: Final = re.compile(
    r"""
    ((?<![^\W_]) [-−]? \d+ (?:[.,]\d+)* | \d+ (?:[.,]\d+)*)
    | ([^\W\d_]+ (?:'[^\W\d_]+)*)
    | ([+×÷*/=<>≤≥≠±^√%∞∫∑∈∉⊂∪∩∧∨¬→⇒] | (?<=\s)[-−–](?=\s) | (?<=\d)[-−–](?=\d))
    """,
    re.VERBOSE,
)
_ROMAN: Final = re.compile(r"(?=[ivxlcdm]{2})m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_SEPARATED: Final = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")

_UNCONTRACTED: Final = {"can't": "can", "won't": "will", "shan't": "shall"}
_NEGATING: Final = """
    not no never none nor neither nobody nothing nowhere cannot without except excluding false falsely incorrect
    incorrectly untrue wrong invalid
    nicht kein keine keinen keinem keiner keines nie niemals niemand nichts nirgends weder ohne außer ausser falsch
    falsche falschen falscher falsches unwahr unrichtig inkorrekt
    nunca jamás nadie nada ningún ninguno ninguna ningunos ningunas ni sin tampoco excepto salvo incorrecto incorrecta
    incorrectos incorrectas falso falsa falsos falsas
    non ne pas jamais rien aucun aucune sans sauf hormis faux fausse fausses incorrecte incorrects incorrectes nul nulle
    """
_NEGATIONS: Final = frozenset(_NEGATING.split())
_NUMBER_WORDS: Final = {
    word: value
    for value, words in {
        "0": "zero null cero zéro",
        "2": "two second zwei zweite zweiten zweiter zweites dos segundo segunda deux deuxième seconde",
        "3": "three third drei dritte dritten dritter drittes tres tercero tercera tercer trois troisième",
        "4": "four fourth vier vierte vierten vierter viertes cuatro cuarto cuarta quatre quatrième",
        "5": "five fifth fünf fünfte fünften fünfter fünftes cinco quinto quinta cinq cinquième",
        "6": "six sixth sechs sechste sechsten seis sexto sexta sixième",
        "7": "seven seventh sieben siebte siebten siete séptimo séptima sept septième",
        "8": "eight eighth acht achte achten ocho octavo octava huit huitième",
        "9": "nine ninth neun neunte neunten nueve noveno novena neuf neuvième",
        "10": "ten tenth zehn zehnte zehnten diez décimo décima dix dixième",
        "11": "eleven eleventh elf elfte elften once onze onzième",
        "12": "twelve twelfth zwölf zwölfte zwölften doce douze douzième",
        "20": "twenty zwanzig veinte vingt",
        "30": "thirty dreißig treinta trente",
        "40": "forty vierzig cuarenta quarante",
        "50": "fifty fünfzig cincuenta cinquante",
        "60": "sixty sechzig sesenta soixante",
        "70": "seventy siebzig setenta",
        "80": "eighty achtzig ochenta",
        "90": "ninety neunzig noventa",
        "100": "hundred hundert cien ciento cent",
        "1000": "thousand tausend mil mille",
        "1000000": "million millionen millón millones millions",
        "1st": "first erste ersten erster erstes primero primera primer premier première",
        "1/2": "half halb halbe halben medio media demi moitié",
    }.items()
    for word in words.split()
}
_JOINING: Final = """
    a an the of in on at to by for from with as is are was were be been being do does did has have had can could will
    would should may might this that these those it its which what who whom whose when where how there here and or
    following s
    der die das den dem des ein eine einen einem einer eines von vom im am zu zum zur bei für mit als ist sind war
    waren wird werden wurde wurden hat haben hatte kann dieser diese dieses es welche welcher welches welchen was wer
    wen wem wann wo wie und oder folgenden folgende
    el la los las lo un una unos unas de del en al por para con como es son era eran fue fueron ser está están ha han
    este esta estos estas qué cuál cuáles quién cuándo dónde cómo que y o e u siguientes siguiente se su
    le les une du au aux par pour avec comme est sont était étaient a ont ce cet cette ces quel quelle quels quelles
    qui quand où comment et ou suivants suivantes suivante il elle l d s c qu
    """
FUNCTION_WORDS: Final = frozenset(_JOINING.split())
UNINFORMATIVE_ANSWERS: Final = frozenset(
    {"true", "false", "yes", "no", "wahr", "falsch", "richtig", "ja", "nein", "verdadero", "falso", "sí", "vrai",
     "faux", "oui", "non", "all of the above", "none of the above", "both", "neither", "alle", "keine", "a", "b", "c",
     "d"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """`folded` is the text without case and punctuation; `figures` are its numbers and signs in their order."""

    folded: str
    words: frozenset[str]
    figures: tuple[str, ...]
    negations: int


def wording_of(text: str) -> Wording:
    folded = text.lower() if text.isascii() else normalize("NFKC", text).casefold().replace("’", "'")
    words: list[str] = []
    figures: list[str] = []
    negations = 0
    for number, word, sign in _TOKEN.findall(folded):
        if word:
            for part in _parts(word) if "'" in word else (word,):
                words.append(part)
                negations += part in _NEGATIONS
                if figure := _figure_of_word(part):
                    figures.append(figure)
        elif number:
            figures.append(_SEPARATED.sub("", number).replace(",", ".").replace("−", "-"))
            words.append(figures[-1])
        else:
            figures.append("-" if sign in "−–" else sign)
    return Wording(" ".join(words), frozenset(words), tuple(figures), negations)


def _parts(word: str) -> list[str]:
    """`isn't` is `is not`, `l'eau` is two words."""
    if word.endswith("n't"):
        return [_UNCONTRACTED.get(word, word[:-3]), "not"]
    first, *others = word.split("'")
    return ["ne" if first == "n" else first, *others]


def _figure_of_word(word: str) -> str:
    return _NUMBER_WORDS.get(word) or (word if _ROMAN.fullmatch(word) else "")
