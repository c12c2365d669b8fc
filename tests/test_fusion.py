from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.fusion import dense_share, fuse, normalised_dense, normalised_sparse
from qa_bot.vectors import Floats


def floats(values: list[float]) -> Floats:
    return np.array(values, dtype=np.float32)


UNIT = st.floats(0, 1, width=32)


def test_a_score_is_normalised_by_the_query_s_ceiling_not_by_the_best_hit() -> None:
    assert normalised_sparse(floats([2.0, 1.0, 0.0]), 8).tolist() == [0.25, 0.125, 0.0]
    assert normalised_sparse(floats([0.0, 0.0]), 0).tolist() == [0.0, 0.0]


def test_a_cosine_below_zero_counts_as_nothing() -> None:
    assert normalised_dense(floats([-0.5, 0.25]), 0.0).tolist() == [0.0, 0.25]


def test_a_worked_example_changes_the_order_with_the_share() -> None:
    sparse, dense = floats([0.5, 0.2]), floats([0.1, 0.9])
    assert fuse(sparse, dense, 0.2).tolist() == pytest.approx([0.42, 0.34])
    assert fuse(sparse, dense, 0.7).tolist() == pytest.approx([0.22, 0.69])


@given(UNIT, UNIT)
def test_the_less_of_a_query_is_known_the_more_the_dense_leg_counts(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0.2 <= dense_share(high) <= dense_share(low) <= 0.5


@given(UNIT, UNIT, UNIT)
def test_a_fused_score_lies_between_its_legs(sparse: float, dense: float, known: float) -> None:
    [fused] = fuse(floats([sparse]), floats([dense]), dense_share(known)).tolist()
    assert min(sparse, dense) - 1e-6 <= fused <= max(sparse, dense) + 1e-6
