from math import sqrt

from app.domain.question_draft import Hotspot, Parametric, Passage, Unit

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
from .drawings import BOOKS, GOALS
from .figures import img
from .images import DOT_RISE, dot_plot_frame
from .skills import STATISTICS

_READING = Passage(
    external_id="demo-passage-books",
    title="Books in the holidays",
    html="<p>All students of a class were asked how many books they had read in the holidays.</p>" + img("books.png"),
)
_STUDENTS = sum(BOOKS.heights.values())
_BOOKS_READ = sum(int(books) * count for books, count in BOOKS.heights.items())
_OUTLIER_X, _BASE_Y = dot_plot_frame(GOALS).pixel(8, 0)
_MEASURED = (2, 4, 4, 4, 5, 5, 7, 9)

QUESTIONS = in_skill(
    STATISTICS,
    (
        numerical(
            "books-class-size",
            "How many students were asked?",
            Number(
                _STUDENTS,
                slips={
                    6: "That is the number of bars; each bar stands for several students.",
                    50: "That is the number of books.",
                },
            ),
            About(
                -2.2,
                r"The heights of the bars count students: \(3 + 6 + 8 + 5 + 2 + 1 = 25\).",
                hints=(("What does the height of a bar mean?"),),
                tags=("books", "bar-chart"),
                passage=_READING,
            ),
        ),
        numerical(
            "books-mean",
            "What is the mean number of books read by a student?",
            Number(
                _BOOKS_READ / _STUDENTS,
                slips={
                    2.5: "That is the mean of the numbers 0 to 5; each has to be counted as often as it occurs.",
                    4.17: "That is the mean height of a bar.",
                },
            ),
            About(
                0.2,
                r"Altogether \(0 \cdot 3 + 1 \cdot 6 + 2 \cdot 8 + 3 \cdot 5 + 4 \cdot 2 + 5 \cdot 1 = 50\) books were "
                "read by 25 students: 2 each.",
                hints=(("How many books were read altogether?"),),
                tags=("books", "mean"),
                passage=_READING,
            ),
        ),
        numerical(
            "books-at-least-three",
            "Which percentage of the class read at least three books?",
            Number(
                (5 + 2 + 1) / 25 * 100,
                units=(Unit(name="%"),),
                slips={
                    20: "At least three includes four and five.",
                    12: "That is more than three.",
                    8: "That is the number of students; the question asks for a percentage.",
                },
            ),
            About(
                -0.5,
                r"\(5 + 2 + 1 = 8\) of 25 students: \(\frac{8}{25} = 32\,\%\).",
                hints=(("Which bars belong to at least three?"),),
                tags=("books", "bar-chart"),
                passage=_READING,
                also=("percentages",),
            ),
        ),
        true_false(
            "books-changed-maximum",
            "If the student with 5 books had read 15, the median of the class would stay the same.",
            About(
                0.4,
                "The median is the value in the middle of the ordered list, the 13th of 25. Making the largest value "
                "larger does not change who stands in the middle. The mean, however, would rise by 0.4.",
                hints=(("Which student of the ordered list gives the median?"),),
                tags=("books", "median", "outlier"),
                passage=_READING,
            ),
            truth=True,
        ),
        numerical(
            "median-of-a-dot-plot",
            img("goals.png") + "What is the median number of goals?",
            Number(
                3,
                slips={
                    3.5: "That is the mean; the match with 8 goals pulls it up.",
                    4.5: "That is the middle of the axis. Count the dots instead.",
                },
            ),
            About(
                -0.2,
                "There are 16 matches. The 8th and the 9th value of the ordered list are both 3, since 4 matches have "
                "fewer and 9 have at most three goals.",
                hints=(("How many matches are there, and which stand in the middle?"),),
                tags=("median", "dot-plot"),
            ),
        ),
        hotspot(
            "spot-the-outlier",
            "Each dot is one match. Click the match that lies far away from the others.",
            Hotspot(image="goals.png", shapes=(disc("match with 8 goals", (_OUTLIER_X, _BASE_Y - DOT_RISE), 16),)),
            About(
                -1.9,
                "One match has 8 goals, with a gap of two empty values before it. Such an outlier deserves a look: "
                "error in the list, or a special match?",
                tags=("outlier", "dot-plot"),
            ),
        ),
        single(
            "compare-boxes",
            img("travel-times.png") + "The box plots show travel times to school. Which means of transport has the "
            "larger interquartile range, and how large is it?",
            "bike, 14 minutes",
            {
                "bus, 32 minutes": "That is the range, from the shortest to the longest time.",
                "bus, 8 minutes": "8 is right for the bus, but the box of the bike is wider.",
                "bike, 24 minutes": "24 is the median of the bike (and also its range).",
            },
            About(
                0.3,
                r"The interquartile range is the width of the box: bike \(34 - 20 = 14\), bus \(26 - 18 = 8\). The "
                "middle half of the bus rides lies closer together, although single rides take very long.",
                hints=(("Which part of the picture shows the middle half?"),),
                tags=("box-plot", "spread"),
            ),
        ),
        multiple(
            "read-the-boxes",
            img("travel-times.png") + "Which statements can be read off the box plots? Select all that apply.",
            (
                "At least half of the bus rides take 22 minutes or less.",
                "The longest of all rides was a bus ride.",
                ("At least a quarter of the bike rides take 34 minutes or longer."),
            ),
            {
                "The mean of the bike rides is 24 minutes.": "The line in the box is the median; a box plot does not "
                "show the mean.",
                "More bus rides than bike rides were recorded.": "A box plot does not show how many values there are.",
            },
            About(
                0.9,
                "The five marks cut the ordered data into quarters. They tell nothing about how many values there "
                "are, nor about the mean.",
                hints=(("What are the five marks of a box plot?"),),
                tags=("box-plot",),
            ),
        ),
        essay(
            "critique-a-chart",
            img("cut-axis.png") + "A company advertises with this chart under the headline <em>Far more satisfied "
            "customers!</em> Explain how the chart misleads, say what the data really show, and describe how an "
            "honest chart would look. Name one question you would ask about the survey.",
            {
                "The cut axis and its effect are explained with numbers.": 2,
                "The real difference is stated (4 percentage points).": 1,
                "A fair chart is described.": 1,
                "One sensible question about the survey is asked.": 1,
            },
            About(
                0.7,
                "The axis starts at 90 %, so one bar looks three times as high as the other, although 92 % and 96 % "
                "differ by 4 percentage points only. An honest bar chart starts at 0. One should ask how many "
                "customers were asked, and how they were chosen.",
                hints=(("Where does the axis start?"), ("Compare the heights of the bars with the numbers.")),
                tags=("media-literacy", "writing"),
                also=("graphs",),
            ),
        ),
        matching(
            "which-measure",
            "Match each measure with what it says.",
            {
                "mean": "what each would get if all was shared out equally",
                "median": "at least half of the values are no larger, at least half no smaller",
                "mode": "the value that occurs most often",
                "range": "largest minus smallest value",
            },
            About(
                -1.2,
                "Mean, median and mode describe where the data lie, the range how far they spread.",
                tags=("vocabulary", "mean", "median"),
            ),
            distractors=("the mean distance from the smallest value",),
        ),
        ordering(
            "order-by-spread",
            "Order these lists by their standard deviation, smallest first.",
            ("5, 5, 5, 5", "4, 5, 5, 6", "3, 4, 6, 7", "0, 0, 10, 10"),
            About(
                -0.4,
                "All have the mean 5. The standard deviation measures how far the values typically lie from it: not "
                "at all in the first list, 5 units in the last. No calculation is needed.",
                hints=(("How far do the values lie from 5?"),),
                tags=("spread", "comparison"),
            ),
        ),
        cloze(
            "three-measures",
            "For the values 7, 12, 4, 10, 7 the mean is [[mean]], the median is [[median]] and the range is "
            "[[range]]. The median is found in the [[order]] list.",
            (
                number_gap("mean", 8),
                number_gap("median", 7),
                number_gap("range", 8),
                choice_gap("order", "ordered", "original", "shortened"),
            ),
            About(
                -0.9,
                r"Ordered: 4, 7, 7, 10, 12. The sum is 40, so the mean is 8; the third value is 7; \(12 - 4 = 8\).",
                hints=(("Put the values in order first."),),
                tags=("mean", "median", "spread"),
            ),
        ),
        parametric(
            "mean-of-three",
            "Three jumps measure {{a}} cm, {{b}} cm and {{c}} cm. What is their mean in centimetres? Round to one "
            "decimal place.",
            Parametric(
                variables=(grid("a", 310, 390), grid("b", 330, 410), grid("c", 350, 430)),
                expression="(a + b + c) / 3",
                tolerance=0.06,
            ),
            About(
                -1.6,
                "Add and divide by the number of jumps. Shorter: start at the smallest and share out only what "
                "exceeds it.",
                tags=("mean",),
            ),
        ),
        parametric(
            "mark-needed",
            "In three tests Ida has {{a}}, {{b}} and {{c}} points. How many points does she need in the fourth test "
            "for a mean of {{m}} points?",
            Parametric(
                variables=(grid("a", 64, 78), grid("b", 64, 78), grid("c", 64, 78), grid("m", 68, 72)),
                expression="4 * m - a - b - c",
            ),
            About(
                0.5,
                "A mean of m in four tests means a sum of 4m. What the first three lack to this sum has to come from "
                "the fourth.",
                hints=(("Which sum do four tests with this mean have?"),),
                tags=("mean", "reverse"),
            ),
        ),
        flashcard(
            "mean-or-median",
            "Incomes in a country: why do people often state the median and not the mean?",
            "A few very high incomes pull the mean up, but hardly move the median, which shows the person in the "
            "middle.",
            About(
                0.1,
                "The median depends only on the order of the values, the mean on their sum. In skewed data the two "
                "lie far apart.",
                tags=("mean", "median", "outlier"),
            ),
        ),
        numerical(
            "mean-of-two-groups",
            "In a test a class of 20 has a mean of 70 points, a class of 30 a mean of 80 points. What is the mean of "
            "all 50 students?",
            Number((20 * 70 + 30 * 80) / 50, slips={75: "The larger class counts more."}),
            About(
                0.8,
                r"The sums are \(20 \cdot 70 = 1400\) and \(30 \cdot 80 = 2400\): \(3800 \div 50 = 76\). Means of "
                "groups may be averaged only with the sizes of the groups as weights.",
                hints=(("How many points do all students have together?"),),
                tags=("mean", "misconception:plain-mean"),
            ),
        ),
        single(
            "ice-cream-and-drowning",
            "On days when more ice cream is sold, more people need to be rescued from the water. What does this show?",
            "A third quantity, such as hot weather, may explain both.",
            {
                "Eating ice cream makes swimming dangerous.": "Two things that happen together need not be cause and "
                "effect.",
                "Rescues make people buy ice cream.": "The other direction is no better supported.",
                "The data must be wrong.": "The data may well be right; it is the conclusion that has to be careful.",
            },
            About(
                -1.3,
                "On hot days more people buy ice cream and more people swim. A correlation alone does not tell which "
                "causes which, or whether there is a common cause.",
                hints=(("What changes from day to day?"),),
                tags=("correlation", "media-literacy"),
            ),
        ),
        true_false(
            "shifting-data",
            "If 5 is added to every value of a list, its standard deviation grows by 5.",
            About(
                0.6,
                "All values and their mean move together, so the distances from the mean stay the same. Spread does "
                "not depend on where the data lie.",
                hints=(("What happens to the distances from the mean?"),),
                tags=("spread",),
            ),
            truth=False,
        ),
        short(
            "most-frequent-value",
            "What is the value called that occurs most often in a list?",
            ("mode", "the mode", "modal value"),
            About(
                -1.4,
                "Unlike mean and median it also works for data without numbers, such as favourite colours.",
                tags=("vocabulary",),
            ),
        ),
        single(
            "biased-sample",
            "To find out how a town likes its new cycle paths, a newspaper asks 500 people in front of a bicycle "
            "shop. What is the main problem?",
            "People there cycle more than others, so the sample is not typical of the town.",
            {
                "500 people are far too few.": "A random sample of 500 would give quite a good estimate.",
                "Not everybody in the town was asked.": "That is the idea of a sample; it only has to be chosen well.",
                "The question has no number as an answer.": "Opinions can be counted.",
            },
            About(
                -0.7,
                "A sample helps only if everybody has a fair chance to get into it. Size cannot repair a bias: asking "
                "5000 people at the same place would give the same distorted picture, only more firmly.",
                hints=(("Who comes by there?"),),
                tags=("sampling", "media-literacy"),
            ),
        ),
        numerical(
            "standard-deviation",
            "What is the standard deviation of the values 2, 4, 4, 4, 5, 5, 7, 9? (Divide by the number of values.)",
            Number(
                sqrt(sum((value - 5) ** 2 for value in _MEASURED) / len(_MEASURED)),
                tolerance=0.005,
                slips={
                    4: "That is the variance; take its root.",
                    1.5: "That is the mean distance from 5, without squares.",
                    2.14: "That divides by 7; the question asks to divide by 8.",
                },
            ),
            About(
                1.6,
                r"The mean is 5. The squared distances are \(9, 1, 1, 1, 0, 0, 4, 16\), together 32. \(32 \div 8 = "
                r"4\), and its root is 2.",
                hints=(("Find the mean first."), ("Square the distances from the mean and average them.")),
                tags=("spread",),
            ),
        ),
        true_false(
            "simpson",
            "Treatment A can have the higher rate of success among women and among men, and yet the lower rate among "
            "all patients together.",
            About(
                2.2,
                "It happens when A is mostly given to the group that is harder to cure. Example: A cures 8 of 10 "
                "women and 30 of 90 men, B 63 of 90 women and 2 of 10 men. A wins in each group (80 % to 70 %, 33 % "
                "to 20 %) but loses overall, 38 to 65 of 100. This is known as Simpson's paradox.",
                hints=(("Let A be given mostly to the group that is harder to cure."),),
                tags=("paradox", "reasoning"),
            ),
            truth=True,
        ),
    ),
)
