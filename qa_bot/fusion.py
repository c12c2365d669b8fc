"""Join the sparse and the dense leg into one score, each trusted as far as it deserves."""

from __future__ import annotations

from typing import Final

import numpy as np

from qa_bot.vectors import Floats

#: The dense leg's part of the fused score when the collection knows every term of the query, and
#: when it knows none. Calibrated on development questions and public sets: see docs/quality.md.
_LEAST_DENSE: Final = 0.2
_MOST_DENSE: Final = 0.5
#: What the late leg counts where the other two together count 1.
_LATE: Final = 0.25


def dense_share(known: float) -> float:
    """Return the dense leg's part of the fused score, from 0.2 to 0.5.

    `known` is the share of the query's terms that the collection holds, in [0, 1]. Words that all
    occur are the better guide; an English question to a Chinese collection has none.

    >>> dense_share(1.0), dense_share(0.0)
    (0.2, 0.5)
    """
    return _LEAST_DENSE + (_MOST_DENSE - _LEAST_DENSE) * (1 - known) ** 2


def normalised_sparse(scores: Floats, ceiling: float) -> Floats:
    """Return BM25 scores as a share of the score no passage can exceed, in [0, 1].

    An absolute scale ("theoretical min-max", Bruch, Gai & Ingber, 2023): a query whose words hardly
    occur stays near 0 for its best passage too, and so leaves the decision to the dense leg.
    """
    if ceiling <= 0:
        return np.zeros_like(scores)
    shares: Floats = np.minimum(scores / np.float32(ceiling), np.float32(1))
    return shares


def normalised_dense(cosines: Floats, unrelated: float) -> Floats:
    """Return cosines as a share of the way from that of unrelated texts to 1, in [0, 1].

    >>> normalised_dense(np.float32([0.9, 0.5]), unrelated=0.8).round(2).tolist()
    [0.5, 0.0]
    """
    shares: Floats = np.clip((cosines - np.float32(unrelated)) / np.float32(1 - unrelated), 0, 1)
    return shares


def fuse(sparse: Floats, dense: Floats, share: float) -> Floats:
    """Return the convex combination of two normalised legs, the dense one's part being `share`.

    >>> fuse(np.float32([0.4, 0.0]), np.float32([0.8, 0.5]), share=0.25).tolist()
    [0.5, 0.125]
    """
    return np.float32(1 - share) * sparse + np.float32(share) * dense


def add_late(fused: Floats, late: Floats) -> Floats:
    """Return fused scores with the late leg's part added, in [0, 1].

    >>> add_late(np.float32([0.5]), np.float32([1.0])).round(2).tolist()
    [0.6000000238418579]
    """
    return ((fused + np.float32(_LATE) * late) / np.float32(1 + _LATE)).astype(np.float32)


def leg_parts(share: float, has_late: bool) -> dict[str, float]:
    """Return what each leg counts in a score, given the dense leg's part of the first two.

    >>> {leg: round(part, 2) for leg, part in leg_parts(0.25, has_late=True).items()}
    {'bm25': 0.6, 'dense': 0.2, 'late': 0.2}
    """
    late = _LATE if has_late else 0.0
    parts = {"bm25": 1 - share, "dense": share, "late": late}
    return {leg: part / (1 + late) for leg, part in parts.items()}
