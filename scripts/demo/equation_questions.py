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
    ordering,
    parametric,
    short,
    single,
    true_false,
)
from .drawings import LINE_BLANK
from .figures import img
from .skills import LINEAR_EQUATIONS

_COFFEE = 15.1 - 2 * 5.9

QUESTIONS = in_skill(
    LINEAR_EQUATIONS,
    (
        numerical(
            "level-balance",
            img("balance.png") + "All boxes weigh the same, and each ball weighs 1 unit. How many units does one box "
            "weigh?",
            Number(
                (14 - 2) / 3,
                slips={
                    12: "That is the weight of all three boxes.",
                    14 / 3: "First take the two balls away on both sides.",
                    16 / 3: "The balls on the left are taken away, not added to the right.",
                },
            ),
            About(
                -2.3,
                r"Taking two balls from each side keeps the balance: \(3x = 12\). Sharing both sides among three boxes "
                r"gives \(x = 4\).",
                hints=("What can you take away on both sides?",),
                tags=("balance-model",),
            ),
        ),
        single(
            "two-step-equation",
            r"Solve \(3x - 7 = 11\).",
            r"\(x = 6\)",
            {
                r"\(x = \frac{4}{3}\)": "To undo minus 7, add 7 on both sides.",
                r"\(x = 18\)": "Divide by 3 as well.",
                r"\(x = 15\)": "To undo times 3, divide by 3 instead of subtracting 3.",
            },
            About(
                -1.6,
                r"Undo the last operation first: add 7 to get \(3x = 18\), then divide by 3. Check: \(3 \cdot 6 - 7 = "
                r"11\).",
                hints=("Which operation was done last to x?",),
                tags=("inverse-operations",),
            ),
        ),
        numerical(
            "x-on-both-sides",
            r"Solve \(5x + 3 = 2x - 9\). What is \(x\)?",
            Number(
                (-9 - 3) / (5 - 2),
                slips={
                    -2: r"The \(3\) has to be subtracted from \(-9\).",
                    4: "Check the sign: the right side becomes negative.",
                },
            ),
            About(
                -0.7,
                r"Subtract \(2x\) and \(3\) on both sides: \(3x = -12\), so \(x = -4\). Check: both sides are \(-17\).",
                hints=("Bring all x to one side.",),
                tags=("inverse-operations",),
            ),
        ),
        ordering(
            "order-the-solution",
            "Put the lines of this solution in the right order.",
            (r"\(4(x - 1) = 2x + 10\)", r"\(4x - 4 = 2x + 10\)", r"\(2x - 4 = 10\)", r"\(2x = 14\)", r"\(x = 7\)"),
            About(
                -1.3,
                r"Expand, collect the \(x\) on the left (minus \(2x\)), move the number (plus 4), divide by 2. Every "
                "line has the same solution as the one before.",
                tags=("procedure",),
            ),
        ),
        true_false(
            "multiplying-by-zero",
            "Multiplying both sides of an equation by 0 does not change its solutions.",
            About(
                0.0,
                r"It turns every equation into \(0 = 0\), which is true for all numbers. Only multiplying by a number "
                "other than 0 can be undone.",
                tags=("equivalence", "reasoning"),
            ),
            truth=False,
        ),
        single(
            "number-riddle",
            "I think of a number, subtract 5, triple the result and get 21. Which equation fits?",
            r"\(3(x - 5) = 21\)",
            {
                r"\(3x - 5 = 21\)": "Here the tripling happens before the subtraction.",
                r"\(x - 15 = 21\)": "The whole result is tripled, not only the 5.",
                r"\(3x = 21 - 5\)": "The number itself is reduced by 5, not the result.",
            },
            About(
                -1.1,
                r"What is tripled is the whole result \(x - 5\), so it needs a bracket. The number is 12.",
                hints=("What exactly is tripled?",),
                tags=("modelling", "brackets"),
            ),
        ),
        multiple(
            "which-have-solution-three",
            r"Which equations have the solution \(x = 3\)? Select all that apply.",
            (r"\(2x + 1 = 7\)", r"\(5 - x = 2\)", r"\(\frac{x}{3} = 1\)"),
            {r"\(x - 3 = 3\)": "Here x is 6.", r"\(2x = x - 3\)": r"Here \(x = -3\)."},
            About(
                -1.4,
                "A solution is a number that makes both sides equal. To test it there is no need to solve anything: "
                "put 3 in.",
                tags=("meaning",),
            ),
        ),
        matching(
            "how-many-solutions",
            "Match each equation with its solutions.",
            {
                r"\(2x + 3 = 2x + 5\)": "no number",
                r"\(2(x + 1) = 2x + 2\)": "every number",
                r"\(3x = 0\)": r"only \(0\)",
                r"\(3x - 1 = 5\)": r"only \(2\)",
            },
            About(
                0.5,
                r"If the \(x\) vanish, what is left decides: \(3 = 5\) is never true, \(2 = 2\) always. \(3x = 0\) "
                "does have a solution: the number 0.",
                hints=("Simplify until the x vanish or stand alone.",),
                tags=("number-of-solutions",),
            ),
            distractors=(r"only \(-3\)",),
        ),
        numerical(
            "mother-and-son",
            "A mother is 28 years older than her son Tom. In 4 years she will be three times as old as he is then. "
            "How old is Tom now?",
            Number((28 - 2 * 4) / 2, slips={14: "That would be his age in 4 years."}),
            About(
                0.9,
                r"In 4 years Tom is \(t + 4\) and his mother \(t + 32\). From \(t + 32 = 3(t + 4)\) follows \(2t = "
                r"20\), so Tom is 10 (then 14, his mother 42).",
                hints=(("Write both ages in 4 years with the letter t."), r"\(t + 32 = 3(t + 4)\)"),
                tags=("word-problem", "modelling"),
            ),
        ),
        cloze(
            "inequality-turns",
            r"To solve \(-2x \lt 6\), both sides are divided by \(-2\). The inequality sign is then [[what]], and the "
            r"result is \(x\) [[sign]] [[bound]].",
            (
                choice_gap("what", "turned round", "kept", "replaced by ="),
                choice_gap("sign", r"\(\gt\)", r"\(\lt\)", r"\(\le\)"),
                number_gap("bound", -3),
            ),
            About(
                0.3,
                "Multiplying or dividing by a negative number mirrors the number line, so left and right change "
                r"places: \(x \gt -3\). Test: \(x = 0\) is right, since \(0 \lt 6\).",
                hints=(r"Does \(x = 0\) solve the inequality?",),
                tags=("inequality",),
            ),
        ),
        parametric(
            "general-two-step",
            r"Solve \({{a}}x + {{b}} = {{c}}\). Give \(x\) as a decimal, rounded to two places.",
            Parametric(
                variables=(grid("a", 2, 9), grid("b", 3, 12), grid("c", 15, 60)),
                expression="(c - b) / a",
                tolerance=0.01,
            ),
            About(
                -1.0,
                "Subtract the number next to the x-term on both sides, then divide by the number in front of x. "
                "Dividing first is possible, but every term then has to be divided.",
                hints=("Subtract first, then divide.",),
                tags=("inverse-operations",),
            ),
        ),
        parametric(
            "rectangle-from-perimeter",
            "A rectangle is {{d}} cm longer than wide, and its perimeter is {{p}} cm. How wide is it, in centimetres?",
            Parametric(
                variables=(grid("d", 3, 9), grid("p", 40, 80, 4)), expression="(p - 2 * d) / 4", tolerance=0.001
            ),
            About(
                0.4,
                r"With width \(w\) the perimeter is \(2w + 2(w + d) = 4w + 2d\). Take the two extra pieces away and "
                "divide the rest by four.",
                hints=(("Write the perimeter with the letter w."),),
                tags=("modelling", "perimeter"),
                also=("geometry",),
            ),
        ),
        flashcard(
            "why-the-sign-turns",
            r"Why is the sign of an inequality turned round when both sides are multiplied by \(-1\)?",
            "Because taking opposites mirrors the number line at 0: what was farther right is then farther left, as "
            r"in \(2 \lt 5\) but \(-2 \gt -5\).",
            About(
                0.6,
                "Adding and subtracting only shift the line, so they keep the order; a negative factor mirrors it.",
                tags=("inequality", "reasoning"),
            ),
        ),
        hotspot(
            "solution-on-the-line",
            r"Click the solution of \(3x + 2 = -13\).",
            Hotspot(
                image="line-blank.png", shapes=(disc("−5", (LINE_BLANK.pixel(-5, 0)[0], LINE_BLANK.height / 2), 15),)
            ),
            About(
                -0.6,
                r"\(3x = -15\), so \(x = -5\): the third tick to the right of \(-8\).",
                hints=("Solve the equation first, then look for the tick.",),
                tags=("number-line",),
            ),
        ),
        single(
            "rearrange-a-formula",
            r"\(F = \frac{9}{5} C + 32\) turns degrees Celsius into degrees Fahrenheit. Which formula turns them back?",
            r"\(C = \frac{5}{9}(F - 32)\)",
            {
                r"\(C = \frac{5}{9}F - 32\)": r"The 32 has to be subtracted before dividing by \(\frac{9}{5}\), so it "
                "needs a bracket.",
                r"\(C = \frac{9}{5}(F - 32)\)": r"Dividing by \(\frac{9}{5}\) is multiplying by \(\frac{5}{9}\).",
                r"\(C = \frac{5}{9}(F + 32)\)": "Undo plus 32 with minus 32.",
            },
            About(
                0.8,
                r"Undo in reverse order: first subtract 32, then divide by \(\frac{9}{5}\). Check: \(F = 212\) gives "
                r"\(C = \frac{5}{9} \cdot 180 = 100\).",
                hints=("At 212 °F water boils.",),
                tags=("formula",),
            ),
        ),
        numerical(
            "halves-and-thirds",
            r"Solve \(\frac{x}{2} + \frac{x}{3} = 10\). What is \(x\)?",
            Number(
                10 * 6 / 5,
                slips={
                    25: r"\(\frac{x}{2} + \frac{x}{3}\) is not \(\frac{2x}{5}\).",
                    50: r"The sum is not \(\frac{x}{5}\).",
                },
            ),
            About(
                0.7,
                r"Multiplying by 6 clears the denominators: \(3x + 2x = 60\), so \(x = 12\).",
                hints=(("By which number can you multiply to get rid of both denominators?"),),
                tags=("denominators",),
                also=("fractions",),
            ),
        ),
        single(
            "smallest-whole-number",
            r"Which is the smallest whole number with \(5 - 3x \lt -4\)?",
            r"\(4\)",
            {
                r"\(3\)": r"For \(x = 3\) both sides are equal, and that is not enough.",
                r"\(2\)": r"\(5 - 6 = -1\) is larger than \(-4\).",
                r"\(-3\)": r"\(5 + 9 = 14\); the sign has to be turned when dividing by \(-3\).",
            },
            About(
                1.1,
                r"\(-3x \lt -9\), and dividing by \(-3\) turns the sign: \(x \gt 3\). The first whole number beyond 3 "
                "is 4.",
                hints=("Mind the sign when you divide.",),
                tags=("inequality",),
            ),
        ),
        short(
            "name-for-same-solutions",
            "What are two equations called that have exactly the same solutions?",
            ("equivalent", "equivalent equations"),
            About(
                -0.2,
                "Solving means passing from one equation to an equivalent one by steps that can be undone, until the "
                "solution can be read off.",
                tags=("vocabulary", "equivalence"),
            ),
        ),
        numerical(
            "coffee-and-tea",
            "3 coffees and 2 teas cost 15.10 euros; one coffee and one tea together cost 5.90 euros. How many euros "
            "does a coffee cost?",
            Number(
                round(_COFFEE, 2),
                tolerance=0.001,
                slips={2.6: "That is the tea.", 5.9: "That is a coffee and a tea together."},
            ),
            About(
                1.2,
                r"Two coffees and two teas cost \(2 \cdot 5.90 = 11.80\). The first bill has one coffee more: \(15.10 "
                r"- 11.80 = 3.30\).",
                hints=(("What do two coffees and two teas cost?"),),
                tags=("system", "word-problem"),
            ),
        ),
        numerical(
            "tickets-sold",
            "For a concert 120 tickets are sold, adults at 8 euros and children at 5 euros, for 765 euros altogether. "
            "How many adults bought a ticket?",
            Number((765 - 120 * 5) / (8 - 5), slips={65: "That is the number of children."}),
            About(
                1.5,
                r"If all had paid 5 euros, it would be 600 euros. Each adult adds 3 euros, and \(165 \div 3 = 55\). "
                r"The equation \(8a + 5(120 - a) = 765\) says the same.",
                hints=("How many children are there, if a adults came?",),
                tags=("modelling", "word-problem"),
            ),
        ),
        multiple(
            "equation-with-a-parameter",
            r"Look at \((a - 2)x = 3(a - 2)\) as an equation for \(x\). Which statements are right? Select all that "
            "apply.",
            (
                (r"For \(a = 5\) the only solution is 3."),
                r"For \(a = 2\) every number is a solution.",
                r"\(x = 3\) is a solution for every \(a\).",
            ),
            {
                r"For \(a = 2\) there is no solution.": r"Then the equation reads \(0 \cdot x = 0\).",
                r"The solution depends on \(a\) and is \(3a\).": r"Dividing by \(a - 2\) leaves 3.",
            },
            About(
                2.2,
                r"For \(a \ne 2\) both sides may be divided by \(a - 2\), which leaves \(x = 3\). For \(a = 2\) this "
                r"division is not allowed: the equation is \(0 = 0\), true for all \(x\).",
                hints=(r"When may you divide by \(a - 2\)?",),
                tags=("parameter", "number-of-solutions"),
            ),
        ),
    ),
)
