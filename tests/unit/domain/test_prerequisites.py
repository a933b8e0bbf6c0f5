from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.prerequisites import (
    PrerequisiteCycleError,
    ancestors,
    descendants,
    describe_cycle,
    find_cycle,
    outer_fringe,
    topological_order,
)

DIAMOND = [("count", "add"), ("count", "compare"), ("add", "multiply"), ("compare", "multiply")]

edge_lists = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25)


def test_cycle_is_named_in_learning_order() -> None:
    cycle = find_cycle([("a", "b"), ("b", "c"), ("c", "a"), ("x", "a")])
    assert cycle is not None
    assert cycle[0] == cycle[-1]
    assert set(cycle) == {"a", "b", "c"}
    assert all(step in {("a", "b"), ("b", "c"), ("c", "a")} for step in pairwise(cycle))


def test_skill_that_requires_itself_is_a_cycle() -> None:
    assert find_cycle([("a", "a")]) == ("a", "a")


def test_error_reads_as_a_sentence() -> None:
    with pytest.raises(PrerequisiteCycleError, match="Prerequisites form a cycle: ") as caught:
        topological_order([], [(1, 2), (2, 1)])
    assert set(caught.value.cycle) == {1, 2}
    assert describe_cycle((1, 2, 1), {1: "Add", 2: "Multiply"}.__getitem__).endswith("Add → Multiply → Add")


def test_order_keeps_lonely_skills_and_respects_edges() -> None:
    order = topological_order(["alone", "multiply"], DIAMOND)
    assert sorted(order) == ["add", "alone", "compare", "count", "multiply"]
    assert all(order.index(first) < order.index(then) for first, then in DIAMOND)


def test_ancestors_and_descendants() -> None:
    assert ancestors(DIAMOND, "multiply") == {"count", "add", "compare"}
    assert descendants(DIAMOND, "count") == {"add", "compare", "multiply"}
    assert ancestors(DIAMOND, "count") == frozenset()


def test_outer_fringe_is_what_can_be_learned_next() -> None:
    skills = ["count", "add", "compare", "multiply"]
    assert outer_fringe(skills, DIAMOND, []) == ["count"]
    assert outer_fringe(skills, DIAMOND, ["count"]) == ["add", "compare"]
    assert outer_fringe(skills, DIAMOND, ["count", "add"]) == ["compare"]
    assert outer_fringe(skills, DIAMOND, skills) == []


@given(edge_lists)
def test_either_an_order_or_a_cycle_of_real_edges(edges: list[tuple[int, int]]) -> None:
    cycle = find_cycle(edges)
    if cycle is None:
        order = topological_order([], edges)
        assert all(order.index(first) < order.index(then) for first, then in edges)
    else:
        assert cycle[0] == cycle[-1]
        assert set(pairwise(cycle)) <= set(edges)


@given(edge_lists, st.integers(0, 9))
def test_ancestors_mirror_descendants(edges: list[tuple[int, int]], skill: int) -> None:
    backwards = [(then, first) for first, then in edges]
    assert ancestors(edges, skill) == descendants(backwards, skill)
    assert all(skill in descendants(edges, earlier) for earlier in ancestors(edges, skill))
