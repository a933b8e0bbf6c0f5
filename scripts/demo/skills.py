"""The demo subject: fourteen skills and what has to be learned before each."""

from dataclasses import dataclass

SUBJECT_TITLE = "Mathematics: from arithmetic to functions"


@dataclass(frozen=True)
class DemoSkill:
    code: str
    name: str
    description: str
    prerequisites: tuple[str, ...] = ()


INTEGERS = DemoSkill(
    "integers",
    "Integer arithmetic",
    "Calculate with positive and negative whole numbers, in the right order, and use divisibility.",
)
FRACTIONS = DemoSkill(
    "fractions",
    "Fractions and decimals",
    "Compare, add, multiply and divide fractions, and move between fractions and decimals.",
    ("integers",),
)
PERCENTAGES = DemoSkill(
    "percentages",
    "Percentages",
    "Find parts, wholes and rates, and chain percentage changes with growth factors.",
    ("fractions",),
)
RATIO = DemoSkill(
    "ratio",
    "Ratio and proportion",
    "Share in a ratio, scale, convert rates, and tell direct from inverse proportion.",
    ("fractions",),
)
POWERS = DemoSkill(
    "powers",
    "Powers and roots",
    "Use the laws of exponents, roots and scientific notation, and know why they hold.",
    ("integers", "fractions"),
)
EXPRESSIONS = DemoSkill(
    "expressions",
    "Algebraic expressions",
    "Read, build, expand, factorise and simplify expressions with letters.",
    ("integers", "fractions"),
)
LINEAR_EQUATIONS = DemoSkill(
    "linear-equations",
    "Linear equations and inequalities",
    "Turn situations into linear equations, solve them step by step, and check the solution.",
    ("expressions",),
)
GRAPHS = DemoSkill(
    "graphs",
    "Reading graphs",
    "Read points, changes, rates and stories off graphs in a coordinate system.",
    ("integers", "fractions"),
)
LINEAR_FUNCTIONS = DemoSkill(
    "linear-functions",
    "Linear functions",
    "Connect slope and intercept with graphs, tables, formulas and situations.",
    ("linear-equations", "graphs"),
)
QUADRATIC_EQUATIONS = DemoSkill(
    "quadratic-equations",
    "Quadratic equations",
    "Solve quadratic equations by roots, factors, completing the square and the formula.",
    ("linear-equations", "powers"),
)
FUNCTIONS = DemoSkill(
    "functions",
    "Functions and their graphs",
    "Work with function notation, domain, composition, and the graphs of quadratic and exponential functions.",
    ("linear-functions", "quadratic-equations"),
)
GEOMETRY = DemoSkill(
    "geometry",
    "Geometry",
    "Reason about angles, areas, volumes, similarity and right triangles.",
    ("ratio", "powers"),
)
STATISTICS = DemoSkill(
    "statistics",
    "Statistics",
    "Summarise data by centre and spread, read statistical charts, and see through misleading ones.",
    ("percentages", "graphs"),
)
PROBABILITY = DemoSkill(
    "probability",
    "Probability",
    "Count outcomes, combine events, and reason about chance with and without replacement.",
    ("percentages",),
)

SKILLS = (
    INTEGERS,
    FRACTIONS,
    PERCENTAGES,
    RATIO,
    POWERS,
    EXPRESSIONS,
    LINEAR_EQUATIONS,
    GRAPHS,
    LINEAR_FUNCTIONS,
    QUADRATIC_EQUATIONS,
    FUNCTIONS,
    GEOMETRY,
    STATISTICS,
    PROBABILITY,
)
