"""The records that everything else passes around: frozen, and pointing into the transcript's text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Role(str, Enum):
    """What a speaker is at the event; `UNKNOWN` when the source does not say."""

    MODERATOR = "moderator"
    OFFICIAL = "official"
    JOURNALIST = "journalist"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of a text, in characters (Unicode code points): start <= i < end."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span needs 0 <= start <= end, got {self.start}, {self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the characters of `text` inside the span."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class HeaderField:
    """One `key: value` line above the transcript; `span` is the whole line."""

    key: str
    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class EventDate:
    """The day of the event, as far as the source supports it, with how that was found out.

    `value` is in EDTF (ISO 8601-2:2019): `2017-03-08`, or `XXXX-03-08` where the year is unknown.
    """

    value: str
    derivation: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person who speaks; what the source does not say of them is None."""

    role: Role
    name: str | None = None
    office: str | None = None
    outlet: str | None = None

    def __str__(self) -> str:
        """The name, or for an unnamed journalist the outlet with 记者."""
        if self.role is Role.JOURNALIST:
            return f"{self.outlet or ''}记者{self.name or ''}"
        return self.name or self.office or "主持人"


@dataclass(frozen=True, slots=True)
class Turn:
    """One stretch of speech: the label that names the speaker, and the words spoken."""

    speaker: Speaker
    label: Span
    words: Span

    @property
    def role(self) -> Role:
        """What the speaker is at the event."""
        return self.speaker.role


@dataclass(frozen=True, slots=True)
class Exchange:
    """A journalist's question with the official answers to it; `number` counts from 1."""

    number: int
    question: Turn
    answers: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a reader should check: the line (from 1), what stands there, what is odd."""

    line: int
    excerpt: str
    message: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """A published event: its exact text, and what was understood of it.

    `text` is the one truth. Header fields, narration and turns are spans of it that share no
    character and together hold every character that is not blank.
    """

    id: str
    text: str = field(repr=False)
    header: tuple[HeaderField, ...] = field(repr=False)
    narration: tuple[Span, ...] = field(repr=False)
    turns: tuple[Turn, ...] = field(repr=False)
    exchanges: tuple[Exchange, ...] = field(repr=False)
    statements: tuple[Turn, ...] = field(repr=False)
    date: EventDate | None = None
    remarks: tuple[Remark, ...] = field(default=(), repr=False)

    @property
    def title(self) -> str | None:
        """The published title."""
        return self._header_value("title")

    @property
    def url(self) -> str | None:
        """Where the transcript was published."""
        return self._header_value("url")

    @property
    def author(self) -> str | None:
        """Who published it."""
        return self._header_value("author")

    def _header_value(self, key: str) -> str | None:
        return next((entry.value for entry in self.header if entry.key == key and entry.value), None)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of an official's words, or part of a long one: the unit that is searched.

    `exchange` is None for words that answer no question, such as an opening statement.
    """

    id: str
    transcript: Transcript = field(repr=False, compare=False)
    turn: Turn
    exchange: Exchange | None = field(repr=False)
    span: Span

    @property
    def text(self) -> str:
        """The passage, word for word."""
        return self.span.of(self.transcript.text)

    @property
    def question(self) -> str | None:
        """The journalist's question, word for word."""
        return self.exchange.question.words.of(self.transcript.text) if self.exchange else None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found by a search; a larger score is always better.

    `score` and each of `scores` (`"bm25"`, `"dense"`) lie in [0, 1].
    """

    rank: int
    passage: Passage
    score: float
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Citation:
    """An official's own words with everything needed to check them.

    `quote` equals `transcript.text[start:end]` of the transcript named by `transcript_id`.
    What the source does not say is None.
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


@dataclass(frozen=True, slots=True)
class Answer:
    """What the transcripts say to a question: citations, best first, or none and a reason."""

    question: str
    citations: tuple[Citation, ...]
    reason: str

    @property
    def abstained(self) -> bool:
        """True when nothing is cited."""
        return not self.citations
