"""Search one collection by all legs: positions of passages, best first, with each leg's score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

import numpy as np

from qa_bot.analysis import Analysis
from qa_bot.bm25 import BM25Index, Match
from qa_bot.fusion import (
    add_late,
    dense_share,
    fuse,
    leg_parts,
    normalised_dense,
    normalised_sparse,
)
from qa_bot.late import Ids, WordTable, max_sim
from qa_bot.protocols import Embedder, VectorIndex
from qa_bot.query import Query
from qa_bot.vectors import Flags, Floats, Positions, Vectors, unit_rows

#: The fields of a passage and what their words weigh: its own words, the journalist's question, the
#: other paragraphs of the same answer, the event with its date, and who speaks.
FIELD_WEIGHTS: Final[Mapping[str, float]] = {
    "passage": 1.0,
    "question": 0.8,
    "exchange": 0.3,
    "event": 0.2,
    "speaker": 0.2,
}
#: Those of the fields that are embedded: event and speaker tell no passages of one transcript apart.
_EMBEDDED: Final = frozenset({"passage", "question", "exchange"})
#: One document: the texts of each of its fields.
FieldTexts = Mapping[str, tuple[str, ...]]
_CANDIDATES: Final = 200
#: How many of the best by the other legs are compared word by word.
_COMPARED: Final = 100


#: The names of the legs.
BM25: Final = "bm25"
DENSE: Final = "dense"
LATE: Final = "late"


class Mode(str, Enum):
    """Which legs rank: the sparse one, the dense one, or all together."""

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
class Reasons:
    """What makes up a score: the part of each group of the query, and that of each leg."""

    groups: tuple[float, ...]
    legs: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Sparse:
    """What the sparse leg found for a query, and how far that lets the dense one decide."""

    match: Match
    scores: Floats
    ceiling: float
    dense_share: float


class WordBags(Protocol):
    """**Protocol:** the words of passages by position."""

    def at(self, position: int, /) -> Ids:
        """Return the words of the passage at a position."""


@dataclass(frozen=True, slots=True)
class Retriever:
    """The indexes of one collection, with what turns a question into terms and a vector.

    `analysis` and `embedder` must be those the collection was indexed with.
    """

    bm25: BM25Index
    vectors: VectorIndex
    words: WordBags
    embedder: Embedder
    analysis: Analysis

    def search(
        self, query: Query, k: int, mode: Mode = Mode.HYBRID, allowed: Flags | None = None
    ) -> tuple[Ranked, ...]:
        """Return the at most `k` best positions whose score is above 0, ties by position.

        Where `allowed` is given, one flag a position, no other is found; what terms weigh stays
        what they weigh in the whole collection, so that a score means the same with it or without,
        that of the best hundred at least, which alone the late leg compares.
        """
        if not query.words or k < 1 or not self.bm25.size:
            return ()
        sparse = self._sparse(query)
        vector = self.embedder.encode_query([query.text])[0]
        depth = max(_CANDIDATES, 2 * k)
        positions = self._candidates(sparse.scores, vector, depth, mode, allowed)
        cosines = _inner_products(self.vectors.vectors(positions), vector)
        near = normalised_dense(cosines, self.embedder.unrelated)
        legs = {BM25: sparse.scores[positions], DENSE: near}
        scores = fuse(legs[BM25], near, sparse.dense_share) if mode is Mode.HYBRID else legs[mode.value]
        if mode is Mode.HYBRID and self.embedder.words:
            legs[LATE] = self._late(self.embedder.words, query, positions, scores)
            scores = add_late(scores, legs[LATE])
        order = np.lexsort((positions, -scores))[:k]
        return tuple(
            Ranked(int(positions[i]), float(scores[i]), {leg: float(legs[leg][i]) for leg in legs})
            for i in order
            if scores[i] > 0
        )

    def explain(self, query: Query, ranking: Sequence[Ranked]) -> tuple[Reasons, ...]:
        """Return what makes up the score of each position that a hybrid search found for a query."""
        if not ranking:
            return ()
        sparse = self._sparse(query)
        parts = leg_parts(sparse.dense_share, LATE in ranking[0].scores)
        share = parts[BM25] / max(sparse.ceiling, 1e-9)
        return tuple(
            Reasons(
                tuple((sparse.match.at(found.position) * share).tolist()),
                {leg: parts[leg] * found.scores[leg] for leg in found.scores},
            )
            for found in ranking
        )

    def _sparse(self, query: Query) -> _Sparse:
        match = self.bm25.match(query.groups())
        stands = _standing(query, match)
        ceiling = float(match.most[stands].sum())
        scores = normalised_sparse(match.scores, ceiling)
        return _Sparse(match, scores, ceiling, dense_share(float(match.held[stands].mean())))

    def _late(self, table: WordTable, query: Query, positions: Positions, scores: Floats) -> Floats:
        """Return the late leg's scores of the best passages, 0 for all others."""
        best = np.lexsort((positions, -scores))[:_COMPARED]
        late: Floats = np.zeros(len(positions), dtype=np.float32)
        late[best] = max_sim(
            table, query.text, [self.words.at(position) for position in positions[best]]
        )
        return late

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


def _standing(query: Query, match: Match) -> Flags:
    """Return which groups a passage could be expected to hold.

    A word that stands nowhere is not one of them where something that stands for it was found.
    """
    stands = np.ones(len(match.held), dtype=np.bool_)
    for number, covering in enumerate(query.covering()):
        if not match.held[number] and any(match.held[group] for group in covering):
            stands[number] = False
    stands[len(query.literals) :] = match.held[len(query.literals) :]
    return stands


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
    embedded = [field for row in documents for name, field in row.items() if name in _EMBEDDED]
    texts = sorted({text for field in embedded for text in field}) or [""]
    vectors = embedder.encode_document(texts)
    rows = {text: row for row, text in enumerate(texts)}
    sums: Vectors = np.zeros((len(documents), vectors.shape[1]), dtype=np.float32)
    for number, document in enumerate(documents):
        for name, field in document.items():
            if field and name in _EMBEDDED:
                field_sum = vectors[[rows[text] for text in field]].sum(axis=0, keepdims=True)
                sums[number] += np.float32(FIELD_WEIGHTS[name]) * unit_rows(field_sum)[0]
    return unit_rows(sums)


def blended(first: Sequence[Ranked], second: Sequence[Ranked], weight: float) -> tuple[Ranked, ...]:
    """Return two rankings as one, best first: the second counts `weight` where the first counts 1.

    A position that only one of them has gets nothing from the other; legs are those of the first
    that has it.
    """
    found = {each.position: each for each in (*second, *first)}
    scores = dict.fromkeys(found, 0.0)
    for ranking, part in ((first, 1.0), (second, weight)):
        for each in ranking:
            scores[each.position] += part * each.score / (1 + weight)
    both = (Ranked(each.position, scores[each.position], each.scores) for each in found.values())
    return tuple(sorted(both, key=lambda each: (-each.score, each.position)))
