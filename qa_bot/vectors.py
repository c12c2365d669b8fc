"""Names for the arrays that are passed around, and the scaling of vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

#: One vector a row, shape (n, dimension), or one vector.
Vectors = npt.NDArray[np.float32]
#: One score each.
Floats = npt.NDArray[np.float32]
#: Rows of an index.
Positions = npt.NDArray[np.int64]
#: One yes or no each.
Flags = npt.NDArray[np.bool_]


def homes_of(positions: Sequence[Positions]) -> tuple[Positions, Positions]:
    """Return for each position in a collection which part keeps it, and at which row of that part.

    `positions[p][i]` is where row i of part p stands in the collection, -1 for nowhere.
    """
    size = sum(int((rows >= 0).sum()) for rows in positions)
    parts, places = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    for part, rows in enumerate(positions):
        living = np.flatnonzero(rows >= 0)
        parts[rows[living]], places[rows[living]] = part, living
    return parts, places


def unit_rows(vectors: Vectors) -> Vectors:
    """Return each row scaled to unit length, a row of zeros staying as it is.

    >>> unit_rows(np.float32([[3, 4], [0, 0]])).round(1).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return scaled
