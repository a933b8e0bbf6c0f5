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
    ordering,
    parametric,
    rectangle,
    short,
    single,
    true_false,
)
from .drawings import AREA_MODEL
from .figures import img
from .skills import EXPRESSIONS

QUESTIONS = in_skill(
    EXPRESSIONS,
    (
        single(
            "collect-terms",
            r"Simplify \(3x + 5 - x + 2\).",
            r"\(2x + 7\)",
            {
                r"\(9x\)": "Terms with and without x cannot be put together.",
                r"\(4x + 7\)": r"The sign in front of \(x\) belongs to it: \(3x - x\).",
                r"\(3x + 7\)": r"The \(-x\) was lost.",
            },
            About(
                -2.0,
                r"Only like terms are added: \(3x - x = 2x\) and \(5 + 2 = 7\). Numbers and multiples of \(x\) stay "
                r"apart, because \(x\) can be anything.",
                hints=("Sort the terms first.",),
                tags=("like-terms",),
            ),
        ),
        single(
            "minus-before-a-bracket",
            r"Which term equals \(10 - (x - 4)\)?",
            r"\(14 - x\)",
            {
                r"\(6 - x\)": "The minus sign acts on both terms of the bracket.",
                r"\(6 + x\)": "Both signs are turned round: x itself is taken away, and the 4 comes back.",
                r"\(14 + x\)": "The x is taken away.",
            },
            About(
                -0.8,
                r"Taking away \(x - 4\) takes away 4 too little compared with taking away \(x\), so 4 is added back: "
                r"\(10 - x + 4 = 14 - x\).",
                hints=(r"Try \(x = 5\) in both terms.",),
                tags=("brackets", "misconception:sign-in-bracket"),
            ),
        ),
        single(
            "area-of-the-rectangle",
            img("area-model.png") + "Which term gives the area of the whole rectangle?",
            r"\(x^2 + 5x + 6\)",
            {
                r"\(x^2 + 6\)": "The two orange rectangles are missing.",
                r"\(2x + 5\)": "That is half the perimeter.",
                r"\(x^2 + 6x + 5\)": "Add 3x and 2x; multiply 3 and 2.",
            },
            About(
                -0.3,
                r"The four parts are \(x^2\), \(3x\), \(2x\) and \(6\). Together \((x + 3)(x + 2) = x^2 + 5x + 6\): "
                "each term of one bracket meets each term of the other.",
                hints=("Write the area into each of the four parts.",),
                tags=("expanding", "area"),
            ),
        ),
        hotspot(
            "part-without-x",
            r"The rectangle shows \((x + 3)(x + 2)\). Click the part whose area does not depend on \(x\).",
            Hotspot(
                image="area-model.png", shapes=(rectangle("3 by 2", AREA_MODEL.pixel(5, 2), AREA_MODEL.pixel(8, 0)),)
            ),
            About(
                -1.1,
                r"Only the lower right part has two sides without \(x\): its area is \(3 \cdot 2 = 6\), the constant "
                "term of the expanded product.",
                hints=("Which part has both sides given by numbers?",),
                tags=("expanding", "area"),
            ),
        ),
        matching(
            "words-to-terms",
            "Match the words with the terms.",
            {
                r"three less than twice \(n\)": r"\(2n - 3\)",
                r"twice the number that is three less than \(n\)": r"\(2(n - 3)\)",
                r"half of \(n\), less three": r"\(\frac{n}{2} - 3\)",
                r"half of the number that is three less than \(n\)": r"\(\frac{n - 3}{2}\)",
            },
            About(
                -0.5,
                r"What is done last decides about the brackets: in \"three less than twice n\" the 3 is taken away "
                r"last; in \"twice the number that is three less\" the doubling comes last and needs a bracket.",
                hints=("Which operation is done last?",),
                tags=("modelling", "brackets"),
            ),
            distractors=(r"\(3 - 2n\)",),
        ),
        numerical(
            "substitute-negative",
            r"What is the value of \(2a^2 - 3b\) for \(a = -3\) and \(b = 4\)?",
            Number(
                2 * (-3) ** 2 - 3 * 4,
                slips={
                    -30: r"\((-3)^2\) is positive.",
                    24: r"The square belongs to \(a\) alone, not to \(2a\).",
                    -24: "Check both the square and the product.",
                },
            ),
            About(
                -0.6,
                r"Negative numbers are put in with brackets: \(2 \cdot (-3)^2 - 3 \cdot 4 = 2 \cdot 9 - 12 = 6\).",
                hints=(r"What is \((-3)^2\)?",),
                tags=("substitution", "negative-numbers"),
            ),
        ),
        true_false(
            "square-of-a-sum",
            r"For all numbers \(a\) and \(b\), \((a + b)^2 = a^2 + b^2\).",
            About(
                -0.4,
                r"\((a + b)^2 = a^2 + 2ab + b^2\). With \(a = b = 1\) the left side is 4, the right side only 2: the "
                r"two mixed rectangles \(ab\) are missing.",
                hints=(r"Try \(a = b = 1\).",),
                tags=("binomials", "misconception:linear-square"),
            ),
            truth=False,
        ),
        multiple(
            "equivalent-terms",
            r"Which terms equal \(6x - 12\) for every \(x\)? Select all that apply.",
            (r"\(6(x - 2)\)", r"\(-6(2 - x)\)", r"\(3(2x - 4)\)"),
            {r"\(6(x - 12)\)": "The factor 6 reaches the 12 as well.", r"\(2(3x - 12)\)": "Twice 12 are 24."},
            About(
                0.0,
                r"Expanding each term shows it. In \(-6(2 - x) = -12 + 6x\) two minus signs meet and leave \(+6x\).",
                hints=("Expand each term.",),
                tags=("factoring", "brackets"),
            ),
        ),
        ordering(
            "order-the-steps",
            "These lines simplify a term. Put them in the right order.",
            (r"\(2(x + 3) - (x - 1)\)", r"\(2x + 6 - (x - 1)\)", r"\(2x + 6 - x + 1\)", r"\(x + 7\)"),
            About(
                -1.2,
                "First the product is expanded, then the bracket behind the minus sign is opened with both signs "
                "turned, then like terms are put together.",
                tags=("brackets", "procedure"),
            ),
        ),
        short(
            "common-factor",
            r"Which is the largest term you can take out of \(12x^2y + 18xy^2\) as a common factor? Write it without "
            "signs between the factors.",
            ("6xy", "6yx", "6 x y", "6 xy"),
            About(
                0.8,
                r"6 is the greatest common divisor of 12 and 18, and each term has at least one \(x\) and one \(y\): "
                r"\(6xy(2x + 3y)\).",
                hints=("Look at the numbers, the x and the y one after the other.",),
                tags=("factoring",),
            ),
        ),
        cloze(
            "complete-the-binomial",
            r"\((x + p)^2 = x^2 + 10x + q\) holds for all \(x\) if \(p =\) [[p]] and \(q =\) [[q]]. The middle term is "
            "[[how]] the product of the two terms in the bracket.",
            (number_gap("p", 5), number_gap("q", 25), choice_gap("how", "twice", "half", "the square of")),
            About(
                0.4,
                r"The middle term is \(2px\), so \(2p = 10\) and \(p = 5\); the last term is \(p^2 = 25\).",
                hints=("Half of the middle coefficient stands in the bracket.",),
                tags=("binomials",),
            ),
        ),
        parametric(
            "value-of-a-product",
            r"What is the value of \({{a}}(x - {{b}})\) for \(x = {{c}}\)?",
            Parametric(variables=(grid("a", 3, 9), grid("b", 6, 12), grid("c", 1, 5)), expression="a * (c - b)"),
            About(
                -1.4,
                "Put the number in for x, work out the bracket, then multiply. The bracket is negative here, so the "
                "result is negative.",
                hints=("Start with the bracket.",),
                tags=("substitution",),
            ),
        ),
        parametric(
            "middle-coefficient",
            r"\((x + {{a}})(x - {{b}})\) is expanded and simplified. Which number stands in front of \(x\)?",
            Parametric(variables=(grid("a", 2, 9), grid("b", 3, 12)), expression="a - b"),
            About(
                0.5,
                "Two of the four products contain x once: the first number times x and the second number, with its "
                "minus sign, times x. Their sum is the middle term.",
                hints=("Which of the four products contain x exactly once?",),
                tags=("expanding",),
            ),
        ),
        flashcard(
            "difference-of-squares",
            r"Into which product does \(a^2 - b^2\) factorise, and why?",
            r"\((a + b)(a - b)\): expanding gives \(a^2 - ab + ab - b^2\), and the mixed products cancel.",
            About(
                0.2,
                r"It turns hard products into easy ones: \(52 \cdot 48 = 50^2 - 2^2 = 2496\).",
                tags=("binomials", "factoring"),
            ),
        ),
        single(
            "perimeter-term",
            r"A rectangle is \(w\) metres wide and 3 m longer than wide. Which term gives its perimeter in metres?",
            r"\(4w + 6\)",
            {
                r"\(2w + 3\)": "That is only half of the way round.",
                r"\(w^2 + 3w\)": "That is the area.",
                r"\(4w + 3\)": "The 3 m occur on two sides.",
            },
            About(
                -0.9,
                r"The sides are \(w\) and \(w + 3\), each twice: \(2w + 2(w + 3) = 4w + 6\).",
                hints=("Write a term for the longer side first.",),
                tags=("modelling", "perimeter"),
            ),
        ),
        numerical(
            "mental-product",
            r"Calculate \(103 \cdot 97\) without written multiplication.",
            Number(
                100**2 - 3**2,
                slips={
                    10009: "The square of 3 is taken away.",
                    10000: r"\(100 \cdot 100\) is an estimate; the exact product is a little less.",
                },
            ),
            About(
                0.3,
                r"\((100 + 3)(100 - 3) = 100^2 - 3^2 = 9991\).",
                hints=("Both factors are equally far from 100.",),
                tags=("binomials", "mental-arithmetic"),
            ),
        ),
        single(
            "cancel-a-factor",
            r"Simplify \(\frac{x^2 - 9}{x - 3}\) for \(x \ne 3\).",
            r"\(x + 3\)",
            {
                r"\(x - 3\)": "Multiply back: the product has to have no middle term.",
                r"\(x + 6\)": r"Check with \(x = 4\): the value is 7.",
                r"\(x^2 - 3\)": "Terms of a sum must not be cancelled.",
            },
            About(
                1.1,
                r"\(x^2 - 9 = (x + 3)(x - 3)\), and the common factor \(x - 3\) cancels. Only factors cancel, never "
                "single terms of a sum.",
                hints=("Factorise the numerator.",),
                tags=("factoring", "fractions"),
            ),
        ),
        true_false(
            "n-squared-plus-n",
            r"For every whole number \(n\), the number \(n^2 + n\) is even.",
            About(
                0.7,
                r"\(n^2 + n = n(n + 1)\) is a product of two consecutive numbers, and one of them is even.",
                hints=("Factorise the term.",),
                tags=("reasoning", "parity"),
            ),
            truth=True,
        ),
        single(
            "find-the-mistake",
            r"<p>Tim simplifies \(3(x - 2) - 2(4 - x)\):</p><ol><li>\(3x - 6 - 2(4 - x)\)</li><li>\(3x - 6 - 8 - "
            r"2x\)</li><li>\(x - 14\)</li></ol><p>In which line is the first mistake?</p>",
            "Line 2",
            {
                "Line 1": r"\(3(x - 2) = 3x - 6\) is right.",
                "Line 3": "Line 3 follows correctly from line 2, which is already wrong.",
                "There is no mistake.": r"Check with \(x = 0\): the first term is \(-14\), so that test alone is not "
                r"enough; try \(x = 1\).",
            },
            About(
                0.1,
                r"\(-2 \cdot (-x) = +2x\), so line 2 should read \(3x - 6 - 8 + 2x\), which gives \(5x - 14\).",
                hints=((r"Compare the values for \(x = 1\) line by line."),),
                tags=("error-analysis", "misconception:sign-in-bracket"),
            ),
        ),
        numerical(
            "sum-of-squares",
            r"Two numbers have the sum 7 and the product 10. What is the sum of their squares?",
            Number(
                7**2 - 2 * 10,
                slips={
                    49: r"\((a + b)^2\) contains \(2ab\) as well.",
                    39: "The product occurs twice in the square of the sum.",
                    69: r"\(2ab\) is taken away from \((a + b)^2\).",
                },
            ),
            About(
                1.6,
                r"\(a^2 + b^2 = (a + b)^2 - 2ab = 49 - 20 = 29\). There is no need to know the numbers themselves "
                "(they are 2 and 5).",
                hints=(r"What does \((a + b)^2\) consist of?",),
                tags=("binomials", "strategy"),
            ),
        ),
        multiple(
            "factors-of-a-quartic",
            r"Which of these are factors of \(x^4 - 16\)? Select all that apply.",
            (r"\(x - 2\)", r"\(x + 2\)", r"\(x^2 + 4\)"),
            {
                r"\(x - 4\)": r"At \(x = 4\) the term is not 0.",
                r"\(x^2 + 2\)": r"The difference of squares gives \(x^2 + 4\) and \(x^2 - 4\).",
            },
            About(
                2.0,
                r"Two differences of squares one after the other: \(x^4 - 16 = (x^2 + 4)(x^2 - 4) = (x^2 + 4)(x + 2)(x "
                r"- 2)\). A sum of squares does not split further.",
                hints=(r"\(x^4\) is the square of \(x^2\).",),
                tags=("factoring", "binomials"),
            ),
        ),
    ),
)
