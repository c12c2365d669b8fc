"""Tokenised pairs in flat arrays, from which batches are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from qa_bot.training.corpora import Corpus

Ints = npt.NDArray[np.int64]

MAX_TOKENS: Final = 160
_BATCH: Final = 20_000


@dataclass(frozen=True, slots=True)
class Bags:
    """Texts as token ids, one after the other: text i is `ids[offsets[i]:offsets[i + 1]]`."""

    ids: npt.NDArray[np.int32]
    offsets: Ints

    def __len__(self) -> int:
        """The number of texts."""
        return len(self.offsets) - 1

    @classmethod
    def of(cls, tokenizer: Tokenizer, texts: Sequence[str]) -> Bags:
        """Tokenise texts, the first `MAX_TOKENS` of each; one without a token has the unknown one."""
        ids = [
            np.array(encoding.ids[:MAX_TOKENS] or [0], dtype=np.int32)
            for start in range(0, len(texts), _BATCH)
            for encoding in tokenizer.encode_batch(list(texts[start : start + _BATCH]))
        ]
        return cls(np.concatenate(ids), np.cumsum([0, *map(len, ids)]))

    def pick(
        self, rows: Ints, dropout: float, rng: np.random.Generator
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the ids and the starting offsets of some rows, as an embedding bag takes them.

        Each token is left out with probability `dropout`, but never the last one of a text.
        """
        ids = np.concatenate([self.ids[self.offsets[row] : self.offsets[row + 1]] for row in rows])
        lengths = self.offsets[rows + 1] - self.offsets[rows]
        ends = np.cumsum(lengths)
        kept = rng.random(len(ids)) >= dropout
        kept[ends - 1] = True
        starts = np.concatenate([[0], np.cumsum(kept)[ends[:-1] - 1]])
        return torch.from_numpy(ids[kept]).long(), torch.from_numpy(starts)


@dataclass(frozen=True, slots=True)
class PairSet:
    """The tokenised pairs of one source, with a key for each topic or passage to spot repeated ones."""

    name: str
    share: float
    queries: Bags
    passages: Bags
    keys: Ints

    @classmethod
    def of(cls, tokenizer: Tokenizer, corpus: Corpus) -> PairSet:
        """Tokenise a corpus."""
        keys = [_key(pair.topic or pair.passage) for pair in corpus.pairs]
        return cls(
            name=corpus.source.path,
            share=corpus.source.share,
            queries=Bags.of(tokenizer, [pair.query for pair in corpus.pairs]),
            passages=Bags.of(tokenizer, [pair.passage for pair in corpus.pairs]),
            keys=np.array(keys, dtype=np.int64),
        )

    def counts(self, size: int) -> Ints:
        """Count each of `size` tokens in queries and passages."""
        return np.bincount(np.concatenate([self.queries.ids, self.passages.ids]), minlength=size)


def _key(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
