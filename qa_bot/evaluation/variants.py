"""Ways of ranking one collection: the one in use, each leg alone, and the one in use less some part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from qa_bot.addressee import without_addressee
from qa_bot.answering import refusal
from qa_bot.asking import hits_of
from qa_bot.building import Workshop, index_passages
from qa_bot.collection import Collection
from qa_bot.evidence import ENOUGH, gather
from qa_bot.lexicon import Lexicon
from qa_bot.query import Query
from qa_bot.retrieval import Mode, Ranked, Retriever
from qa_bot.segments import fields_of

DEPTH: Final = 10
#: Among how many of the hybrid's best a fixed fusion ranks anew: all of them in a small collection.
_POOL: Final = 1_000


@dataclass(frozen=True, slots=True)
class Variant:
    """A way of ranking: what it is called, and how it differs from the one in use.

    `mode` names the legs that rank. Without the `lexicon` no word stands for another, though words
    are still cut as it says. Without the `fields` a passage is found by its own words alone. `share`
    fixes the dense leg's part of the fused score, in [0, 1], where the one in use follows the query.
    """

    name: str
    mode: Mode = Mode.HYBRID
    lexicon: bool = True
    fields: bool = True
    share: float | None = None

    def rank(self, retriever: Retriever, query: Query, k: int) -> tuple[Ranked, ...]:
        """Return the at most `k` best positions, ties by position."""
        if self.share is None:
            return retriever.search(query, k, self.mode)
        pool = retriever.search(query, _POOL, Mode.HYBRID)
        fused = (replace(each, score=_fused(each, self.share)) for each in pool)
        return tuple(sorted(fused, key=lambda each: (-each.score, each.position))[:k])


#: The variant that the others are compared with.
IN_USE: Final = Variant(Mode.HYBRID.value)
VARIANTS: Final = (
    IN_USE,
    Variant(Mode.BM25.value, mode=Mode.BM25),
    Variant(Mode.DENSE.value, mode=Mode.DENSE),
    Variant("no lexicon", lexicon=False),
    Variant("no fields", fields=False),
    Variant("fixed fusion", share=0.5),
)
#: The legs as they are shown in plots: both, and each without the other.
LEGS: Final = tuple(mode.value for mode in Mode)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a variant makes of a question.

    `ranking` holds the ids of the best `DEPTH` passages, `strength` is that of the evidence, in
    [0, 1], and 0 where nothing was found or the question can't be asked; below `ENOUGH` it is refused.
    """

    ranking: tuple[str, ...]
    strength: float

    @property
    def refused(self) -> bool:
        """True when nothing would be cited."""
        return self.strength < ENOUGH


@dataclass(frozen=True, slots=True)
class Arm:
    """A variant over one collection, whose passages stand at the same positions in its retriever."""

    variant: Variant
    retriever: Retriever
    collection: Collection

    def ask(self, question: str) -> Asked:
        """Rank the passages for a question and judge the evidence of the best of them."""
        if refusal(question):
            return Asked((), 0.0)
        analysis = self.retriever.analysis
        query = analysis.query(without_addressee(question, self.collection.officials))
        hits = hits_of(self.collection, self.variant.rank(self.retriever, query, DEPTH))
        if not hits:
            return Asked((), 0.0)
        evidence = gather(query, hits, analysis.terms_of)
        return Asked(tuple(hit.passage.id for hit in hits), evidence.strength)


def arms(
    collection: Collection, workshop: Workshop, variants: Iterable[Variant] = VARIANTS
) -> tuple[Arm, ...]:
    """Prepare variants over a collection, indexing its passages anew in memory where one needs that."""
    return tuple(
        Arm(variant, _retriever(variant, collection, workshop), collection) for variant in variants
    )


def _retriever(variant: Variant, collection: Collection, workshop: Workshop) -> Retriever:
    if variant.lexicon and variant.fields:
        return collection.retriever
    analysis = workshop.analysis
    if not variant.lexicon:
        analysis = replace(analysis, lexicon=Lexicon.of((), analysis.lexicon.stem))
    documents = fields_of([collection.passage_at(position) for position in range(len(collection))])
    if not variant.fields:
        documents = [{"passage": document["passage"]} for document in documents]
    return index_passages(documents, replace(workshop, analysis=analysis))


def _fused(ranked: Ranked, share: float) -> float:
    sparse, dense = (ranked.scores[mode.value] for mode in (Mode.BM25, Mode.DENSE))
    return (1 - share) * sparse + share * dense
