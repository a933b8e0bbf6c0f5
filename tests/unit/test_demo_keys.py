"""The keys of the demo bank, found a second time by other means than those that made them."""

import math
import statistics
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import combinations, permutations, product

import pytest

from app.domain.enums import QuestionType
from app.domain.parametric import drawn_numeric, instantiate
from app.domain.question_draft import QuestionDraft
from scripts.demo.bank import demo_bank

DRAFTS = {draft.external_id.removeprefix("demo-"): draft for draft in demo_bank().drafts if draft.external_id}
BOOKS = [0] * 3 + [1] * 6 + [2] * 8 + [3] * 5 + [4] * 2 + [5]
GOALS = [1, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 8]
Throw = tuple[int, int]
THROWS: list[Throw] = [(blue, orange) for blue in range(1, 7) for orange in range(1, 7)]


def of_type(kind: QuestionType) -> set[str]:
    return {name for name, draft in DRAFTS.items() if draft.type is kind}


def solution(equation: Callable[[Fraction], object], low: int = -100, high: int = 100, parts: int = 12) -> float:
    """The only twelfth between low and high that makes the equation true."""
    grid = (Fraction(step, parts) for step in range(low * parts, high * parts + 1))
    (found,) = (x for x in grid if equation(x))
    return float(found)


def zigzag(x: float) -> float:
    return 1 + 2 * x if x <= 2 else 7 - x if x <= 4 else 1 + x / 2


def bisected(function: Callable[[float], float], low: float, high: float) -> float:
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) < 0 else (low, middle)
    return low


NUMBERS: Mapping[str, float] = {
    "integers-temperature-rise": [*range(-7, 100)][12],
    "integers-coaches-for-a-trip": next(coaches for coaches in range(100) if coaches * 48 >= 263),
    "integers-sum-to-one-hundred": sum(range(101)),
    "fractions-savings-left": 600 - 150 - 180,
    "fractions-decimal-product": float(Fraction(3, 10) * Fraction(4, 100)),
    "fractions-pool-two-pipes": solution(lambda x: x / 3 + x / 6 == 1),
    "percentages-share-as-percent": solution(lambda x: 24 * x / 100 == 18),
    "percentages-price-before-discount": solution(lambda x: x - x * 20 / 100 == 64),
    "percentages-five-years-of-interest": 2318.55,
    "percentages-drying-grapes": solution(lambda x: x * 80 / 100 == 2),
    "ratio-share-the-prize": solution(lambda x: 4 * (84 - x) == 3 * x),
    "ratio-pancakes-for-ten": 300 + 300 + 150,
    "ratio-distance-on-a-map": float(Fraction(6, 4)),
    "ratio-kilometres-per-hour": 90_000 / 3600,
    "ratio-there-and-back": solution(lambda x: x * 3 == 120),
    "ratio-gears": solution(lambda x: x * 18 == 9 * 48),
    "powers-big-product": 30_000 * 2_000,
    "powers-edge-of-a-cube": solution(lambda x: x**3 == 343),
    "powers-bacteria": math.prod([2] * 9),
    "powers-last-digit": 7**2026 % 10,
    "expressions-substitute-negative": 2 * 9 - 12,
    "expressions-mental-product": 103 * 97,
    "expressions-sum-of-squares": 2**2 + 5**2,
    "linear-equations-level-balance": solution(lambda x: 3 * x + 2 == 14),
    "linear-equations-x-on-both-sides": solution(lambda x: 5 * x + 3 == 2 * x - 9),
    "linear-equations-mother-and-son": solution(lambda x: x + 28 + 4 == 3 * (x + 4)),
    "linear-equations-halves-and-thirds": solution(lambda x: x / 2 + x / 3 == 10),
    "linear-equations-coffee-and-tea": next(c / 100 for c in range(591) if 3 * c + 2 * (590 - c) == 1510),
    "linear-equations-tickets-sold": solution(lambda x: 8 * x + 5 * (120 - x) == 765),
    "graphs-tour-after-one-hour": 20,
    "graphs-tour-break": 90 - 60,
    "graphs-tour-way-home": solution(lambda x: 2 * x == 45),
    "graphs-tour-average-without-break": solution(lambda x: x * Fraction(9, 2) == 90),
    "graphs-rate-of-warming": solution(lambda x: -4 + 8 * x == 10),
    "linear-functions-value-beyond-the-picture": 1 + 6,
    "linear-functions-slope-from-two-points": solution(lambda x: 2 + 3 * x == 11),
    "linear-functions-zero-of-a-function": solution(lambda x: -4 * x + 10 == 0),
    "linear-functions-perpendicular-line": solution(lambda y: (6 - 2) * 1 + (y - 3) * 2 == 0),
    "linear-functions-triangle-with-the-axes": 9,
    "quadratic-equations-positive-solution": solution(lambda x: x > 0 and x * x + 2 * x == 15),
    "quadratic-equations-garden-bed": solution(lambda x: x > 0 and x * (x + 5) == 84),
    "quadratic-equations-exactly-one-solution": solution(lambda c: 4 * c == 10 * 10),
    "quadratic-equations-ball-in-the-air": min(t for t in range(5) if 20 * t - 5 * t * t == 15),
    "quadratic-equations-golden-ratio": bisected(lambda x: x - 1 - 1 / x, 1, 2),
    "functions-nested-reading": zigzag(zigzag(2)),
    "functions-largest-enclosure": max(side * (20 - 2 * side) for side in range(11)),
    "functions-inner-function": solution(lambda g: 2 * g + 1 == 6 * 2 - 3),
    "geometry-third-angle": solution(lambda x: x + 52 + 67 == 180, high=180),
    "geometry-hypotenuse": math.dist((6, 0), (0, 8)),
    "geometry-floor-area": sum(y < 4 or x < 4 for x in range(10) for y in range(9)),
    "geometry-angle-at-parallels": solution(lambda x: x + 51 == 180, high=180),
    "geometry-height-by-shadow": 5.4,
    "geometry-ladder": bisected(lambda h: math.hypot(2.5, h) - 6.5, 0, 10),
    "geometry-equilateral-area": 0.5 * 6 * 6 * math.sin(math.radians(60)),
    "statistics-books-class-size": len(BOOKS),
    "statistics-books-mean": statistics.mean(BOOKS),
    "statistics-books-at-least-three": 100 * sum(books >= 3 for books in BOOKS) / len(BOOKS),
    "statistics-median-of-a-dot-plot": statistics.median(GOALS),
    "statistics-mean-of-two-groups": statistics.mean([70] * 20 + [80] * 30),
    "statistics-standard-deviation": statistics.pstdev([2, 4, 4, 4, 5, 5, 7, 9]),
    "probability-wheel-shows-one": 0.5,
    "probability-venn-sport": (9 + 6) / (9 + 6 + 7 + 8),
    "probability-codes-without-repetition": sum(len({*code}) == 4 for code in product(range(10), repeat=4)),
    "probability-fair-or-not": statistics.mean([-2, -2, -2, -2, -2, 8]),
    "probability-positive-test": 90 / (90 + 495),
}

GAPS: Mapping[tuple[str, str], float] = {
    ("integers-two-lighthouses", "time"): math.lcm(12, 18),
    ("integers-two-lighthouses", "count"): sum(s % 12 == 0 and s % 18 == 0 for s in range(1, 301)),
    ("fractions-dividing-by-a-fraction", "count"): solution(lambda x: x / 4 == 3),
    ("fractions-dividing-by-a-fraction", "second"): solution(lambda x: 3 * x / 4 == 3),
    ("percentages-tax-inside-the-price", "gross"): 250 + 50,
    ("percentages-tax-inside-the-price", "tax"): 50,
    ("ratio-which-jar-is-cheaper", "a"): float(Fraction(360, 750)),
    ("ratio-which-jar-is-cheaper", "b"): float(Fraction(200, 400)),
    ("powers-standard-form", "mantissa"): 8,
    ("powers-standard-form", "exponent"): math.floor(math.log10(0.00008)),
    ("expressions-complete-the-binomial", "p"): 10 / 2,
    ("expressions-complete-the-binomial", "q"): 5 * 5,
    ("linear-equations-inequality-turns", "bound"): solution(lambda x: -2 * x == 6),
    ("graphs-cooling-evening", "start"): 6,
    ("graphs-cooling-evening", "rate"): (6 - 0) / (24 - 18),
    ("graphs-cooling-evening", "later"): 6 - 2,
    ("linear-functions-burning-candle", "start"): 24,
    ("linear-functions-burning-candle", "end"): solution(lambda t: 24 - t * 3 / 2 == 0),
    ("quadratic-equations-square-to-complete", "add"): 16,
    ("quadratic-equations-square-to-complete", "p"): 8 / 2,
    ("functions-domain-and-range", "bound"): 4,
    ("functions-domain-and-range", "least"): math.sqrt(4 - 4) + 1,
    ("geometry-circle-doubling", "around"): 2 * 5,
    ("geometry-circle-doubling", "area"): 5 * 5,
    ("statistics-three-measures", "mean"): statistics.mean([7, 12, 4, 10, 7]),
    ("statistics-three-measures", "median"): statistics.median([7, 12, 4, 10, 7]),
    ("statistics-three-measures", "range"): 12 - 4,
    ("probability-draw-two-marbles", "first"): 0.6,
    ("probability-draw-two-marbles", "second"): 0.5,
    ("probability-draw-two-marbles", "both"): statistics.mean(
        first < 3 and second < 3 for first, second in permutations(range(5), 2)
    ),
}

FORMULAS: Mapping[str, Callable[[Mapping[str, float]], float]] = {
    "integers-diving-robot": lambda v: -v["d"] + v["r"] - v["s"],
    "integers-bracket-before-product": lambda v: v["a"] + v["b"] * (v["d"] - v["c"]),
    "fractions-fraction-of-an-amount": lambda v: v["v"] / v["q"] * v["p"],
    "fractions-add-two-fractions": lambda v: (v["a"] + v["b"]) / (v["a"] * v["b"]),
    "percentages-discount": lambda v: v["c"] - v["c"] * v["p"] / 100,
    "percentages-ticket-before-the-rise": lambda v: 100 * v["n"] / (100 + v["p"]),
    "ratio-notebooks": lambda v: v["m"] * v["c"] / v["n"],
    "ratio-painters": lambda v: v["d"] / (v["v"] / v["w"]),
    "powers-square-plus-cube": lambda v: v["a"] ** 2 + v["b"] ** 3,
    "powers-folded-paper": lambda v: math.ldexp(0.1, int(v["n"])),
    "expressions-value-of-a-product": lambda v: v["a"] * v["c"] - v["a"] * v["b"],
    "expressions-middle-coefficient": lambda v: (1 + v["a"]) * (1 - v["b"]) - 1 + v["a"] * v["b"],
    "linear-equations-general-two-step": lambda v: v["c"] / v["a"] - v["b"] / v["a"],
    "linear-equations-rectangle-from-perimeter": lambda v: (v["p"] / 2 - v["d"]) / 2,
    "graphs-middle-of-a-segment": lambda v: v["a"] + (v["c"] - v["a"]) / 2,
    "graphs-reservoir": lambda v: -(v["a"] - v["b"]) / v["t"],
    "linear-functions-predict-a-value": lambda v: sum([v["m"]] * int(v["t"]), v["b"]),
    "linear-functions-slope-through-points": lambda v: (v["a"] - v["b"]) / (2 - 6),
    "quadratic-equations-discriminant": lambda v: v["b"] ** 2 - 4 * 1 * -v["c"],
    "quadratic-equations-falling-stone": lambda v: bisected(lambda t: 5 * t * t - v["h"], 0, 10),
    "functions-square-of-a-line": lambda v: (v["a"] * v["c"] + v["b"]) ** 2,
    "functions-half-life": lambda v: v["n"] * 0.5 ** (v["h"] / 6),
    "geometry-diagonal-of-a-screen": lambda v: math.hypot(v["a"], v["b"]),
    "geometry-aquarium": lambda v: v["a"] / 10 * v["b"] / 10 * v["c"] / 10,
    "statistics-mean-of-three": lambda v: statistics.fmean([v["a"], v["b"], v["c"]]),
    "statistics-mark-needed": lambda v: sum(v["m"] - v[test] for test in "abc") + v["m"],
    "probability-expected-wins": lambda v: v["n"] / 100 * v["p"],
    "probability-at-least-one-hit": lambda v: 2 * v["p"] / 100 - (v["p"] / 100) ** 2,
}

CHOICES: Mapping[str, str] = {
    "integers-order-of-operations": f"\\({18 - 12 / 3 * 2:.0f}\\)",
    "integers-distance-on-the-line": f"{abs(-5 - 3)} units",
    "integers-three-in-a-row": str(math.gcd(*(n * (n + 1) * (n + 2) for n in range(1, 50)))),
    "fractions-compound-fraction": f"\\({(Fraction(1, 2) + Fraction(1, 3)) / (Fraction(1, 2) - Fraction(1, 3))}\\)",
    "percentages-mental-part": f"{80 * 0.15:.0f}",
    "percentages-growth-from-a-chart": f"{250 / 200 * 100 - 100:.0f} %",
    "percentages-mixing-brine": f"{(20 + 60) / 500:.0%}".replace("%", " %"),
    "percentages-back-to-the-start": f"{100 / 80 * 100 - 100:.0f} %",
    "powers-minus-three-squared": f"\\({-(3**2)}\\)",
    "powers-locate-a-root": f"{math.isqrt(50)} and {math.isqrt(50) + 1}",
    "linear-equations-two-step-equation": f"\\(x = {solution(lambda x: 3 * x - 7 == 11):.0f}\\)",
    "linear-equations-smallest-whole-number": f"\\({next(x for x in range(-50, 50) if 5 - 3 * x < -4)}\\)",
    "graphs-area-under-speed": f"{5 * 12 + 12 * 4 // 2} m",
    "linear-functions-growing-distance": f"{2 * 5 - -1 * 5} units",
    "functions-value-at-minus-two": f"\\({2 * (-2) ** 2 - 3}\\)",
    "functions-three-points-of-a-parabola": f"at \\(x = {(0 + 6) // 2}\\)",
    "geometry-floor-perimeter": f"{10 + 4 + 6 + 5 + 4 + 9} m",
    "geometry-angles-of-a-hexagon": f"\\({6 * 180 - 360}^\\circ\\)",
    "probability-handshakes": str(len([*combinations(range(6), 2)])),
    "probability-shared-birthday": str(
        next(n for n in range(2, 99) if math.prod(1 - day / 365 for day in range(n)) < 0.5)
    ),
}

FRACTIONS: Mapping[str, Fraction] = {
    "fractions-shaded-part": Fraction(9, 12),
    "fractions-point-on-the-line": Fraction(7, 4),
    "fractions-add-unlike": Fraction(1, 2) + Fraction(2, 5),
    "ratio-ratio-and-fraction": Fraction(2, 5),
    "probability-more-than-four": Fraction(sum(face > 4 for face in range(1, 7)), 6),
    "probability-wheel-even": Fraction(3, 8),
    "probability-venn-condition": Fraction(6, 9 + 6),
}

RISING: Mapping[str, tuple[float, ...]] = {
    "integers-order-signed-values": (-8, -5, 2, 6),
    "fractions-order-fractions": (2 / 5, 0.45, 4 / 7, 5 / 8, 0.7),
    "percentages-order-parts": (0.05 * 300, 0.2 * 90, 0.75 * 32, 1.5 * 20),
    "ratio-order-the-speeds": (5, 20 / 3.6, 400 / 60, 500 / 60),
    "powers-order-powers": (math.sqrt(400), 5**2, 3**3, 2**5, 4**3),
    "graphs-from-slow-to-fast": (12 / 3, 5 / 1, 24 / 4, 15 / 2),
    "linear-functions-from-flat-to-steep": (0.5, 1, 2, 3),
    "functions-who-is-largest-at-ten": (50, 10**2, 10**3, 2**10),
    "geometry-order-the-areas": (8 * 2 / 2, 3**2, math.pi * 2**2, 7 * 2),
    "statistics-order-by-spread": tuple(
        statistics.pstdev(values) for values in ([5, 5, 5, 5], [4, 5, 5, 6], [3, 4, 6, 7], [0, 0, 10, 10])
    ),
    "probability-order-the-events": (3, 4, 8, 10, 15),
}

RIGHT_WHEN: Mapping[str, Callable[[str], bool]] = {
    "integers-divisible-by-six": lambda text: int(text) % 6 == 0,
    "fractions-finite-decimals": lambda text: 10**9 % tex_fraction(text).denominator == 0,
    "linear-functions-points-on-a-line": lambda text: point(text)[1] == 3 * point(text)[0] - 2,
    "quadratic-equations-pick-the-solutions": lambda text: int(text[2:-2]) ** 2 - int(text[2:-2]) - 6 == 0,
    "geometry-right-angled-or-not": lambda text: is_right_angled([int(side[:-3]) for side in text.split(", ")]),
}

TRUTHS: Mapping[str, bool] = {
    "integers-sum-of-two-odds": any((a + b) % 2 for a in range(1, 99, 2) for b in range(1, 99, 2)),
    "percentages-swap-percent-and-base": 30 * 70 == 70 * 30,
    "powers-two-to-the-ten": 2**10 > 10**3,
    "powers-root-of-a-sum": math.sqrt(9 + 16) == math.sqrt(9) + math.sqrt(16),
    "expressions-n-squared-plus-n": all((n * n + n) % 2 == 0 for n in range(-99, 99)),
    "quadratic-equations-product-of-solutions": math.prod(x for x in range(20) if x * x - 7 * x + 10 == 0) == 10,
    "functions-exponential-overtakes": 1.01**1425 > 1000 * 1425,
    "statistics-books-changed-maximum": statistics.median([*BOOKS[:-1], 15]) == statistics.median(BOOKS),
    "statistics-simpson": 8 / 10 > 63 / 90 and 30 / 90 > 2 / 10 and 8 + 30 < 63 + 2,
}


def tex_fraction(text: str) -> Fraction:
    top, bottom = text.removeprefix("\\(\\frac{").removesuffix("}\\)").split("}{")
    return Fraction(int(top), int(bottom))


def point(text: str) -> tuple[int, int]:
    x, y = text.removeprefix("\\((").removesuffix(")\\)").split(", ")
    return int(x), int(y)


def is_right_angled(sides: list[int]) -> bool:
    short, middle, long = sorted(sides)
    return short + middle > long and short**2 + middle**2 == long**2


def right_options(draft: QuestionDraft) -> set[str]:
    return {option.html for option in draft.options if option.weight > 0}


def test_numbers() -> None:
    assert NUMBERS.keys() == of_type(QuestionType.NUMERICAL)
    for name, expected in NUMBERS.items():
        numeric = DRAFTS[name].numeric
        assert numeric is not None
        (right,) = (answer for answer in numeric.answers if answer.weight == 1)
        assert right.value == pytest.approx(expected, rel=1e-9, abs=max(right.tolerance, 1e-9) / 2), name


def test_numeric_blanks() -> None:
    blanks = {
        (name, gap.id): gap.numeric.answers[0].value
        for name, draft in DRAFTS.items()
        for gap in draft.gaps
        if gap.numeric
    }
    assert blanks == pytest.approx(dict(GAPS))


def test_formulas_of_parametric_questions() -> None:
    assert FORMULAS.keys() == of_type(QuestionType.PARAMETRIC)
    for name, formula in FORMULAS.items():
        parametric = DRAFTS[name].parametric
        assert parametric is not None
        for seed in range(60):
            expected = formula(instantiate(parametric, seed))
            assert drawn_numeric(parametric, seed).answers[0].value == pytest.approx(expected), name


def test_computed_choices() -> None:
    for name, expected in CHOICES.items():
        assert right_options(DRAFTS[name]) == {expected}


def test_choices_that_are_fractions() -> None:
    for name, expected in FRACTIONS.items():
        (right,) = right_options(DRAFTS[name])
        assert tex_fraction(right) == expected


def test_options_that_a_rule_decides() -> None:
    for name, is_right in RIGHT_WHEN.items():
        draft = DRAFTS[name]
        assert right_options(draft) == {option.html for option in draft.options if is_right(option.html)}


def test_truths() -> None:
    for name, truth in TRUTHS.items():
        assert right_options(DRAFTS[name]) == {str(truth)}


def test_orders_rise() -> None:
    for name, values in RISING.items():
        assert len(DRAFTS[name].order) == len(values)
        assert list(values) == sorted(set(values)), name


def test_the_most_likely_sum_of_two_dice() -> None:
    sums = [first + second for first, second in THROWS]
    assert statistics.mode(sums) == 7
    assert Fraction(sums.count(7), 36) == Fraction(1, 6)
    assert right_options(DRAFTS["probability-most-likely-sum"]) == {r"7, with \(\frac{1}{6}\)"}


def test_which_dice_events_are_independent() -> None:
    def independent(one: Callable[[Throw], bool], two: Callable[[Throw], bool]) -> bool:
        first, second = ({throw for throw in THROWS if event(throw)} for event in (one, two))
        return len(first) * len(second) == len(first & second) * len(THROWS)

    pairs: Mapping[str, bool] = {
        "blue shows 6 / orange shows 6": independent(lambda t: t[0] == 6, lambda t: t[1] == 6),
        "blue is even / the sum is even": independent(lambda t: t[0] % 2 == 0, lambda t: sum(t) % 2 == 0),
        "blue shows 3 / the sum is 7": independent(lambda t: t[0] == 3, lambda t: sum(t) == 7),
        "blue shows 6 / the sum is at least 10": independent(lambda t: t[0] == 6, lambda t: sum(t) >= 10),
        "blue shows 1 / blue shows 2": independent(lambda t: t[0] == 1, lambda t: t[0] == 2),
    }
    draft = DRAFTS["probability-independent-events"]
    assert {option.html: option.weight > 0 for option in draft.options} == pairs
