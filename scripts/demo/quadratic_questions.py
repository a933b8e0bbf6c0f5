from math import sqrt

from app.domain.question_draft import Hotspot, Parametric

from .authoring import (
    About,
    Number,
    choice_gap,
    cloze,
    disc,
    essay,
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
    short,
    single,
    true_false,
)
from .drawings import PARABOLA
from .skills import QUADRATIC_EQUATIONS

QUESTIONS = in_skill(
    QUADRATIC_EQUATIONS,
    (
        single(
            "simple-square",
            r"Which numbers solve \(x^2 = 49\)?",
            r"\(7\) and \(-7\)",
            {
                r"only \(7\)": r"\((-7)^2\) is 49 as well.",
                r"\(24.5\)": "A square is not a double.",
                r"\(7\) and \(0\)": r"\(0^2 = 0\).",
            },
            About(
                -2.0,
                r"Both \(7 \cdot 7\) and \((-7) \cdot (-7)\) give 49. The root sign means only the positive one; the "
                "equation asks for all.",
                tags=("square-root", "misconception:lost-solution"),
            ),
        ),
        single(
            "zero-product",
            r"Which numbers solve \((x - 3)(x + 5) = 0\)?",
            r"\(3\) and \(-5\)",
            {
                r"\(-3\) and \(5\)": r"Put them in: \((-3 - 3)(-3 + 5)\) is not 0.",
                r"only \(3\)": "The second factor can be 0 as well.",
                r"\(15\)": "A solution makes one of the factors 0.",
            },
            About(
                -1.6,
                r"A product is 0 exactly when one of its factors is 0: \(x - 3 = 0\) or \(x + 5 = 0\).",
                hints=("When is a product 0?",),
                tags=("factoring",),
            ),
        ),
        numerical(
            "positive-solution",
            r"What is the positive solution of \(x^2 + 2x - 15 = 0\)?",
            Number(
                -1 + sqrt(1 + 15),
                slips={
                    5: r"Check the signs: \(25 + 10 - 15\) is not 0.",
                    15: "15 is the product of the solutions up to its sign.",
                },
            ),
            About(
                -0.6,
                r"Two numbers with the product \(-15\) and the sum 2 are 5 and \(-3\): \((x + 5)(x - 3) = 0\). So the "
                r"solutions are \(-5\) and \(3\).",
                hints=(r"Which two numbers have the product \(-15\) and the sum 2?",),
                tags=("factoring",),
            ),
        ),
        hotspot(
            "mark-the-zeros",
            r"The graph of \(y = x^2 - 2x - 3\) is drawn. Click the two points that show the solutions of \(x^2 - 2x - "
            r"3 = 0\).",
            Hotspot(
                image="parabola.png",
                shapes=(
                    disc("x = −1", PARABOLA.pixel(-1, 0), 14, "left"),
                    disc("x = 3", PARABOLA.pixel(3, 0), 14, "right"),
                ),
                max_points=2,
            ),
            About(
                -0.7,
                r"The equation asks where \(y\) is 0, that is where the graph meets the x axis: at \(-1\) and at "
                r"\(3\).",
                hints=(("Which value of y does the equation ask for?"),),
                tags=("graph", "zeros"),
                also=("functions",),
            ),
        ),
        true_false(
            "square-is-negative",
            r"The equation \(x^2 = -4\) has a real solution.",
            About(
                -1.2,
                r"The square of a real number is never negative: \((-2)^2\) is \(4\) as well.",
                tags=("number-of-solutions",),
            ),
            truth=False,
        ),
        matching(
            "solution-sets",
            "Match each equation with its real solutions.",
            {
                r"\(x^2 - 6x + 9 = 0\)": r"only \(3\)",
                r"\(x^2 + 4 = 0\)": "none",
                r"\(x^2 - 4x = 0\)": r"\(0\) and \(4\)",
                r"\(x^2 - 5x + 6 = 0\)": r"\(2\) and \(3\)",
            },
            About(
                0.1,
                r"The first is \((x - 3)^2 = 0\), the second needs a negative square, the third is \(x(x - 4) = 0\), "
                r"the fourth \((x - 2)(x - 3) = 0\). No formula is needed for any of them.",
                hints=("Try to factorise each one.",),
                tags=("factoring", "number-of-solutions"),
            ),
            distractors=(r"\(2\) and \(-2\)", r"only \(4\)"),
        ),
        ordering(
            "complete-the-square-in-order",
            r"Put the lines of this solution by completing the square in order.",
            (
                r"\(x^2 + 6x - 7 = 0\)",
                r"\(x^2 + 6x = 7\)",
                r"\(x^2 + 6x + 9 = 16\)",
                r"\((x + 3)^2 = 16\)",
                r"\(x + 3 = 4\) or \(x + 3 = -4\)",
                r"\(x = 1\) or \(x = -7\)",
            ),
            About(
                0.2,
                r"Half of 6 is 3, and adding \(3^2 = 9\) on both sides makes the left side a perfect square. Then a "
                "root can be taken, with both signs.",
                hints=(("What has to be added to make a perfect square?"),),
                tags=("completing-the-square", "procedure"),
            ),
        ),
        cloze(
            "square-to-complete",
            r"\(x^2 - 8x\) becomes a perfect square by adding [[add]], namely \((x - p)^2\) with \(p =\) [[p]]. So "
            r"\(x^2 - 8x + 20 = 0\) means \((x - p)^2 = -4\) and has [[count]].",
            (
                number_gap("add", 16),
                number_gap("p", 4),
                choice_gap("count", "no real solution", "one solution", "two solutions"),
            ),
            About(
                0.6,
                r"Half of 8 is 4, its square 16: \(x^2 - 8x + 16 = (x - 4)^2\). Subtracting the remaining 4 leaves "
                r"\((x - 4)^2 = -4\), and no real square is negative.",
                hints=(("Half of the middle coefficient, squared."),),
                tags=("completing-the-square", "number-of-solutions"),
            ),
        ),
        multiple(
            "pick-the-solutions",
            r"Which numbers solve \(x^2 - x - 6 = 0\)? Select all that apply.",
            (r"\(3\)", r"\(-2\)"),
            {r"\(2\)": r"\(4 - 2 - 6 = -4\).", r"\(-3\)": r"\(9 + 3 - 6 = 6\).", r"\(6\)": r"\(36 - 6 - 6 = 24\)."},
            About(
                -1.3,
                r"Testing is enough: \(9 - 3 - 6 = 0\) and \(4 + 2 - 6 = 0\). Mind that \(-x\) becomes \(+2\) for \(x "
                r"= -2\).",
                tags=("meaning",),
            ),
        ),
        numerical(
            "garden-bed",
            r"A rectangular bed is 5 m longer than wide and covers \(84\,\text{m}^2\). How wide is it, in metres?",
            Number(
                (-5 + sqrt(25 + 4 * 84)) / 2,
                slips={
                    12: "That is the length.",
                    -12: "A width cannot be negative: this solution does not fit the situation.",
                },
            ),
            About(
                0.3,
                r"\(w(w + 5) = 84\) gives \(w^2 + 5w - 84 = 0\), that is \((w - 7)(w + 12) = 0\). Only \(w = 7\) fits, "
                "since a width is positive.",
                hints=(
                    "Write the area with the letter w.",
                    (r"Which two numbers have the product \(-84\) and the sum 5?"),
                ),
                tags=("modelling", "word-problem"),
            ),
        ),
        parametric(
            "discriminant",
            r"What is the discriminant of \(x^2 + {{b}}x - {{c}} = 0\)?",
            Parametric(variables=(grid("b", 3, 11, 2), grid("c", 2, 12)), expression="b * b + 4 * c"),
            About(
                -0.4,
                r"The discriminant is \(b^2 - 4ac\). The last coefficient is negative here, so \(-4ac\) is positive: "
                "such an equation always has two solutions.",
                hints=("Mind the sign of the last coefficient.",),
                tags=("discriminant",),
            ),
        ),
        parametric(
            "falling-stone",
            r"A stone falls \(5t^2\) metres in \(t\) seconds. After how many seconds does it hit the ground {{h}} m "
            "below? Round to two places.",
            Parametric(variables=(grid("h", 20, 120, 5),), expression="sqrt(h / 5)", tolerance=0.01),
            About(
                -0.2,
                r"\(5t^2 = h\) gives \(t^2 = \frac{h}{5}\), and only the positive root makes sense for a time. Four "
                "times the height takes only twice the time.",
                hints=(r"Find \(t^2\) first.",),
                tags=("modelling", "square-root"),
            ),
        ),
        flashcard(
            "quadratic-formula",
            r"How do you find the solutions of \(ax^2 + bx + c = 0\), and what tells their number?",
            r"\[x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}\] The discriminant \(b^2 - 4ac\): positive two, zero one, "
            "negative no real solution.",
            About(
                0.4,
                "The formula is what completing the square gives once and for all; the discriminant is what stands "
                "under its root.",
                tags=("formula", "discriminant"),
            ),
        ),
        single(
            "lost-solution",
            r"To solve \(x^2 = 5x\), Leo divides both sides by \(x\) and gets \(x = 5\). What about his solution?",
            r"It misses the solution \(0\).",
            {
                "It is complete.": r"Test \(x = 0\).",
                r"It misses the solution \(-5\).": r"\((-5)^2 = 25\), but \(5 \cdot (-5) = -25\).",
                r"\(5\) is no solution.": r"\(5^2 = 5 \cdot 5\) is true.",
            },
            About(
                0.0,
                r"Dividing by \(x\) is allowed only if \(x\) is not 0, and just that case is a solution. Better: \(x^2 "
                r"- 5x = x(x - 5) = 0\).",
                hints=("When is dividing by x not allowed?",),
                tags=("error-analysis", "misconception:lost-solution"),
            ),
        ),
        short(
            "name-of-the-term",
            r"What is the term \(b^2 - 4ac\) called?",
            ("discriminant", "the discriminant"),
            About(
                -0.9,
                "It discriminates, that is it tells apart, the cases of two, one or no real solution.",
                tags=("vocabulary", "discriminant"),
            ),
        ),
        true_false(
            "product-of-solutions",
            r"The two solutions of \(x^2 - 7x + 10 = 0\) have the product 10.",
            About(
                -0.8,
                r"If the solutions are \(p\) and \(q\), the left side is \((x - p)(x - q) = x^2 - (p + q)x + pq\). So "
                "the last coefficient is their product; here they are 2 and 5.",
                hints=("Factorise the left side.",),
                tags=("sum-and-product",),
            ),
            truth=True,
        ),
        numerical(
            "exactly-one-solution",
            r"For which number \(c\) does \(x^2 + 10x + c = 0\) have exactly one solution?",
            Number(10**2 / 4, slips={100: "The discriminant is 100 − 4c.", 5: "Half of 10 still has to be squared."}),
            About(
                0.7,
                r"There is exactly one solution if the discriminant is 0: \(100 - 4c = 0\), so \(c = 25\). Then the "
                r"left side is the perfect square \((x + 5)^2\).",
                hints=("Make the left side a perfect square.",),
                tags=("discriminant", "parameter"),
            ),
        ),
        single(
            "biquadratic",
            r"How many real solutions does \(x^4 - 5x^2 + 4 = 0\) have?",
            "four",
            {
                "two": r"That is the number of values of \(x^2\).",
                "none": r"Put \(x = 1\) in.",
                "one": r"With every solution \(x\), \(-x\) is one as well.",
            },
            About(
                1.5,
                r"With \(u = x^2\) it reads \(u^2 - 5u + 4 = 0\), so \(u = 1\) or \(u = 4\). Each gives two numbers: "
                r"\(\pm 1\) and \(\pm 2\).",
                hints=(r"Write \(u\) for \(x^2\).",),
                tags=("substitution", "number-of-solutions"),
            ),
        ),
        numerical(
            "ball-in-the-air",
            r"A ball thrown upwards is \(20t - 5t^2\) metres high after \(t\) seconds. After how many seconds is it 15 "
            "m high for the first time?",
            Number(
                2 - sqrt(4 - 3),
                slips={3: "That is the second time, on the way down.", 0.75: "The square term cannot be left out."},
            ),
            About(
                0.9,
                r"\(20t - 5t^2 = 15\) gives \(t^2 - 4t + 3 = 0\), so \(t = 1\) or \(t = 3\): once on the way up, once "
                "on the way down.",
                hints=(("Bring everything to one side and divide by 5."),),
                tags=("modelling", "word-problem"),
            ),
        ),
        multiple(
            "parameter-k",
            r"Which statements about \(x^2 + kx + 4 = 0\) are right? Select all that apply.",
            (
                (r"For \(k = 5\) there are two solutions."),
                (r"For \(k = 4\) there is exactly one solution."),
                r"For \(k = -4\) there is exactly one solution.",
                r"For \(k = 0\) there is no real solution.",
            ),
            {
                r"For \(k = 3\) there are two solutions.": r"The discriminant is \(9 - 16\).",
                r"For every negative \(k\) there is no real solution.": r"For \(k = -5\) the solutions are 1 and 4.",
            },
            About(
                1.8,
                r"The discriminant is \(k^2 - 16\). Its sign depends on the size of \(k\) alone: two solutions beyond "
                r"\(\pm 4\), one at \(\pm 4\), none in between.",
                hints=("Write the discriminant with k.",),
                tags=("discriminant", "parameter"),
            ),
        ),
        numerical(
            "golden-ratio",
            r"A positive number is 1 larger than its reciprocal. Which number is it? Give three decimal places.",
            Number(
                round((1 + sqrt(5)) / 2, 5),
                tolerance=0.001,
                slips={0.618: "That is the reciprocal of the number.", 2.618: "That is its square."},
            ),
            About(
                2.2,
                r"\(x = 1 + \frac{1}{x}\) becomes \(x^2 - x - 1 = 0\) when multiplied by \(x\). The positive solution "
                r"is \(\frac{1 + \sqrt{5}}{2} \approx 1.618\), the golden ratio.",
                hints=(r"Multiply \(x = 1 + \frac{1}{x}\) by \(x\).",),
                tags=("modelling", "formula"),
            ),
        ),
        essay(
            "explain-the-discriminant",
            r"Explain to a classmate why the sign of \(b^2 - 4ac\) decides how many real solutions \(ax^2 + bx + c = "
            r"0\) has. Use the formula and the graph, and give one example for each of the three cases.",
            {
                "The role of the root in the formula is explained.": 2,
                "The three cases are connected with where the parabola meets the x axis.": 2,
                "Each case has a right example.": 3,
            },
            About(
                1.3,
                "The discriminant stands under the root of the formula: a positive number gives two different roots, "
                "0 gives the same value twice, a negative number has no real root. In the graph the parabola cuts the "
                "x axis twice, touches it, or misses it.",
                hints=("What happens in the formula if the root is 0?",),
                tags=("discriminant", "writing"),
            ),
        ),
    ),
)
