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
from .skills import INTEGERS

QUESTIONS = in_skill(
    INTEGERS,
    (
        single(
            "order-of-operations",
            r"What is \(18 - 12 \div 3 \cdot 2\)?",
            r"\(10\)",
            {
                r"\(4\)": "You worked strictly from left to right. Division and multiplication come before "
                "subtraction.",
                r"\(16\)": r"You multiplied \(3 \cdot 2\) first. Division and multiplication have equal rank: go left "
                "to right.",
                r"\(1\)": "You subtracted first and multiplied before dividing; both steps jump the queue.",
            },
            About(
                -0.8,
                r"Multiplication and division have equal rank and are done from left to right: \(12 \div 3 = 4\), then "
                r"\(4 \cdot 2 = 8\). Only then comes the subtraction: \(18 - 8 = 10\).",
                hints=("Which operations come before the minus sign's turn?", r"Start with \(12 \div 3\)."),
                tags=("order-of-operations",),
            ),
        ),
        numerical(
            "temperature-rise",
            r"At 6 a.m. the thermometer shows \(-7\,^\circ\)C. By noon the temperature has risen by 12 degrees. What "
            "does it show then, in degrees Celsius?",
            Number(
                -7 + 12,
                slips={
                    19: "You added the sizes. The morning value lies below zero, so part of the rise only reaches "
                    "zero.",
                    -19: "A rise moves up the scale, to the right on a number line.",
                },
            ),
            About(
                -2.2,
                r"The first 7 degrees of the rise lead up to zero, the remaining 5 lead above it: \(-7 + 12 = 5\).",
                hints=("How many degrees does it take to get to zero?",),
                tags=("word-problem", "negative-numbers"),
            ),
        ),
        true_false(
            "subtracting-a-negative",
            "Subtracting a negative number always gives a result that is larger than the number you started with.",
            About(
                -0.4,
                r"Subtracting \(-b\) means taking away a debt of \(b\), which is the same as adding \(b\): \(a - (-b) "
                r"= a + b\), and that exceeds \(a\) for every positive \(b\).",
                hints=(r"Try \(-10 - (-3)\) before you decide.",),
                tags=("negative-numbers", "reasoning"),
            ),
            truth=True,
        ),
        single(
            "sign-of-a-long-product",
            "A product has nine factors, none of them zero. Exactly seven factors are negative. Without calculating, "
            "what can you say about the product?",
            "It is negative.",
            {
                "It is positive.": "That would need an even number of negative factors.",
                "It has the sign of the first factor.": "The order of the factors does not matter.",
                "It depends on the sizes of the factors.": "Sizes change the value, never the sign.",
            },
            About(
                -0.6,
                "Each pair of negative factors makes a positive product. Seven negative factors are three pairs and "
                "one left over, so one minus sign survives.",
                hints=("Group the negative factors in pairs.",),
                tags=("negative-numbers", "reasoning"),
            ),
        ),
        ordering(
            "order-signed-values",
            "Put these values in order, smallest first.",
            (r"\(-8\)", r"\(-|5|\)", r"\(-(-2)\)", r"\(|-6|\)"),
            About(
                -0.5,
                r"\(-|5| = -5\), \(-(-2) = 2\) and \(|-6| = 6\). On the number line the order is \(-8, -5, 2, 6\): of "
                "two negative numbers, the one farther from zero is the smaller.",
                hints=("Write each value without bars and brackets first.",),
                tags=("absolute-value", "comparison"),
            ),
        ),
        numerical(
            "coaches-for-a-trip",
            "A school takes 263 people on a trip. Each coach has 48 seats. How many coaches does the school have to "
            "book?",
            Number(
                -(-263 // 48),
                slips={5: "Five coaches have 240 seats, so 23 people would be left standing at the gate."},
            ),
            About(
                -1.4,
                r"\(263 \div 48 = 5\) remainder \(23\). The remainder is people, and they need a seat: a sixth coach. "
                "The situation decides about rounding, not the first decimal.",
                hints=("What does the remainder of the division stand for?",),
                tags=("word-problem", "division-with-remainder"),
            ),
        ),
        multiple(
            "divisible-by-six",
            "Which of these numbers are divisible by 6? Select all that apply.",
            ("132", "318", "450"),
            {
                "254": "It is even, but its digit sum 11 is not divisible by 3.",
                "405": "Its digit sum is divisible by 3, but the number is odd.",
            },
            About(
                -0.2,
                "A number is divisible by 6 exactly when it is divisible by 2 and by 3: last digit even and digit sum "
                "a multiple of 3. Both tests have to pass.",
                hints=("Six is two times three: which two tests do you need?",),
                tags=("divisibility",),
            ),
        ),
        short(
            "name-of-the-law",
            r"To find \(7 \cdot 98\), Ana calculates \(7 \cdot 100 - 7 \cdot 2\). Which law of arithmetic does she "
            "use? One word is enough.",
            ("distributive", "distributive law", "distributive property", "the distributive law", "distributivity"),
            About(
                0.3,
                r"Because \(98 = 100 - 2\), she spreads the factor 7 over a difference: \(7(100 - 2) = 7 \cdot 100 - 7 "
                r"\cdot 2 = 686\). Spreading a factor over a sum or difference is the distributive law.",
                hints=("One factor is handed out to both parts of a difference.",),
                tags=("mental-arithmetic", "vocabulary"),
            ),
        ),
        matching(
            "match-signed-results",
            "Match each calculation with its result.",
            {
                r"\(-3 - 5\)": r"\(-8\)",
                r"\(-3 - (-5)\)": r"\(2\)",
                r"\((-3) \cdot (-5)\)": r"\(15\)",
                r"\(3 - 5\)": r"\(-2\)",
            },
            About(
                -1.0,
                r"Adding or subtracting moves along the number line: \(-3 - 5\) goes left, \(-3 - (-5) = -3 + 5\) goes "
                "right. The rule that two minus signs make a plus belongs to products and to double signs, not to "
                "sums of negative numbers.",
                tags=("negative-numbers",),
            ),
            distractors=(r"\(8\)", r"\(-15\)"),
        ),
        cloze(
            "two-lighthouses",
            "One lighthouse flashes every 12 seconds, another every 18 seconds. They have just flashed together. The "
            "next time they flash together is in [[time]] seconds, because that number is the [[which]] common "
            "multiple of 12 and 18. In the following five minutes (300 seconds) this happens [[count]] times.",
            (
                number_gap("time", 36),
                choice_gap("which", "least", "greatest", "only"),
                number_gap("count", 300 // 36),
            ),
            About(
                0.6,
                r"The flashes come at multiples of 12 and of 18. The first number in both lists is \(36\). In 300 "
                r"seconds there is room for 8 such intervals, since \(8 \cdot 36 = 288\) and \(9 \cdot 36 = 324\).",
                hints=("Write down the multiples of 18 until one is also a multiple of 12.",),
                tags=("word-problem", "common-multiples"),
            ),
        ),
        parametric(
            "diving-robot",
            "A diving robot hovers {{d}} m below the surface. It rises {{r}} m and then dives another {{s}} m. At "
            "which height relative to the surface is it now, in metres? (Below the surface is negative.)",
            Parametric(variables=(grid("d", 20, 40), grid("r", 5, 15), grid("s", 16, 30)), expression="r - d - s"),
            About(
                -1.2,
                "Start with a negative height, add the rise and subtract the dive. The order of the two movements "
                "would not matter: a sum of signed steps can be taken in any order.",
                hints=("The robot starts at a negative height.",),
                tags=("word-problem", "negative-numbers"),
            ),
        ),
        parametric(
            "bracket-before-product",
            r"Calculate \({{a}} - {{b}} \cdot ({{c}} - {{d}})\).",
            Parametric(
                variables=(grid("a", 3, 12), grid("b", 2, 6), grid("c", 1, 4), grid("d", 5, 9)),
                expression="a - b * (c - d)",
            ),
            About(
                0.4,
                "The bracket comes first and is negative. Multiplying it gives a negative product, and subtracting a "
                "negative number means adding: the result is larger than the first number.",
                hints=("Is the bracket positive or negative?", "The product is subtracted, not added."),
                tags=("order-of-operations", "negative-numbers"),
            ),
        ),
        flashcard(
            "minus-times-minus",
            r"Why is \((-1) \cdot (-1) = 1\)?",
            r"Because \((-1) \cdot (1 + (-1)) = 0\), so \(-1 + (-1) \cdot (-1) = 0\), and only \(1\) added to \(-1\) "
            r"gives \(0\).",
            About(
                1.4,
                "The rule is not a convention: if the distributive law is to hold for negative numbers too, no other "
                "value is possible.",
                tags=("negative-numbers", "reasoning"),
            ),
        ),
        hotspot(
            "halfway-point",
            r"Click the point that lies exactly halfway between \(-6\) and \(2\).",
            Hotspot(
                image="line-blank.png",
                shapes=(disc("−2", (LINE_BLANK.pixel(-2, 0)[0], LINE_BLANK.height / 2), 15),),
            ),
            About(
                -0.3,
                r"The distance from \(-6\) to \(2\) is \(8\). Half of it is \(4\), and \(-6 + 4 = -2\). The same value "
                r"is the mean of the two numbers: \((-6 + 2) \div 2 = -2\).",
                hints=("How far apart are the two numbers?",),
                tags=("number-line",),
            ),
        ),
        single(
            "distance-on-the-line",
            img("line-letters.png") + "How far apart are A and B?",
            "8 units",
            {
                "2 units": r"You added \(-5 + 3\). A distance is a difference, not a sum.",
                "7 units": "You counted the ticks between the points; count the steps instead.",
                r"\(-8\) units": "A distance is never negative; it does not depend on the direction you walk.",
            },
            About(
                -1.7,
                r"From A to zero are 5 units, from zero to B another 3: together 8. As a calculation: \(3 - (-5) = "
                r"8\).",
                hints=("Walk from A to 0 first.",),
                tags=("number-line", "misconception:counting-ticks"),
            ),
        ),
        numerical(
            "sum-to-one-hundred",
            r"Calculate \[1 + 2 + 3 + \dots + 99 + 100.\]",
            Number(
                100 * 101 // 2,
                slips={
                    5000: r"There are 50 pairs, and each pair \(1 + 100,\ 2 + 99, \dots\) makes 101, not 100.",
                    10100: "You counted every number twice; there are 50 pairs, not 100.",
                },
            ),
            About(
                1.1,
                "Pair the first number with the last, the second with the last but one, and so on: 50 pairs with the "
                r"sum \(101\) each make \(50 \cdot 101 = 5050\).",
                hints=("Add the first and the last number; then the second and the last but one.",),
                tags=("strategy",),
            ),
        ),
        single(
            "zero-in-division",
            "Which of these calculations has no result?",
            r"\(5 \div 0\)",
            {
                r"\(0 \div 5\)": "Sharing nothing among five is possible: everyone gets 0.",
                r"\(0 \cdot (-4)\)": "This is 0.",
                r"\(0 - (-3)\)": "This is 3.",
            },
            About(
                -1.0,
                r"\(5 \div 0\) asks which number times 0 gives 5. No number does, because every product with 0 is 0. "
                r"\(0 \div 5\), however, asks which number times 5 gives 0, and that is 0.",
                hints=("Turn each division into a question about multiplication.",),
                tags=("reasoning", "zero"),
            ),
        ),
        true_false(
            "sum-of-two-odds",
            "The sum of two odd numbers can be odd.",
            About(
                -1.5,
                "Each odd number is one more than an even number. In the sum, the two extra ones make another pair, "
                "so the sum of two odd numbers is always even.",
                tags=("parity", "reasoning"),
            ),
            truth=False,
        ),
        single(
            "three-in-a-row",
            "Take the product of any three consecutive positive whole numbers. What is the largest number that "
            "divides every such product?",
            "6",
            {
                "2": "True divisor, but one of three consecutive numbers is also a multiple of 3.",
                "12": r"\(1 \cdot 2 \cdot 3 = 6\) is not divisible by 12.",
                "24": r"It works for \(2 \cdot 3 \cdot 4\), but not for every such product.",
            },
            About(
                1.6,
                "Among three consecutive numbers one is a multiple of 3 and at least one is even, so 6 always divides "
                r"the product. More is impossible, because the smallest product \(1 \cdot 2 \cdot 3\) is itself 6.",
                hints=("Look at the smallest product of this kind.",),
                tags=("divisibility", "reasoning"),
            ),
        ),
        multiple(
            "remainder-three",
            r"Dividing a whole number \(n\) by 8 leaves the remainder 3. Which statements are certainly true? Select "
            "all that apply.",
            (
                r"\(n\) is odd.",
                r"\(n + 5\) is divisible by 8.",
                r"Dividing \(n\) by 4 leaves the remainder 3.",
            ),
            {
                r"\(n\) is a prime number.": r"Try \(n = 27\).",
                r"Dividing \(n\) by 16 leaves the remainder 3.": r"Try \(n = 11\).",
            },
            About(
                2.1,
                r"Such numbers have the form \(n = 8k + 3\). Then \(n + 5 = 8(k + 1)\), \(n = 4 \cdot 2k + 3\), and "
                r"\(n\) is an even number plus 3. But 8 being a divisor says nothing about 16, as \(n = 11\) shows.",
                hints=(r"List a few such numbers: 3, 11, 19, 27, ...", r"Write \(n = 8k + 3\)."),
                tags=("division-with-remainder", "reasoning"),
            ),
        ),
    ),
)
