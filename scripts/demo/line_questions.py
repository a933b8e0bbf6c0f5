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
    value_table,
)
from .drawings import CROSSING
from .figures import img
from .skills import LINEAR_FUNCTIONS

QUESTIONS = in_skill(
    LINEAR_FUNCTIONS,
    (
        single(
            "equation-of-a-graph",
            img("half-slope.png") + "Which equation belongs to the line?",
            r"\(y = \frac{1}{2}x + 1\)",
            {
                r"\(y = 2x + 1\)": "Going 2 to the right the line rises by 1, not the other way round.",
                r"\(y = x + \frac{1}{2}\)": "Slope and intercept are swapped.",
                r"\(y = -\frac{1}{2}x + 1\)": "The line rises from left to right.",
            },
            About(
                -0.9,
                "It meets the y axis at 1 and rises by 1 for every 2 steps to the right, so its slope is "
                r"\(\frac{1}{2}\).",
                hints=("Where does it meet the y axis?",),
                tags=("slope", "intercept"),
            ),
        ),
        numerical(
            "value-beyond-the-picture",
            img("half-slope.png") + r"Which value does \(y\) have at \(x = 12\) if the line goes on?",
            Number(
                12 / 2 + 1,
                slips={6: "You forgot that the line starts at 1 on the y axis.", 25: "The slope is one half, not 2."},
            ),
            About(
                -0.3,
                r"\(y = \frac{1}{2} \cdot 12 + 1 = 7\). A formula reaches farther than a picture.",
                hints=("Find the equation of the line.",),
                tags=("function-value",),
            ),
        ),
        numerical(
            "slope-from-two-points",
            r"A line passes through \((1, 2)\) and \((4, 11)\). What is its slope?",
            Number(
                (11 - 2) / (4 - 1),
                slips={
                    1 / 3: "You divided the horizontal change by the vertical one.",
                    9: "That is the vertical change; divide it by the horizontal one.",
                    2.75: "The slope compares changes, not the coordinates of one point.",
                },
            ),
            About(
                -1.0,
                r"While \(x\) grows by 3, \(y\) grows by 9, so \(y\) changes by \(\frac{9}{3} = 3\) for each step of "
                "1.",
                hints=("By how much does each coordinate change?",),
                tags=("slope",),
            ),
        ),
        hotspot(
            "common-point",
            r"The lines \(y = 4 - x\) and \(y = 2x - 2\) are drawn. Click the point whose coordinates solve both "
            "equations.",
            Hotspot(image="crossing-lines.png", shapes=(disc("(2, 2)", CROSSING.pixel(2, 2), 14),)),
            About(
                -0.8,
                "The coordinates of a point solve an equation exactly when the point lies on its line. Only the "
                r"crossing point \((2, 2)\) lies on both: \(4 - 2 = 2\) and \(2 \cdot 2 - 2 = 2\).",
                hints=(("On which line do the solutions of the first equation lie?"),),
                tags=("intersection", "system"),
            ),
        ),
        matching(
            "lines-and-equations",
            "Match each description with an equation.",
            {
                r"parallel to \(y = 2x + 1\)": r"\(y = 2x - 4\)",
                r"perpendicular to \(y = 2x + 1\)": r"\(y = -\frac{1}{2}x + 3\)",
                "parallel to the x axis": r"\(y = 5\)",
                "direct proportion": r"\(y = \frac{3}{4}x\)",
            },
            About(
                0.6,
                r"Parallel lines have equal slopes, the slopes of perpendicular lines multiply to \(-1\), a level line "
                "has slope 0, and the graph of a direct proportion passes through the origin.",
                hints=("Compare the slopes.",),
                tags=("slope", "parallel-perpendicular"),
            ),
            distractors=(r"\(x = 5\)", r"\(y = -2x + 1\)"),
        ),
        true_false(
            "every-line-a-function",
            "Every straight line in a coordinate system is the graph of a function of x.",
            About(
                0.2,
                r"A vertical line such as \(x = 3\) gives many values of \(y\) for one \(x\); a function gives exactly "
                "one. Its slope does not exist either.",
                hints=("Think of lines in every direction.",),
                tags=("definition", "reasoning"),
            ),
            truth=False,
        ),
        multiple(
            "points-on-a-line",
            r"Which points lie on the line \(y = 3x - 2\)? Select all that apply.",
            (r"\((0, -2)\)", r"\((2, 4)\)", r"\((-1, -5)\)"),
            {r"\((1, 2)\)": r"\(3 \cdot 1 - 2 = 1\).", r"\((4, 2)\)": "The coordinates are swapped: first x, then y."},
            About(
                -1.5,
                "A point lies on the line if its coordinates make the equation true: put both in and compare.",
                tags=("function-value",),
            ),
        ),
        ordering(
            "from-flat-to-steep",
            "Order these lines from the flattest to the steepest, no matter whether they rise or fall.",
            (r"\(y = \frac{1}{2}x - 9\)", r"\(y = x\)", r"\(y = 2x - 5\)", r"\(y = -3x + 1\)"),
            About(
                -0.2,
                r"How steep a line is depends on the size of its slope without the sign: \(\frac{1}{2}, 1, 2, 3\). The "
                "number added at the end only shifts the line.",
                hints=("Which of the two numbers decides about steepness?",),
                tags=("slope",),
            ),
        ),
        cloze(
            "burning-candle",
            r"A candle is 24 cm tall and burns down by 1.5 cm an hour. Its height after \(t\) hours is \(h(t) =\) "
            r"[[start]] [[sign]] \(1.5t\). It has burnt down after [[end]] hours.",
            (number_gap("start", 24), choice_gap("sign", "−", "+", "·"), number_gap("end", 24 / 1.5)),
            About(
                -0.6,
                r"The height at the start is the intercept, the loss per hour the (negative) slope. \(24 - 1.5t = 0\) "
                r"gives \(t = 16\).",
                hints=("When is the height 0?",),
                tags=("modelling", "zero"),
            ),
        ),
        parametric(
            "predict-a-value",
            "A tank holds {{b}} litres and {{m}} litres run in every minute. How many litres does it hold after {{t}} "
            "minutes?",
            Parametric(variables=(grid("b", 50, 200, 10), grid("m", 6, 15), grid("t", 5, 12)), expression="b + m * t"),
            About(
                -1.9,
                "Start value plus change per minute times minutes: that is a linear function with the start value as "
                "intercept and the rate as slope.",
                tags=("modelling", "function-value"),
            ),
        ),
        parametric(
            "slope-through-points",
            r"A line passes through \((2, {{a}})\) and \((6, {{b}})\). What is its slope?",
            Parametric(variables=(grid("a", 10, 20), grid("b", 1, 9)), expression="(b - a) / 4", tolerance=0.001),
            About(
                0.0,
                "The slope is the change of y divided by the change of x. Here y falls, so the slope is negative. "
                "Take both differences in the same order.",
                hints=("Does the line rise or fall?",),
                tags=("slope",),
            ),
        ),
        flashcard(
            "meaning-of-slope",
            r"What do \(m\) and \(b\) tell you in \(y = mx + b\)?",
            r"\(m\): by how much y changes when x grows by 1. \(b\): the value of y at x = 0, where the line meets the "
            "y axis.",
            About(
                -1.1,
                "In a situation with costs, b is the basic charge and m the price of each further unit.",
                tags=("slope", "intercept"),
            ),
        ),
        single(
            "compare-taxi-fares",
            img("taxi.png") + "For which rides is Metro cheaper than City?",
            "for rides longer than 6 km",
            {
                "for rides shorter than 6 km": "There the line of Metro lies above the other.",
                "for all rides": "Look at the start of both lines.",
                "for rides longer than 16 km": "16 is the fare at the crossing point, not the distance.",
            },
            About(
                -0.4,
                r"The lines cross where \(4 + 2x = 10 + x\), that is at 6 km. Beyond, Metro's line is lower, because "
                "it rises less per kilometre.",
                hints=("Where do the lines cross?",),
                tags=("intersection", "modelling"),
                also=("graphs",),
            ),
        ),
        essay(
            "advise-a-customer",
            img("taxi.png") + "A friend asks which of the two taxi companies is better. Write her a short, complete "
            "answer: give both formulas, say where they agree and how you know, and say what her choice depends on. "
            "Mention one thing that the model leaves out.",
            {
                "Both fare formulas are right and the letters are explained.": 2,
                "The distance at which both cost the same is found and justified.": 2,
                "The advice depends on the distance, with the right company for each case.": 1,
                "One sensible limit of the model is named.": 1,
            },
            About(
                1.0,
                r"City costs \(4 + 2x\), Metro \(10 + x\) euros for \(x\) km. Both cost 16 euros at 6 km; shorter "
                "rides are cheaper with City, longer ones with Metro. Traffic jams, waiting or night charges are not "
                "in the model.",
                hints=(("Read the basic charge and the price per km off the graph."),),
                tags=("modelling", "writing"),
            ),
        ),
        numerical(
            "zero-of-a-function",
            r"Where does the graph of \(f(x) = -4x + 10\) meet the x axis? Give \(x\).",
            Number(
                10 / 4,
                slips={
                    10: "That is where it meets the y axis.",
                    -2.5: "Check the sign with the slope: the line starts at 10 and falls.",
                },
            ),
            About(
                -0.1,
                r"On the x axis the function value is 0: \(-4x + 10 = 0\) gives \(x = 2.5\).",
                hints=("Which value does the function have on the x axis?",),
                tags=("zero",),
            ),
        ),
        single(
            "linear-table",
            value_table({"x": (0, 2, 5), "y": (3, 7, 13)}) + "<p>Which formula fits the table?</p>",
            r"\(y = 2x + 3\)",
            {
                r"\(y = 4x + 3\)": "x grows by 2 in the first step, not by 1.",
                r"\(y = 3x + 2\)": "Slope and start value are swapped.",
                r"\(y = x + 3\)": "This fits only the first column.",
            },
            About(
                -0.7,
                r"At \(x = 0\) the value is 3. From 0 to 2, \(y\) grows by 4, and from 2 to 5 by 6: always 2 per step.",
                hints=("By how much does y grow when x grows by 1?",),
                tags=("table", "slope"),
            ),
        ),
        short(
            "name-of-b",
            r"What is the number \(b\) in \(y = mx + b\) called? (two words or one hyphenated word)",
            ("y-intercept", "y intercept", "the y-intercept", "intercept", "vertical intercept"),
            About(
                -1.3,
                r"At \(x = 0\) only \(b\) is left, so the line cuts the y axis there; to intercept means to cut off.",
                tags=("vocabulary", "intercept"),
            ),
        ),
        true_false(
            "never-meeting",
            r"The lines \(y = 2x + 3\) and \(y = 2x - 3\) never meet.",
            About(
                -1.2,
                "At every x the first lies 6 above the second. Lines with equal slopes and different intercepts are "
                "parallel.",
                tags=("parallel-perpendicular",),
            ),
            truth=True,
        ),
        numerical(
            "perpendicular-line",
            r"A line is perpendicular to \(y = 2x\) and passes through \((2, 3)\). Which value does it have at \(x = "
            r"6\)?",
            Number(
                3 - (6 - 2) / 2,
                slips={
                    11: "You kept the slope 2; that is the parallel line.",
                    -5: r"The slope is the negative reciprocal, \(-\frac{1}{2}\).",
                    5: "The perpendicular line falls.",
                },
            ),
            About(
                1.5,
                r"Its slope is \(-\frac{1}{2}\). From \(x = 2\) to \(x = 6\) are 4 steps, so it falls by 2: \(3 - 2 = "
                r"1\).",
                hints=(("Which slope does a perpendicular line have?"),),
                tags=("parallel-perpendicular", "slope"),
            ),
        ),
        single(
            "function-from-conditions",
            r"A linear function has \(f(1) = 4\) and \(f(x + 2) = f(x) + 6\) for every \(x\). Which one is it?",
            r"\(f(x) = 3x + 1\)",
            {
                r"\(f(x) = 6x - 2\)": "It grows by 6 while x grows by 2.",
                r"\(f(x) = 3x + 4\)": "4 is the value at 1, not at 0.",
                r"\(f(x) = 2x + 2\)": "The 2 is the step of x, not the slope.",
            },
            About(
                1.2,
                r"6 more for 2 steps means slope 3. From \(f(1) = 3 + b = 4\) follows \(b = 1\).",
                hints=("By how much does f grow when x grows by 1?",),
                tags=("slope", "reasoning"),
            ),
        ),
        numerical(
            "triangle-with-the-axes",
            r"The line \(y = -2x + 6\) and the two axes enclose a triangle. How large is its area?",
            Number(
                3 * 6 / 2,
                slips={
                    18: "That is the rectangle; the triangle is half of it.",
                    12: "The base is where the line meets the x axis: solve for y = 0.",
                },
            ),
            About(
                1.8,
                r"The line meets the axes at 6 (on y) and at 3 (on x, from \(-2x + 6 = 0\)). The area is \(\frac{1}{2} "
                r"\cdot 3 \cdot 6 = 9\).",
                hints=("Where does the line meet each axis?",),
                tags=("intercept", "area"),
            ),
        ),
        single(
            "growing-distance",
            r"Two lines start at the same point, with slopes 2 and \(-1\). How far apart, measured vertically, are "
            r"they after \(x\) grew by 5?",
            "15 units",
            {
                "5 units": "One line rises and the other falls, so the changes add up.",
                "3 units": "That is the distance after one step.",
                "10 units": "The second line moves too.",
            },
            About(
                0.8,
                r"The difference of the slopes is \(2 - (-1) = 3\), so the gap grows by 3 with each step: \(5 \cdot 3 "
                r"= 15\).",
                hints=("By how much does the gap grow in one step?",),
                tags=("slope",),
            ),
        ),
    ),
)
