"""Judge whether a collection holds an answer at all: honest silence needs absolute evidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from qa_bot.passages import event_text, speaker_text
from qa_bot.query import NAME_WEIGHT, Literal, Query, Widening
from qa_bot.records import Passage
from qa_bot.results import Hit
from qa_bot.terms import HAN

#: At or above this the evidence suffices.
ENOUGH: Final = 0.5
#: How many of the best hits are judged.
JUDGED: Final = 3
#: What a word counts of which only the parts are there: 十大合作计划 where 十大合作 and 计划 stand.
_PARTS_WEIGHT: Final = 0.8
#: The weight of the rarest words.
_RARE: Final = 7.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer being there.

    `coverage` is the share of the question's information that one of the best hits holds, in [0, 1],
    and `matched` how much information that is, at least 0; `missing` counts the names in the question
    that none of them holds, in full or in part; `dense` is their largest normalised cosine and `score`
    their largest score, in [0, 1]. `is_foreign` tells that question and passages share no script, so that words can
    only meet through the lexicon.
    """

    coverage: float
    matched: float
    missing: float
    dense: float
    score: float
    is_foreign: bool = False

    @property
    def strength(self) -> float:
        """The evidence on a logistic scale, in (0, 1); `ENOUGH` and more makes an answer.

        The weights were fitted to questions with and without an answer in the collection they were
        put to, from one transcript to thousands of passages: see docs/quality.md.
        """
        dense = 4.33 * self.dense + (5.9 * self.dense - 0.97 if self.is_foreign else 0.0)
        words = 1.35 * self.coverage + 0.6 * math.log1p(self.matched) - 0.89 * self.missing
        return 1 / (1 + math.exp(2.85 - dense - words - 5.13 * self.score))


NONE: Final = Evidence(0.0, 0.0, 0.0, 0.0, 0.0)


def gather(
    query: Query,
    hits: Sequence[Hit],
    terms: Callable[[str], list[str]],
    typed: Query | None = None,
) -> Evidence:
    """Return the evidence of the first `JUDGED` hits for a question; `NONE` for no hits.

    `terms` returns the terms of a document's text as it was published. `typed` is what was said of a
    question that was completed from a conversation: 那红烧肉呢 must not be answered by what was talked
    of before alone.
    """
    best = hits[:JUDGED]
    if not best:
        return NONE
    texts = [_searched(hit.passage) for hit in best]
    found = [frozenset(terms(text)) for text in texts]
    if typed and not _is_met(typed, found):
        return NONE
    share = max(coverage(query, each) for each in found)
    names = [each for each in query.widenings if each.weight >= NAME_WEIGHT]
    return Evidence(
        coverage=share,
        matched=share * sum(word.weight for word in query.words),
        missing=sum(_absence(query, each, found) for each in names),
        dense=max(hit.scores["dense"] for hit in best),
        score=max(hit.score for hit in best),
        is_foreign=not any(bool(HAN.search(query.text)) == bool(HAN.search(text)) for text in texts),
    )


def _is_met(typed: Query, found: Sequence[Collection[str]]) -> bool:
    """Tell whether any of the rare Chinese words of what was typed is found, if it has any."""
    rare = [word for word in typed.words if word.weight >= _RARE and HAN.search(word.term)]
    return not rare or any(_level(typed, word, each) > 0 for word in rare for each in found)


def coverage(query: Query, found: Collection[str]) -> float:
    """Return the share of a question's information that is among the terms found, in [0, 1].

    A word weighs its rarity in the language at large, so that 萨德 counts and 什么 hardly does.
    Where it is missing, what stands for it counts by its weight, and its parts count somewhat. 0
    where no word weighs anything.
    """
    total = sum(word.weight for word in query.words)
    covered = sum(word.weight * _level(query, word, found) for word in query.words)
    return covered / total if total else 0.0


def _level(query: Query, word: Literal, found: Collection[str]) -> float:
    """Return how far a word of a question is among the terms found: itself, a stand-in or its parts."""
    if word.term in found:
        return 1.0
    stand_ins = (each for each in query.widenings if each.covers(word.span) and each.stands_in(found))
    parts = [each.term in found for each in query.parts(word)]
    in_parts = _PARTS_WEIGHT * sum(parts) / len(parts) if parts else 0.0
    return max((each.weight for each in stand_ins), default=in_parts)


def _absence(query: Query, name: Widening, found: Sequence[Collection[str]]) -> float:
    """Return how far a name is missing, from 0 where any form of it stands to 1 where nothing does."""
    words = [word for word in query.words if name.covers(word.span)]
    met = (
        1.0
        if name.stands_in(terms)
        else max((_level(query, word, terms) for word in words), default=0.0)
        for terms in found
    )
    return 1.0 - max(met)


def _searched(passage: Passage) -> str:
    """Return what a passage is found by, but for the rest of the answer."""
    speaker, event = speaker_text(passage.turn.speaker), event_text(passage.transcript)
    return "\n".join((passage.text, passage.question or "", speaker, event))
