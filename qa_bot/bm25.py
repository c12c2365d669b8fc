"""BM25 over weighted fields: raw counts that can be joined, and scores from the counts of all parts."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from qa_bot.vectors import Flags, Floats, Positions

#: One document: the terms of each of its fields.
Fields = Mapping[str, Sequence[str]]
_Array = npt.NDArray[Any]

K1: Final = 1.2
B: Final = 0.5


@dataclass(frozen=True, slots=True)
class Postings:
    """How often each term stands in each field of some documents.

    Term t stands in `documents[i]`, `counts[i, f]` times in field f, for i from `starts[t]` to
    `starts[t + 1]`; documents ascend. `lengths[d, f]` counts the terms of a field. Terms are known
    by ascending 64-bit hashes, which need no dictionary to be searched or joined: two of a million
    terms share one with a probability of 3 in 100 million.
    """

    terms: npt.NDArray[np.uint64]
    starts: npt.NDArray[np.int64]
    documents: npt.NDArray[np.int32]
    counts: _Array
    lengths: npt.NDArray[np.int32]

    @classmethod
    def build(cls, documents: Iterable[Fields], names: Sequence[str]) -> Postings:
        """Count the terms of documents in the fields `names`; any other field is an error."""
        cells = _count(documents, names)
        hashes = np.array([_hash(term) for term in cells.terms], dtype=np.uint64)
        order = np.argsort(hashes)
        size = max(1, len(cells.lengths))
        by_hash = np.argsort(order)[cells.term] * size + cells.document
        keys, posting = np.unique(by_hash, return_inverse=True)
        smallest = np.min_scalar_type(cells.count.max(initial=0))
        counts = np.zeros((len(keys), len(names)), dtype=smallest)
        counts[posting, cells.field] = cells.count
        term, holders = np.divmod(keys, size)
        starts = _starts(np.bincount(term, minlength=len(hashes)))
        return cls(hashes[order], starts, holders.astype(np.int32), counts, cells.lengths)

    @classmethod
    def join(cls, parts: Sequence[Postings], kept: Sequence[Flags]) -> Postings:
        """Join parts, leaving out the documents that are not kept and numbering the rest in order."""
        hashes = np.unique(np.concatenate([part.terms for part in parts]))
        numbers, documents, counts, offset = [], [], [], 0
        for part, keep in zip(parts, kept, strict=True):
            stays = keep[part.documents]
            term_of = np.repeat(np.searchsorted(hashes, part.terms), np.diff(part.starts))
            numbers.append(term_of[stays])
            documents.append((np.cumsum(keep) - 1 + offset)[part.documents[stays]])
            counts.append(part.counts[stays])
            offset += int(keep.sum())
        number = np.concatenate(numbers)
        order = np.argsort(number, kind="stable")
        held = np.bincount(number, minlength=len(hashes))
        return cls(
            hashes[held > 0],
            _starts(held[held > 0]),
            np.concatenate(documents)[order].astype(np.int32),
            np.concatenate(counts)[order],
            np.concatenate([part.lengths[keep] for part, keep in zip(parts, kept, strict=True)]),
        )

    def save(self, folder: Path) -> None:
        """Write each array to a file of its own, so that a search reads only what it needs."""
        for each in fields(self):
            np.save(folder / f"{each.name}.npy", getattr(self, each.name), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Postings:
        """Open what `save` wrote."""
        names = [each.name for each in fields(cls)]
        return cls(*(np.load(folder / f"{name}.npy", mmap_mode="r") for name in names))


@dataclass(frozen=True, slots=True)
class Group:
    """Terms that stand for one another in a query, and what a find of any of them counts.

    Their frequencies are added, and their document frequency counts the documents that have any of
    them, as if they were one term.
    """

    terms: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Match:
    """What the groups of a query found.

    Group `group[i]` adds `value[i]` to the score of position `row[i]`. `most[g]` is what group g could
    add at most, endlessly repeated; one that stands nowhere counts as much as the rarest that could.
    `held[g]` tells whether any document holds it.
    """

    size: int
    group: Positions
    row: Positions
    value: npt.NDArray[np.float64]
    most: npt.NDArray[np.float64]
    held: Flags

    @property
    def scores(self) -> Floats:
        """Every position's score, 0 where nothing was found."""
        return np.bincount(self.row, self.value, minlength=self.size).astype(np.float32)

    def at(self, position: int) -> npt.NDArray[np.float64]:
        """Return what each group adds to the score of one position."""
        here = self.row == position
        added = np.zeros(len(self.most))
        added[self.group[here]] = self.value[here]
        return added


@dataclass(frozen=True, slots=True)
class BM25Index:
    """The postings of a collection's parts with the statistics of all of its living documents.

    `positions[p][d]` is where document d of part p stands in the collection, or -1 where it no
    longer counts. The score is simple BM25F (Robertson, Zaragoza & Taylor, 2004) with each field's
    frequencies normalised by that field's mean length; with one field it is Okapi BM25. Document
    frequency counts the documents that have the term in any field. All of it is worked out when a
    query comes, so that the parts give the scores that one index of the same documents would.
    """

    size: int
    parts: tuple[Postings, ...]
    positions: tuple[Positions, ...]
    shares: tuple[npt.NDArray[np.float64], ...]

    @classmethod
    def over(
        cls, parts: Sequence[Postings], positions: Sequence[Positions], weights: Sequence[float]
    ) -> BM25Index:
        """Index parts whose fields count with `weights`, in the order of their columns."""
        alive = [part.lengths[rows >= 0] for part, rows in zip(parts, positions, strict=True)]
        lengths = np.concatenate([*alive, np.zeros((0, len(weights)), dtype=np.int32)])
        means = _mean_lengths(lengths)
        shares = tuple(np.asarray(weights) / (1 - B + B * part.lengths / means) for part in parts)
        return cls(len(lengths), tuple(parts), tuple(positions), shares)

    def match(self, groups: Sequence[Group]) -> Match:
        """Score every document for the groups of a query; a repeated group counts as often as it stands."""
        number, rows, frequencies = self._cells(groups)
        # Sorted by group, so that a score is added up in the query's order, in whichever part it stands.
        held = np.bincount(number, minlength=len(groups))
        idf = np.log1p((self.size - held + 0.5) / (held + 0.5))
        weights = np.array([group.weight for group in groups]) * idf * (K1 + 1)
        values = weights[number] * frequencies / (frequencies + K1)
        return Match(self.size, number, rows, values, weights, held > 0)

    def _cells(self, groups: Sequence[Group]) -> tuple[_Array, _Array, _Array]:
        """Return group, position and frequency of whatever was found, once for each pair of both."""
        owner = np.array([g for g, group in enumerate(groups) for _ in group.terms], dtype=np.int64)
        terms = np.array([_hash(term) for group in groups for term in group.terms], dtype=np.uint64)
        found = [self._postings(part, terms) for part in range(len(self.parts))]
        number = np.concatenate([np.zeros(0, np.int64), *(owner[each[0]] for each in found)])
        rows = np.concatenate([np.zeros(0, np.int64), *(each[1] for each in found)])
        frequencies = np.concatenate([np.zeros(0), *(each[2] for each in found)])
        keys, place = np.unique(number * max(1, self.size) + rows, return_inverse=True)
        number, rows = np.divmod(keys, max(1, self.size))
        return number, rows, np.bincount(place, frequencies, minlength=len(keys))

    def _postings(self, part: int, terms: npt.NDArray[np.uint64]) -> tuple[_Array, _Array, _Array]:
        """Return, for each living posting of some terms, term number, position and frequency."""
        postings, positions = self.parts[part], self.positions[part]
        places = np.searchsorted(postings.terms, terms)
        ends = np.searchsorted(postings.terms, terms, side="right")
        known = np.flatnonzero(places < ends)
        ranges = [
            np.arange(postings.starts[place], postings.starts[place + 1])
            for place in places[known].tolist()
        ]
        number = np.repeat(known, [len(each) for each in ranges]).astype(np.int64)
        at = np.concatenate([np.zeros(0, np.int64), *ranges])
        rows = positions[postings.documents[at]]
        number, at, rows = number[rows >= 0], at[rows >= 0], rows[rows >= 0]
        shares = self.shares[part][postings.documents[at]]
        return number, rows, (postings.counts[at] * shares).sum(axis=1)


@dataclass(frozen=True, slots=True)
class _Cells:
    """Term number `term[i]` stands `count[i]` times in field `field[i]` of `document[i]`."""

    terms: Sequence[str]
    term: _Array
    document: _Array
    field: _Array
    count: _Array
    lengths: npt.NDArray[np.int32]


def _count(documents: Iterable[Fields], names: Sequence[str]) -> _Cells:
    columns = {name: column for column, name in enumerate(names)}
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    term, count = array("i"), array("i")
    sizes, lengths = array("q"), array("i")
    for document in documents:
        distinct, length = [0] * len(names), [0] * len(names)
        for name, column in sorted(((name, columns[name]) for name in document), key=itemgetter(1)):
            counted = Counter(map(numbers.__getitem__, document[name]))
            term.extend(counted.keys())
            count.extend(counted.values())
            distinct[column], length[column] = len(counted), len(document[name])
        sizes.extend(distinct)
        lengths.extend(length)
    cell = np.repeat(np.arange(len(sizes), dtype=np.int32), np.asarray(sizes))
    return _Cells(
        terms=list(numbers),
        term=np.asarray(term),
        document=cell // len(names),
        field=cell % len(names),
        count=np.asarray(count),
        lengths=np.asarray(lengths, dtype=np.int32).reshape(-1, len(names)),
    )


def _hash(term: str) -> int:
    digest = blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _starts(counts: _Array) -> npt.NDArray[np.int64]:
    """Return where each stretch begins, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _mean_lengths(lengths: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    """Return the mean length of each field where it is present, at least 1."""
    present = np.maximum(1, (lengths > 0).sum(axis=0))
    means: npt.NDArray[np.float64] = np.maximum(1.0, lengths.sum(axis=0, dtype=np.int64) / present)
    return means
