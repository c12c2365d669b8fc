"""Segment Chinese by jieba, with a dictionary of our own process instead of its shared one."""

from __future__ import annotations

import contextlib
import logging
import math
from functools import cache
from typing import Final

import jieba

from qa_bot.places import user_cache

# jieba sets its logger to DEBUG, and logs a traceback when its cache can't be written.
logging.getLogger("jieba").setLevel(logging.CRITICAL)


#: A word as common as 的 or 中国 tells nothing of a question; each factor of e below that adds one.
_COMMON: Final = 5.0
_RAREST: Final = 12.0


@cache
def _tokenizer() -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    # jieba unmarshals a cached dictionary; in the shared temp folder anybody could have put one.
    folder = user_cache()
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    tokenizer.tmp_dir = str(folder)
    return tokenizer


def segment(text: str) -> list[str]:
    """Return the words of `text` in reading order, without overlaps."""
    words: list[str] = _tokenizer().lcut(text)
    return words


def segment_for_search(text: str) -> list[str]:
    """Return the words of `text`, each long word preceded by the shorter ones inside it."""
    words: list[str] = _tokenizer().lcut_for_search(text)
    return words


def rarity(word: str) -> float:
    """Return how much a word tells: its negative log-frequency in jieba's dictionary, from 0 to 7.

    A word that the dictionary lacks counts as the rarest.
    """
    tokenizer = _tokenizer()
    tokenizer.check_initialized()
    frequency = tokenizer.FREQ.get(word, 0)
    surprise = math.log(tokenizer.total / frequency) if frequency else _RAREST
    return min(surprise, _RAREST) - min(surprise, _COMMON)
