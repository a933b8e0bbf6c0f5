from app.domain.question_draft import Parametric, Unit

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
    one_of,
    ordering,
    parametric,
    short,
    single,
    true_false,
    value_table,
)
from .figures import img
from .skills import RATIO

QUESTIONS = in_skill(
    RATIO,
    (
        single(
            "simplify-a-ratio",
            r"Which ratio is the same as \(18 : 24\)?",
            r"\(3 : 4\)",
            {
                r"\(4 : 3\)": "The order matters: the first number stays first.",
                r"\(8 : 14\)": "Subtracting the same number from both sides changes the ratio.",
                r"\(6 : 12\)": "Divide both numbers by the same number.",
            },
            About(
                -2.1,
                "Both numbers are divided by their greatest common divisor 6. Dividing both by the same number keeps "
                "the ratio, exactly as with fractions.",
                tags=("simplify",),
            ),
        ),
        single(
            "ratio-and-fraction",
            img("ratio-bar.png") + "Blue and orange stand in the ratio 2 : 3. Which fraction of the whole bar is blue?",
            r"\(\frac{2}{5}\)",
            {
                r"\(\frac{2}{3}\)": "This compares blue with orange, not with the whole.",
                r"\(\frac{1}{2}\)": "There is less blue than orange.",
                r"\(\frac{3}{5}\)": "That is the orange share.",
            },
            About(
                -1.6,
                r"The whole has \(2 + 3 = 5\) parts, two of them blue. A ratio compares parts with each other; a "
                "fraction compares a part with the whole.",
                hints=("How many parts does the whole bar have?",),
                tags=("part-of-a-whole", "misconception:part-to-part"),
                also=("fractions",),
            ),
        ),
        numerical(
            "share-the-prize",
            "Two friends share a prize of 84 euros in the ratio 3 : 4. How many euros is the larger share?",
            Number(
                84 / 7 * 4,
                slips={
                    36: "That is the smaller share.",
                    63: "You took three quarters of the prize; the whole has 7 parts.",
                    12: "That is one part; the larger share has four.",
                },
            ),
            About(
                -1.1,
                r"The prize is cut into \(3 + 4 = 7\) parts of \(84 \div 7 = 12\) euros. The larger share has four of "
                "them: 48 euros.",
                hints=("Into how many equal parts is the prize cut?",),
                tags=("word-problem", "sharing"),
            ),
        ),
        numerical(
            "pancakes-for-ten",
            "A recipe for 4 people needs 300 g of flour. How much flour do you need for 10 people?",
            Number(
                300 / 4 * 10,
                units=(Unit(name="g"), Unit(name="kg", multiplier=1000)),
                slips={306: "Six people more need more than 6 g more.", 3000: "That would be 300 g for each person."},
            ),
            About(
                -1.7,
                r"One person needs \(300 \div 4 = 75\) g, ten people need \(10 \cdot 75 = 750\) g. Going through the "
                "amount for one always works.",
                hints=("How much does one person need?",),
                tags=("word-problem", "direct-proportion"),
            ),
        ),
        numerical(
            "distance-on-a-map",
            "On a hiking map with the scale 1 : 25 000 a path is 6 cm long. How long is it in reality? Give the "
            "answer in kilometres, or write another unit behind the number.",
            Number(
                6 * 25_000 / 100_000,
                units=(Unit(name="km"), Unit(name="m", multiplier=0.001), Unit(name="cm", multiplier=0.00001)),
                slips={15: r"\(150\,000\) cm are \(1500\) m.", 150: "One kilometre has 100 000 centimetres."},
            ),
            About(
                -0.2,
                r"Reality is 25 000 times as long: \(6 \cdot 25\,000 = 150\,000\) cm, which are \(1500\) m or \(1.5\) "
                "km. Handy: 4 cm on this map are 1 km.",
                hints=("How many centimetres is the path in reality?", "One metre has 100 cm, one kilometre 1000 m."),
                tags=("scale", "units"),
            ),
        ),
        true_false(
            "one-more-spoon",
            "A syrup is mixed with water in the ratio 2 : 3. If you add one more spoon of each, the drink tastes the "
            "same.",
            About(
                -0.5,
                r"The ratio becomes \(3 : 4\), which is more syrup for each spoon of water (\(0.75\) instead of "
                r"\(0.67\)). Multiplying both amounts by the same number keeps a ratio; adding does not.",
                tags=("misconception:additive-thinking",),
            ),
            truth=False,
        ),
        matching(
            "situations-and-formulas",
            r"Match each situation with the formula for \(y\).",
            {
                r"Price of \(x\) kg of apples at 3 euros a kilogram": r"\(y = 3x\)",
                r"Hours needed for 120 km at \(x\) km/h": r"\(y = \frac{120}{x}\)",
                r"Fare for \(x\) km: 3 euros basic charge and 2 euros per km": r"\(y = 2x + 3\)",
                r"Area of a square with side \(x\)": r"\(y = x^2\)",
            },
            About(
                0.2,
                r"Direct proportion has a constant quotient \(\frac{y}{x}\), inverse proportion a constant product \(x "
                r"\cdot y\). The fare has neither, because of the basic charge, and the area grows faster than "
                "proportionally.",
                hints=("In which situations does doubling x double y?",),
                tags=("direct-proportion", "inverse-proportion", "modelling"),
            ),
            distractors=(r"\(y = \frac{x}{120}\)",),
        ),
        multiple(
            "spot-inverse-proportion",
            "In which situations are the two quantities inversely proportional? Select all that apply.",
            (
                "Number of equal slices of a cake and size of a slice",
                "Speed and travel time for a fixed distance",
                "Number of people who share a fixed rent and the share of each",
            ),
            {
                "Age and height of a child": "Both grow, and not even in proportion.",
                "Number of pens and their total price": "Doubling one doubles the other: direct proportion.",
            },
            About(
                -0.3,
                "Inverse proportion means that doubling one quantity halves the other, because their product is "
                "fixed: the whole cake, the distance, the rent.",
                hints=("Is there a fixed total that is shared out?",),
                tags=("inverse-proportion",),
            ),
        ),
        ordering(
            "order-the-speeds",
            "Put these speeds in order, slowest first.",
            (r"\(5\) m/s", r"\(20\) km/h", r"\(400\) m/min", r"\(0.5\) km/min"),
            About(
                0.7,
                r"In km/h: \(5 \cdot 3.6 = 18\); \(20\); \(0.4 \cdot 60 = 24\); \(0.5 \cdot 60 = 30\). Speeds can be "
                "compared only in the same unit.",
                hints=("Turn all of them into km/h.",),
                tags=("units", "comparison"),
            ),
        ),
        cloze(
            "which-jar-is-cheaper",
            "Jar A holds 750 g of honey for 3.60 euros, jar B holds 400 g for 2.00 euros. In jar A, 100 g cost [[a]] "
            "euros, in jar B [[b]] euros. So [[better]] is the better buy.",
            (number_gap("a", 0.48), number_gap("b", 0.50), choice_gap("better", "jar A", "jar B", "neither jar")),
            About(
                -0.8,
                r"\(3.60 \div 7.5 = 0.48\) and \(2.00 \div 4 = 0.50\). Prices can be compared only for the same "
                "amount.",
                hints=("How many portions of 100 g are in each jar?",),
                tags=("unit-price", "word-problem"),
            ),
        ),
        parametric(
            "notebooks",
            "{{n}} notebooks cost {{c}} euros. How many euros do {{m}} of the same notebooks cost? Round to cents.",
            Parametric(
                variables=(grid("n", 3, 6), grid("c", 7, 15), grid("m", 8, 14)), expression="c / n * m", tolerance=0.01
            ),
            About(
                -1.3,
                "Find the price of one notebook and multiply. Or ask how many times as many notebooks there are: the "
                "price grows by the same factor.",
                hints=("What does one notebook cost?",),
                tags=("direct-proportion",),
            ),
        ),
        parametric(
            "painters",
            "{{w}} painters need {{d}} days for a school. How many days would {{v}} painters need at the same pace?",
            Parametric(
                variables=(grid("w", 3, 6), grid("d", 8, 20, 2), one_of("v", 2, 8, 10, 12)),
                expression="w * d / v",
                tolerance=0.01,
            ),
            About(
                0.1,
                "The total work, painters times days, is fixed. Dividing it by the new number of painters gives the "
                "days: more painters, fewer days.",
                hints=("How many days would one painter need alone?",),
                tags=("inverse-proportion",),
            ),
        ),
        flashcard(
            "constant-quotient-or-product",
            "How can you tell from a table of values whether two quantities are directly or inversely proportional?",
            "Directly: every quotient y : x is the same. Inversely: every product x · y is the same.",
            About(
                -0.6,
                "The constant quotient is the price per kilogram, the speed, the density; the constant product is the "
                "fixed total that is shared out.",
                tags=("direct-proportion", "inverse-proportion"),
            ),
        ),
        numerical(
            "kilometres-per-hour",
            "A train runs at 90 km/h. How many metres does it cover in one second?",
            Number(
                90 / 3.6,
                units=(Unit(name="m"),),
                slips={
                    324: "You multiplied by 3.6; in one second it cannot cover more than in one hour.",
                    1500: "That is the distance covered in one minute.",
                },
            ),
            About(
                0.0,
                r"\(90\,\text{km} = 90\,000\) m in \(3600\) s: \(90\,000 \div 3600 = 25\). The factor between km/h and "
                r"m/s is \(3.6\).",
                hints=("How many metres in one hour? How many seconds does an hour have?",),
                tags=("units", "rates"),
            ),
        ),
        single(
            "machines-and-parts",
            "5 machines make 5 parts in 5 minutes. How long do 100 machines need for 100 parts?",
            "5 minutes",
            {
                "100 minutes": "Do not just continue the pattern of equal numbers: how long does one machine need for "
                "one part?",
                "20 minutes": "There are as many machines as parts, so nobody has to wait.",
                "1 minute": "More machines work side by side; they do not make a single part faster.",
            },
            About(
                1.0,
                "One machine needs 5 minutes for one part. 100 machines make 100 parts side by side, in the same 5 "
                "minutes.",
                hints=("How long does one machine need for one part?",),
                tags=("reasoning", "rates"),
            ),
        ),
        short(
            "chain-of-ratios",
            r"\(a : b = 2 : 3\) and \(b : c = 4 : 5\). What is \(a : c\) in lowest terms? Write it like 7:9.",
            ("8:15", "8 : 15"),
            About(
                1.4,
                r"Make \(b\) the same in both: \(a : b = 8 : 12\) and \(b : c = 12 : 15\). Hence \(a : c = 8 : 15\).",
                hints=("Extend both ratios until b has the same number.",),
                tags=("chained-ratios",),
            ),
        ),
        single(
            "scale-and-area",
            r"A model of a house has the scale 1 : 50. Its floor covers \(80\,\text{cm}^2\). How large is the real "
            "floor?",
            r"\(20\,\text{m}^2\)",
            {
                r"\(2000\,\text{m}^2\)": r"A square metre has \(10\,000\,\text{cm}^2\), not \(100\,\text{cm}^2\).",
                r"\(0.4\,\text{m}^2\)": "You multiplied the area by 50; both length and width grow 50-fold.",
                r"\(4000\,\text{m}^2\)": r"\(80 \cdot 50 = 4000\) uses the factor for lengths and ends in square "
                "centimetres.",
            },
            About(
                1.6,
                r"Length and width both grow by 50, so the area grows by \(50^2 = 2500\): \(80 \cdot 2500 = "
                r"200\,000\,\text{cm}^2 = 20\,\text{m}^2\).",
                hints=("By which factor does the area grow when both sides grow 50-fold?",),
                tags=("scale", "area"),
            ),
        ),
        true_false(
            "double-speed-half-time",
            "For a fixed distance, doubling the average speed halves the travel time.",
            About(
                -1.3,
                "Distance is speed times time. With a fixed product, one factor has to halve when the other doubles.",
                tags=("inverse-proportion",),
            ),
            truth=True,
        ),
        numerical(
            "there-and-back",
            "Nora rides 60 km to her aunt at 30 km/h and the same way back at 60 km/h. What is her average speed for "
            "the whole ride in km/h?",
            Number(
                120 / (60 / 30 + 60 / 60),
                slips={
                    45: "The mean of the speeds would be right for equal times, but she spends twice as long on the "
                    "way there."
                },
            ),
            About(
                1.9,
                r"The way there takes 2 hours, the way back 1 hour: 120 km in 3 hours are \(40\) km/h. The slow part "
                "counts more because it lasts longer.",
                hints=(
                    "How long does each way take?",
                    "Average speed is the whole distance divided by the whole time.",
                ),
                tags=("rates", "misconception:plain-mean"),
            ),
        ),
        multiple(
            "read-the-table",
            value_table({"x": (2, 3, 6), "y": (18, 12, 6)}) + "<p>The pattern goes on in the same way. Which "
            "statements are right? Select all that apply.</p>",
            (
                (r"The product \(x \cdot y\) is always 36."),
                r"For \(x = 4\) we get \(y = 9\).",
                r"\(y\) is inversely proportional to \(x\).",
            ),
            {
                r"\(y\) falls by the same amount for every step of \(x\).": "From 2 to 3 it falls by 6, from 3 to 6 "
                "by only 2 per step.",
                r"For \(x = 12\) we get \(y = 0\).": "The product would be 0.",
            },
            About(
                0.5,
                r"\(2 \cdot 18 = 3 \cdot 12 = 6 \cdot 6 = 36\): constant products mean inverse proportion, so \(y = "
                r"\frac{36}{x}\). Such a quantity never becomes 0.",
                hints=("Calculate the product in every column.",),
                tags=("inverse-proportion", "table"),
            ),
        ),
        numerical(
            "gears",
            "A bicycle has 48 teeth on the front chainring and 18 on the rear sprocket. How many full turns does the "
            "rear wheel make during 9 full turns of the pedals?",
            Number(9 * 48 / 18, slips={3.375: "The smaller wheel has to turn more often, not less."}),
            About(
                2.2,
                r"The same number of teeth passes both wheels: \(9 \cdot 48 = 432\) teeth, and \(432 \div 18 = 24\) "
                "turns. Teeth times turns is constant, so this is inverse proportion.",
                hints=("How many teeth of the chain pass in 9 turns of the pedals?",),
                tags=("inverse-proportion", "modelling"),
            ),
        ),
    ),
)
