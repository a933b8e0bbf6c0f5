"""A bank of questions that look alike, and searches of four kinds with the question each is after."""

from dataclasses import dataclass

from tests.factories.planted_pairs import fact_lines

# What somebody may type who remembers the thing and not the words, in the order of the facts.
_MEANINGS = """
seat of government in Ulan Bator's country
biggest world orbiting the Sun
what leaves breathe in to make sugar
playwright of the story about the Danish prince
when does liquid turn into steam by the coast
origin of erythrocytes
stream passing the Egyptian metropolis
scientist behind inertia and action equals reaction
artist of the bombed Basque town
money used in Tokyo
biggest part of the skeleton, in the thigh
abbreviation for a precious yellow metal in the periodic table
date when divided Germany's barrier came down
gland that regulates blood sugar
who first patented a device for speaking over wires
lowest integer divisible only by itself and one
sea around Honolulu
tongue spoken in Rio de Janeiro
musician who created a work about a prisoner freed by his wife
toughest gemstone, scratches everything
how pushing and pulling is measured, SI
town of gondolas
writer of a play about a scholar's pact with the devil
celestial body surrounded by ice bands
pea experiments and heredity pioneer
vast sandy wilderness in northern part of a continent
edges of a honeycomb shape
narrow water between Morocco and Spain
nutrient produced by sunbathing
twin raised by a wolf who started an empire's city
what makes party decorations float
main town of a country with safaris in East Africa
cavities in the organ that pumps blood
when did fighting stop in 1940s Europe
flightless fast-running feathered giant
element in old thermometers that flows
volcano sacred near Tokyo
cords on a fiddle
organelle that makes energy
ruler of the Nile loved by a Roman general
""".strip().splitlines()

_COUNTRIES = "Peru;Chile;Norway;Sweden;Finland;Poland;Egypt;Nigeria;Ghana;Thailand;Vietnam;Canada;Mexico;Cuba;Greece"
_BOOKS = "Ulysses;Emma;Dracula;Moby Dick;Don Quixote;War and Peace;The Trial;Candide;The Odyssey;Middlemarch"
_ELEMENTS = "silver;iron;copper;lead;tin;sodium;potassium;calcium;carbon;oxygen;nitrogen;helium;neon;zinc;nickel"
_PRODUCTS = "bile;urine;adrenaline;saliva;gastric acid;thyroxine;white blood cells;platelets;antibodies;tears"


@dataclass(frozen=True, slots=True)
class LabelledSearch:
    """`wanted` is the place of the question in the bank."""

    text: str
    kind: str
    wanted: int


def bank_stems() -> list[str]:
    """The facts first, then questions that are easily taken for them."""
    return [
        *(fact[1] for fact in fact_lines()),
        *(f"What is the capital of {name}?" for name in _COUNTRIES.split(";")),
        *(f"Who wrote the book {name}?" for name in _BOOKS.split(";")),
        *(f"What is the chemical symbol of {name}?" for name in _ELEMENTS.split(";")),
        *(f"Which organ of the body produces {name}?" for name in _PRODUCTS.split(";")),
    ]


def labelled_searches() -> list[LabelledSearch]:
    """160: by keywords, by words in another order, with a misspelling, and by meaning alone."""
    found: list[LabelledSearch] = []
    for place, (fact, meaning) in enumerate(zip(fact_lines(), _MEANINGS, strict=True)):
        words = [word.strip("?,.") for word in fact[1].split() if len(word) > 3]
        found += [
            LabelledSearch(fact[0], "keywords", place),
            LabelledSearch(" ".join(sorted(words, reverse=True)), "words", place),
            LabelledSearch(_misspelt(words), "misspelt", place),
            LabelledSearch(meaning, "meaning", place),
        ]
    return found


def _misspelt(words: list[str]) -> str:
    """The longest word lacks its third letter."""
    longest = max(words, key=len)
    return " ".join(word[:2] + word[3:] if word == longest else word for word in words[-4:] if word) or longest
