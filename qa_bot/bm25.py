"""BM25 over weighted fields, its scores computed when the index is built."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from qa_bot.vectors import Floats

#: One document: the terms of each of its fields.
Fields = Mapping[str, Sequence[str]]

K1: Final = 1.2
B: Final = 0.5


@dataclass(frozen=True, slots=True)
class BM25Index:
    """The postings of every term, each with the score it adds.

    Term t adds `impacts[i]` to document `documents[i]`, for i from `starts[t]` to `starts[t + 1]`.
    The score is simple BM25F (Robertson, Zaragoza & Taylor, 2004) with each field's frequencies
    normalised by that field's mean length; with one field it is Okapi BM25. Document frequency
    counts the documents that have the term in any field.
    """

    size: int
    numbers: Mapping[str, int]
    starts: npt.NDArray[np.int64]
    documents: npt.NDArray[np.int32]
    impacts: Floats
    idf: Floats

    @classmethod
    def build(cls, documents: Sequence[Fields], weights: Mapping[str, float]) -> BM25Index:
        """Index documents whose fields count with `weights`; a field without a weight is an error."""
        lengths = {name: _mean_length(documents, name) for name in weights}
        numbers: dict[str, int] = {}
        postings_term, postings_document, postings_frequency = array("q"), array("i"), array("f")
        for document, fields in enumerate(documents):
            for term, frequency in _frequencies(fields, weights, lengths).items():
                postings_term.append(numbers.setdefault(term, len(numbers)))
                postings_document.append(document)
                postings_frequency.append(frequency)
        by_term = np.argsort(np.asarray(postings_term), kind="stable")
        counts = np.bincount(np.asarray(postings_term, dtype=np.int64), minlength=len(numbers))
        frequencies = np.asarray(postings_frequency)[by_term]
        idf = np.log1p((len(documents) - counts + 0.5) / (counts + 0.5)).astype(np.float32)
        impacts = np.repeat(idf, counts) * frequencies * (K1 + 1) / (frequencies + K1)
        return cls(
            size=len(documents),
            numbers=numbers,
            starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            documents=np.asarray(postings_document)[by_term],
            impacts=impacts.astype(np.float32),
            idf=idf,
        )

    def scores(self, query: Iterable[str]) -> Floats:
        """Return the score of every document, shape (size,), 0 where no term of the query stands."""
        totals = np.zeros(self.size, dtype=np.float32)
        for term, count in Counter(query).items():
            number = self.numbers.get(term)
            if number is not None:
                postings = slice(self.starts[number], self.starts[number + 1])
                totals[self.documents[postings]] += count * self.impacts[postings]
        return totals

    def ceiling(self, query: Iterable[str]) -> float:
        """Return the score no document can reach: every term of the query, endlessly repeated.

        A term that stands nowhere counts as much as the rarest that could, so that a query
        which is half unknown cannot come near its ceiling.
        """
        unknown = float(np.log1p((self.size + 0.5) / 0.5))
        total = 0.0
        for term, count in Counter(query).items():
            number = self.numbers.get(term)
            total += count * (unknown if number is None else float(self.idf[number]))
        return total * (K1 + 1)

    def known(self, query: Collection[str]) -> float:
        """Return the share of a query's distinct terms that stand in any document, in [0, 1]."""
        distinct = set(query)
        return sum(term in self.numbers for term in distinct) / len(distinct) if distinct else 0.0

    def save(self, path: Path) -> None:
        """Write the index as an uncompressed NumPy archive."""
        text = np.frombuffer("\n".join(self.numbers).encode(), dtype=np.uint8)
        with path.open("wb") as file:
            np.savez(
                file,
                size=np.array(self.size),
                terms=text,
                starts=self.starts,
                documents=self.documents,
                impacts=self.impacts,
                idf=self.idf,
            )

    @classmethod
    def load(cls, path: Path) -> BM25Index:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as archive:
            arrays: dict[str, npt.NDArray[Any]] = dict(archive)
        text = arrays["terms"].tobytes().decode()
        terms = text.split("\n") if text else []
        return cls(
            size=int(arrays["size"]),
            numbers={term: number for number, term in enumerate(terms)},
            starts=arrays["starts"],
            documents=arrays["documents"],
            impacts=arrays["impacts"],
            idf=arrays["idf"],
        )


def _mean_length(documents: Sequence[Fields], name: str) -> float:
    """Return the mean length of a field where it is present, at least 1."""
    lengths = [len(fields[name]) for fields in documents if fields.get(name)]
    return max(1.0, sum(lengths) / len(lengths)) if lengths else 1.0


def _frequencies(
    fields: Fields, weights: Mapping[str, float], lengths: Mapping[str, float]
) -> dict[str, float]:
    """Return each term's frequency over all fields, weighted and normalised by field length."""
    totals: dict[str, float] = {}
    for name, terms in fields.items():
        share = weights[name] / (1 - B + B * len(terms) / lengths[name])
        for term, count in Counter(terms).items():
            totals[term] = totals.get(term, 0.0) + share * count
    return totals
