from fractions import Fraction

from app.domain.question_draft import Hotspot, Parametric

from .authoring import (
    About,
    Number,
    choice_gap,
    cloze,
    flashcard,
    grid,
    hotspot,
    in_skill,
    matching,
    multiple,
    number_gap,
    numerical,
    one_of,
    ordering,
    parametric,
    rectangle,
    short,
    single,
    true_false,
)
from .drawings import DICE, SPINNER
from .figures import img
from .skills import PROBABILITY

_SICK_AND_POSITIVE = Fraction(1, 100) * Fraction(90, 100)
_WELL_AND_POSITIVE = Fraction(99, 100) * Fraction(5, 100)

QUESTIONS = in_skill(
    PROBABILITY,
    (
        single(
            "more-than-four",
            "A fair die is thrown once. What is the probability of more than 4?",
            r"\(\frac{1}{3}\)",
            {
                r"\(\frac{1}{2}\)": "4 itself is not more than 4.",
                r"\(\frac{1}{6}\)": "Two numbers are more than 4.",
                r"\(\frac{2}{4}\)": "All six numbers are possible outcomes.",
            },
            About(
                -1.9,
                r"Two of six equally likely outcomes, 5 and 6: \(\frac{2}{6} = \frac{1}{3}\).",
                hints=(("Which outcomes fit?"),),
                tags=("equally-likely",),
            ),
        ),
        numerical(
            "wheel-shows-one",
            img("spinner.png") + "The wheel is spun once. What is the probability that it stops at 1? Write a decimal.",
            Number(
                SPINNER.count("1") / len(SPINNER),
                slips={
                    0.25: "The numbers are not equally likely: count sectors, not numbers.",
                    4: "That is the number of sectors; a probability lies between 0 and 1.",
                },
            ),
            About(
                -1.7,
                r"Four of eight equal sectors show 1: \(\frac{4}{8} = 0.5\). The four numbers are not equally likely, "
                "but the eight sectors are.",
                hints=(("How many of the sectors show 1?"),),
                tags=("equally-likely", "misconception:equiprobability"),
            ),
        ),
        single(
            "wheel-even",
            img("spinner.png") + "What is the probability that the wheel stops at an even number?",
            r"\(\frac{3}{8}\)",
            {
                r"\(\frac{1}{2}\)": "Two of four numbers are even, but the numbers are not equally likely.",
                r"\(\frac{1}{4}\)": "The sector with 4 counts as well.",
                r"\(\frac{5}{8}\)": "That is the probability of an odd number.",
            },
            About(
                -1.0,
                r"Two sectors show 2 and one shows 4: three of eight.",
                hints=(("Which sectors show an even number?"),),
                tags=("equally-likely", "addition-rule"),
            ),
        ),
        numerical(
            "venn-sport",
            img("venn.png") + "One student of the class is chosen at random. What is the probability that this "
            "student does sport?",
            Number(
                15 / 30,
                slips={
                    0.3: "Those who do both sport and music do sport as well.",
                    0.68: "The 8 students outside the circles belong to the class too.",
                    15: "That is the number of students; divide it by the size of the class.",
                },
            ),
            About(
                -0.4,
                r"\(9 + 6 = 15\) of \(9 + 6 + 7 + 8 = 30\) students do sport: \(0.5\).",
                hints=(("How many students are there altogether?"),),
                tags=("venn",),
            ),
        ),
        single(
            "venn-condition",
            img("venn.png") + "A student who does sport is chosen at random. What is the probability that this "
            "student makes music too?",
            r"\(\frac{2}{5}\)",
            {
                r"\(\frac{1}{5}\)": "It is known that the student does sport, so the class of 30 is not the whole any "
                "more.",
                r"\(\frac{6}{13}\)": "You compared with those who make music.",
                r"\(\frac{2}{3}\)": "You compared with those who do only sport.",
            },
            About(
                0.5,
                r"Only the 15 who do sport are left to choose from, and 6 of them make music: \(\frac{6}{15} = "
                r"\frac{2}{5}\). A condition makes the whole smaller.",
                hints=(("Among how many students is the choice made?"),),
                tags=("conditional", "venn"),
            ),
        ),
        true_false(
            "coin-memory",
            "A fair coin has shown heads five times in a row. Tails is now more likely than heads.",
            About(
                -0.9,
                "The coin has no memory: each throw has the same probabilities as the first. In the long run shares "
                "even out because of the many throws to come, not because a surplus is paid back.",
                tags=("independence", "misconception:gambler"),
            ),
            truth=False,
        ),
        hotspot(
            "find-the-outcome",
            "Two dice are thrown. Columns belong to the blue die, rows to the orange die. Click the cell of the "
            "outcome: blue shows 5, orange shows 3.",
            Hotspot(image="dice-grid.png", shapes=(rectangle("blue 5, orange 3", DICE.pixel(4, 4), DICE.pixel(5, 3)),)),
            About(
                -1.4,
                "The table holds all 36 equally likely outcomes. Blue 5 and orange 3 is another cell than blue 3 and "
                "orange 5, although the sum is the same.",
                tags=("sample-space",),
            ),
        ),
        single(
            "most-likely-sum",
            "Two fair dice are thrown. Which sum is the most likely one, and with which probability?",
            r"7, with \(\frac{1}{6}\)",
            {
                r"7, with \(\frac{1}{11}\)": "The eleven sums are not equally likely.",
                "all sums are equally likely": "Only one outcome gives 2, but several give 7.",
                r"12, with \(\frac{1}{36}\)": "The probability is right, but 12 is among the least likely sums.",
            },
            About(
                0.2,
                r"Six of 36 outcomes give 7: 1+6, 2+5, 3+4, 4+3, 5+2, 6+1. Every other sum has fewer.",
                hints=(("Count the outcomes for a few sums."),),
                tags=("sample-space", "misconception:equiprobability"),
            ),
        ),
        ordering(
            "order-the-events",
            "A card is drawn from 20 cards with the numbers 1 to 20. Order the events from the least to the most "
            "likely.",
            ("a multiple of 6", "a square number", "a prime number", "an even number", "a number below 16"),
            About(
                0.1,
                "There are 3 multiples of 6, 4 squares (1, 4, 9, 16), 8 primes (2, 3, 5, 7, 11, 13, 17, 19), 10 even "
                "numbers and 15 numbers below 16.",
                hints=(("Count the cards of each event."),),
                tags=("equally-likely", "comparison"),
            ),
        ),
        matching(
            "three-coins",
            "A fair coin is thrown three times. Match each event with its probability.",
            {
                "three heads": r"\(\frac{1}{8}\)",
                "exactly one head": r"\(\frac{3}{8}\)",
                "at least one head": r"\(\frac{7}{8}\)",
                "heads in the first two throws": r"\(\frac{1}{4}\)",
            },
            About(
                0.3,
                "Of the eight outcomes HHH, HHT, ..., TTT one has three heads, three have exactly one, all but TTT "
                "have at least one. For the last event the third throw does not matter.",
                hints=(("List all eight outcomes."),),
                tags=("sample-space", "complement"),
            ),
            distractors=(r"\(\frac{1}{2}\)", r"\(\frac{3}{4}\)"),
        ),
        multiple(
            "independent-events",
            "Two dice, one blue and one orange, are thrown. Which pairs of events are independent? Select all that "
            "apply.",
            ("blue shows 6 / orange shows 6", "blue is even / the sum is even", "blue shows 3 / the sum is 7"),
            {
                "blue shows 6 / the sum is at least 10": "With blue 6 the sum is at least 10 in half of the cases, "
                "otherwise much more rarely.",
                "blue shows 1 / blue shows 2": "If one happens, the other cannot.",
            },
            About(
                2.0,
                "Independent means that knowing one does not change the probability of the other. The sum is 7 with "
                r"probability \(\frac{1}{6}\) whatever blue shows, and even with \(\frac{1}{2}\) whether blue is even "
                "or odd.",
                hints=(("Does knowing the first event change the chance of the second?"),),
                tags=("independence",),
            ),
        ),
        cloze(
            "draw-two-marbles",
            "A bag holds 3 red and 2 blue marbles. Two are drawn without putting the first back. The probability that "
            "the first is red is [[first]]; if it is, the second is red with probability [[second]]. So both are red "
            "with probability [[both]], because the probabilities along a path are [[rule]].",
            (
                number_gap("first", 3 / 5),
                number_gap("second", 2 / 4),
                number_gap("both", 3 / 5 * 2 / 4, 1e-9),
                choice_gap("rule", "multiplied", "added", "averaged"),
            ),
            About(
                0.0,
                r"After a red marble 2 of 4 left are red: \(\frac{3}{5} \cdot \frac{2}{4} = \frac{3}{10}\).",
                hints=(("How many marbles are left after the first draw?"),),
                tags=("tree", "without-replacement"),
            ),
        ),
        parametric(
            "expected-wins",
            "Each scratch card wins with probability {{p}} %. How many winning cards do you expect among {{n}} cards?",
            Parametric(
                variables=(grid("p", 4, 20, 2), grid("n", 50, 400, 50)), expression="n * p / 100", tolerance=0.001
            ),
            About(
                -1.2,
                "The expected number is the number of trials times the probability. It is a mean over many "
                "repetitions, not a promise.",
                tags=("expected-value",),
            ),
        ),
        parametric(
            "at-least-one-hit",
            "An archer hits with probability {{p}} % in each shot, independently. What is the probability of at least "
            "one hit in two shots? Write a decimal with four places.",
            Parametric(
                variables=(one_of("p", 20, 30, 40, 60, 70, 80),),
                expression="1 - (1 - p / 100) * (1 - p / 100)",
                tolerance=0.0001,
            ),
            About(
                0.7,
                "At least one hit is the opposite of two misses. The probability of two misses is a product; take it "
                "away from 1. Adding the two hit probabilities would count double hits twice.",
                hints=(("What is the opposite of at least one hit?"),),
                tags=("complement", "independence"),
            ),
        ),
        flashcard(
            "at-least-one",
            "How do you find the probability of at least one success in several independent trials?",
            "1 minus the probability that all trials fail; this one is a product.",
            About(
                0.4,
                "At least one success covers many cases, no success only one. The complement is the shorter way.",
                tags=("complement",),
            ),
        ),
        numerical(
            "codes-without-repetition",
            "How many four-digit codes, with 0 to 9 and leading zeros allowed, have four different digits?",
            Number(
                10 * 9 * 8 * 7,
                slips={
                    10000: "That counts codes with repeated digits as well.",
                    6561: "After each digit one fewer is left.",
                    210: "The order of the digits matters in a code.",
                },
            ),
            About(
                0.6,
                r"There are 10 choices for the first digit, then 9, 8 and 7: \(10 \cdot 9 \cdot 8 \cdot 7 = 5040\).",
                hints=(("How many digits are left for the second place?"),),
                tags=("counting",),
            ),
        ),
        single(
            "handshakes",
            "Six people meet, and everybody shakes hands with everybody else once. How many handshakes are there?",
            "15",
            {
                "30": "Every handshake was counted twice, once for each person.",
                "36": "Nobody shakes hands with oneself, and every handshake belongs to two people.",
                "12": "Each of the six shakes five hands.",
            },
            About(
                0.3,
                r"Each of 6 people shakes 5 hands, and every handshake is counted at both ends: \(\frac{6 \cdot 5}{2} "
                r"= 15\).",
                hints=(("How many hands does one person shake?"),),
                tags=("counting",),
            ),
        ),
        short(
            "all-outcomes",
            "What is the set of all possible outcomes of a random experiment called? (two words)",
            ("sample space", "the sample space", "outcome space"),
            About(
                -0.6,
                "Events are parts of it: throwing an even number is the part 2, 4, 6 of the six outcomes of a die.",
                tags=("vocabulary", "sample-space"),
            ),
        ),
        numerical(
            "fair-or-not",
            "A game costs 2 euros. You throw a die and win 10 euros for a six, otherwise nothing. What is your "
            "expected gain per game in euros, with the stake taken off? (A loss is negative; two decimal places.)",
            Number(
                round(10 / 6 - 2, 3),
                tolerance=0.01,
                slips={
                    1.67: "Take the stake off.",
                    8: "That is your gain if you win.",
                    0.33: "The expected payout is below the stake, so it is a loss.",
                },
            ),
            About(
                1.1,
                r"The expected payout is \(\frac{1}{6} \cdot 10 \approx 1.67\) euros, less than the stake of 2 euros: "
                "on average you lose 33 cents per game.",
                hints=(("What do you get on average for each throw?"),),
                tags=("expected-value",),
            ),
        ),
        true_false(
            "exclusive-and-independent",
            "Two events that cannot happen together, each with a positive probability, are independent.",
            About(
                1.5,
                "They are as dependent as can be: if one happens, the probability of the other drops to 0. "
                "Independence means that nothing changes.",
                hints=(("What do you know about the second event once the first has happened?"),),
                tags=("independence", "reasoning"),
            ),
            truth=False,
        ),
        single(
            "shared-birthday",
            "How many people have to be in a room so that it is more likely than not that two of them share a "
            "birthday? (365 equally likely days)",
            "23",
            {
                "183": "That is half of the days. But any two people may match, not only one of them with you.",
                "366": "From 366 on it is certain.",
                "50": "With 50 people the probability is already about 97 %.",
            },
            About(
                1.8,
                "What counts is the number of pairs: 23 people form 253 of them. The probability of no match is "
                r"\(\frac{365}{365} \cdot \frac{364}{365} \cdots \frac{343}{365} \approx 0.493\).",
                hints=(("How many pairs do the people form?"),),
                tags=("complement", "paradox"),
            ),
        ),
        numerical(
            "positive-test",
            "1 % of a population has a disease. A test is positive for 90 % of the ill and, wrongly, for 5 % of the "
            "healthy. Someone tests positive. With which probability is this person ill? Write a decimal with two "
            "places.",
            Number(
                round(float(_SICK_AND_POSITIVE / (_SICK_AND_POSITIVE + _WELL_AND_POSITIVE)), 4),
                tolerance=0.005,
                slips={
                    0.9: "That is the probability of a positive test if ill, not of being ill if the test is positive.",
                    0.01: "That is the probability before the test.",
                    0.95: "That says how often healthy people test negative.",
                },
            ),
            About(
                2.3,
                "Of 10 000 people 100 are ill, 90 of them positive; of the 9900 healthy 495 are positive. So 90 of "
                r"585 positives are ill: about \(0.15\). The disease is so rare that most positives come from healthy "
                "people.",
                hints=(("Imagine 10 000 people and count."), ("How many of the positives are healthy?")),
                tags=("conditional", "base-rate"),
            ),
        ),
    ),
)
