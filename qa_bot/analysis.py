"""How text becomes terms, for documents and for questions alike: one set of parts for both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa_bot.lexicon import Lexicon
from qa_bot.protocols import Segmenter
from qa_bot.query import Query, understand
from qa_bot.spelling import Correction
from qa_bot.terms import index_terms


def _nothing_wrong(words: Sequence[str]) -> tuple[Correction, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """The parts that a collection is analysed with; `name` changes whenever its terms would.

    `simplify` writes text in simplified characters and half width and keeps its case; `subwords`
    returns the shorter words that are known inside a word; `rarity` how much a word tells;
    `corrections` the names in a text, given by its words, that were typed wrong.
    """

    name: str
    simplify: Callable[[str], str]
    segment: Segmenter
    subwords: Callable[[str], list[str]]
    rarity: Callable[[str], float]
    lexicon: Lexicon
    corrections: Callable[[Sequence[str]], tuple[Correction, ...]] = _nothing_wrong

    def fold(self, text: str) -> str:
        """Return a text as it is compared: simplified, half width and lower case."""
        return self.simplify(text).lower()

    def terms(self, simplified: str) -> list[str]:
        """Return the terms of a document's text."""
        return index_terms(simplified, self.segment, self.subwords, self.lexicon)

    def terms_of(self, text: str) -> list[str]:
        """Return the terms of a text as it was published."""
        return self.terms(self.simplify(text))

    def query(self, text: str) -> Query:
        """Return a question as it is searched."""
        return understand(self.simplify(text), self.segment, self.subwords, self.lexicon, self.rarity)
