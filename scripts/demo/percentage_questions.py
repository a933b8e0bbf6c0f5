from app.domain.question_draft import Hotspot, Parametric, Unit

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
from .drawings import VISITORS
from .figures import img
from .skills import PERCENTAGES

_SALT = (200 * 10 + 300 * 20) // (200 + 300)

QUESTIONS = in_skill(
    PERCENTAGES,
    (
        single(
            "mental-part",
            "What is 15 % of 80?",
            "12",
            {
                "15": "That would be 15 % of 100.",
                "8": "That is 10 %; half as much again is missing.",
                "65": "15 % means 15 of every 100, not 15 less.",
            },
            About(
                -2.3,
                r"10 % of 80 is 8, and 5 % is half of that, 4. Together \(8 + 4 = 12\).",
                hints=("Start with 10 %.",),
                tags=("mental-arithmetic",),
            ),
        ),
        numerical(
            "share-as-percent",
            "18 of the 24 students of a class come to school by bicycle. Which percentage is that?",
            Number(
                18 / 24 * 100,
                units=(Unit(name="%"),),
                slips={
                    18: "Percent means out of 100, but the class has only 24 students.",
                    25: "That is the share of those who do not cycle.",
                    0.75: "Right share; as a percentage, multiply by 100.",
                },
            ),
            About(
                -1.8,
                r"The part divided by the whole is \(\frac{18}{24} = \frac{3}{4} = 0.75\), that is 75 of every 100.",
                hints=("Write the share as a fraction and simplify it.",),
                tags=("word-problem",),
            ),
        ),
        numerical(
            "price-before-discount",
            "After a discount of 20 % a jacket costs 64 euros. What did it cost before, in euros?",
            Number(
                64 / 0.8,
                slips={
                    76.8: "The 20 % were taken from the old price, so they are not 20 % of 64.",
                    51.2: "You took the discount off a second time.",
                },
            ),
            About(
                0.1,
                r"64 euros are the remaining 80 % of the old price: \(64 \div 0.8 = 80\). Check: 20 % of 80 is 16, and "
                r"\(80 - 16 = 64\).",
                hints=("Which percentage of the old price are the 64 euros?",),
                tags=("word-problem", "reverse-percentage", "misconception:wrong-base"),
            ),
        ),
        single(
            "up-and-down",
            "A price rises by 10 % and later falls by 10 %. Compared with the start, the price is now",
            "1 % lower",
            {
                "the same": "The two changes refer to different amounts.",
                "1 % higher": "The fall acts on the larger amount, so it weighs more.",
                "10 % lower": "The rise does count.",
            },
            About(
                -0.1,
                r"The factors are multiplied: \(1.10 \cdot 0.90 = 0.99\). The 10 % taken away come from the raised "
                "price, so they are more than the 10 % added.",
                hints=("Try it with a price of 100 euros.",),
                tags=("growth-factor", "misconception:percentages-cancel"),
            ),
        ),
        true_false(
            "swap-percent-and-base",
            "30 % of 70 is the same as 70 % of 30.",
            About(
                -0.9,
                r"Both are \(\frac{30 \cdot 70}{100} = 21\): the two numbers are only multiplied in another order. The "
                "trick makes 4 % of 75 easy: it is 75 % of 4.",
                tags=("mental-arithmetic",),
            ),
            truth=True,
        ),
        single(
            "growth-from-a-chart",
            img("visitors.png") + "By which percentage did the number of visitors grow from Q1 to Q2?",
            "25 %",
            {
                "50 %": "50 thousand is the growth in visitors; compare it with the 200 thousand of Q1.",
                "20 %": "You compared the growth with Q2; the base is the earlier value.",
                "125 %": "That is the new value as a percentage of the old one; the growth is what exceeds 100 %.",
            },
            About(
                -0.6,
                r"The growth is 50 thousand on a base of 200 thousand: \(\frac{50}{200} = 25\,\%\).",
                hints=("Growth is always compared with the value before.",),
                tags=("chart", "misconception:wrong-base"),
                also=("graphs",),
            ),
        ),
        hotspot(
            "find-the-fall",
            "Click the bar of the quarter in which the number of visitors fell by 20 % compared with the quarter "
            "before.",
            Hotspot(image="visitors.png", shapes=(rectangle("Q4", *VISITORS.corners("Q4")),)),
            About(
                -0.8,
                r"From Q3 to Q4 the number falls by 60 thousand, and \(\frac{60}{300} = 20\,\%\). It is also the only "
                "fall in the chart.",
                hints=("In which quarter is there a fall at all?",),
                tags=("chart",),
                also=("graphs",),
            ),
        ),
        multiple(
            "points-or-percent",
            "In a poll the share of a party rises from 20 % to 25 %. Which statements are right? Select all that "
            "apply.",
            ("The share rises by 5 percentage points.", "The share rises by 25 %."),
            {
                "The share rises by 5 %.": "5 % of 20 % would be only 1 percentage point.",
                "The share rises by 20 %.": "The base is the old share of 20 %, not the new one.",
            },
            About(
                0.9,
                r"The difference \(25 - 20 = 5\) is counted in percentage points. Compared with the old share the rise "
                r"is \(\frac{5}{20} = 25\,\%\). News often mix up the two.",
                hints=("The difference of two percentages has a unit of its own.",),
                tags=("percentage-points", "media-literacy"),
            ),
        ),
        matching(
            "growth-factors",
            "Match each change with its growth factor.",
            {
                "rise by 8 %": r"\(1.08\)",
                "fall by 8 %": r"\(0.92\)",
                "rise by 80 %": r"\(1.8\)",
                "fall by 80 %": r"\(0.2\)",
            },
            About(
                -0.7,
                "The factor is the new value as a share of the old one: 100 % plus or minus the change. After a fall "
                r"of 80 % only 20 % are left, so the factor is \(0.2\).",
                hints=("How many percent of the old value are there afterwards?",),
                tags=("growth-factor",),
            ),
            distractors=(r"\(0.8\)", r"\(1.008\)"),
        ),
        ordering(
            "order-parts",
            "Put these amounts in order, smallest first.",
            ("5 % of 300", "20 % of 90", "75 % of 32", "150 % of 20"),
            About(
                -1.2,
                r"The amounts are \(15\), \(18\), \(24\) and \(30\). The percentage alone says nothing about the size: "
                "the whole matters as much.",
                tags=("comparison",),
            ),
        ),
        cloze(
            "tax-inside-the-price",
            "A net price of 250 euros is raised by 20 % tax. The gross price is [[gross]] euros, of which [[tax]] "
            "euros are tax. So the tax is [[share]] of the gross price.",
            (
                number_gap("gross", 250 * 1.2),
                number_gap("tax", 250 * 0.2),
                choice_gap("share", "one sixth", "one fifth", "one quarter"),
            ),
            About(
                0.7,
                r"20 % of 250 is 50, and \(\frac{50}{300} = \frac{1}{6}\). Measured by the larger gross price, the "
                "same 50 euros are a smaller share.",
                hints=("Compare the tax with the gross price, not with the net price.",),
                tags=("word-problem", "tax"),
            ),
        ),
        parametric(
            "discount",
            "A pair of shoes for {{c}} euros is sold with a discount of {{p}} %. How many euros does a customer pay?",
            Parametric(
                variables=(grid("c", 40, 160, 10), grid("p", 5, 45, 5)),
                expression="c * (100 - p) / 100",
                tolerance=0.005,
            ),
            About(
                -1.4,
                r"After a discount of \(p\) percent, \(100 - p\) percent of the price remain; one multiplication with "
                "that factor is enough.",
                hints=("Which percentage of the price remains?",),
                tags=("word-problem",),
            ),
        ),
        parametric(
            "ticket-before-the-rise",
            "After a rise of {{p}} % a monthly ticket costs {{n}} euros. What did it cost before? Give euros, rounded "
            "to cents.",
            Parametric(
                variables=(one_of("p", 4, 5, 8, 10, 12), grid("n", 45, 90)),
                expression="n / (1 + p / 100)",
                tolerance=0.01,
            ),
            About(
                0.8,
                "The new price is the old one times the growth factor, so the old price is the new one divided by it. "
                "Taking the percentage off the new price uses the wrong base and gives too little.",
                hints=("The new price equals which percentage of the old one?",),
                tags=("reverse-percentage", "misconception:wrong-base"),
            ),
        ),
        flashcard(
            "percent-and-points",
            "A rate rises from 4 % to 5 %. How large is the rise in percentage points, and how large in percent?",
            "1 percentage point, but 25 %, since 1 is a quarter of 4.",
            About(
                0.0,
                "Percentage points are the plain difference of two percentages; percent compares the difference with "
                "the old value.",
                tags=("percentage-points",),
            ),
        ),
        numerical(
            "five-years-of-interest",
            "2000 euros are invested at 3 % interest a year, and the interest stays in the account. How many euros "
            "are there after 5 years? Round to cents.",
            Number(
                round(2000 * 1.03**5, 2),
                tolerance=0.01,
                slips={2300: "That is simple interest; from the second year on the interest earns interest too."},
            ),
            About(
                0.9,
                r"Each year multiplies the capital by \(1.03\): \(2000 \cdot 1.03^5 \approx 2318.55\). The 18.55 euros "
                "beyond 2300 are interest on interest.",
                hints=("What happens to the capital in one year, written as a factor?", "The factor acts five times."),
                tags=("compound-interest",),
                also=("powers",),
            ),
        ),
        short(
            "three-eighths",
            "Write three eighths as a percentage, with the percent sign.",
            ("37.5 %", "37.5%", "37,5 %", "37,5%", "37.5"),
            About(
                -0.5,
                r"\(\frac{3}{8} = 0.375\), and \(0.375\) are 37.5 of 100.",
                hints=("One eighth is half of a quarter.",),
                tags=("conversion",),
                also=("fractions",),
            ),
        ),
        true_false(
            "half-off-twice",
            "A shirt is reduced by 50 % and a week later by another 50 %. Now it is free.",
            About(
                -1.6,
                "The second reduction takes half of the halved price, so a quarter of the old price remains. "
                "Reductions one after the other multiply; they do not add up.",
                tags=("growth-factor", "misconception:percentages-add"),
            ),
            truth=False,
        ),
        single(
            "mixing-brine",
            "200 g of a 10 % salt solution are mixed with 300 g of a 20 % salt solution. How strong is the mixture?",
            f"{_SALT} %",
            {
                "15 %": "The plain mean would be right only for equal amounts.",
                "30 %": "Mixing cannot make a solution stronger than both parts.",
                "12 %": "The larger part is the stronger one, so the mixture is above 15 %.",
            },
            About(
                1.2,
                r"The salt is \(20\,\text{g} + 60\,\text{g} = 80\,\text{g}\) in 500 g of mixture: \(\frac{80}{500} = "
                r"16\,\%\). It is a mean weighted by the amounts.",
                hints=("How many grams of salt come from each solution?",),
                tags=("mixture", "misconception:plain-mean"),
            ),
        ),
        single(
            "back-to-the-start",
            "A share loses 20 % of its value. By which percentage does it have to rise to reach its old value?",
            "25 %",
            {
                "20 %": r"\(0.8 \cdot 1.2 = 0.96\): 4 % are still missing.",
                "22 %": "Close, but calculate with factors.",
                "80 %": "80 % is what is left, not what is missing.",
            },
            About(
                0.5,
                r"From 80 it has to rise by 20, and \(\frac{20}{80} = 25\,\%\). The base of the rise is smaller than "
                "that of the fall, so its percentage has to be larger.",
                hints=("Start with a value of 100.",),
                tags=("growth-factor", "reverse-percentage"),
            ),
        ),
        numerical(
            "drying-grapes",
            "Fresh grapes consist of 80 % water, raisins of 20 % water. How many kilograms of raisins do 10 kg of "
            "grapes give?",
            Number(
                10 * 0.2 / 0.8,
                slips={
                    4: "You took 60 % off. The water percentages have different bases.",
                    2: "That is the dry matter alone; raisins contain some water too.",
                },
            ),
            About(
                2.3,
                "What does not change is the dry matter: 20 % of 10 kg, that is 2 kg. In the raisins these 2 kg are "
                r"80 %, so the raisins weigh \(2 \div 0.8 = 2.5\) kg.",
                hints=("Look at what does not evaporate.", "The dry matter is 80 % of the raisins."),
                tags=("mixture", "invariant"),
            ),
        ),
    ),
)
