from app.domain.question_draft import Hotspot, Parametric

from .authoring import (
    About,
    Number,
    choice_gap,
    cloze,
    disc,
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
    short,
    single,
    true_false,
    value_table,
)
from .drawings import PARABOLA
from .figures import img
from .skills import FUNCTIONS

QUESTIONS = in_skill(
    FUNCTIONS,
    (
        single(
            "value-at-minus-two",
            r"\(f(x) = 2x^2 - 3\). What is \(f(-2)\)?",
            r"\(5\)",
            {
                r"\(-11\)": r"\((-2)^2\) is positive.",
                r"\(13\)": r"The square belongs to \(x\) alone, not to \(2x\).",
                r"\(-7\)": r"\(x^2\) is \(4\) here, not \(-2\).",
            },
            About(
                -1.8,
                r"\(f(-2)\) means: put \(-2\) in place of every \(x\). \(2 \cdot (-2)^2 - 3 = 2 \cdot 4 - 3 = 5\).",
                hints=(("Put the number in with brackets."),),
                tags=("function-notation",),
            ),
        ),
        single(
            "vertex-of-the-hill",
            img("hill.png") + "Which equation belongs to the graph?",
            r"\(y = -(x - 1)^2 + 4\)",
            {
                r"\(y = -(x + 1)^2 + 4\)": r"\(x + 1\) is 0 at \(-1\), but the highest point lies at \(x = 1\).",
                r"\(y = (x - 1)^2 + 4\)": "This one opens upwards.",
                r"\(y = -x^2 + 4\)": "Its highest point would lie on the y axis.",
            },
            About(
                0.2,
                r"The vertex \((1, 4)\) can be read off \(-(x - 1)^2 + 4\): the square is smallest, namely 0, at \(x = "
                r"1\), and the minus sign makes the graph open downwards.",
                hints=(("Where is the highest point?"),),
                tags=("parabola", "vertex-form"),
            ),
        ),
        multiple(
            "facts-about-the-hill",
            img("hill.png") + "Which statements fit the graph? Select all that apply.",
            ("The zeros are −1 and 3.", "The largest value is 4.", "From x = 1 on, the values fall."),
            {
                "The graph meets the y axis at 4.": "At x = 0 the value is 3; 4 is the value at x = 1.",
                "The values are positive to the right of the y axis.": "From x = 3 on they are no longer positive.",
            },
            About(
                -0.6,
                "Zeros are where the graph meets the x axis; the largest value is the second coordinate of the "
                "highest point. The graph is symmetric about x = 1, right between the zeros.",
                tags=("parabola", "interpretation"),
            ),
        ),
        hotspot(
            "lowest-point",
            r"The graph of \(y = (x - 1)^2 - 4\) is drawn. Click its vertex.",
            Hotspot(image="parabola.png", shapes=(disc("(1, −4)", PARABOLA.pixel(1, -4), 14),)),
            About(
                -1.3,
                r"The square \((x - 1)^2\) is never negative and is 0 at \(x = 1\), so the smallest value is \(-4\) "
                "there.",
                hints=(("Where is the square 0?"),),
                tags=("parabola", "vertex-form"),
            ),
        ),
        numerical(
            "nested-reading",
            img("zigzag.png") + r"The graph shows \(f\). What is \(f(f(2))\)?",
            Number(
                3.5,
                tolerance=0.05,
                slips={
                    5: r"That is \(f(2)\); now apply \(f\) once more.",
                    25: r"\(f(f(2))\) is not the square of \(f(2)\).",
                },
            ),
            About(
                1.1,
                r"From the inside out: \(f(2) = 5\), and \(f(5)\) lies halfway between \(f(4) = 3\) and \(f(6) = 4\), "
                r"so it is \(3.5\).",
                hints=(
                    (r"Read \(f(2)\) first."),
                    ("Use the value you found as the next input."),
                ),
                tags=("composition", "function-notation"),
                also=("graphs",),
            ),
        ),
        single(
            "equation-of-growth",
            img("doubling.png") + "Which equation belongs to the curve?",
            r"\(y = 2^x\)",
            {
                r"\(y = x^2\)": r"It would pass through the origin and rise on the left as well.",
                r"\(y = 2x\)": "That is a straight line.",
                r"\(y = 2^x + 1\)": "It would pass through (0, 2).",
            },
            About(
                -0.4,
                r"The value is 1 at \(x = 0\) and doubles with every step to the right: that is \(2^x\). To the left "
                "it halves and never becomes 0.",
                hints=(("What happens to y when x grows by 1?"),),
                tags=("exponential",),
            ),
        ),
        matching(
            "shifts-of-a-parabola",
            r"How does the graph arise from that of \(y = x^2\)? Match.",
            {
                r"\(y = (x - 3)^2\)": "shifted 3 to the right",
                r"\(y = (x + 3)^2\)": "shifted 3 to the left",
                r"\(y = x^2 + 3\)": "shifted 3 up",
                r"\(y = -x^2\)": "reflected in the x axis",
            },
            About(
                0.3,
                r"What is done outside acts on \(y\) as it reads. What is done to \(x\) acts the other way round: \((x "
                r"- 3)^2\) has at \(x = 3\) the value that \(x^2\) has at 0.",
                hints=((r"For which x is \((x - 3)^2\) equal to 0?"),),
                tags=("transformation", "misconception:shift-direction"),
            ),
            distractors=("shifted 3 down", "reflected in the y axis"),
        ),
        true_false(
            "functions-are-additive",
            r"For every function \(f\), \(f(a + b) = f(a) + f(b)\).",
            About(
                -0.3,
                r"\(f(x) = x^2\) is a counterexample: \(f(1 + 1) = 4\), but \(f(1) + f(1) = 2\). Only very special "
                r"functions such as \(f(x) = 3x\) have this property.",
                hints=((r"Test \(f(x) = x^2\)."),),
                tags=("function-notation", "misconception:linearity"),
            ),
            truth=False,
        ),
        ordering(
            "who-is-largest-at-ten",
            r"Order these functions by their value at \(x = 10\), smallest first.",
            (r"\(5x\)", r"\(x^2\)", r"\(x^3\)", r"\(2^x\)"),
            About(
                -0.9,
                r"The values are \(50, 100, 1000\) and \(1024\). At \(x = 2\) the order was quite different: "
                "exponential growth starts slowly and then overtakes every power.",
                hints=(("Calculate the four values."),),
                tags=("growth", "comparison"),
            ),
        ),
        cloze(
            "domain-and-range",
            r"\(f(x) = \sqrt{x - 4} + 1\) is defined for \(x\) [[sign]] [[bound]]. Its smallest value is [[least]].",
            (choice_gap("sign", r"\(\ge\)", r"\(\gt\)", r"\(\le\)"), number_gap("bound", 4), number_gap("least", 1)),
            About(
                0.5,
                r"Under the root no negative number may stand: \(x - 4 \ge 0\). The root is smallest, namely 0, at \(x "
                r"= 4\), and 1 is added.",
                hints=(("When is the number under the root negative?"),),
                tags=("domain", "range"),
            ),
        ),
        parametric(
            "square-of-a-line",
            r"\(f(x) = {{a}}x + {{b}}\) and \(g(x) = x^2\). What is \(g(f({{c}}))\)?",
            Parametric(
                variables=(grid("a", 2, 4), grid("b", 1, 5), grid("c", 1, 4)), expression="(a * c + b) * (a * c + b)"
            ),
            About(
                0.4,
                "The inner function comes first: its value is then squared. Squaring first and applying f afterwards "
                "gives another result, so the order matters.",
                hints=(("Which function stands inside?"),),
                tags=("composition",),
            ),
        ),
        parametric(
            "half-life",
            "{{n}} mg of a medicine are in the blood, and every 6 hours half of it is broken down. How many "
            "milligrams are left after {{h}} hours?",
            Parametric(
                variables=(grid("n", 80, 400, 40), one_of("h", 12, 18, 24, 30)),
                expression="n / 2 ** (h / 6)",
                tolerance=0.01,
            ),
            About(
                0.1,
                "Count how many times 6 hours fit in and halve as often. Equal times mean equal factors, not equal "
                "amounts: that is exponential decay.",
                hints=(("How many times does it halve?"),),
                tags=("exponential", "modelling"),
            ),
        ),
        flashcard(
            "what-is-a-function",
            "What makes a rule a function, and how does a graph show it?",
            "Every input has exactly one output. In a graph, every vertical line meets it at most once.",
            About(
                -1.0,
                "Different inputs may share an output, as −2 and 2 do for the square; one input with two outputs is "
                "not allowed.",
                tags=("definition",),
            ),
        ),
        single(
            "inverse-function",
            r"Which function undoes \(f(x) = 3x - 6\)?",
            r"\(g(x) = \frac{x}{3} + 2\)",
            {
                r"\(g(x) = \frac{x}{3} + 6\)": "First add 6, then divide everything by 3.",
                r"\(g(x) = \frac{1}{3x - 6}\)": "This is the reciprocal of the value, not the way back.",
                r"\(g(x) = -3x + 6\)": "Changing signs does not undo the steps.",
            },
            About(
                0.6,
                r"Undo the steps in reverse order: add 6, then divide by 3: \(\frac{x + 6}{3} = \frac{x}{3} + 2\). "
                r"Check: \(f(5) = 9\) and \(g(9) = 5\).",
                hints=(("Which step of f comes last?"),),
                tags=("inverse",),
            ),
        ),
        numerical(
            "largest-enclosure",
            "With 20 m of fence a rectangular run is built along a wall; the wall side needs no fence. What is the "
            r"largest possible area in \(\text{m}^2\)?",
            Number(
                5 * (20 - 2 * 5),
                slips={
                    25: "That is the square with a fence on all four sides.",
                    44.4: "A square is not the best shape here, since the wall is free.",
                },
            ),
            About(
                1.6,
                r"With the two short sides \(x\), the area is \(x(20 - 2x)\). Its zeros are 0 and 10, so the vertex "
                r"lies at \(x = 5\), and the area is \(5 \cdot 10 = 50\).",
                hints=(
                    ("Write the area with the length x of one short side."),
                    ("The vertex lies halfway between the zeros."),
                ),
                tags=("modelling", "parabola"),
            ),
        ),
        single(
            "which-table-is-no-function",
            "Which table cannot belong to a function of x?",
            value_table({"x": (1, 2, 1), "y": (3, 4, 5)}),
            {
                value_table({"x": (1, 2, 3), "y": (4, 4, 4)}): "Different inputs may share an output.",
                value_table({"x": (3, 2, 1), "y": (1, 2, 3)}): "The order of the inputs does not matter.",
                value_table({"x": (0, 5, 9), "y": (7, 0, 7)}): "Each input has one output here.",
            },
            About(
                -1.5,
                "In this table the input 1 has two different outputs, 3 and 5. Everything else is allowed.",
                hints=(("Look for one input with two outputs."),),
                tags=("definition", "table"),
            ),
        ),
        short(
            "line-never-reached",
            r"The graph of \(y = \frac{1}{x}\) comes closer and closer to the x axis without touching it. What is such "
            "a line called?",
            ("asymptote", "an asymptote", "horizontal asymptote", "a horizontal asymptote"),
            About(
                0.0,
                r"For large \(x\) the value \(\frac{1}{x}\) becomes as small as you like but never 0. The word is "
                "Greek for not falling together.",
                tags=("vocabulary", "asymptote"),
            ),
        ),
        true_false(
            "exponential-overtakes",
            r"From some \(x\) on, \(1.01^x\) is larger than \(1000x\).",
            About(
                0.9,
                "Growth by a fixed factor overtakes growth by a fixed amount sooner or later, however small the "
                "factor above 1 and however large the amount; here it takes until x is about 1425.",
                hints=(("Compare how both change when x grows by a large fixed step."),),
                tags=("growth", "exponential"),
            ),
            truth=True,
        ),
        multiple(
            "even-functions",
            r"Which functions satisfy \(f(-x) = f(x)\) for all \(x\)? Select all that apply.",
            (r"\(f(x) = x^4 - 3x^2\)", r"\(f(x) = |x|\)", r"\(f(x) = 5\)"),
            {
                r"\(f(x) = x^3\)": r"\((-x)^3 = -x^3\).",
                r"\(f(x) = x^2 + x\)": r"The term \(x\) changes its sign: compare \(f(1)\) and \(f(-1)\).",
            },
            About(
                1.4,
                r"Even powers and the absolute value forget the sign of \(x\), and a constant does not look at \(x\) "
                "at all. Such graphs are symmetric about the y axis.",
                hints=((r"Compare \(f(1)\) and \(f(-1)\), then \(f(2)\) and \(f(-2)\)."),),
                tags=("symmetry",),
            ),
        ),
        numerical(
            "inner-function",
            r"\(f(x) = 2x + 1\) and \(f(g(x)) = 6x - 3\) for all \(x\). What is \(g(2)\)?",
            Number((6 * 2 - 3 - 1) / 2, slips={9: r"That is \(f(g(2))\).", 5: r"That is \(f(2)\)."}),
            About(
                1.9,
                r"\(f(g(2)) = 6 \cdot 2 - 3 = 9\), so \(2 \cdot g(2) + 1 = 9\) and \(g(2) = 4\). In general \(g(x) = "
                r"3x - 2\).",
                hints=(
                    (r"What is \(f(g(2))\)?"),
                    (r"Which input of \(f\) gives this value?"),
                ),
                tags=("composition", "inverse"),
            ),
        ),
        single(
            "three-points-of-a-parabola",
            r"A quadratic function has \(f(0) = f(6) = 7\) and the smallest value \(-2\). Where does it take this "
            "smallest value?",
            r"at \(x = 3\)",
            {
                r"at \(x = -2\)": "−2 is the value, not the place.",
                r"at \(x = 0\)": "The value there is 7.",
                "It cannot be found without the equation.": "The symmetry of the graph is enough.",
            },
            About(
                0.7,
                "A parabola is symmetric about the vertical line through its vertex. Two places with equal values lie "
                "equally far from it, so the vertex is halfway between 0 and 6.",
                hints=(("Where is the axis of symmetry?"),),
                tags=("parabola", "symmetry"),
            ),
        ),
    ),
)
