"""Take the inflection off English words, by Snowball's English stemmer (Porter, 2001)."""

from __future__ import annotations

from threading import local

import Stemmer


class _Mine(local):
    """A stemmer for each thread: one must not be used by two at once."""

    def __init__(self) -> None:
        self.stemmer = Stemmer.Stemmer("english")


_mine = _Mine()


def stem(word: str) -> str:
    """Return the stem of a lower-case word.

    >>> stem("sanctions"), stem("sanctioned"), stem("5g")
    ('sanction', 'sanction', '5g')
    """
    stemmed: str = _mine.stemmer.stemWord(word)
    return stemmed
