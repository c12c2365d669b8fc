from __future__ import annotations

import numpy as np
import pytest

from qa_bot.evaluation import intervals
from qa_bot.evaluation.figures import cells, differences
from qa_bot.evaluation.intervals import RESAMPLES, Estimate, estimates, resamples


def test_a_small_interval_equals_the_exact_one() -> None:
    # One success in ten: a resample's successes are binomial(10, 0.1). None has a probability of
    # 0.349, over 0.025; three or more 0.070, four or more 0.013: the percentiles are 0 and 3 of 10.
    assert estimates(np.array([[1.0]] + [[0.0]] * 9)) == (Estimate(0.1, 0.0, 0.3),)


def test_a_large_interval_is_the_normal_approximation() -> None:
    values = np.tile([0.0, 1.0], 800)[:, None]
    (found,) = estimates(values)
    # The standard error is sqrt(0.25 / 1600) = 0.0125.
    assert found.value == 0.5
    assert found.low == pytest.approx(0.5 - 1.96 * 0.0125, abs=0.002)
    assert found.high == pytest.approx(0.5 + 1.96 * 0.0125, abs=0.002)


def test_what_never_varies_has_no_width() -> None:
    assert estimates(np.ones((7, 1))) == (Estimate(1.0, 1.0, 1.0),)


def test_systems_are_compared_on_the_same_queries() -> None:
    half = np.tile([0.0, 1.0], 100)
    columns = {("a", "m"): half, ("b", "m"): half}
    assert cells("all", columns)[0].estimate.high > 0.55
    (difference,) = differences("all", columns, [("a", "b")])
    assert (difference.system, difference.count) == ("a - b", 200)
    assert difference.estimate == Estimate(0.0, 0.0, 0.0)


def test_a_group_without_queries_has_no_figure() -> None:
    assert cells("none", {("a", "m"): np.array([])}) == ()
    assert cells("none", {}) == ()


def test_the_same_draws_come_every_time_in_blocks_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [counts.copy() for (counts,) in resamples(5)]
    assert [len(block) for block in whole] == [RESAMPLES]
    assert set(whole[0].sum(axis=1).tolist()) == {5}
    monkeypatch.setattr(intervals, "_DRAWS_AT_ONCE", 5 * 600)
    blocks = [counts for (counts,) in resamples(5)]
    assert [len(block) for block in blocks] == [600, 600, 600, 200]
    assert (np.concatenate(blocks) == whole[0]).all()


def test_two_samples_are_drawn_apart() -> None:
    ((some, none),) = resamples(4, 4)
    assert some.shape == none.shape == (RESAMPLES, 4)
    assert not (some == none).all()
