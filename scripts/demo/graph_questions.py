from app.domain.question_draft import Hotspot, Parametric, Passage, Unit

from .authoring import (
    About,
    Number,
    choice_gap,
    cloze,
    description,
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
from .drawings import GRID_FIVE, TEMPERATURE
from .figures import img
from .skills import GRAPHS

_TOUR = Passage(
    external_id="demo-passage-cycle-tour",
    title="The cycle tour",
    html="<p>Mara goes on a tour by bicycle. The graph shows how far she is from home at each time.</p>"
    + img("cycle-tour.png"),
)
_KM_H = (Unit(name="km/h"),)

QUESTIONS = in_skill(
    GRAPHS,
    (
        description(
            "about-the-tour",
            "Before the questions on the cycle tour: find out what each axis shows, and follow the line once with "
            "your finger.",
            About(-2.4, "A graph tells a story only to those who know its axes.", tags=("cycle-tour",), passage=_TOUR),
        ),
        numerical(
            "tour-after-one-hour",
            "How many kilometres is Mara from home after one hour?",
            Number(20, tolerance=0.5, units=(Unit(name="km"),)),
            About(
                -2.4,
                "Go up from 1 on the time axis to the graph and across to the distance axis: 20 km.",
                tags=("cycle-tour", "read-a-value"),
                passage=_TOUR,
            ),
        ),
        numerical(
            "tour-break",
            "Mara takes one break. How many minutes does it last?",
            Number(
                30,
                tolerance=0.5,
                units=(Unit(name="min"), Unit(name="h", multiplier=60)),
                slips={
                    90: "That is when the break ends.",
                    0.5: "Half an hour is right; the question asks for minutes.",
                },
            ),
            About(
                -1.5,
                "During a break the distance from home stays the same, so the graph is level: from 1 h to 1.5 h.",
                hints=(("What does the graph look like while she stands still?"),),
                tags=("cycle-tour", "interpretation"),
                passage=_TOUR,
            ),
        ),
        numerical(
            "tour-way-home",
            "With which average speed does Mara ride home? (in km/h)",
            Number(
                45 / (5 - 3),
                units=_KM_H,
                slips={
                    9: "She needs 2 hours for the way home, not 5.",
                    15: "That is the distance divided by the time of the way out.",
                },
            ),
            About(
                0.0,
                r"From hour 3 to hour 5 she covers 45 km: \(45 \div 2 = 22.5\) km/h. The slope of the line is the "
                "speed; it falls because the distance from home gets smaller.",
                hints=(("When does she turn round, and when is she back?"),),
                tags=("cycle-tour", "slope-as-rate"),
                passage=_TOUR,
            ),
        ),
        single(
            "tour-fastest-part",
            "In which part of the tour is Mara fastest?",
            "on the way home",
            {
                "in the first hour": "20 km in one hour; another part of the graph is steeper.",
                "between hour 1.5 and hour 3": "25 km in 1.5 hours are less than 17 km/h.",
                "at hour 3, where the graph is highest": "The height shows the distance, not the speed; here she "
                "turns round.",
            },
            About(
                0.3,
                "The steeper, the faster, no matter whether the line rises or falls: 20, about 16.7 and 22.5 km/h.",
                hints=("Compare how steep the parts are.",),
                tags=("cycle-tour", "slope-as-rate", "misconception:height-is-speed"),
                passage=_TOUR,
            ),
        ),
        true_false(
            "tour-downhill",
            "The last part of the graph falls, so Mara is riding downhill there.",
            About(
                -0.6,
                "The graph is no picture of the landscape. It falls because her distance from home shrinks; she might "
                "just as well be riding uphill.",
                tags=("cycle-tour", "misconception:graph-as-picture"),
                passage=_TOUR,
            ),
            truth=False,
        ),
        numerical(
            "tour-average-without-break",
            "What is Mara's average speed over the whole tour if the break is not counted? (in km/h)",
            Number(
                90 / 4.5,
                tolerance=0.05,
                units=_KM_H,
                slips={18: "That counts the break as riding time.", 10: "The way home counts too: she rides 90 km."},
            ),
            About(
                1.3,
                r"She rides 45 km out and 45 km back, in \(5 - 0.5 = 4.5\) hours: \(90 \div 4.5 = 20\) km/h.",
                hints=("How far does she ride altogether?",),
                tags=("cycle-tour", "rates"),
                passage=_TOUR,
            ),
        ),
        single(
            "name-the-point",
            img("lettered-points.png") + r"Which point has the coordinates \((-3, 2)\)?",
            "B",
            {
                "C": "That is (−2, −3).",
                "D": "You swapped the coordinates: D is (3, −2).",
                "A": "A lies to the right of the y axis, so its first coordinate is positive.",
            },
            About(
                -2.0,
                "The first number goes sideways, three steps to the left; the second goes up, two steps.",
                hints=("First sideways, then up or down.",),
                tags=("coordinates",),
            ),
        ),
        hotspot(
            "place-the-point",
            r"Click the point \((4, -3)\).",
            Hotspot(image="empty-grid.png", shapes=(disc("(4, −3)", GRID_FIVE.pixel(4, -3), 14),)),
            About(
                -1.8,
                r"Four steps to the right, then three down. \((-3, 4)\) would be a different point: the order of "
                "coordinates matters.",
                hints=(("Start at the origin and go sideways first."),),
                tags=("coordinates",),
            ),
        ),
        single(
            "coldest-time",
            img("temperature.png") + "When is it coldest on this day?",
            "from hour 4 to hour 6",
            {
                "at hour 0": "It is −2 °C then, and gets colder.",
                "only at hour 4": "The lowest temperature lasts a while.",
                "at hour 24": "The graph ends there, but at 0 °C.",
            },
            About(
                -1.2,
                "The lowest part of the graph is a level piece at −4 °C. A minimum need not be a single moment.",
                hints=("Look for the lowest part of the graph.",),
                tags=("temperature", "extreme-values"),
            ),
        ),
        hotspot(
            "warmest-moment",
            "The graph shows the temperature during one day. Click the point of the graph where it is warmest.",
            Hotspot(image="temperature.png", shapes=(disc("hour 14, 10 °C", TEMPERATURE.pixel(14, 10), 14),)),
            About(
                -1.6,
                "The warmest moment is the highest point of the graph, at hour 14 with 10 °C.",
                tags=("temperature", "extreme-values"),
            ),
        ),
        numerical(
            "rate-of-warming",
            img("temperature.png") + "Between hour 6 and hour 14, by how many degrees does the temperature rise per "
            "hour?",
            Number(
                (10 - -4) / (14 - 6),
                tolerance=0.01,
                slips={
                    14: "That is the whole rise; divide it by the number of hours.",
                    0.75: r"From \(-4\) to \(10\) it rises by 14 degrees, not 6.",
                },
            ),
            About(
                0.6,
                r"It rises from \(-4\) to \(10\), by 14 degrees, in 8 hours: \(14 \div 8 = 1.75\) degrees per hour.",
                hints=("How large is the rise altogether?",),
                tags=("temperature", "slope-as-rate"),
            ),
        ),
        multiple(
            "temperature-statements",
            img("temperature.png") + "Which statements fit the graph? Select all that apply.",
            (
                "It is below freezing at hour 7.",
                ("Between hour 14 and hour 24 it cools by 10 degrees."),
                "At two different times it is exactly 6 °C.",
            ),
            {
                "It warms as slowly as it cools.": "The rising part is steeper than the falling one.",
                "It is above freezing for most of the first twelve hours.": "It stays below zero until a little after "
                "hour 8.",
            },
            About(
                0.8,
                r"At hour 7 the line is still below zero (\(-4 + 1.75 = -2.25\)). A level line at 6 °C meets the graph "
                "twice, once while it warms and once at hour 18.",
                hints=("Draw a level line at 6 °C in your mind.",),
                tags=("temperature", "interpretation"),
            ),
        ),
        cloze(
            "cooling-evening",
            img("temperature.png") + "At hour 18 it is [[start]] °C. Until midnight it cools by [[rate]] degree per "
            "hour, so at hour 20 it is [[later]] °C. The graph is [[shape]] there because the rate does not change.",
            (
                number_gap("start", 6),
                number_gap("rate", 1),
                number_gap("later", 4),
                choice_gap("shape", "straight", "level", "curved"),
            ),
            About(
                -0.3,
                "From 6 °C to 0 °C in 6 hours is 1 degree per hour. A constant rate shows as a straight line.",
                hints=("How many degrees does it cool in six hours?",),
                tags=("temperature", "slope-as-rate"),
            ),
        ),
        matching(
            "where-points-lie",
            "Match each point with its place in the coordinate system.",
            {
                r"\((2, -3)\)": "right of the y axis, below the x axis",
                r"\((-2, 3)\)": "left of the y axis, above the x axis",
                r"\((0, -3)\)": "on the y axis",
                r"\((-2, 0)\)": "on the x axis",
            },
            About(
                -0.9,
                "The sign of the first coordinate says left or right, that of the second up or down. A coordinate 0 "
                "puts the point on an axis: first coordinate 0 on the y axis, second 0 on the x axis.",
                tags=("coordinates",),
            ),
            distractors=("at the origin",),
        ),
        ordering(
            "from-slow-to-fast",
            "Four straight distance–time graphs start at the origin and end at the points given as (hours, km). Order "
            "them from the slowest to the fastest journey.",
            (r"\((3, 12)\)", r"\((1, 5)\)", r"\((4, 24)\)", r"\((2, 15)\)"),
            About(
                0.1,
                r"The speeds are \(4, 5, 6\) and \(7.5\) km/h. Neither the longest way nor the longest time decides, "
                "but their quotient, the slope.",
                hints=("Divide kilometres by hours.",),
                tags=("slope-as-rate",),
            ),
        ),
        parametric(
            "middle-of-a-segment",
            r"A segment runs from \(({{a}}, 5)\) to \(({{c}}, 9)\). What is the first coordinate of its midpoint?",
            Parametric(variables=(grid("a", 1, 8), grid("c", 9, 20)), expression="(a + c) / 2"),
            About(
                -0.5,
                "The middle between two numbers is their mean. The second coordinates do not matter for the first.",
                hints=("Which number lies in the middle of the two first coordinates?",),
                tags=("coordinates",),
            ),
        ),
        parametric(
            "reservoir",
            "The water level of a reservoir falls from {{a}} cm to {{b}} cm within {{t}} days. What is the mean "
            "change per day in cm? (A fall is negative.)",
            Parametric(
                variables=(grid("a", 320, 400, 10), grid("b", 200, 300, 10), grid("t", 5, 20, 5)),
                expression="(b - a) / t",
                tolerance=0.01,
            ),
            About(
                0.4,
                "The change is the new value minus the old one, which is negative here; divided by the days it gives "
                "the mean change per day, the slope of the line between the two points.",
                hints=("New value minus old value.",),
                tags=("slope-as-rate",),
            ),
        ),
        flashcard(
            "level-piece",
            "What does a level piece mean in a distance–time graph, and what in a speed–time graph?",
            "In a distance–time graph: standing still. In a speed–time graph: moving with constant speed.",
            About(
                0.5,
                "A level piece says that the quantity on the vertical axis does not change. What that means depends "
                "on the quantity.",
                tags=("interpretation",),
            ),
        ),
        single(
            "filling-a-bottle",
            "Water runs evenly into a bottle that is wide below and has a narrow neck. How does the graph of the "
            "water level over time look?",
            "first rising slowly, then steeply",
            {
                "first rising steeply, then slowly": "In the wide part the same water raises the level less.",
                "a straight line from start to end": "That would need a bottle of the same width all the way up.",
                "level at first, then rising": "The level rises from the first moment.",
            },
            About(
                0.7,
                "The same amount of water per second spreads over a large area in the wide part and over a small one "
                "in the neck, so the level rises faster there.",
                hints=("Where does a cup of water raise the level more?",),
                tags=("modelling", "interpretation"),
            ),
        ),
        short(
            "where-axes-meet",
            "What is the point called where the two axes of a coordinate system meet?",
            ("origin", "the origin"),
            About(
                -1.4,
                r"Both coordinates are counted from it, so it has the coordinates \((0, 0)\).",
                tags=("vocabulary", "coordinates"),
            ),
        ),
        true_false(
            "vertical-piece",
            "The distance–time graph of a car can contain a vertical piece.",
            About(
                0.9,
                "A vertical piece would mean many different distances at the same moment: the car would be in many "
                "places at once.",
                tags=("interpretation", "reasoning"),
            ),
            truth=False,
        ),
        single(
            "area-under-speed",
            "A speed–time graph is level at 12 m/s from second 0 to second 5 and then falls in a straight line to 0 "
            "m/s at second 9. How far does the cyclist get in these 9 seconds?",
            "84 m",
            {
                "108 m": "You went on with 12 m/s to the end.",
                "60 m": "That is the level part alone; while braking she still moves.",
                "54 m": "You halved the whole, but only the braking part is a triangle.",
            },
            About(
                2.1,
                r"Distance is speed times time, that is the area under the graph: a rectangle \(12 \cdot 5 = 60\) and "
                r"a triangle \(\frac{1}{2} \cdot 12 \cdot 4 = 24\), together 84 m.",
                hints=(("What is speed times time in the level part?"), "While braking, her mean speed is 6 m/s."),
                tags=("area-under-graph", "slope-as-rate"),
            ),
        ),
    ),
)
