import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.expressions import evaluate
from app.domain.parametric import ParametricError, answer_value, drawn_numeric, instantiate, placeholders, render
from app.domain.question_draft import Parametric, ToleranceKind, Variable

PRODUCT = Parametric(
    variables=(Variable(name="a", low=2, high=9), Variable(name="b", low=0, high=1, step=0.1)), expression="a * b"
)


def test_draws_never_change() -> None:
    assert instantiate(PRODUCT, 1) == {"a": 2, "b": 1}
    assert instantiate(PRODUCT, 2**62) == {"a": 3, "b": 0.8}


def test_a_variable_does_not_depend_on_its_neighbours() -> None:
    alone = Parametric(variables=PRODUCT.variables[1:], expression="b")
    assert instantiate(alone, 1)["b"] == instantiate(PRODUCT, 1)["b"]


def test_every_grid_value_is_drawn_and_decimal() -> None:
    drawn = {instantiate(PRODUCT, seed)["b"] for seed in range(400)}
    assert drawn == {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1}


def test_values_are_drawn_from_a_list() -> None:
    listed = Parametric(variables=(Variable(name="x", values=(3, 5, 8)),), expression="x")
    assert {instantiate(listed, seed)["x"] for seed in range(60)} == {3, 5, 8}


def test_degenerate_draws_are_repeated() -> None:
    quotient = Parametric(variables=(Variable(name="x", values=(0, 1)),), expression="1 / x")
    assert all(instantiate(quotient, seed) == {"x": 1} for seed in range(30))


@pytest.mark.parametrize("expression", ["1 / (x - x)", "9 ** 9 ** 9", "y", "x +"])
def test_expressions_that_never_have_a_value_end(expression: str) -> None:
    with pytest.raises(ParametricError):
        instantiate(Parametric(variables=(Variable(name="x"),), expression=expression), 1)


@pytest.mark.parametrize(
    "variable",
    [
        Variable(name="x", low=-1e308, high=1e308, step=1e-300),
        Variable(name="x", low=5, high=1),
        Variable(name="x", low=1, high=1),
        Variable(name="x", low=0, high=1e308, step=1e308),
    ],
)
def test_odd_grids_stay_within_their_bounds(variable: Variable) -> None:
    value = instantiate(Parametric(variables=(variable,), expression="x"), 7)["x"]
    assert variable.low <= value <= max(variable.low, variable.high)


@given(st.integers())
def test_the_key_is_the_value_of_the_expression(seed: int) -> None:
    values = instantiate(PRODUCT, seed)
    assert answer_value(PRODUCT, values) == evaluate("a * b", values) == drawn_numeric(PRODUCT, seed).answers[0].value


def test_a_range_is_read_as_absolute_tolerance() -> None:
    ranged = PRODUCT.model_copy(update={"kind": ToleranceKind.RANGE, "tolerance": 0.5})
    assert drawn_numeric(ranged, 1).answers[0].kind is ToleranceKind.ABSOLUTE


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{a}} apples", "3 apples"),
        ("{{ a }}", "3"),
        ("{{b:2}}", "0.50"),
        ("{{b:0}} {{b}}", "0 0.5"),
        ("{{unknown}} {{a:99}}", "{{unknown}} {{a:99}}"),
        (r"\(\frac{{{a}}}{2}\)", r"\(\frac{3}{2}\)"),
        ("{{zero:2}} {{zero}} {{tiny:1}}", "0.00 0 0.0"),
    ],
)
def test_rendering(template: str, text: str) -> None:
    assert render(template, {"a": 3.0, "b": 0.5, "zero": -0.0, "tiny": -0.01}) == text


def test_placeholders_are_found() -> None:
    assert placeholders("{{a}} and {{b:2}} and {c}") == {"a", "b"}
