import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ai.embeddings.vectors import normalised
from app.ai.utils.clustering import cluster, cluster_number, label
from app.ai.utils.evaluation import ndcg_at, precision_recall, recall_at, reciprocal_rank
from app.ai.utils.similarity import fuse_rankings, nearest, similar_pairs


def unit(count: int, dimension: int = 16) -> np.ndarray:
    return normalised(np.random.default_rng(3).normal(size=(count, dimension)).astype(np.float32))


@pytest.mark.parametrize("count", [1, 5, 40, 100])
def test_nearest_is_what_sorting_everything_says(count: int) -> None:
    vectors, query = unit(60), unit(1)[0]
    rows, cosines = nearest(query, vectors, count)
    expected = np.argsort(-(vectors @ query), kind="stable")[:count]
    assert rows.tolist() == expected.tolist()
    assert np.allclose(cosines, (vectors @ query)[expected])


def test_nearest_of_nothing_is_nothing() -> None:
    rows, cosines = nearest(unit(1)[0], unit(0), 5)
    assert len(rows) == len(cosines) == 0


def test_similar_pairs_are_all_of_them_once_also_across_blocks() -> None:
    vectors = unit(2_100, 3)
    found = {(one, other) for one, other, _ in similar_pairs(vectors, 0.9995)}
    rows, columns = np.nonzero(np.triu(vectors @ vectors.T >= 0.9995, k=1))
    assert found == set(zip(rows.tolist(), columns.tolist(), strict=True))


def test_fused_ranks_follow_the_published_formula() -> None:
    fused = fuse_rankings({"words": ["a", "b"], "vectors": ["b", "c"]})
    assert [each.key for each in fused] == ["b", "a", "c"]
    assert fused[0].score == pytest.approx(1 / 62 + 1 / 61)
    assert fused[0].ranks == {"words": 2, "vectors": 1}


@given(st.lists(st.permutations(list(range(6))), min_size=1, max_size=3))
def test_what_leads_every_ranking_leads_the_fused_one(rankings: list[list[int]]) -> None:
    same = {str(number): [9, *ranking] for number, ranking in enumerate(rankings)}
    fused = fuse_rankings(same)
    assert fused[0].key == 9
    assert len(fused) == 7


@pytest.mark.parametrize("seed", range(5))
def test_groups_that_were_made_are_found_and_strays_do_not_change_them(seed: int) -> None:
    noise = np.random.default_rng(seed).normal(scale=0.05, size=(60, 16))
    centres = normalised(np.eye(3, 16, dtype=np.float32))
    made = np.repeat(centres, 20, axis=0) + noise.astype(np.float32)
    stray = normalised(np.eye(16, dtype=np.float32)[15:])
    vectors = normalised(np.concatenate([made, stray]).astype(np.float32))
    clusters = cluster(vectors, 3, np.random.default_rng(0))
    groups = {frozenset(rows.tolist()) - {60} for rows in clusters.members}
    assert groups == {frozenset(range(start, start + 20)) for start in (0, 20, 40)}
    assert all(cohesion > 0.9 for cohesion in clusters.cohesion)


def test_no_texts_make_no_groups_and_equal_ones_make_one() -> None:
    assert cluster(unit(0), 3, np.random.default_rng(0)).members == []
    same = np.repeat(unit(1), 12, axis=0)
    assert [len(rows) for rows in cluster(same, 3, np.random.default_rng(0)).members] == [12]


def test_labels_are_words_of_one_group_and_not_of_all() -> None:
    words = [["planet", "sun"], ["planet", "moon"], ["river", "sun"], ["river", "lake"]]
    labels = label(words, [np.array([0, 1]), np.array([2, 3])], 1, {"moon"})
    assert labels == [["planet"], ["river"]]


@given(st.integers(min_value=0, max_value=1_000_000))
def test_the_number_of_groups_is_bounded(texts: int) -> None:
    assert 2 <= cluster_number(texts) <= 60


def test_rankings_are_scored_as_published() -> None:
    assert precision_recall({"a", "b"}, {"a", "c"}) == (0.5, 0.5)
    assert precision_recall(set(), set()) == (1.0, 1.0)
    assert recall_at({"a", "b"}, ["c", "a", "b"], 2) == 0.5
    assert reciprocal_rank({"b"}, ["a", "b"]) == 0.5
    assert reciprocal_rank({"z"}, ["a", "b"]) == 0.0
    gains = {"d1": 3.0, "d2": 2.0, "d3": 3.0, "d5": 1.0, "d6": 2.0}
    ideal = 3 + 3 / np.log2(3) + 2 / 2 + 2 / np.log2(5) + 1 / np.log2(6)
    got = 3 + 2 / np.log2(3) + 3 / 2 + 0 + 1 / np.log2(6) + 2 / np.log2(7)
    assert ndcg_at(gains, ["d1", "d2", "d3", "d4", "d5", "d6"], 6) == pytest.approx(got / ideal)
    assert ndcg_at({}, ["a"], 10) == 1.0
