"""The swap points: what a segmenter, an embedder, a reranker and a vector index can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from qa_bot.late import WordTable
from qa_bot.vectors import Flags, Floats, Positions, Vectors


class Segmenter(Protocol):
    """**Protocol:** cut a text into words, in reading order, punctuation included."""

    def __call__(self, text: str, /) -> list[str]:
        """Return the words of `text`."""


class Embedder(Protocol):
    """**Protocol:** turn texts into unit vectors, or the zero vector where a text says nothing."""

    @property
    def fingerprint(self) -> str:
        """A text that changes whenever the vectors would."""

    @property
    def unrelated(self) -> float:
        """The cosine of texts that have nothing to do with each other, in [0, 1)."""

    @property
    def words(self) -> WordTable | None:
        """The words that the late leg compares, or None for a model that has no vector a word."""

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a query, shape (len(texts), dimension)."""

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a passage, shape (len(texts), dimension)."""


class Reranker(Protocol):
    """**Protocol:** judge passages against a query, reading both together."""

    def scores(self, query: str, passages: Sequence[str]) -> Floats:
        """Return one score a passage, shape (len(passages),), in [0, 1], a larger one being better."""


class VectorIndex(Protocol):
    """**Protocol:** find the vectors with the largest inner product."""

    def __len__(self) -> int:
        """The number of vectors."""

    def search(self, query: Vectors, k: int, allowed: Flags | None = None) -> tuple[Positions, Vectors]:
        """Return positions and inner products of the at most `k` best, best first.

        `query` has shape (dimension,). Where `allowed` is given, one flag a vector, no other is
        found. Equal scores stand in the order of their positions.
        """

    def vectors(self, positions: Positions) -> Vectors:
        """Return the stored vectors at some positions, shape (len(positions), dimension)."""
