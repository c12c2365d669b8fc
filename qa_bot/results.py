"""The records that a search and an answer are made of: hits, citations, and honest silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from qa_bot.records import Passage, Span


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found by a search; a larger score is always better.

    `score` and each of `scores` (`"bm25"`, `"dense"`, and `"late"` where the model has words) lie in
    [0, 1]. `marked` is the stretch of the
    transcript, inside the passage, that answers most directly.
    """

    rank: int
    passage: Passage
    score: float
    scores: Mapping[str, float]
    marked: Span


@dataclass(frozen=True, slots=True)
class Reason:
    """A part of a hit's score: what leg gave it, for which words of the question, and why.

    `said` are words of the question, empty where the whole question counts. `meant` is what stands
    for them in the passage, empty where they stand there themselves; `entry` the lexicon's entry
    that says so. The scores of a hit's reasons add up to the hit's.
    """

    leg: str
    score: float
    said: str = ""
    meant: tuple[str, ...] = ()
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """A hit with the reasons for its score, the largest first."""

    hit: Hit
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """An official's own words with everything needed to check them.

    `quote` equals `transcript.text[start:end]` of the transcript named by `transcript_id`, and
    `marked` is the stretch of that text, inside the quote, that answers most directly. What the
    source does not say is None.
    """

    passage_id: str
    transcript_id: str
    quote: str
    start: int
    end: int
    speaker: str
    office: str | None
    question: str | None
    asker: str | None
    outlet: str | None
    title: str | None
    url: str | None
    date: str | None
    score: float
    marked: Span


@dataclass(frozen=True, slots=True)
class Topic:
    """What the transcripts do hold: a journalist's question, word for word, that was answered.

    `link` names the exchange, such as `2017-03-08-wangyi#8`. What the source does not say is None.
    """

    link: str
    question: str
    asker: str | None
    title: str | None
    date: str | None


class Outcome(str, Enum):
    """How a question ended.

    `NOT_ASKED` is a question that is empty, too long or small talk; `FILTERED_OUT` one whose
    filters leave no passage to search; `NOT_FOUND` one that was searched for in vain.
    """

    ANSWERED = "answered"
    NOT_FOUND = "not_found"
    FILTERED_OUT = "filtered_out"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the transcripts say to a question: citations, best first, or none and a reason.

    `silence` tells why nothing is cited, and means nothing where something is: see `outcome`.
    `understood` is the question that was searched for, which differs from `question` where that
    continued a conversation. `topics` are questions of journalists that were answered and lie
    nearest to one that was not: no answer to it.
    """

    question: str
    citations: tuple[Citation, ...]
    reason: str
    silence: Outcome = Outcome.NOT_FOUND
    understood: str = ""
    topics: tuple[Topic, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """How the question ended."""
        return Outcome.ANSWERED if self.citations else self.silence

    @property
    def abstained(self) -> bool:
        """True when nothing is cited."""
        return not self.citations
