"""Segment Chinese by jieba, with a dictionary of our own process instead of its shared one."""

from __future__ import annotations

import contextlib
import logging
import math
from collections.abc import Iterable
from functools import cached_property
from typing import Final

import jieba

from qa_bot.places import user_cache

# jieba sets its logger to DEBUG, and logs a traceback when its cache can't be written.
logging.getLogger("jieba").setLevel(logging.CRITICAL)


#: A word as common as 的 or 中国 tells nothing of a question; each factor of e below that adds one.
_COMMON: Final = 5.0
_RAREST: Final = 12.0
#: How often a new word is taken to occur among jieba's 60 million: often enough to win over the shorter
#: words that it is made of, and for two characters no oftener than needed.
_PAIR_FREQUENCY: Final = 300
_FREQUENCY: Final = 1000
_NOISE: Final = 2
_SUBWORD_CHARS: Final = (2, 3)


class JiebaSegmenter:
    """Cuts text into words by jieba's dictionary and some words of one's own."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        """Know `words`, in simplified characters, as words; those that jieba knows stay as common."""
        self._words = tuple(words)

    def __call__(self, text: str) -> list[str]:
        """Return the words of `text` in reading order, without overlaps."""
        words: list[str] = self._tokenizer.lcut(text)
        return words

    def subwords(self, word: str) -> list[str]:
        """Return the known words of two and three characters inside a longer word."""
        known = self._tokenizer.FREQ
        return [
            word[start : start + size]
            for size in _SUBWORD_CHARS
            if len(word) > size
            for start in range(len(word) - size + 1)
            if known.get(word[start : start + size])
        ]

    def knows(self, word: str) -> bool:
        """Tell whether a word is in the dictionary; those that jieba counts once or twice are noise."""
        return bool(self._tokenizer.FREQ.get(word, 0) > _NOISE)

    def rarity(self, word: str) -> float:
        """Return how much a word tells: its negative log-frequency in jieba's dictionary, from 0 to 7.

        A word that the dictionary lacks counts as the rarest.
        """
        frequency = self._tokenizer.FREQ.get(word, 0)
        surprise = math.log(self._tokenizer.total / frequency) if frequency else _RAREST
        return min(surprise, _RAREST) - min(surprise, _COMMON)

    @cached_property
    def _tokenizer(self) -> jieba.Tokenizer:
        tokenizer = jieba.Tokenizer()
        # jieba unmarshals a cached dictionary; in the shared temp folder anybody could have put one.
        folder = user_cache()
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        tokenizer.tmp_dir = str(folder)
        tokenizer.initialize()
        for word in self._words:
            if not tokenizer.FREQ.get(word):
                tokenizer.add_word(word, _PAIR_FREQUENCY if len(word) == 2 else _FREQUENCY)
        return tokenizer
