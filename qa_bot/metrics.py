"""Measures of a ranking against the relevant ids: the field's usual ones, for one query each.

Relevance is graded 0 or 1. Averages over queries are the caller's.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence


def accuracy_at(k: int, ranking: Sequence[str], relevant: Collection[str]) -> float:
    """Return 1.0 when a relevant id is among the first k, else 0.0 (success@k).

    >>> accuracy_at(1, ["b", "a"], {"a"}), accuracy_at(2, ["b", "a"], {"a"})
    (0.0, 1.0)
    """
    return float(any(id in relevant for id in ranking[:k]))


def recall_at(k: int, ranking: Sequence[str], relevant: Collection[str]) -> float:
    """Return the share of the relevant ids that are among the first k.

    >>> recall_at(2, ["a", "x", "b"], {"a", "b"})
    0.5
    """
    return len(set(ranking[:k]) & set(relevant)) / len(relevant)


def reciprocal_rank_at(k: int, ranking: Sequence[str], relevant: Collection[str]) -> float:
    """Return 1/rank of the first relevant id among the first k, else 0.0; its mean is MRR@k.

    >>> reciprocal_rank_at(10, ["x", "a"], {"a"})
    0.5
    """
    return next((1 / rank for rank, id in enumerate(ranking[:k], 1) if id in relevant), 0.0)


def ndcg_at(k: int, ranking: Sequence[str], relevant: Collection[str]) -> float:
    """Return the normalised discounted cumulative gain of the first k (Järvelin & Kekäläinen, 2002).

    >>> round(ndcg_at(10, ["x", "a"], {"a"}), 4)
    0.6309
    """
    gain = sum(1 / math.log2(rank + 1) for rank, id in enumerate(ranking[:k], 1) if id in relevant)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(relevant)) + 1))
    return gain / ideal
