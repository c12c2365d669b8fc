"""Every vector index gives the values of the exact one, not merely results of the right shape."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_bot.adapters.exact_index import ExactIndex
from qa_bot.adapters.faiss_index import FaissIndex
from qa_bot.adapters.joined_index import JoinedIndex
from qa_bot.errors import IndexFolderError
from qa_bot.protocols import VectorIndex
from qa_bot.vectors import Vectors, unit_rows

DIMENSION = 16


def joined(vectors: Vectors) -> JoinedIndex:
    """Vectors in two FAISS indexes, turn and turn about, with dead ones before each."""
    dead = np.ones((1, vectors.shape[1]), dtype=np.float32) * 1e6
    rows = np.arange(len(vectors))
    halves = [rows[0::2], rows[1::2]]
    parts = [FaissIndex.build(np.concatenate([dead, vectors[half]])) for half in halves]
    return JoinedIndex(parts, [np.concatenate([[-1], half]) for half in halves])


KINDS = [FaissIndex.build, joined]


def random_vectors(seed: int, count: int) -> Vectors:
    return np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10_000),
    count=st.integers(1, 60),
    k=st.integers(0, 80),
    scale=st.sampled_from([1e-3, 1.0, 250.0]),
    unit=st.booleans(),
    share=st.sampled_from([None, 0.0, 0.1, 0.5, 1.0]),
)
@pytest.mark.parametrize("build", KINDS, ids=["faiss", "joined"])
def test_every_index_finds_what_exact_comparison_finds(
    build: Callable[[Vectors], VectorIndex],
    seed: int,
    count: int,
    k: int,
    scale: float,
    unit: bool,
    share: float | None,
) -> None:
    vectors = random_vectors(seed, count)
    vectors = unit_rows(vectors) if unit else vectors
    query = random_vectors(seed + 1, 1)[0] * np.float32(scale)
    allowed = None if share is None else np.random.default_rng(seed).random(count) < share
    positions, scores = build(vectors).search(query, k, allowed)
    expected_positions, expected_scores = ExactIndex(vectors).search(query, k, allowed)
    assert positions.tolist() == expected_positions.tolist()
    assert scores == pytest.approx(expected_scores, rel=1e-4, abs=1e-4 * scale)
    assert len(positions) == min(k, count if allowed is None else allowed.sum())


def test_no_other_vector_than_those_allowed_is_found() -> None:
    vectors = np.array([[1, 0], [0.6, 0.8], [-1, 0]], dtype=np.float32)
    allowed = np.array([False, True, True])
    for index in (FaissIndex.build(vectors), ExactIndex(vectors), joined(vectors)):
        positions, scores = index.search(np.array([2, 1], dtype=np.float32), 10, allowed)
        assert positions.tolist() == [1, 2]
        assert scores.tolist() == pytest.approx([2.0, -2.0], abs=1e-6)


def test_joined_vectors_are_given_by_their_own_positions() -> None:
    vectors = random_vectors(3, 9)
    index = joined(vectors)
    assert len(index) == 9
    chosen = np.array([7, 0, 3, 3])
    assert np.array_equal(index.vectors(chosen), vectors[chosen])
    assert index.vectors(np.zeros(0, dtype=np.int64)).shape == (0, DIMENSION)


def test_an_identical_unit_vector_scores_one() -> None:
    vectors = unit_rows(random_vectors(1, 5))
    for index in (FaissIndex.build(vectors), ExactIndex(vectors), joined(vectors)):
        positions, scores = index.search(vectors[3], 1)
        assert positions.tolist() == [3]
        assert scores.tolist() == pytest.approx([1.0], abs=1e-6)


def test_a_hand_worked_inner_product() -> None:
    vectors = np.array([[1, 0], [0.6, 0.8], [-1, 0]], dtype=np.float32)
    for index in (FaissIndex.build(vectors), ExactIndex(vectors), joined(vectors)):
        positions, scores = index.search(np.array([2, 1], dtype=np.float32), 10)
        assert positions.tolist() == [0, 1, 2]
        assert scores.tolist() == pytest.approx([2.0, 2.0, -2.0], abs=1e-6)


def test_an_empty_index_finds_nothing() -> None:
    empty = np.zeros((0, DIMENSION), dtype=np.float32)
    for index in (FaissIndex.build(empty), ExactIndex(empty), joined(empty)):
        positions, scores = index.search(np.ones(DIMENSION, dtype=np.float32), 3)
        assert (len(index), positions.tolist(), scores.tolist()) == (0, [], [])


@pytest.mark.parametrize("kind", [FaissIndex, ExactIndex], ids=["faiss", "exact"])
def test_what_is_saved_is_loaded(kind: type[FaissIndex] | type[ExactIndex], tmp_path: Path) -> None:
    vectors = random_vectors(7, 9)
    index = FaissIndex.build(vectors) if kind is FaissIndex else ExactIndex(vectors)
    index.save(tmp_path / "vectors")
    loaded = kind.load(tmp_path / "vectors")
    assert np.array_equal(loaded.vectors(np.arange(9)), vectors)
    assert loaded.search(vectors[2], 4)[0].tolist() == index.search(vectors[2], 4)[0].tolist()


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    FaissIndex.build(random_vectors(7, 9)).save(path)
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(IndexFolderError, match="cut short"):
        FaissIndex.load(path)
