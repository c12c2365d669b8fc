"""Parts made by hand that behave predictably, offline and at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from zlib import crc32

import numpy as np

from qa_bot.analysis import Analysis
from qa_bot.lexicon import Lexicon
from qa_bot.vectors import Vectors, unit_rows

DIMENSION = 256
#: Cuts at blanks, knows no lexicon, and finds every word alike telling.
PLAIN = Analysis(
    name="plain",
    simplify=lambda text: text,
    segment=lambda text: re.findall(r"\s+|\S+", text),
    subwords=lambda word: [],
    rarity=lambda word: 1.0,
    lexicon=Lexicon.of((), str),
)


class PairEmbedder:
    """Counts neighbouring character pairs, hashed: texts that share pairs lie near each other."""

    def __init__(self, fingerprint: str = "pairs") -> None:
        self.fingerprint = fingerprint
        self.embedded: list[str] = []

    @property
    def unrelated(self) -> float:
        """Texts without a common pair have nothing in common."""
        return 0.0

    @property
    def words(self) -> None:
        """No vector a word."""

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            for pair in pairwise(text):
                vectors[row, crc32("".join(pair).encode()) % DIMENSION] += 1
        return unit_rows(vectors)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        return self.encode_query(texts)
