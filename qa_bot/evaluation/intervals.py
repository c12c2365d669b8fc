"""Tell how far a mean would vary with other queries of the same kind: the paired bootstrap.

Queries are drawn with replacement, as many as there are, and every measure of every system is
averaged over the same draw, so that a difference between two systems is compared on the same queries
(Efron & Tibshirani 1993, chapter 13; for retrieval Sakai 2006, and Smucker, Allan & Carterette 2007).
A difference whose interval holds 0 may be chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

#: One value a query, or a row of them.
Values = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

RESAMPLES: Final = 2_000
SEED: Final = 20_170_308
CONFIDENCE: Final = 0.95
_TAILS: Final = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)
#: How many draws are held in memory at once.
_DRAWS_AT_ONCE: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and its 95 % percentile interval, in the units of what was averaged."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return it as tables show it.

        >>> str(Estimate(0.5, 0.25, 0.75))
        '0.500 [0.250, 0.750]'
        """
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def estimates(values: Values) -> tuple[Estimate, ...]:
    """Estimate the mean of each column of `values`, shape (queries, measures), on shared resamples."""
    blocks = [counts @ values / len(values) for (counts,) in resamples(len(values))]
    return spread(values.mean(axis=0), np.concatenate(blocks))


def spread(means: Values, resampled: Values) -> tuple[Estimate, ...]:
    """Join means, shape (measures,), with the percentiles of shape (resamples, measures)."""
    lows, highs = np.quantile(resampled, _TAILS, axis=0)
    return tuple(map(Estimate, means.tolist(), lows.tolist(), highs.tolist()))


def resamples(*sizes: int) -> Iterator[tuple[Counts, ...]]:
    """Yield how often each query was drawn: for samples of these sizes, each drawn by itself.

    All blocks together have `RESAMPLES` rows; in one, sample i has the shape (rows, sizes[i]).
    """
    generator = np.random.default_rng(SEED)
    step = max(1, _DRAWS_AT_ONCE // sum(sizes))
    for start in range(0, RESAMPLES, step):
        rows = min(step, RESAMPLES - start)
        yield tuple(_counts(generator, rows, size) for size in sizes)


def _counts(generator: np.random.Generator, rows: int, size: int) -> Counts:
    drawn = generator.integers(size, size=(rows, size)) + np.arange(rows)[:, None] * size
    return np.bincount(drawn.ravel(), minlength=rows * size).reshape(rows, size)
