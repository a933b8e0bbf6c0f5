from app.domain.question_draft import Parametric

from .authoring import (
    About,
    Number,
    choice_gap,
    cloze,
    flashcard,
    grid,
    in_skill,
    matching,
    multiple,
    number_gap,
    numerical,
    ordering,
    parametric,
    short,
    single,
    true_false,
)
from .figures import img
from .skills import POWERS

QUESTIONS = in_skill(
    POWERS,
    (
        single(
            "product-of-powers",
            r"Which power equals \(2^3 \cdot 2^4\)?",
            r"\(2^7\)",
            {
                r"\(2^{12}\)": r"Exponents are multiplied in \((2^3)^4\), not here.",
                r"\(4^7\)": "The base stays 2: only the number of factors changes.",
                r"\(4^{12}\)": "Neither the bases nor the exponents are multiplied.",
            },
            About(
                -1.7,
                r"Three factors 2 and four more factors 2 make seven factors 2: \(2^{3+4} = 2^7\).",
                hints=("Write both powers as products.",),
                tags=("exponent-laws",),
            ),
        ),
        single(
            "minus-three-squared",
            r"What is \(-3^2\)?",
            r"\(-9\)",
            {
                r"\(9\)": r"That is \((-3)^2\). Without brackets the exponent belongs to the 3 alone.",
                r"\(-6\)": "The exponent counts factors; it is not a factor.",
                r"\(6\)": "The exponent counts factors; it is not a factor.",
            },
            About(
                -0.4,
                r"Powers come before the sign: \(-3^2 = -(3 \cdot 3) = -9\). Brackets would make the minus sign part "
                "of the base.",
                hints=("What does the exponent stand next to?",),
                tags=("misconception:sign-in-base", "order-of-operations"),
            ),
        ),
        matching(
            "special-exponents",
            "Match each power with its value.",
            {
                r"\(2^{-3}\)": r"\(\frac{1}{8}\)",
                r"\(8^{\frac{1}{3}}\)": r"\(2\)",
                r"\(5^0\)": r"\(1\)",
                r"\(9^{\frac{1}{2}}\)": r"\(3\)",
            },
            About(
                0.5,
                "A negative exponent means the reciprocal, a fractional one a root: both are the only values with "
                r"which \(a^m \cdot a^n = a^{m+n}\) stays true, for example \(9^{\frac{1}{2}} \cdot 9^{\frac{1}{2}} = "
                r"9^1\).",
                hints=((r"Which number times itself is \(9^{\frac12} \cdot 9^{\frac12} = 9\)?"),),
                tags=("exponent-laws", "negative-exponents"),
            ),
            distractors=(r"\(-8\)", r"\(0\)", r"\(4.5\)"),
        ),
        ordering(
            "order-powers",
            "Order these powers and the root by their values, smallest first.",
            (r"\(\sqrt{400}\)", r"\(5^2\)", r"\(3^3\)", r"\(2^5\)", r"\(4^3\)"),
            About(
                -0.8,
                r"The values are \(20, 25, 27, 32, 64\). Swapping base and exponent usually changes the value: \(2^5 = "
                r"32\), but \(5^2 = 25\).",
                tags=("comparison",),
            ),
        ),
        numerical(
            "big-product",
            r"What is \((3 \cdot 10^4) \cdot (2 \cdot 10^3)\)? Write the number without a power.",
            Number(
                3 * 10**4 * 2 * 10**3,
                slips={
                    6 * 10**12: "The exponents of the tens are added, not multiplied.",
                    5 * 10**7: "The numbers in front are multiplied, not added.",
                },
            ),
            About(
                -0.6,
                r"Multiply the numbers and the tens separately: \(3 \cdot 2 = 6\) and \(10^4 \cdot 10^3 = 10^7\). The "
                r"result is \(60\,000\,000\).",
                hints=("Put the tens together.",),
                tags=("scientific-notation", "exponent-laws"),
            ),
        ),
        true_false(
            "root-of-a-sum",
            r"For all positive numbers, \(\sqrt{a + b} = \sqrt{a} + \sqrt{b}\).",
            About(
                -0.3,
                r"With \(a = 9\) and \(b = 16\) the left side is \(5\), the right side \(3 + 4 = 7\). Roots may be "
                "split over products, never over sums.",
                hints=("Test it with two square numbers.",),
                tags=("roots", "misconception:linear-root"),
            ),
            truth=False,
        ),
        single(
            "side-of-a-tilted-square",
            img("tilted-square.png") + "Each cell of the grid is 1 cm wide. How long is the side of the tilted square?",
            r"\(\sqrt{5}\) cm",
            {
                r"\(2\) cm": "The side is the slanted line, longer than the 2 cells it spans.",
                r"\(3\) cm": "That is the side of the grid.",
                r"\(\sqrt{3}\) cm": "Calculate the area first: the grid minus four triangles.",
            },
            About(
                1.0,
                r"The grid has \(9\,\text{cm}^2\); four triangles of \(1\,\text{cm}^2\) lie outside the square, so its "
                r"area is \(5\,\text{cm}^2\) and its side \(\sqrt{5}\) cm. Roots appear as lengths as soon as a square "
                "is tilted.",
                hints=("How large is the area of the square?", "Subtract the four triangles from the grid."),
                tags=("roots", "area"),
                also=("geometry",),
            ),
        ),
        multiple(
            "same-as-root-72",
            r"Which of these equal \(\sqrt{72}\)? Select all that apply.",
            (r"\(6\sqrt{2}\)", r"\(3\sqrt{8}\)", r"\(72^{\frac{1}{2}}\)"),
            {
                r"\(36\)": "Half of 72 is not its root.",
                r"\(\sqrt{36} + \sqrt{36}\)": "This is 12; roots must not be split over a sum.",
            },
            About(
                0.6,
                r"\(\sqrt{72} = \sqrt{36 \cdot 2} = 6\sqrt{2}\), and \(3\sqrt{8} = 3 \cdot 2\sqrt{2}\). A root may be "
                "split over a product.",
                hints=("Which square numbers divide 72?",),
                tags=("roots",),
            ),
        ),
        short(
            "name-of-the-exponent-half",
            r"For a positive number \(x\), what is \(x^{\frac{1}{2}}\) called?",
            ("square root", "the square root", "square root of x", "the square root of x", "root"),
            About(
                -0.2,
                r"Its square is \(x^{\frac{1}{2} + \frac{1}{2}} = x\), and the positive number whose square is \(x\) "
                "is the square root.",
                hints=("What happens when you multiply it by itself?",),
                tags=("vocabulary", "roots"),
            ),
        ),
        cloze(
            "standard-form",
            r"A hair is about 0.00008 m thick. In scientific notation this is [[mantissa]] \(\cdot\, 10^n\) m with \(n "
            r"=\) [[exponent]]. The exponent is [[sign]] because the number is smaller than 1.",
            (number_gap("mantissa", 8), number_gap("exponent", -5), choice_gap("sign", "negative", "positive", "zero")),
            About(
                0.1,
                r"The point moves five places to the right to give 8, so \(0.00008 = 8 \cdot 10^{-5}\). Each step "
                "stands for a division by 10.",
                hints=("How many places does the decimal point have to move?",),
                tags=("scientific-notation", "negative-exponents"),
            ),
        ),
        parametric(
            "square-plus-cube",
            r"Calculate \({{a}}^2 + {{b}}^3\).",
            Parametric(variables=(grid("a", 6, 15), grid("b", 2, 5)), expression="a * a + b * b * b"),
            About(
                -1.9,
                "Each power is calculated on its own before the sum. Multiplying base and exponent is the usual slip.",
                tags=("calculation",),
            ),
        ),
        parametric(
            "folded-paper",
            "A sheet of paper is 0.1 mm thick. How thick, in millimetres, is the stack after folding it in half {{n}} "
            "times?",
            Parametric(variables=(grid("n", 4, 10),), expression="0.1 * 2 ** n", tolerance=0.001),
            About(
                0.2,
                "Every fold doubles the thickness, so the first thickness is multiplied by 2 as often as there are "
                "folds. After 42 folds the stack would reach beyond the moon.",
                hints=("What does one fold do to the thickness?",),
                tags=("exponential-growth", "word-problem"),
            ),
        ),
        flashcard(
            "power-zero",
            r"Why is \(a^0 = 1\) for every \(a \ne 0\)?",
            r"Because \(a^0 \cdot a^n = a^{0+n} = a^n\): multiplying by \(a^0\) must change nothing, and only 1 does "
            "that.",
            About(
                0.4,
                r"The list \(2^3, 2^2, 2^1\) shows the same: each step down divides by 2, so \(2^0\) is \(2 \div 2 = "
                r"1\).",
                tags=("exponent-laws", "reasoning"),
            ),
        ),
        numerical(
            "edge-of-a-cube",
            r"A cube has a volume of \(343\,\text{cm}^3\). How many centimetres long is its edge?",
            Number(7, slips={114.33: "The volume is the third power of the edge, not three times the edge."}),
            About(
                -0.7,
                r"The edge is the number whose third power is 343: \(7^3 = 7 \cdot 7 \cdot 7 = 343\).",
                hints=("Try whole numbers: which one cubed gives 343?",),
                tags=("roots", "volume"),
            ),
        ),
        single(
            "locate-a-root",
            r"Between which two consecutive whole numbers does \(\sqrt{50}\) lie?",
            "7 and 8",
            {
                "24 and 26": "That is half of 50.",
                "6 and 7": r"\(7^2 = 49\) is still smaller than 50.",
                "5 and 6": r"\(6^2 = 36\) only.",
            },
            About(
                -1.3,
                r"\(7^2 = 49\) and \(8^2 = 64\), and 50 lies in between, quite close to 49.",
                hints=("Compare with square numbers.",),
                tags=("roots", "estimation"),
            ),
        ),
        true_false(
            "two-to-the-ten",
            r"\(2^{10}\) is larger than \(10^3\).",
            About(
                -1.1,
                r"\(2^{10} = 1024\) and \(10^3 = 1000\). The two are so close that computer science calls both a kilo.",
                tags=("comparison",),
            ),
            truth=True,
        ),
        single(
            "sum-of-powers",
            r"What is \(10^5 + 10^5\)?",
            r"\(2 \cdot 10^5\)",
            {
                r"\(10^{10}\)": "Exponents are added when powers are multiplied, not when they are added.",
                r"\(20^5\)": "The base of a sum does not add up.",
                r"\(20^{10}\)": "Neither bases nor exponents are added here.",
            },
            About(
                -0.1,
                "One hundred thousand plus one hundred thousand are two hundred thousand. There is no law that joins "
                "powers in a sum; they can only be counted.",
                hints=("Write the numbers without powers.",),
                tags=("exponent-laws", "misconception:add-exponents"),
            ),
        ),
        numerical(
            "bacteria",
            "A culture starts with one bacterium, and every 20 minutes each bacterium divides into two. How many are "
            "there after 3 hours?",
            Number(
                2 ** (180 // 20),
                slips={
                    18: "Doubling nine times is not the same as multiplying by 2 and by 9.",
                    8: "There are three divisions in each hour.",
                },
            ),
            About(
                0.3,
                r"Three hours hold \(180 \div 20 = 9\) divisions, and each doubles the number: \(2^9 = 512\).",
                hints=("How many divisions happen in 3 hours?",),
                tags=("exponential-growth", "word-problem"),
            ),
        ),
        single(
            "rationalise",
            r"Which term equals \(\frac{6}{\sqrt{3}}\)?",
            r"\(2\sqrt{3}\)",
            {
                r"\(\sqrt{2}\)": "6 is not under the root.",
                r"\(6\sqrt{3}\)": "Dividing by a root is not multiplying by it.",
                r"\(\sqrt{12} - 1\)": r"\(\sqrt{12}\) alone is the value; nothing is subtracted.",
            },
            About(
                1.2,
                r"Multiply top and bottom by \(\sqrt{3}\): \(\frac{6\sqrt{3}}{3} = 2\sqrt{3}\). The value stays, but "
                "the root has left the denominator.",
                hints=(r"What is \(\sqrt{3} \cdot \sqrt{3}\)?",),
                tags=("roots",),
            ),
        ),
        numerical(
            "last-digit",
            r"Which digit stands last in \(7^{2026}\)?",
            Number(
                pow(7, 2026, 10),
                slips={
                    7: r"Look at how the last digits repeat.",
                    1: r"\(7^{2024}\) ends in 1; two more factors follow.",
                },
            ),
            About(
                2.0,
                r"The last digits repeat every four steps: \(7, 9, 3, 1, 7, 9, \dots\) Since \(2026 = 4 \cdot 506 + "
                r"2\), the last digit is that of \(7^2\): 9.",
                hints=(
                    "Write down the last digits of the first few powers.",
                    "What is the remainder of 2026 divided by 4?",
                ),
                tags=("pattern", "divisibility"),
                also=("integers",),
            ),
        ),
        multiple(
            "irrational-or-not",
            "Which of these numbers are irrational? Select all that apply.",
            (r"\(\sqrt{8}\)", r"\(\pi\)", r"\(\sqrt{2} + 1\)"),
            {
                r"\(\sqrt{\frac{49}{4}}\)": r"This is \(\frac{7}{2}\).",
                r"\(\sqrt{2} \cdot \sqrt{8}\)": r"This is \(\sqrt{16} = 4\).",
                r"\(0.121212\dots\)": r"A repeating decimal is a fraction: \(\frac{12}{99}\).",
            },
            About(
                1.8,
                "A root of a whole number is irrational unless it comes out whole. Adding 1 does not help, but a "
                r"product of two irrational numbers can be rational, as \(\sqrt{2} \cdot \sqrt{8} = 4\) shows.",
                hints=("Simplify each term before you judge it.",),
                tags=("number-sets", "reasoning"),
            ),
        ),
    ),
)
