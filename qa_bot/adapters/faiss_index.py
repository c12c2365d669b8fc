"""Keep vectors in FAISS, in a flat index: exact, and fast enough for tens of thousands."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np

from qa_bot.errors import IndexFolderError
from qa_bot.vectors import Flags, Positions, Vectors


class FaissIndex:
    """The `VectorIndex` over `faiss.IndexFlatIP`."""

    def __init__(self, index: faiss.Index) -> None:
        """Wrap a FAISS index that compares by inner product."""
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> FaissIndex:
        """Index vectors of shape (n, dimension); a vector's position is its row."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> FaissIndex:
        """Read what `save` wrote; raises `IndexFolderError` when it is not a FAISS index."""
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise IndexFolderError(f"{path}: not a FAISS index, or cut short") from error

    def __len__(self) -> int:
        """The number of vectors."""
        return int(self._index.ntotal)

    def search(self, query: Vectors, k: int, allowed: Flags | None = None) -> tuple[Positions, Vectors]:
        """Return positions and inner products of the at most `k` best allowed, ties by position."""
        depth = min(k, len(self) if allowed is None else int(allowed.sum()))
        if depth < 1:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        [scores], [positions] = self._index.search(
            query[None, :].astype(np.float32), depth, params=_only(allowed)
        )
        order = np.lexsort((positions, -scores))
        return positions[order], scores[order]

    def vectors(self, positions: Positions) -> Vectors:
        """Return the stored vectors at some positions, shape (len(positions), dimension)."""
        vectors: Vectors = self._index.reconstruct_batch(positions)
        return vectors

    def save(self, path: Path) -> None:
        """Write the index to `path`; raises `IndexFolderError` when that fails."""
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:  # FAISS tells of a full disk only so
            raise IndexFolderError(f"{path}: can't be written; is the disk full?") from error


def _only(allowed: Flags | None) -> faiss.SearchParameters | None:
    """Return what keeps FAISS to some positions; both objects keep alive what they are made from."""
    if allowed is None:
        return None
    # FAISS's own hints know the arguments of its C++ constructors only.
    selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))  # type: ignore[call-arg, arg-type]
    return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
