"""Pairs of questions with what they are to each other: planted duplicates, contradicting keys, and traps."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.enums import QuestionType
from app.domain.question_draft import Answer, Option, QuestionDraft
from app.domain.question_pairs import PairKind


@dataclass(frozen=True, slots=True)
class PlantedPair:
    """`kind` is None for a trap: two questions that look alike and both may stay."""

    first: QuestionDraft
    second: QuestionDraft
    kind: PairKind | None
    why: str


# Subject of a question, its question, right answer, three wrong ones, and the same question in other words.
_FACTS = """
capital of Mongolia|What is the capital of Mongolia?|Ulaanbaatar|Astana;Bishkek;Tashkent
largest planet|Which planet is the largest in the Solar System?|Jupiter|Saturn;Neptune;Earth
photosynthesis gas|Which gas do plants take up during photosynthesis?|Carbon dioxide|Oxygen;Nitrogen;Hydrogen
author of Hamlet|Who wrote the tragedy Hamlet?|William Shakespeare|Christopher Marlowe;John Milton;Ben Jonson
boiling water|At which temperature does water boil at sea level?|100 degrees|90 degrees;80 degrees
red blood cells|Where in the body are red blood cells made?|Bone marrow|Liver;Spleen;Heart
river of Cairo|Which river flows through Cairo?|The Nile|The Congo;The Niger;The Zambezi
first law|Which physicist formulated the three laws of motion?|Isaac Newton|Albert Einstein;Galileo Galilei;Niels Bohr
painter of Guernica|Who painted the picture Guernica?|Pablo Picasso|Salvador Dali;Joan Miro;Francisco Goya
currency of Japan|What is the currency of Japan called?|Yen|Won;Yuan;Baht
longest bone|What is the longest bone in the human body?|Femur|Tibia;Humerus;Radius
symbol of gold|What is the chemical symbol of gold?|Au|Ag;Go;Gd
fall of the wall|In which year did the Berlin Wall fall?|1989|1987;1991;1961
organ of insulin|Which organ of the body produces insulin?|Pancreas|Liver;Kidney;Stomach
inventor of telephone|Who is credited with inventing the telephone?|Alexander Graham Bell|Thomas Edison;Nikola Tesla
smallest prime|What is the smallest prime number?|Two|One;Three;Zero
ocean of Hawaii|In which ocean do the islands of Hawaii lie?|Pacific Ocean|Atlantic Ocean;Indian Ocean;Arctic Ocean
language of Brazil|Which language do most people in Brazil speak?|Portuguese|Spanish;French;Italian
composer of Fidelio|Who composed the opera Fidelio?|Ludwig van Beethoven|Joseph Haydn;Franz Schubert
hardest mineral|What is the hardest natural mineral?|Diamond|Quartz;Topaz;Corundum
unit of force|What is the unit of force in the international system?|Newton|Joule;Watt;Pascal
city of canals|Which Italian city is famous for its canals?|Venice|Florence;Verona;Naples
author of Faust|Which German poet wrote the drama Faust?|Johann Wolfgang von Goethe|Friedrich Schiller;Heinrich Heine
planet with rings|Which planet is best known for its bright rings?|Saturn|Mars;Venus;Mercury
father of genetics|Which monk is called the father of genetics?|Gregor Mendel|Charles Darwin;Louis Pasteur;Robert Koch
largest desert|What is the largest hot desert on Earth?|Sahara|Gobi;Kalahari;Atacama
sides of hexagon|How many sides does a hexagon have?|Six|Five;Seven;Eight
strait of Africa|Which strait separates Africa from Europe?|Strait of Gibraltar|Bosporus;Strait of Hormuz
vitamin of sun|Which vitamin does the skin make in sunlight?|Vitamin D|Vitamin A;Vitamin C;Vitamin K
founder of Rome|Who according to legend was the founder of Rome?|Romulus|Aeneas;Caesar;Numa
gas of balloons|Which light gas is used to fill party balloons?|Helium|Neon;Argon;Methane
capital of Kenya|What is the capital city of Kenya?|Nairobi|Kampala;Kigali;Dodoma
human heart|How many chambers does the human heart have?|Four|Two;Three;Five
end of the war|In which year did the Second World War end?|1945|1939;1918;1950
bird that cannot fly|Which large bird of Africa cannot fly?|Ostrich|Eagle;Stork;Flamingo
metal that is liquid|Which metal is liquid at room temperature?|Mercury|Iron;Lead;Tin
mountain of Japan|What is the highest mountain of Japan?|Mount Fuji|Mount Aso;Mount Kita;Mount Tate
number of strings|How many strings does a violin have?|Four strings|Five strings;Six strings;Three strings
cell power|Which part of the cell is called its powerhouse?|Mitochondrion|Nucleus;Ribosome;Vacuole
queen of Egypt|Which queen of Egypt was an ally of Julius Caesar?|Cleopatra|Nefertiti;Hatshepsut;Berenice
""".strip()

_TRAPS = """
How many sides does a hexagon have?|Six|How many sides does an octagon have?|Eight
What is 12 times 7?|84|What is 12 times 8?|96
In which year did the First World War begin?|1914|In which year did the Second World War begin?|1939
Which of these animals is a mammal?|Whale|Which of these animals is not a mammal?|Shark
What is the capital of Austria?|Vienna|What is the capital of Australia?|Canberra
Which gas do plants take up?|Carbon dioxide|Which gas do plants give off?|Oxygen
What is the square root of 144?|12|What is the square root of 169?|13
Which planet is closest to the Sun?|Mercury|Which planet is farthest from the Sun?|Neptune
How many legs does an insect have?|Six|How many legs does a spider have?|Eight
Which of the following numbers is even?|Four|Which of the following numbers is uneven?|Three
What is the boiling point of water in degrees Celsius?|100|What is the freezing point of water in degrees Celsius?|0
Who was the first president of the United States?|Washington|Who was the third president of the United States?|Jefferson
Solve 3x + 5 = 20 for x.|5|Solve 3x - 5 = 10 for x, then double it.|10
What is 15 percent of 200?|30|What is 25 percent of 200?|50
Which acid is found in vinegar?|Acetic acid|Which acid is found in lemons?|Citric acid
What is the plural of mouse?|Mice|What is the plural of goose?|Geese
Which statement about enzymes is true?|They are catalysts|Which statement about enzymes is false?|They are minerals
What is the largest ocean?|Pacific|What is the smallest ocean?|Arctic
What does a barometer measure?|Air pressure|What does a hygrometer measure?|Humidity
Which king of France was beheaded?|Louis XVI|Which king of England was beheaded?|Charles I
""".strip()


def fact_lines() -> list[list[str]]:
    """Topic, question, right answer, and wrong answers."""
    return [line.split("|") for line in _FACTS.splitlines()]


def planted_pairs() -> list[PlantedPair]:
    """200 pairs: 80 duplicates, 40 contradicting keys, 80 traps."""
    facts = fact_lines()
    duplicates = [pair for place, fact in enumerate(facts) for pair in _duplicates(place, *fact)]
    conflicts = [_conflict(*fact) for fact in facts]
    traps = [trap for line in _TRAPS.splitlines() for trap in _traps(*line.split("|"))]
    return [*duplicates, *conflicts, *traps]


def _choice(stem: str, right: str, wrong: list[str]) -> QuestionDraft:
    options = (Option(id="a", html=right, weight=1.0), *(Option(id=f"w{n}", html=each) for n, each in enumerate(wrong)))
    return QuestionDraft(type=QuestionType.SINGLE_CHOICE, stem=stem, options=options)


def _typed(stem: str, answer: str) -> QuestionDraft:
    return QuestionDraft(type=QuestionType.SHORT_ANSWER, stem=stem, answers=(Answer(value=answer),))


def _duplicates(place: int, name: str, stem: str, right: str, wrong: str) -> Iterator[PlantedPair]:
    """Two ways of saying it again, others for each fact."""
    first = _choice(stem, right, wrong.split(";"))
    bare = stem.removesuffix("?")
    ways = [
        (f"{bare} ?", "space"),
        (f"{bare}:", "punctuation"),
        (f"<p><b>{stem}</b></p>", "markup"),
        (stem.upper(), "capitals"),
        (f"{stem} {stem}", "repeated"),
        (stem.replace(" the ", " "), "article"),
        (f"{bare[0].lower()}{bare[1:]}…", "small letter"),
        (f"{_misspelt(stem)}", "misspelt"),
    ]
    for step in (place % len(ways), (place + 3) % len(ways)):
        again, why = ways[step]
        draft = _choice(again, right, wrong.split(";")[:0:-1]) if step % 2 else _typed(again, right)
        yield PlantedPair(first, draft, PairKind.NEAR_DUPLICATE, f"{name}: {why}")


def _misspelt(stem: str) -> str:
    """Two letters of the longest word change places."""
    word = max(stem.rstrip("?").split(), key=len)
    return stem.replace(word, word[:3] + word[4] + word[3] + word[5:]) if len(word) > 6 else stem.replace("?", " ??")


def _conflict(name: str, stem: str, right: str, wrong: str) -> PlantedPair:
    """The same question, where a wrong answer is keyed as right."""
    false, *others = wrong.split(";")
    first = _choice(stem, right, [false, *others])
    second = _choice(stem.removesuffix("?") + " ?", false, [right, *others])
    return PlantedPair(first, second, PairKind.KEY_CONFLICT, name)


def _traps(stem: str, right: str, other_stem: str, other_right: str) -> Iterator[PlantedPair]:
    """Another number, a negation, another thing; as choices among the same options and as typed answers."""
    wrong = ["None of these", "All of these"]
    yield PlantedPair(
        _choice(stem, right, [other_right, *wrong]), _choice(other_stem, other_right, [right, *wrong]), None, stem
    )
    yield PlantedPair(_typed(stem, right), _typed(other_stem, other_right), None, stem)
    yield PlantedPair(_choice(stem, right, wrong), _typed(other_stem, other_right), None, stem)
    generic = f"Which of these is right? ({stem[:24]})" if len(stem) < 10 else "Which of the following is right?"
    yield PlantedPair(
        _choice(generic, right, [f"not {right}", "Nothing"]),
        _choice(generic, other_right, [f"hardly {other_right}", "Anything"]),
        None,
        "options make the question",
    )
