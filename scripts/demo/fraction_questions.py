from fractions import Fraction

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
from .drawings import LINE_SIXTHS
from .figures import img
from .skills import FRACTIONS

_THIRD_PART_LEFT = 600 * (1 - Fraction(1, 4)) * (1 - Fraction(2, 5))

QUESTIONS = in_skill(
    FRACTIONS,
    (
        single(
            "shaded-part",
            img("shaded-grid.png") + "Which fraction of the rectangle is shaded?",
            r"\(\frac{3}{4}\)",
            {
                r"\(\frac{9}{3}\)": "You compared shaded with unshaded cells. The whole is all 12 cells.",
                r"\(\frac{1}{4}\)": "That is the part that is not shaded.",
                r"\(\frac{9}{10}\)": "Count all the cells once more: there are three rows of four.",
            },
            About(
                -2.2,
                r"9 of 12 cells are shaded: \(\frac{9}{12} = \frac{3}{4}\), since both numbers can be divided by 3. "
                "The denominator counts the parts of the whole, not the parts left over.",
                hints=("How many cells does the whole rectangle have?",),
                tags=("part-of-a-whole", "misconception:part-to-part"),
            ),
        ),
        single(
            "point-on-the-line",
            img("line-quarters.png") + "Which number does P show?",
            r"\(\frac{7}{4}\)",
            {
                r"\(1\frac{3}{5}\)": "Count steps, not ticks: one unit is cut into four steps.",
                r"\(\frac{7}{8}\)": "One unit, not the whole line of two units, is the whole here.",
                r"\(1.3\)": "Three steps after 1 are three quarters, not three tenths.",
            },
            About(
                -1.4,
                r"Every step is \(\frac{1}{4}\). P is seven steps from 0, so it shows \(\frac{7}{4} = 1\frac{3}{4} = "
                r"1.75\).",
                hints=("How long is one step?",),
                tags=("number-line",),
            ),
        ),
        hotspot(
            "find-two-thirds",
            r"Click the point \(\frac{2}{3}\) on the number line.",
            Hotspot(
                image="line-sixths.png",
                shapes=(disc("2/3", (LINE_SIXTHS.pixel(2 / 3, 0)[0], LINE_SIXTHS.height / 2), 20),),
            ),
            About(
                -0.9,
                r"The unit is cut into sixths, and \(\frac{2}{3} = \frac{4}{6}\). So the point is the fourth step "
                "after 0.",
                hints=(r"Turn \(\frac{2}{3}\) into sixths.",),
                tags=("number-line", "equivalent-fractions"),
            ),
        ),
        numerical(
            "savings-left",
            r"Lina has saved 600 euros. She spends \(\frac{1}{4}\) of it on a bicycle and then \(\frac{2}{5}\) of what "
            "is left on a tent. How many euros are left?",
            Number(
                float(_THIRD_PART_LEFT),
                slips={
                    210: r"You took \(\frac{2}{5}\) of the 600 euros; the tent takes it of what was left.",
                    180: "That is the price of the tent.",
                },
            ),
            About(
                0.2,
                r"After the bicycle \(\frac{3}{4} \cdot 600 = 450\) euros are left. Of these \(\frac{3}{5}\) stay: "
                r"\(\frac{3}{5} \cdot 450 = 270\). The second fraction has another whole than the first.",
                hints=("How much is left after the bicycle?", "Of which amount does the tent take two fifths?"),
                tags=("word-problem", "changing-whole"),
            ),
        ),
        single(
            "add-unlike",
            r"What is \(\frac{1}{2} + \frac{2}{5}\)?",
            r"\(\frac{9}{10}\)",
            {
                r"\(\frac{3}{7}\)": r"Adding tops and bottoms gives less than \(\frac{1}{2}\): can a sum be smaller "
                "than one of its parts?",
                r"\(\frac{3}{10}\)": "You changed the denominators but not the numerators.",
                r"\(\frac{2}{10}\)": "That is the product.",
            },
            About(
                -1.1,
                r"Halves and fifths are pieces of different sizes; both can be cut into tenths: \(\frac{5}{10} + "
                r"\frac{4}{10} = \frac{9}{10}\).",
                hints=("Into which equal pieces can halves and fifths both be cut?",),
                tags=("addition", "misconception:add-across"),
            ),
        ),
        true_false(
            "multiplying-makes-bigger",
            "Multiplying a positive number by another positive number always makes it bigger.",
            About(
                -0.7,
                r"A factor below 1 takes only a part: \(8 \cdot \frac{1}{2} = 4\). Multiplication enlarges only when "
                "the factor is greater than 1.",
                tags=("misconception:multiplication-enlarges", "reasoning"),
            ),
            truth=False,
        ),
        ordering(
            "order-fractions",
            "Put these numbers in order, smallest first.",
            (r"\(\frac{2}{5}\)", r"\(0.45\)", r"\(\frac{4}{7}\)", r"\(\frac{5}{8}\)", r"\(0.7\)"),
            About(
                0.6,
                r"As decimals: \(\frac{2}{5} = 0.4\), \(0.45\), \(\frac{4}{7} \approx 0.571\), \(\frac{5}{8} = "
                r"0.625\), \(0.7\). A quick first sort is to ask which are below one half.",
                hints=("Which of them are less than one half?",),
                tags=("comparison", "decimals"),
            ),
        ),
        multiple(
            "equivalent-to-six-eighths",
            r"Which of these equal \(\frac{6}{8}\)? Select all that apply.",
            (r"\(\frac{15}{20}\)", r"\(0.75\)", r"\(\frac{3}{4}\)"),
            {
                r"\(\frac{8}{10}\)": "Adding 2 to top and bottom changes the value; only multiplying both keeps it.",
                r"\(0.68\)": "The digits of a fraction are not the digits of its decimal.",
            },
            About(
                -0.9,
                r"Multiplying or dividing numerator and denominator by the same number keeps the value: \(\frac{6}{8} "
                r"= \frac{3}{4} = \frac{15}{20} = 0.75\).",
                hints=("Simplify the fraction first.",),
                tags=("equivalent-fractions",),
            ),
        ),
        matching(
            "fractions-and-decimals",
            "Match each fraction with its decimal.",
            {
                r"\(\frac{1}{8}\)": r"\(0.125\)",
                r"\(\frac{3}{20}\)": r"\(0.15\)",
                r"\(\frac{1}{9}\)": r"\(0.\overline{1}\)",
                r"\(\frac{1}{6}\)": r"\(0.1\overline{6}\)",
            },
            About(
                0.4,
                "A simplified fraction has a finite decimal exactly when its denominator has no prime factors but 2 "
                "and 5. Eighths and twentieths end; ninths and sixths repeat.",
                hints=("Which denominators divide a power of ten?",),
                tags=("decimals",),
            ),
            distractors=(r"\(0.18\)", r"\(0.16\)"),
        ),
        cloze(
            "dividing-by-a-fraction",
            r"How often does \(\frac{1}{4}\) litre fit into 3 litres? It fits [[count]] times, so \(3 \div "
            r"\frac{1}{4}\) equals 3 [[operation]] 4. In the same way \(3 \div \frac{3}{4}\) equals [[second]], "
            "because three times as much goes into each glass.",
            (
                number_gap("count", 12),
                choice_gap("operation", "times", "divided by", "minus"),
                number_gap("second", 4),
            ),
            About(
                -0.1,
                "Dividing asks how often something fits. A quarter fits four times into each litre, hence dividing by "
                r"a fraction means multiplying by its reciprocal: \(3 \div \frac{3}{4} = 3 \cdot \frac{4}{3} = 4\).",
                hints=("How many quarters make one litre?",),
                tags=("division", "meaning"),
            ),
        ),
        parametric(
            "fraction-of-an-amount",
            r"A tank holds {{v}} litres. It is \(\frac{ {{p}} }{ {{q}} }\) full. How many litres are in it?",
            Parametric(variables=(grid("v", 120, 960, 120), grid("p", 1, 2), grid("q", 3, 6)), expression="v * p / q"),
            About(
                -1.6,
                "Divide the capacity by the denominator to find one part, then take as many parts as the numerator "
                "says.",
                hints=("How much is one part?",),
                tags=("part-of-a-whole",),
            ),
        ),
        parametric(
            "add-two-fractions",
            r"Write \(\frac{1}{ {{a}} } + \frac{1}{ {{b}} }\) as a decimal, rounded to three places.",
            Parametric(variables=(grid("a", 2, 5), grid("b", 6, 12)), expression="1 / a + 1 / b", tolerance=0.001),
            About(
                0.3,
                "Either find a common denominator and divide at the end, or turn each fraction into a decimal first "
                "and add. Round only once, at the end.",
                hints=("Keep more than three places until the last step.",),
                tags=("addition", "decimals", "rounding"),
            ),
        ),
        short(
            "reciprocal",
            r"What is the reciprocal of \(1\frac{2}{3}\)? Write it as a fraction like 5/7.",
            ("3/5", "3 / 5", "6/10", "0.6"),
            About(
                0.5,
                r"\(1\frac{2}{3} = \frac{5}{3}\), and swapping top and bottom gives \(\frac{3}{5}\): the product of a "
                r"number and its reciprocal is 1. Turning over only the fraction part, \(1\frac{3}{2}\), does not "
                "work.",
                hints=("Write the mixed number as one fraction first.",),
                tags=("mixed-numbers",),
            ),
        ),
        flashcard(
            "why-flip-and-multiply",
            r"Why does dividing by \(\frac{2}{3}\) give the same as multiplying by \(\frac{3}{2}\)?",
            r"Because \(\frac{2}{3} \cdot \frac{3}{2} = 1\): multiplying by \(\frac{3}{2}\) undoes multiplying by "
            r"\(\frac{2}{3}\), and division is exactly this undoing.",
            About(
                0.9,
                r"In words: one third fits 3 times into a whole, and \(\frac{2}{3}\) is twice as big, so it fits half "
                "as often.",
                tags=("division", "reasoning"),
            ),
        ),
        single(
            "between-two-fractions",
            r"Which number lies between \(\frac{1}{3}\) and \(\frac{1}{2}\)?",
            r"\(\frac{2}{5}\)",
            {
                r"\(\frac{1}{4}\)": "A larger denominator makes smaller pieces.",
                r"\(\frac{3}{5}\)": "This is more than one half.",
                r"\(\frac{3}{10}\)": r"This is \(0.3\), slightly less than a third.",
            },
            About(
                0.0,
                r"As decimals the bounds are \(0.333\dots\) and \(0.5\), and \(\frac{2}{5} = 0.4\). Adding tops and "
                r"bottoms, which is wrong for sums, happens to give a number in between: \(\frac{1+1}{3+2}\).",
                hints=("Turn all of them into decimals.",),
                tags=("comparison",),
            ),
        ),
        numerical(
            "decimal-product",
            r"What is \(0.3 \cdot 0.04\)?",
            Number(
                0.3 * 0.04,
                tolerance=1e-9,
                slips={
                    0.12: "Count the decimal places of both factors: one and two make three.",
                    1.2: "Tenths of hundredths are thousandths.",
                },
            ),
            About(
                -0.5,
                r"Three tenths times four hundredths are twelve thousandths: \(0.012\). An estimate helps: a third of "
                r"\(0.04\) is a little more than \(0.01\).",
                hints=("What is a tenth of a hundredth?",),
                tags=("decimals",),
            ),
        ),
        true_false(
            "nines",
            r"The number \(0.999\ldots\), with nines that never end, is a little smaller than 1.",
            About(
                1.8,
                r"\(\frac{1}{3} = 0.333\ldots\), and three times this is both \(1\) and \(0.999\ldots\). If the two "
                "differed, there would have to be a number between them, and none can be written.",
                hints=(r"Multiply \(\frac{1}{3} = 0.333\ldots\) by 3.",),
                tags=("decimals", "reasoning"),
            ),
            truth=False,
        ),
        single(
            "compound-fraction",
            r"Simplify: \[\frac{\frac{1}{2} + \frac{1}{3}}{\frac{1}{2} - \frac{1}{3}}\]",
            r"\(5\)",
            {
                r"\(1\)": "Numerator and denominator differ, so the quotient cannot be 1.",
                r"\(\frac{5}{36}\)": "You multiplied the two results; the long bar means division.",
                r"\(\frac{1}{5}\)": "You divided the wrong way round.",
            },
            About(
                1.2,
                r"Above the bar stands \(\frac{5}{6}\), below it \(\frac{1}{6}\). A sixth fits five times into five "
                "sixths.",
                hints=("Work out the numerator and the denominator separately.",),
                tags=("division",),
            ),
        ),
        numerical(
            "pool-two-pipes",
            "One pipe fills a pool in 3 hours, another in 6 hours. Both are opened together. How many hours does "
            "filling the pool take?",
            Number(
                float(1 / (Fraction(1, 3) + Fraction(1, 6))),
                slips={
                    4.5: "The mean would be slower than the faster pipe alone. Add the work per hour instead.",
                    9: "Two pipes are faster than one, so the time has to be below 3 hours.",
                },
            ),
            About(
                1.7,
                r"In one hour the pipes fill \(\frac{1}{3} + \frac{1}{6} = \frac{1}{2}\) of the pool, so two hours "
                "fill all of it. Times cannot be added here, but shares per hour can.",
                hints=("Which part of the pool does each pipe fill in one hour?",),
                tags=("word-problem", "rates"),
            ),
        ),
        multiple(
            "finite-decimals",
            "Which fractions can be written as a decimal that ends? Select all that apply.",
            (r"\(\frac{7}{40}\)", r"\(\frac{9}{12}\)", r"\(\frac{13}{125}\)"),
            {
                r"\(\frac{5}{12}\)": "The factor 3 stays in the denominator.",
                r"\(\frac{4}{35}\)": "The factor 7 stays in the denominator.",
            },
            About(
                2.0,
                "After simplifying, the denominator may contain only the primes 2 and 5, because only then it divides "
                r"a power of ten. \(\frac{9}{12} = \frac{3}{4}\) qualifies, although 12 contains a 3.",
                hints=("Simplify each fraction before you judge its denominator.",),
                tags=("decimals", "reasoning"),
            ),
        ),
    ),
)
