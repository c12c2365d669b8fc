"""The late leg: how well each word of a question is met by the nearest word of a passage.

One vector for a whole passage blurs it. Comparing word by word and keeping for each word of the
question its best match ("MaxSim": Khattab & Zaharia, 2020) finds the passage that has the one name
or number asked for, in another inflection or language too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from qa_bot.vectors import Flags, Floats, Positions, Vectors, homes_of, unit_rows

Ids = npt.NDArray[np.int32]
#: Products of matrices of other shapes differ in their last bits; a score must not.
_DECIMALS: Final = 5


@dataclass(frozen=True, slots=True)
class WordTable:
    """The words of a static model: `ids` cuts texts into them, `vectors[i]` is that of word i.

    `weights[i]` tells how much a word says. The vectors need not have unit length.
    """

    ids: Callable[[Sequence[str]], list[Ids]]
    vectors: npt.NDArray[np.float16] | Vectors
    weights: Floats


@dataclass(frozen=True, slots=True)
class Bags:
    """The distinct words of some texts: those of text i are `ids[starts[i]:starts[i + 1]]`."""

    ids: Ids
    starts: npt.NDArray[np.int64]

    def __len__(self) -> int:
        """The number of texts."""
        return len(self.starts) - 1

    @classmethod
    def of(cls, texts: Iterable[Ids]) -> Bags:
        """Gather the words of texts, each once a text."""
        bags = [np.unique(ids).astype(np.int32) for ids in texts]
        starts = np.cumsum([0, *map(len, bags)], dtype=np.int64)
        return cls(np.concatenate([np.zeros(0, np.int32), *bags]), starts)

    @classmethod
    def join(cls, parts: Sequence[Bags], kept: Sequence[Flags]) -> Bags:
        """Join the bags of parts, leaving out the texts that are not kept."""
        sizes = [np.diff(part.starts) for part in parts]
        pairs = list(zip(parts, sizes, kept, strict=True))
        ids = [part.ids[np.repeat(keep, size)] for part, size, keep in pairs]
        starts = np.cumsum(np.concatenate([[0], *(size[keep] for _, size, keep in pairs)]))
        return cls(np.concatenate([np.zeros(0, np.int32), *ids]), starts.astype(np.int64))

    def at(self, row: int) -> Ids:
        """Return the words of one text, ascending."""
        return self.ids[self.starts[row] : self.starts[row + 1]]

    def save(self, folder: Path) -> None:
        """Write each array to a file of its own."""
        for each in fields(self):
            np.save(folder / f"words_{each.name}.npy", getattr(self, each.name), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Bags:
        """Open what `save` wrote."""
        names = [each.name for each in fields(cls)]
        return cls(*(np.load(folder / f"words_{name}.npy", mmap_mode="r") for name in names))


class JoinedBags:
    """The words of a collection's passages by position, whichever part they are kept in."""

    def __init__(self, parts: Sequence[Bags], positions: Sequence[Positions]) -> None:
        """Join parts; `positions[p][i]` is where text i of part p stands here, -1 for nowhere."""
        self._parts = tuple(parts)
        self._part, self._row = homes_of(positions)

    def at(self, position: int) -> Ids:
        """Return the words of the text at a position."""
        return self._parts[int(self._part[position])].at(int(self._row[position]))


def max_sim(table: WordTable, query: str, passages: Sequence[Ids]) -> Floats:
    """Return for each passage, given by its words, how well it meets a query, in [0, 1].

    For each word of the query the largest cosine with any word of the passage, 0 where that is
    below 0, averaged with the words' weights. 0 for a query or a passage without words.
    """
    [wanted] = table.ids([query])
    filled = [number for number, words in enumerate(passages) if len(words)]
    scores: Floats = np.zeros(len(passages), dtype=np.float32)
    total = float(table.weights[wanted].sum())
    if not (filled and total > 0):
        return scores
    words, place = np.unique(np.concatenate([passages[n] for n in filled]), return_inverse=True)
    cosines = _vectors(table, wanted) @ _vectors(table, words).T
    starts = np.cumsum([0, *(len(passages[n]) for n in filled[:-1])])
    best = np.maximum.reduceat(cosines[:, place], starts, axis=1)
    weights = table.weights[wanted] / np.float32(total)
    scores[filled] = np.round(weights @ np.clip(best, 0, 1), _DECIMALS)
    return scores


def _vectors(table: WordTable, words: Ids) -> Vectors:
    return unit_rows(table.vectors[words].astype(np.float32))
