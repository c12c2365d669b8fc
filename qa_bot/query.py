"""Understand a question: its words, how much each tells, and what else could stand for them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from qa_bot.bm25 import Group
from qa_bot.lexicon import Found, Lexicon, Name, Wording, is_word
from qa_bot.protocols import Segmenter
from qa_bot.records import Span
from qa_bot.terms import HAN, STOP_WORDS, name_term, pairs_of, word_term

#: What a name that stands in a passage in another form counts, and what an official word for an
#: everyday one does, where the literal word counts 1. Calibrated: see docs/quality.md.
NAME_WEIGHT: Final = 1.0
WORDING_WEIGHT: Final = 0.6
_WITH_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Literal:
    """A term that stands in the question itself, and where; `weight` is its rarity in the language.

    Only whole words have a weight: the shorter words in them, and pairs, tell nothing more.
    """

    term: str
    span: Span
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Widening:
    """What else may stand for a stretch of the question: any of some terms, and by which entry."""

    span: Span
    terms: tuple[str, ...]
    weight: float
    said: str
    meant: tuple[str, ...]
    entry: str = ""

    def covers(self, span: Span) -> bool:
        """Tell whether a stretch of the question lies within that which it stands for."""
        return self.span.start <= span.start and span.end <= self.span.end

    def stands_in(self, found: Collection[str]) -> bool:
        """Tell whether any of its terms is among those found."""
        return any(term in found for term in self.terms)


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is searched: `text` in simplified characters, spans pointing into it."""

    text: str
    literals: tuple[Literal, ...]
    widenings: tuple[Widening, ...]

    @property
    def words(self) -> tuple[Literal, ...]:
        """Its whole words."""
        return tuple(literal for literal in self.literals if literal.weight)

    def parts(self, word: Literal) -> tuple[Literal, ...]:
        """Return the terms inside a whole word of three characters or more: shorter words and pairs."""
        if len(word.span) < _WITH_PARTS:
            return ()
        inside = (each for each in self.literals if not each.weight)
        return tuple(
            each
            for each in inside
            if word.span.start <= each.span.start and each.span.end <= word.span.end
        )

    def groups(self) -> tuple[Group, ...]:
        """Return what the sparse leg looks for: each literal term, then each widening."""
        literal = (Group((each.term,)) for each in self.literals)
        return (*literal, *(Group(each.terms, each.weight) for each in self.widenings))

    def covering(self) -> tuple[tuple[int, ...], ...]:
        """Return for each literal term the widenings that stand for it, as numbers of groups."""
        offset = len(self.literals)
        return tuple(
            tuple(
                offset + number
                for number, widening in enumerate(self.widenings)
                if widening.covers(literal.span)
            )
            for literal in self.literals
        )


def understand(
    text: str,
    segment: Segmenter,
    subwords: Callable[[str], list[str]],
    lexicon: Lexicon,
    rarity: Callable[[str], float],
) -> Query:
    """Cut a question into terms, and look up what its words stand for.

    `text` is in simplified characters with its case kept, for US is not us.
    """
    words = segment(text)
    spans = _spans(words)
    found = tuple(lexicon.find(words))
    known = {number for run in found for number in range(run.first, run.last)}
    literals = [
        Literal(word_term(word, lexicon.stem), span, max(rarity(word.lower()), 1e-6))
        for number, (word, span) in enumerate(zip(words, spans, strict=True))
        if is_word(word) and (number in known or word.lower() not in STOP_WORDS)
    ]
    literals += [
        Literal(shorter, span)
        for word, span in zip(words, spans, strict=True)
        for shorter in subwords(word.lower())
    ]
    for run in HAN.finditer(text):
        literals += [
            Literal(pair, Span(run.start() + i, run.start() + i + 2))
            for i, pair in enumerate(pairs_of(run[0]))
        ]
    widenings = [each for run in found for each in _widenings(run, spans, text, lexicon)]
    return Query(text, tuple(literals), tuple(widenings))


def _spans(words: Sequence[str]) -> list[Span]:
    ends = [0, *accumulate(map(len, words))]
    return [Span(start, start + len(word)) for start, word in zip(ends, words, strict=False)]


def _widenings(found: Found, spans: Sequence[Span], text: str, lexicon: Lexicon) -> Iterator[Widening]:
    span = Span(spans[found.first].start, spans[found.last - 1].end)
    said = span.of(text)
    for entry in found.entries:
        if isinstance(entry, Name):
            yield Widening(span, (name_term(entry),), NAME_WEIGHT, said, entry.forms, str(entry))
        else:
            yield from _wordings(entry, span, said, lexicon)


def _wordings(entry: Wording, span: Span, said: str, lexicon: Lexicon) -> Iterator[Widening]:
    """Yield the official words of an entry: plain ones as alternatives, names each for itself."""
    plain: list[str] = []
    for official in entry.official:
        name = lexicon.name(official)
        if name:
            yield Widening(span, (name_term(name),), WORDING_WEIGHT, said, name.forms, str(entry))
        else:
            plain.append(official)
    if plain:
        terms = tuple(word_term(word, lexicon.stem) for word in plain)
        yield Widening(span, terms, WORDING_WEIGHT, said, tuple(plain), str(entry))
