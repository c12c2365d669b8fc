"""Search one collection by both legs: positions of passages, best first, with each leg's score."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np

from qa_bot.bm25 import BM25Index
from qa_bot.fusion import dense_share, fuse, normalised_dense, normalised_sparse
from qa_bot.protocols import Embedder, VectorIndex
from qa_bot.vectors import Floats, Positions, Vectors, unit_rows

#: The fields of a passage and what they weigh: its own words, the journalist's question, and the
#: other paragraphs of the same answer.
FIELD_WEIGHTS: Final[Mapping[str, float]] = {"passage": 1.0, "question": 0.8, "exchange": 0.3}
#: One document: the texts of each of its fields.
FieldTexts = Mapping[str, tuple[str, ...]]
_CANDIDATES: Final = 200


class Mode(str, Enum):
    """Which legs rank: the sparse one, the dense one, or both."""

    BM25 = "bm25"
    DENSE = "dense"
    HYBRID = "hybrid"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A position in the collection with its score and each leg's, all in [0, 1]."""

    position: int
    score: float
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Retriever:
    """The two indexes of one collection, with what turns a query into terms and a vector.

    `fold` and `analyse` must be those the collection was indexed with: `analyse` takes a folded
    text and returns its terms.
    """

    bm25: BM25Index
    vectors: VectorIndex
    embedder: Embedder
    fold: Callable[[str], str]
    analyse: Callable[[str], list[str]]

    def search(self, query: str, k: int, mode: Mode = Mode.HYBRID) -> tuple[Ranked, ...]:
        """Return the at most `k` best positions whose score is above 0, ties by position."""
        folded = self.fold(query)
        terms = self.analyse(folded)
        if not terms or k < 1 or not self.bm25.size:
            return ()
        sparse = normalised_sparse(self.bm25.scores(terms), self.bm25.ceiling(terms))
        vector = self.embedder.encode_query([folded])[0]
        depth = max(_CANDIDATES, 2 * k)
        positions = self._candidates(sparse, vector, depth, mode)
        near = normalised_dense(self.vectors.vectors(positions) @ vector)
        legs = {Mode.BM25.value: sparse[positions], Mode.DENSE.value: near}
        share = dense_share(self.bm25.known(terms))
        scores = fuse(sparse[positions], near, share) if mode is Mode.HYBRID else legs[mode.value]
        order = np.lexsort((positions, -scores))[:k]
        return tuple(
            Ranked(int(positions[i]), float(scores[i]), {leg: float(legs[leg][i]) for leg in legs})
            for i in order
            if scores[i] > 0
        )

    def _candidates(self, sparse: Floats, vector: Vectors, depth: int, mode: Mode) -> Positions:
        """Return the positions among which the best are sought: the best of each leg in use."""
        found: list[Positions] = []
        if mode is not Mode.DENSE:
            best = np.argpartition(-sparse, min(depth, len(sparse)) - 1)[:depth]
            found.append(best[sparse[best] > 0])
        if mode is not Mode.BM25:
            found.append(self.vectors.search(vector, depth)[0])
        return np.unique(np.concatenate(found)).astype(np.int64)


def field_vectors(embedder: Embedder, documents: Sequence[FieldTexts]) -> Vectors:
    """Embed each document as the weighted sum of its fields' unit vectors, scaled to unit length.

    A field's vector is the sum of its texts' vectors, scaled likewise. The inner product with a
    query is then, up to scale, the weighted sum of the fields' cosines.
    """
    texts = sorted({text for row in documents for field in row.values() for text in field}) or [""]
    vectors = embedder.encode_document(texts)
    rows = {text: row for row, text in enumerate(texts)}
    sums: Vectors = np.zeros((len(documents), vectors.shape[1]), dtype=np.float32)
    for number, document in enumerate(documents):
        for name, field in document.items():
            if field:
                field_sum = vectors[[rows[text] for text in field]].sum(axis=0, keepdims=True)
                sums[number] += np.float32(FIELD_WEIGHTS[name]) * unit_rows(field_sum)[0]
    return unit_rows(sums)
