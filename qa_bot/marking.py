"""Find the sentence or clause of a passage that answers a question.

A passage is read as clauses; sentences and parts of sentences are runs of them. A run is scored by
the words of the question that it meets, by how near its words lie to the question's, and by whether
it looks like the kind of answer that is asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Final, Generic, TypeVar

import numpy as np

from qa_bot.analysis import Analysis
from qa_bot.late import Ids, WordTable
from qa_bot.query import Literal, Query
from qa_bot.records import Passage, Span
from qa_bot.sentences import (
    Kind,
    enumeration,
    gain,
    is_courtesy,
    is_question,
    kinds_asked,
)
from qa_bot.terms import HAN, is_han
from qa_bot.text import clause_spans, sentence_spans, trimmed, width
from qa_bot.vectors import Floats, unit_rows

Part = TypeVar("Part")

#: What words met, near words and the sense as a whole count, beside what a kind of answer gains.
#: Fitted to judged passages; a quarter more or less of any changes little.
_MET: Final = 5.0
_NEAR: Final = 2.0
_SENSE: Final = 4.0
_COURTEOUS: Final = -4.0
_SHORT: Final = -1.2
#: Below this the words met tell nothing.
_NOTHING: Final = 0.02
#: A sentence that is narrower seldom says enough, one that is wider is cut at its clauses. A
#: Chinese character is 1 wide, any other half of that.
_NARROW: Final = 14
_WIDE: Final = 120
#: A part of a wide sentence is so wide, must carry this share of the sentence's evidence, and is
#: the better the less it is wide.
_PART_WIDTHS: Final = (16, 60)
_PART_SHARE: Final = 0.85
_PER_WIDTH: Final = 0.02
#: What half of a word's pairs of characters count where the word is not there.
_PAIRS_WEIGHT: Final = 0.5
#: Marks behind a clause are no part of what it says; behind some, what it tells of only follows.
_CLAUSE_MARKS: Final = "，；：,;:—-"
_ANNOUNCING: Final = (":", "：", "—", "-")
_LATIN: Final = re.compile(r"[^\W_\u3400-\u9fff]+")
_DECIMALS: Final = 5


@dataclass(frozen=True, slots=True)
class Same(Generic[Part]):
    """A part that equals another only if it is the very same, so that a cache may go by it."""

    part: Part

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.part is other.part

    def __hash__(self) -> int:
        return id(self.part)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause in its passage, with its text as it is compared; `stems` are its Latin words."""

    span: Span
    sentence: int
    text: str
    stems: str
    width: float


@dataclass(frozen=True, slots=True)
class Sought:
    """What to look for of a word: forms with what each counts, and the word's pairs of characters."""

    forms: tuple[tuple[str, float], ...]
    pairs: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """A passage read for one question.

    `met` tells for each clause how much of each word of the question it meets, the words of a
    question weighing 1 together; `near` is the same for the words of the embedding model. `senses`
    are the sums of the clauses' vectors, and `sense` the question's. Empty without a model.
    """

    clauses: tuple[Clause, ...]
    kinds: tuple[Kind, ...]
    met: Floats
    near: Floats
    senses: Floats
    sense: Floats

    @cached_property
    def sentences(self) -> tuple[range, ...]:
        """The clauses of each sentence."""
        groups = groupby(range(len(self.clauses)), key=lambda i: self.clauses[i].sentence)
        runs = [list(group) for _, group in groups]
        return tuple(range(run[0], run[-1] + 1) for run in runs)

    def text(self, run: range) -> str:
        """Return the text of a run of clauses as it is compared."""
        return "".join(clause.text for clause in self.clauses[run.start : run.stop])

    def span(self, run: range) -> Span:
        """Return where a run of clauses stands in its passage."""
        return Span(self.clauses[run.start].span.start, self.clauses[run.stop - 1].span.end)

    def width(self, run: range) -> float:
        """Return how wide a run of clauses is."""
        return sum(self.clauses[i].width for i in run)

    def score(self, run: range) -> float:
        """Return how well a run of clauses answers."""
        faults = _SHORT * (self.width(run) < _NARROW) + _COURTEOUS * is_courtesy(self.text(run))
        return self.evidence(run) + faults

    def evidence(self, run: range) -> float:
        """Return what speaks for a run of clauses."""
        rows = slice(run.start, run.stop)
        met = _MET * float(self.met[rows].max(axis=0).sum())
        return round(met + gain(self.kinds, self.text(run)) + self._sense(rows), _DECIMALS)

    def _sense(self, rows: slice) -> float:
        if not self.near.size:
            return 0.0
        total = self.senses[rows].sum(axis=0)
        cosine = float(total @ self.sense) / (float(np.linalg.norm(total)) or 1.0)
        return _NEAR * float(self.near[rows].max(axis=0).sum()) + _SENSE * cosine


def mark(passage: Passage, query: Query, analysis: Analysis, words: WordTable | None = None) -> Span:
    """Return the stretch of a passage, as a span of its transcript, that answers most directly.

    `words` are those of the embedding model, with which other words for the same thing count too.
    """
    reading = read(passage.text, query, analysis, words)
    run = _answer(reading)
    within = reading.span(run)
    said = within.of(passage.text).rstrip()
    if run.stop not in {each.stop for each in reading.sentences}:
        said = said.rstrip(_CLAUSE_MARKS) or said
    start = passage.span.start + within.start
    return trimmed(passage.transcript.text, Span(start, start + len(said)))


def _answer(reading: Reading) -> range:
    """Return the clauses that answer."""
    sentences = reading.sentences
    if len(sentences) == 1 and reading.width(sentences[0]) <= _WIDE:
        return sentences[0]
    if not (reading.near.any() or any(reading.met.sum(axis=1) > _NOTHING)):
        plain = (run for run in sentences if not is_courtesy(reading.text(run)))
        return next(plain, sentences[0])
    scores = [reading.score(run) for run in sentences]
    best = scores.index(max(scores))
    first, last = _widened(reading, best)
    if first == last and reading.width(sentences[best]) > _WIDE:
        return _part(reading, sentences[best])
    return range(sentences[first].start, sentences[last].stop)


def _widened(reading: Reading, best: int) -> tuple[int, int]:
    """Return the first and last sentence of an answer: the best one, and what it needs beside it."""
    texts = [reading.text(run) for run in reading.sentences]
    if is_question(texts[best]) and best + 1 < len(texts):
        return best, best + 1
    return enumeration(texts, best) if Kind.LIST in reading.kinds else (best, best)


def _part(reading: Reading, sentence: range) -> range:
    """Return the part of a long sentence that carries its evidence, or all of it."""
    enough = _PART_SHARE * reading.evidence(sentence)
    parts = {
        run: evidence - _PER_WIDTH * reading.width(run)
        for first in sentence
        for last in range(first + 1, sentence.stop + 1)
        for run in [range(first, last)]
        if _PART_WIDTHS[0] <= reading.width(run) <= _PART_WIDTHS[1]
        if not reading.clauses[last - 1].text.rstrip().endswith(_ANNOUNCING)
        if (evidence := reading.evidence(run)) >= enough
    }
    return max(parts, key=parts.__getitem__, default=sentence)


def read(text: str, query: Query, analysis: Analysis, words: WordTable | None) -> Reading:
    """Read the text of a passage for a question."""
    clauses = _clauses(Same(analysis), text)
    met = _met(_sought(Same(analysis), query), clauses)
    met *= _weights(met, query.words, clauses)
    return Reading(clauses, kinds_asked(query.text), met, *_nearness(Same(words), query.text, clauses))


@lru_cache(1024)
def _clauses(analysis: Same[Analysis], text: str) -> tuple[Clause, ...]:
    return tuple(
        Clause(span, number, folded, _stems(folded, analysis.part), width(folded))
        for number, sentence in enumerate(sentence_spans(text, Span(0, len(text))))
        for span in clause_spans(text, sentence)
        for folded in [analysis.part.fold(span.of(text))]
    )


def _stems(text: str, analysis: Analysis) -> str:
    stems = (analysis.lexicon.stem(word) for word in _LATIN.findall(text.lower()))
    return f" {' '.join(stems)} "


@lru_cache(64)
def _sought(analysis: Same[Analysis], query: Query) -> tuple[Sought, ...]:
    """Return what to look for of each word of a question."""
    sought = []
    for word in query.words:
        said = word.span.of(query.text).lower()
        forms = {said if HAN.search(said) else f" {word.term} ": 1.0}
        for each in query.widenings:
            if each.span.start <= word.span.start and word.span.end <= each.span.end:
                for meant in each.meant:
                    form = meant.lower() if HAN.search(meant) else _stems(meant, analysis.part)
                    forms[form] = max(each.weight, forms.get(form, 0.0))
        pairs = tuple(pair for i in range(len(said) - 1) if is_han(pair := said[i : i + 2]))
        sought.append(Sought(tuple(forms.items()), pairs if len(pairs) > 1 else ()))
    return tuple(sought)


def _met(sought: Sequence[Sought], clauses: Sequence[Clause]) -> Floats:
    """Return how far each clause holds each word: itself, what stands for it, or pairs of it."""
    texts = [f"{clause.text}\n{clause.stems}" for clause in clauses]
    whole = "\n".join(texts)
    met: Floats = np.zeros((len(clauses), len(sought)), dtype=np.float32)
    for column, word in enumerate(sought):
        # Most forms of a name are not in the passage at all.
        forms = [(form, level) for form, level in word.forms if form in whole]
        pairs = [pair for pair in word.pairs if pair in whole]
        if forms or pairs:
            met[:, column] = [_level(text, forms, pairs, len(word.pairs)) for text in texts]
    return met


def _level(text: str, forms: Sequence[tuple[str, float]], pairs: Sequence[str], most: int) -> float:
    shared = _PAIRS_WEIGHT * sum(pair in text for pair in pairs) / max(most, 1)
    return max((level for form, level in forms if form in text), default=0.0) or shared


def _weights(met: Floats, words: Sequence[Literal], clauses: Sequence[Clause]) -> Floats:
    """Return what each word counts: its rarity, less where it stands in many sentences of the passage."""
    count = clauses[-1].sentence + 1
    starts = [i for i in range(len(clauses)) if not i or clauses[i - 1].sentence < clauses[i].sentence]
    spread = np.maximum.reduceat(met, starts, axis=0).sum(axis=0)
    rarity = np.array([word.weight for word in words], dtype=np.float32)
    telling = np.log((count + 1) / (spread + 0.5)) / math.log((count + 1) / 0.5)
    weights: Floats = (rarity * telling / (rarity.sum() or 1.0)).astype(np.float32)
    return weights


def _nearness(
    words: Same[WordTable | None], question: str, clauses: Sequence[Clause]
) -> tuple[Floats, Floats, Floats]:
    """Return the fields `near`, `senses` and `sense` of a reading."""
    bags = _ids(words, tuple(clause.text for clause in clauses))
    filled = [number for number, ids in enumerate(bags) if len(ids)]
    [wanted] = _ids(words, (question,)) or [np.zeros(0, dtype=np.int32)]
    table = words.part
    if table is None or not len(wanted) or not filled:
        nothing: Floats = np.zeros((0, 0), dtype=np.float32)
        return nothing, nothing, nothing
    asked = table.vectors[wanted].astype(np.float32)
    vectors = table.vectors[np.concatenate([bags[i] for i in filled])].astype(np.float32)
    starts = np.cumsum([0, *(len(bags[i]) for i in filled[:-1])])
    cosines = np.clip(unit_rows(vectors) @ unit_rows(asked).T, 0, 1)
    near: Floats = np.zeros((len(clauses), len(asked)), dtype=np.float32)
    near[filled] = np.maximum.reduceat(cosines, starts, axis=0)
    near *= table.weights[wanted] / (table.weights[wanted].sum() or 1.0)
    senses: Floats = np.zeros((len(clauses), asked.shape[1]), dtype=np.float32)
    senses[filled] = np.add.reduceat(vectors, starts, axis=0)
    return near, senses, unit_rows(asked.sum(axis=0, keepdims=True))[0]


@lru_cache(1024)
def _ids(words: Same[WordTable | None], texts: tuple[str, ...]) -> tuple[Ids, ...]:
    return tuple(words.part.ids(texts)) if words.part else ()
