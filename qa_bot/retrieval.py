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
from qa_bot.vectors import Flags, Floats, Positions, Vectors, unit_rows

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

    def search(
        self, query: str, k: int, mode: Mode = Mode.HYBRID, allowed: Flags | None = None
    ) -> tuple[Ranked, ...]:
        """Return the at most `k` best positions whose score is above 0, ties by position.

        Where `allowed` is given, one flag a position, no other is found; what terms weigh stays
        what they weigh in the whole collection, so that a score means the same with it or without.
        """
        folded = self.fold(query)
        terms = self.analyse(folded)
        if not terms or k < 1 or not self.bm25.size:
            return ()
        match = self.bm25.match(terms)
        sparse = normalised_sparse(match.scores, match.ceiling)
        vector = self.embedder.encode_query([folded])[0]
        depth = max(_CANDIDATES, 2 * k)
        positions = self._candidates(sparse, vector, depth, mode, allowed)
        near = normalised_dense(_inner_products(self.vectors.vectors(positions), vector))
        legs = {Mode.BM25.value: sparse[positions], Mode.DENSE.value: near}
        share = dense_share(match.known)
        scores = fuse(sparse[positions], near, share) if mode is Mode.HYBRID else legs[mode.value]
        order = np.lexsort((positions, -scores))[:k]
        return tuple(
            Ranked(int(positions[i]), float(scores[i]), {leg: float(legs[leg][i]) for leg in legs})
            for i in order
            if scores[i] > 0
        )

    def _candidates(
        self, sparse: Floats, vector: Vectors, depth: int, mode: Mode, allowed: Flags | None
    ) -> Positions:
        """Return the positions among which the best are sought: the best of each leg in use."""
        found: list[Positions] = []
        if mode is not Mode.DENSE:
            found.append(_best(sparse if allowed is None else np.where(allowed, sparse, 0), depth))
        if mode is not Mode.BM25:
            found.append(self.vectors.search(vector, depth, allowed)[0])
        return np.unique(np.concatenate(found)).astype(np.int64)


def _best(scores: Floats, depth: int) -> Positions:
    """Return the positions of the `depth` largest scores above 0, in order, ties by position."""
    if len(scores) <= depth:
        return np.flatnonzero(scores > 0)
    least = np.partition(scores, -depth)[-depth]
    above, level = np.flatnonzero(scores > least), np.flatnonzero(scores == least)
    best: Positions = np.sort(np.concatenate([above, level[: depth - len(above)]]))
    return best[scores[best] > 0]


def _inner_products(vectors: Vectors, vector: Vectors) -> Floats:
    """Return each row's inner product with a vector.

    A matrix product may round a row differently with its place among others; this does not.
    """
    products: Floats = (vectors * vector).sum(axis=1)
    return products


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
