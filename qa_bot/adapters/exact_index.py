"""Keep vectors in a NumPy array and compare with every one: the reference for any other index."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from qa_bot.vectors import Flags, Positions, Vectors


class ExactIndex:
    """The `VectorIndex` that cannot be wrong, in one matrix product."""

    def __init__(self, vectors: Vectors) -> None:
        """Keep vectors of shape (n, dimension); a vector's position is its row."""
        self._vectors = np.asarray(vectors, dtype=np.float32)

    @classmethod
    def load(cls, path: Path) -> ExactIndex:
        """Read what `save` wrote."""
        return cls(np.load(path, allow_pickle=False))

    def __len__(self) -> int:
        """The number of vectors."""
        return len(self._vectors)

    def search(self, query: Vectors, k: int, allowed: Flags | None = None) -> tuple[Positions, Vectors]:
        """Return positions and inner products of the at most `k` best allowed, best first."""
        scores = self._vectors @ query.astype(np.float32)
        order = np.argsort(-scores, kind="stable")
        positions = (order if allowed is None else order[allowed[order]])[: max(0, k)]
        return positions, scores[positions]

    def vectors(self, positions: Positions) -> Vectors:
        """Return the stored vectors at some positions, shape (len(positions), dimension)."""
        return self._vectors[positions]

    def save(self, path: Path) -> None:
        """Write the vectors to `path` as a NumPy array."""
        with path.open("wb") as file:
            np.save(file, self._vectors)
