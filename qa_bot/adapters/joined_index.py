"""Search several vector indexes as one, those vectors left out that no longer count."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa_bot.protocols import VectorIndex
from qa_bot.vectors import Flags, Positions, Vectors, homes_of


class JoinedIndex:
    """The `VectorIndex` over the living vectors of other ones."""

    def __init__(self, parts: Sequence[VectorIndex], positions: Sequence[Positions]) -> None:
        """Join parts; `positions[p][i]` is where vector i of part p stands here, -1 for nowhere."""
        self._parts = tuple(parts)
        self._positions = tuple(positions)
        self._part, self._row = homes_of(positions)

    def __len__(self) -> int:
        """The number of living vectors."""
        return len(self._part)

    def search(self, query: Vectors, k: int, allowed: Flags | None = None) -> tuple[Positions, Vectors]:
        """Return positions and inner products of the at most `k` best allowed, ties by position."""
        found = [np.zeros(0, dtype=np.int64)]
        scored = [np.zeros(0, dtype=np.float32)]
        for part, rows in zip(self._parts, self._positions, strict=True):
            living = rows >= 0
            if allowed is not None:
                living[living] = allowed[rows[living]]
            places, scores = part.search(query, k, None if living.all() else living)
            found.append(rows[places])
            scored.append(scores)
        positions, values = np.concatenate(found), np.concatenate(scored)
        order = np.lexsort((positions, -values))[: max(0, k)]
        return positions[order], values[order]

    def vectors(self, positions: Positions) -> Vectors:
        """Return the stored vectors at some positions, shape (len(positions), dimension)."""
        part_of, row_of = self._part[positions], self._row[positions]
        touched = np.unique(part_of).tolist() or [0]
        found = [self._parts[part].vectors(row_of[part_of == part]) for part in touched]
        order = np.argsort(np.argsort(part_of, kind="stable"), kind="stable")
        vectors: Vectors = np.concatenate(found)[order]
        return vectors
