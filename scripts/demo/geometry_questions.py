from math import sqrt

from app.domain.question_draft import Hotspot, Parametric, Unit

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
from .drawings import PARALLELS
from .figures import img
from .skills import GEOMETRY

_LENGTHS = (Unit(name="cm"), Unit(name="mm", multiplier=0.1), Unit(name="m", multiplier=100))

QUESTIONS = in_skill(
    GEOMETRY,
    (
        numerical(
            "third-angle",
            img("angle-triangle.png") + "How many degrees has the angle at C?",
            Number(
                180 - 52 - 67,
                units=(Unit(name="°"),),
                slips={
                    119: "That is the sum of the two given angles.",
                    241: "The angles of a triangle add up to 180 degrees, not 360.",
                },
            ),
            About(
                -2.1,
                r"The angles of every triangle add up to \(180^\circ\): \(180 - 52 - 67 = 61\).",
                hints=(("What do the three angles add up to?"),),
                tags=("angles",),
            ),
        ),
        numerical(
            "hypotenuse",
            img("right-triangle.png") + "How long is side c? Give centimetres, or write another unit behind the "
            "number.",
            Number(
                sqrt(6**2 + 8**2),
                units=_LENGTHS,
                slips={
                    14: "The way along the legs is longer than the straight line.",
                    100: "That is the square of the length.",
                },
            ),
            About(
                -1.0,
                r"By the theorem of Pythagoras \(c^2 = 6^2 + 8^2 = 100\), so \(c = 10\) cm.",
                hints=(("Which side lies opposite the right angle?"),),
                tags=("pythagoras",),
            ),
        ),
        numerical(
            "floor-area",
            img("l-shape.png") + "How many square metres has this floor?",
            Number(
                10 * 4 + 4 * 5,
                slips={
                    90: "That is the whole rectangle of 10 m by 9 m; a corner is missing.",
                    76: "The two arms overlap in a square of 4 m by 4 m, which you counted twice.",
                },
            ),
            About(
                -0.3,
                r"Cut it into a strip of \(10 \cdot 4 = 40\) and a rest of \(4 \cdot (9 - 4) = 20\): together 60. Or "
                r"take the missing corner of \(6 \cdot 5 = 30\) off 90.",
                hints=(("Cut the floor into two rectangles."),),
                tags=("area",),
            ),
        ),
        single(
            "floor-perimeter",
            img("l-shape.png") + "How long is the skirting board all around this floor?",
            "38 m",
            {
                "27 m": "These are only the sides with a label; two sides carry none.",
                "60 m": "That number belongs to the area.",
                "30 m": "Walk around once and add all six sides.",
            },
            About(
                0.4,
                r"The unlabelled sides are \(10 - 4 = 6\) m and \(9 - 4 = 5\) m: \(10 + 4 + 6 + 5 + 4 + 9 = 38\). It "
                "is as long as around the full rectangle, since the corner is only pushed in.",
                hints=(("How long are the two sides without a label?"),),
                tags=("perimeter",),
            ),
        ),
        numerical(
            "angle-at-parallels",
            img("parallels.png") + "The two lines are parallel, and angle 1 measures 51°. How many degrees has angle "
            "2?",
            Number(
                180 - 51,
                units=(Unit(name="°"),),
                slips={
                    51: "Angle 2 is obtuse: it lies beside the corresponding angle, not in its place.",
                    39: "The two angles add up to 180 degrees, not 90.",
                },
            ),
            About(
                0.1,
                r"The angle corresponding to angle 1 at the lower line also has \(51^\circ\). Angle 2 lies beside it "
                r"on a straight line: \(180^\circ - 51^\circ = 129^\circ\).",
                hints=(("Where is the angle at the lower line that equals angle 1?"),),
                tags=("angles", "parallel-lines"),
            ),
        ),
        hotspot(
            "opposite-angle",
            "Click the number of the angle that lies vertically opposite angle 2.",
            Hotspot(image="parallels.png", shapes=(disc("angle 3", PARALLELS.pixel(4.4, 1.1), 24),)),
            About(
                -1.2,
                "Vertically opposite angles share the crossing point and lie on different sides of both lines. They "
                "are equal, since each of them makes a straight angle with the same neighbour.",
                hints=(("It lies at the same crossing point."),),
                tags=("angles",),
            ),
        ),
        numerical(
            "height-by-shadow",
            img("shadow-triangles.png") + "A person 1.8 m tall stands so that the tip of her shadow, 3 m away, meets "
            "the tip of the shadow of a tree. This tip is 9 m from the tree. How tall is the tree, in metres?",
            Number(
                round(1.8 / 3 * 9, 3),
                tolerance=0.005,
                units=(Unit(name="m"), Unit(name="cm", multiplier=0.01)),
                slips={
                    7.8: "Lengths in similar triangles grow by a factor, not by a difference.",
                    3.6: "Both distances are measured from the tip of the shadow: the factor is 9 to 3.",
                },
            ),
            About(
                0.6,
                r"The triangles have the same angles, so all sides grow by the same factor \(9 \div 3 = 3\): \(3 \cdot "
                r"1.8 = 5.4\) m.",
                hints=(("By which factor is the large triangle larger?"),),
                tags=("similarity", "word-problem"),
                also=("ratio",),
            ),
        ),
        true_false(
            "square-is-a-rectangle",
            "Every square is a rectangle.",
            About(
                -1.7,
                "A rectangle is a quadrilateral with four right angles. A square has them, and equal sides as well; a "
                "special case is still a case.",
                tags=("definition",),
            ),
            truth=True,
        ),
        matching(
            "volumes",
            r"Match each solid with its volume. (\(r\) radius, \(h\) height, \(a\) edge)",
            {
                "cylinder": r"\(\pi r^2 h\)",
                "cone": r"\(\frac{1}{3} \pi r^2 h\)",
                "sphere": r"\(\frac{4}{3} \pi r^3\)",
                "cube": r"\(a^3\)",
            },
            About(
                -0.1,
                "A cylinder is base times height; a cone with the same base and height has a third of it. Every "
                r"volume needs three lengths as factors, so \(4 \pi r^2\) cannot be one: it is the surface of a "
                "sphere.",
                hints=(("A volume is a product of three lengths."),),
                tags=("volume", "formula"),
            ),
            distractors=(r"\(4 \pi r^2\)", r"\(2 \pi r h\)"),
        ),
        ordering(
            "order-the-areas",
            "Order these figures by area, smallest first.",
            (
                "triangle with base 8 cm and height 2 cm",
                "square with side 3 cm",
                "circle with radius 2 cm",
                ("rectangle of 7 cm by 2 cm"),
            ),
            About(
                -0.5,
                r"The areas are \(8\), \(9\), about \(12.6\) and \(14\,\text{cm}^2\). Do not forget the half of the "
                "triangle.",
                tags=("area", "comparison"),
            ),
        ),
        multiple(
            "right-angled-or-not",
            "Which side lengths belong to a right triangle? Select all that apply.",
            ("5 cm, 12 cm, 13 cm", "8 cm, 15 cm, 17 cm", "7 cm, 24 cm, 25 cm"),
            {
                "4 cm, 5 cm, 6 cm": r"\(16 + 25 = 41\), but \(6^2 = 36\).",
                "2 cm, 3 cm, 5 cm": "The two short sides only just reach: there is no triangle at all.",
            },
            About(
                0.3,
                "A triangle is right-angled exactly when the squares of the two shorter sides add up to that of the "
                r"longest: \(25 + 144 = 169\), \(64 + 225 = 289\), \(49 + 576 = 625\).",
                hints=(("Square all three and compare."),),
                tags=("pythagoras",),
            ),
        ),
        cloze(
            "circle-doubling",
            r"A circle with radius 5 cm has a circumference of [[around]] \(\pi\) cm and an area of [[area]] "
            r"\(\pi\,\text{cm}^2\). If the radius is doubled, the circumference becomes [[first]] as large and the "
            "area [[second]] as large.",
            (
                number_gap("around", 10),
                number_gap("area", 25),
                choice_gap("first", "twice", "four times", "eight times"),
                choice_gap("second", "four times", "twice", "eight times"),
            ),
            About(
                -0.2,
                r"\(2 \pi r = 10 \pi\) and \(\pi r^2 = 25 \pi\). Lengths grow with the factor, areas with its square.",
                hints=(("Calculate both for the radius 10 cm too."),),
                tags=("circle", "scale"),
            ),
        ),
        parametric(
            "diagonal-of-a-screen",
            "A screen is {{a}} cm wide and {{b}} cm high. How long is its diagonal, in centimetres? Round to two "
            "places.",
            Parametric(
                variables=(grid("a", 30, 120, 5), grid("b", 20, 70, 5)),
                expression="sqrt(a * a + b * b)",
                tolerance=0.01,
            ),
            About(
                -0.7,
                "The diagonal is the hypotenuse of a right triangle with width and height as legs.",
                hints=(("Which triangle is half of the screen?"),),
                tags=("pythagoras",),
            ),
        ),
        parametric(
            "aquarium",
            "An aquarium measures {{a}} cm by {{b}} cm by {{c}} cm inside. How many litres does it hold?",
            Parametric(
                variables=(grid("a", 60, 120, 10), grid("b", 30, 50, 5), grid("c", 30, 60, 5)),
                expression="a * b * c / 1000",
                tolerance=0.01,
            ),
            About(
                -1.4,
                r"Length times width times height gives cubic centimetres, and \(1000\,\text{cm}^3\) are one litre.",
                hints=(("How many cubic centimetres are one litre?"),),
                tags=("volume", "units"),
            ),
        ),
        flashcard(
            "theorem-of-pythagoras",
            "What does the theorem of Pythagoras say, and when may you use it?",
            "In a right triangle, and only there, the squares of the two legs add up to the square of the hypotenuse.",
            About(
                -0.8,
                "The hypotenuse is the side opposite the right angle; it is always the longest. The converse is true "
                "as well, so the theorem can prove a right angle.",
                tags=("pythagoras",),
            ),
        ),
        single(
            "angles-of-a-hexagon",
            "What do the interior angles of a hexagon add up to?",
            r"\(720^\circ\)",
            {
                r"\(360^\circ\)": "That is the sum for a quadrilateral.",
                r"\(1080^\circ\)": r"\(6 \cdot 180^\circ\) counts the triangles around an inner point, whose angles "
                r"there are \(360^\circ\) too many.",
                r"\(540^\circ\)": "That is the sum for a pentagon.",
            },
            About(
                0.5,
                r"Diagonals from one corner cut it into \(6 - 2 = 4\) triangles with \(180^\circ\) each.",
                hints=(("Cut it into triangles from one corner."),),
                tags=("angles", "polygon"),
            ),
        ),
        short(
            "two-equal-sides",
            "What is a triangle with two sides of equal length called?",
            ("isosceles", "isosceles triangle", "an isosceles triangle"),
            About(-1.1, "The two equal sides make the two angles at the base equal as well.", tags=("vocabulary",)),
        ),
        multiple(
            "scaling-a-solid",
            "All lengths of a statue are tripled. Which statements are right? Select all that apply.",
            ("Its height is 3 times as large.", "Its surface is 9 times as large.", "Its volume is 27 times as large."),
            {
                "Its surface is 6 times as large.": "Two lengths are multiplied in an area, each of them tripled.",
                "Its angles are 3 times as large.": "Angles do not change when a figure is scaled.",
            },
            About(
                0.8,
                r"Areas have two lengths as factors and grow by \(3^2\), volumes have three and grow by \(3^3\). So a "
                "statue three times as tall needs 27 times the bronze.",
                hints=(("Think of a cube."),),
                tags=("scale", "volume"),
            ),
        ),
        numerical(
            "ladder",
            "A ladder 6.5 m long leans against a wall; its foot stands 2.5 m from the wall. How high does it reach, "
            "in metres?",
            Number(
                sqrt(6.5**2 - 2.5**2),
                tolerance=0.005,
                units=(Unit(name="m"),),
                slips={
                    4: "Squares are subtracted, not lengths.",
                    6.96: "The ladder is the hypotenuse, so its square is the sum, not a part of it.",
                },
            ),
            About(
                0.2,
                r"The ladder is the hypotenuse: \(h^2 = 6.5^2 - 2.5^2 = 36\), so \(h = 6\) m.",
                hints=(("Which side of the triangle is the ladder?"),),
                tags=("pythagoras", "word-problem"),
            ),
        ),
        single(
            "diagonal-of-a-cube",
            "How long is the straight line through the inside of a cube with edge 1, from one corner to the opposite "
            "one?",
            r"\(\sqrt{3}\)",
            {
                r"\(\sqrt{2}\)": "That is the diagonal of one face.",
                r"\(3\)": "That is the way along three edges.",
                r"\(2\)": "No: use the theorem of Pythagoras twice.",
            },
            About(
                1.3,
                r"The diagonal of the base is \(\sqrt{2}\). With the upright edge it makes a right triangle: \(d^2 = 2 "
                r"+ 1 = 3\).",
                hints=(("How long is the diagonal of the base?"), ("It makes a right triangle with an upright edge.")),
                tags=("pythagoras", "solid"),
            ),
        ),
        numerical(
            "equilateral-area",
            r"How large is the area of an equilateral triangle with side 6 cm, in \(\text{cm}^2\)? Give two decimal "
            "places.",
            Number(
                round(6**2 * sqrt(3) / 4, 3),
                tolerance=0.01,
                slips={18: "The height is shorter than the side.", 31.18: "You forgot the half."},
            ),
            About(
                1.5,
                r"The height halves the base: \(h = \sqrt{6^2 - 3^2} = \sqrt{27} \approx 5.196\). The area is "
                r"\(\frac{1}{2} \cdot 6 \cdot h \approx 15.59\).",
                hints=(("Find the height with the theorem of Pythagoras."),),
                tags=("pythagoras", "area"),
            ),
        ),
        single(
            "square-in-a-circle",
            "A square is drawn inside a circle so that its corners lie on the circle. Which part of the circle's area "
            "does it cover?",
            r"\(\frac{2}{\pi}\)",
            {
                r"\(\frac{\pi}{4}\)": "That is the part of a square covered by the circle inside it.",
                r"\(\frac{1}{2}\)": "It is more than half: about 64 %.",
                r"\(\frac{1}{\pi}\)": "The diagonal, not the side, is twice the radius.",
            },
            About(
                2.1,
                "With radius 1 the diagonals are 2 and cut the square into four right triangles with legs 1: its area "
                r"is \(4 \cdot \frac{1}{2} = 2\). The circle has \(\pi\), so the part is \(\frac{2}{\pi} \approx "
                r"0.64\).",
                hints=(("Take the radius 1 and draw the diagonals of the square."),),
                tags=("circle", "area"),
            ),
        ),
    ),
)
