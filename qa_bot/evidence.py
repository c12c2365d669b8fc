"""Judge whether a collection holds an answer at all: honest silence needs absolute evidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from qa_bot.protocols import Segmenter
from qa_bot.records import Hit
from qa_bot.terms import words_of

#: Below this probability the answer is silence.
THRESHOLD: Final = 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer being there, each in [0, 1]."""

    coverage: float
    sparse: float
    dense: float


def gather(
    question: str,
    hits: Sequence[Hit],
    fold: Callable[[str], str],
    segment: Segmenter,
    rarity: Callable[[str], float],
) -> Evidence:
    """Return the evidence of the best hits for a question."""
    if not hits:
        return Evidence(0.0, 0.0, 0.0)
    words = words_of(fold(question), segment)
    return Evidence(
        coverage=max(coverage(words, fold(_context(hit)), rarity) for hit in hits[:3]),
        sparse=max(hit.scores["bm25"] for hit in hits),
        dense=max(hit.scores["dense"] for hit in hits),
    )


def coverage(words: Sequence[str], text: str, rarity: Callable[[str], float]) -> float:
    """Return the share of the query's information that stands in a text, in [0, 1].

    A word weighs its rarity in the language at large, so that 萨德 counts and 什么 hardly does;
    0 for a query without any word that weighs.
    """
    weights = {word: rarity(word) for word in words}
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in text) / total if total else 0.0


def probability(evidence: Evidence) -> float:
    """Return the probability of an answer being there, by a logistic regression."""
    return 1 / (1 + math.exp(-(4 * evidence.coverage + 4 * evidence.dense - 3)))


def _context(hit: Hit) -> str:
    return f"{hit.passage.text}\n{hit.passage.question or ''}"
