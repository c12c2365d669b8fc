"""Turn text into the terms that the sparse leg counts: words, and pairs of neighbouring characters."""

from __future__ import annotations

import re
from typing import Final

from qa_bot.protocols import Segmenter

#: A run of Han characters.
HAN: Final = re.compile(r"[\u3400-\u9fff]+")
#: Set before a character pair, so that it never equals a word of two characters.
_PAIR_MARK: Final = "\u2040"


def index_terms(folded: str, segment: Segmenter) -> list[str]:
    """Return the terms of a folded text: every word, and every pair of neighbouring Han characters.

    Words are precise and pairs forgive a wrong cut (一带一路 → 一带|一路); counting both is right more
    often than either alone.
    """
    return [*words_of(folded, segment), *_pairs(folded)]


def words_of(folded: str, segment: Segmenter) -> list[str]:
    """Return the words of a folded text that hold a letter or a digit."""
    return [word for word in segment(folded) if any(char.isalnum() for char in word)]


def _pairs(folded: str) -> list[str]:
    pairs: list[str] = []
    for run in HAN.findall(folded):
        pairs += [_PAIR_MARK + run[i : i + 2] for i in range(len(run) - 1)]
    return pairs
