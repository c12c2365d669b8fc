"""Judge whether a collection holds an answer at all: honest silence needs absolute evidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from qa_bot.protocols import Segmenter
from qa_bot.records import Hit
from qa_bot.terms import HAN, words_of

#: At or above this the evidence suffices.
ENOUGH: Final = 0.5
#: How many of the best hits are judged.
JUDGED: Final = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer being there.

    `coverage` is the share of the question's information that stands in one of the best hits, in
    [0, 1], or None where question and passages share no script, so that it says nothing; `dense` is
    the largest cosine, in [0, 1].
    """

    coverage: float | None
    dense: float

    @property
    def strength(self) -> float:
        """The evidence on a logistic scale, in (0, 1); `ENOUGH` and more makes an answer.

        The weights were fitted to questions on other transcripts with and without an answer: see
        docs/quality.md.
        """
        if self.coverage is None:
            return _logistic(20.0 * (self.dense - 0.20))
        return _logistic(3.0 * self.coverage + 4.0 * self.dense - 1.4)


def gather(
    question: str,
    hits: Sequence[Hit],
    fold: Callable[[str], str],
    segment: Segmenter,
    rarity: Callable[[str], float],
) -> Evidence:
    """Return the evidence of the first `JUDGED` hits for a question; none for no hits."""
    best = hits[:JUDGED]
    if not best:
        return Evidence(0.0, 0.0)
    dense = max(hit.scores["dense"] for hit in best)
    texts = [fold(f"{hit.passage.text}\n{hit.passage.question or ''}") for hit in best]
    if not HAN.search(question) and all(map(HAN.search, texts)):
        return Evidence(None, dense)
    words = words_of(fold(question), segment)
    found = [frozenset(words_of(text, segment)) for text in texts]
    return Evidence(max(coverage(words, those, rarity) for those in found), dense)


def coverage(words: Sequence[str], found: Collection[str], rarity: Callable[[str], float]) -> float:
    """Return the share of the words' information that is among the words found, in [0, 1].

    A word weighs its rarity in the language at large, so that 萨德 counts and 什么 hardly does;
    0 for words of which none weighs anything.

    >>> weights = {"萨德": 6.0, "撤走": 2.0, "吗": 0.0}
    >>> coverage(["萨德", "撤走", "吗"], {"部署", "萨德", "反导"}, weights.__getitem__)
    0.75
    """
    weights = {word: rarity(word) for word in words}
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in found) / total if total else 0.0


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))
