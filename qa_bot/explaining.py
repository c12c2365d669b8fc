"""Tell why a passage was found: which leg, which words, which entries of the lexicon."""

from __future__ import annotations

from collections import defaultdict

from qa_bot.query import Query, Widening
from qa_bot.results import Reason
from qa_bot.retrieval import BM25, Reasons

#: Parts of a score below this tell nothing.
_LEAST = 0.0005


def reasons(query: Query, found: Reasons) -> tuple[Reason, ...]:
    """Return what makes up a score in words, the largest part first.

    The terms of one stretch of the question, its shorter words and pairs included, count as one.
    """
    literal = len(query.literals)
    parts: dict[Reason, float] = defaultdict(float)
    for each, score in zip(query.literals, found.groups[:literal], strict=True):
        parts[Reason(BM25, 0.0, _word(query, each.span.start))] += score
    for widening, score in zip(query.widenings, found.groups[literal:], strict=True):
        parts[_widened(widening)] += score
    for leg, score in found.legs.items():
        if leg != BM25:
            parts[Reason(leg, 0.0)] += score
    told = (
        Reason(reason.leg, score, reason.said, reason.meant, reason.entry)
        for reason, score in parts.items()
        if score > _LEAST
    )
    return tuple(sorted(told, key=lambda reason: -reason.score))


def _widened(widening: Widening) -> Reason:
    return Reason(BM25, 0.0, widening.said, widening.meant, widening.entry)


def _word(query: Query, start: int) -> str:
    """Return the word of a question that a term begins in."""
    words = [word for word in query.words if word.span.start <= start < word.span.end]
    return words[0].span.of(query.text) if words else ""
