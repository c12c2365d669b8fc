"""Ask one collection: a question is understood, searched for, and answered or met with silence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from qa_bot.addressee import without_addressee
from qa_bot.analysis import Analysis
from qa_bot.answering import answer, filtered_out, hidden_by_filters, not_asked, refusal, topic
from qa_bot.building import Workshop
from qa_bot.collection import Collection
from qa_bot.conversation import resolve
from qa_bot.evidence import JUDGED, gather
from qa_bot.explaining import reasons
from qa_bot.filters import Filters
from qa_bot.marking import mark
from qa_bot.pasting import Folding, is_pasted, is_quoted, quoted_share, quoted_span
from qa_bot.protocols import Reranker
from qa_bot.query import Query
from qa_bot.results import Answer, Explained, Hit, Topic
from qa_bot.retrieval import Ranked, blended

#: How many nearest topics are told of, and among how many hits they are sought.
_TOPICS: Final = 3
_SOUGHT: Final = 12
#: What a question as it was typed counts where it was completed from a conversation and that counts 1:
#: in one transcript the words that were added tell less than the new ones.
_TYPED: Final = 0.75
_BLENDED: Final = 50
#: In longer questions nobody's typing is corrected: they are pasted.
_LONGEST_CORRECTED: Final = 200
#: How many of the best hits a reranker judges.
_RERANKED: Final = 20


@dataclass(frozen=True, slots=True)
class Answerer:
    """Where questions to one collection are asked."""

    collection: Collection
    workshop: Workshop
    reranker: Reranker | None = None

    @property
    def analysis(self) -> Analysis:
        """How questions become terms."""
        return self.workshop.analysis

    def search(self, query: str, k: int, filters: Filters | None) -> tuple[Hit, ...]:
        """Return the at most `k` passages that match a query best; none for what can't be asked."""
        if refusal(query) or k < 1:
            return ()
        understood, ranking = self._found(query, k, filters)
        return self._shown(query, understood, self._hits(ranking), k)

    def explain(self, query: str, k: int, filters: Filters | None) -> tuple[Explained, ...]:
        """Return what `search` does, with the reasons for each hit."""
        if refusal(query) or k < 1:
            return ()
        understood, ranking = self._found(query, k, filters)
        hits = self._hits(ranking)
        parts = self.collection.retriever.explain(understood, ranking)
        why = {hit.passage.id: part for hit, part in zip(hits, parts, strict=True)}
        shown = self._shown(query, understood, hits, k)
        return tuple(Explained(hit, reasons(understood, why[hit.passage.id])) for hit in shown)

    def ask(self, question: str, k: int, filters: Filters | None, history: Sequence[str]) -> Answer:
        """Answer a question that may continue a conversation, or abstain and say why."""
        if reason := refusal(question):
            return not_asked(question, reason)
        if filters and not self.collection.count(filters):
            return filtered_out(question)
        understood = self._corrected(resolve(question, history, self.analysis))
        answered = self._answer(question, understood, k, filters)
        if filters and answered.abstained and not self._answer(question, understood, k, None).abstained:
            answered = hidden_by_filters(question)
        return replace(answered, understood=understood)

    def _answer(self, question: str, understood: str, k: int, filters: Filters | None) -> Answer:
        query = self._understood(understood)
        depth = max(k, JUDGED, self._sought)
        ranking = self._ranking(query, depth if understood == question else _BLENDED, filters)
        if understood != question:
            typed = self._ranking(self._understood(question), _BLENDED, filters)
            ranking = blended(ranking, typed, _TYPED)[:depth]
        hits = self._placed(question, self._hits(ranking))
        completed = understood != question
        said = self._understood(self._corrected(question)) if completed else None
        evidence = gather(query, hits, self.analysis.terms_of, said)
        ordered = self._reranked(understood, hits)
        answered = answer(question, self._marked(query, ordered[:k]), evidence)
        return replace(answered, topics=_topics(ordered))

    @property
    def _sought(self) -> int:
        """How many hits are looked at, however few are wanted."""
        return _RERANKED if self.reranker else _SOUGHT

    def _found(self, query: str, k: int, filters: Filters | None) -> tuple[Query, tuple[Ranked, ...]]:
        """Return a query as it was understood, with the best positions for it."""
        understood = self._understood(self._corrected(query))
        return understood, self._ranking(understood, max(k, self._sought), filters)

    def _shown(self, query: str, understood: Query, hits: tuple[Hit, ...], k: int) -> tuple[Hit, ...]:
        """Return the best `k` of some hits in the order in which they are shown, marked."""
        return self._marked(understood, self._reranked(query, self._placed(query, hits))[:k])

    def _placed(self, question: str, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Return hits with those first that a pasted quote was taken from, its place marked."""
        if not is_pasted(question) or self.analysis.lexicon.name(question):
            return hits
        fold = _folding(self.analysis.simplify)
        quoted = [
            _quoted(hit, question, fold) for hit in hits if is_quoted(question, hit.passage.text, fold)
        ]
        ordered = sorted(quoted, key=lambda hit: (-hit.scores["quote"], hit.rank))
        others = [hit for hit in hits if not any(hit.passage == each.passage for each in quoted)]
        return _numbered([*ordered, *others])

    def _reranked(self, question: str, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Return hits in the order of the reranker where there is one, ties in their own.

        Their first scores stay among their scores, for silence is judged by those alone.
        """
        if not (self.reranker and hits) or "quote" in hits[0].scores:
            return hits
        scores = self.reranker.scores(question, [hit.passage.text for hit in hits]).tolist()
        judged = [
            replace(hit, score=score, scores={**hit.scores, "hybrid": hit.score, "rerank": score})
            for hit, score in zip(hits, scores, strict=True)
        ]
        return _numbered(sorted(judged, key=lambda hit: (-hit.score, hit.rank)))

    def _marked(self, query: Query, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """Return hits with the sentence marked that answers; where a quote was pasted, it stays."""
        words = self.workshop.embedder.words
        return tuple(
            hit
            if "quote" in hit.scores
            else replace(hit, marked=mark(hit.passage, query, self.analysis, words))
            for hit in hits
        )

    def _corrected(self, question: str) -> str:
        """Return a question with the names put right that were typed wrong."""
        if len(question) > _LONGEST_CORRECTED:
            return question
        simplified = self.analysis.simplify(question)
        corrections = self.analysis.corrections(self.analysis.segment(simplified))
        if not corrections:
            return question
        for each in reversed(corrections):
            simplified = simplified[: each.span.start] + each.meant + simplified[each.span.end :]
        return simplified

    def _understood(self, question: str) -> Query:
        return self.analysis.query(without_addressee(question, self.collection.officials))

    def _ranking(self, query: Query, k: int, filters: Filters | None) -> tuple[Ranked, ...]:
        allowed = self.collection.allowed(filters)
        return self.collection.retriever.search(query, k, allowed=allowed)

    def _hits(self, ranking: Sequence[Ranked]) -> tuple[Hit, ...]:
        return hits_of(self.collection, ranking)


def hits_of(collection: Collection, ranking: Sequence[Ranked]) -> tuple[Hit, ...]:
    """Return the passages of a ranking as hits, nothing in them marked yet but the whole."""
    passages = [collection.passage_at(found.position) for found in ranking]
    return tuple(
        Hit(rank, passage, found.score, found.scores, passage.span)
        for rank, (passage, found) in enumerate(zip(passages, ranking, strict=True), start=1)
    )


@cache
def _folding(simplify: Callable[[str], str]) -> Folding:
    """Return the table of folded characters, which fills as they come up."""
    return Folding(lambda character: simplify(character).lower())


def _quoted(hit: Hit, pasted: str, fold: Folding) -> Hit:
    """Return a hit that a quote was taken from: nothing can score higher."""
    share = quoted_share(pasted, hit.passage.text, fold)
    place = quoted_span(pasted, hit.passage.transcript.text, hit.passage.span, fold)
    return replace(
        hit, score=1.0, scores={**hit.scores, "quote": share}, marked=place or hit.passage.span
    )


def _numbered(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1))


def _topics(hits: Sequence[Hit]) -> tuple[Topic, ...]:
    """Return the exchanges of some hits as topics, the nearest first."""
    topics = dict.fromkeys(each for hit in hits if (each := topic(hit.passage)))
    return tuple(topics)[:_TOPICS]
