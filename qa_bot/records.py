"""The records that everything else passes around: frozen, and pointing into the transcript's text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final


class Role(str, Enum):
    """What a speaker is at the event; `UNKNOWN` when the source does not say."""

    MODERATOR = "moderator"
    OFFICIAL = "official"
    JOURNALIST = "journalist"
    UNKNOWN = "unknown"


_UNNAMED: Final = {
    Role.MODERATOR: "主持人",
    Role.OFFICIAL: "未具名发言人",
    Role.UNKNOWN: "身份不明",
}


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
class Fact:
    """Something known of an event, with how it was found out.

    A date is in EDTF (ISO 8601-2:2019): `2017-03-08`, or `XXXX-03-08` where the year is unknown.
    """

    value: str
    derivation: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a published event; what no source says is None."""

    title: Fact | None = None
    event: Fact | None = None
    date: Fact | None = None
    venue: Fact | None = None
    url: Fact | None = None
    publisher: Fact | None = None
    language: Fact | None = None
    licence: Fact | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person who speaks; what the source does not say of them is None."""

    role: Role
    name: str | None = None
    office: str | None = None
    outlet: str | None = None

    def __str__(self) -> str:
        """The name or the office; for a journalist the outlet with 记者, but 网友“阳光” alone."""
        if self.role is Role.JOURNALIST:
            nickname = (self.outlet or "").endswith(("”", "」", '"'))
            return self.outlet or "" if nickname else f"{self.outlet or ''}记者{self.name or ''}"
        return self.name or self.office or _UNNAMED[self.role]


@dataclass(frozen=True, slots=True)
class Document:
    """What a file or page holds, before anything of it is understood.

    `bold` and `headings` are the stretches of the text that its typography marks so, in order and
    without overlap. `front_matter` is a block at the top that states `stated`, and nobody's words.
    `stated` and `speakers` override whatever the reader would find: `speakers` maps what a label
    says (`唐鳳`, `问`) to the speaker it means.
    """

    text: str
    bold: tuple[Span, ...] = ()
    headings: tuple[Span, ...] = ()
    front_matter: Span | None = None
    stated: Metadata = Metadata()
    speakers: Mapping[str, Speaker] = field(default_factory=dict)


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
    """A journalist's question with the official answers to it; `number` counts from 1.

    `questions` has more than one turn where the journalist was interrupted, or where the question
    stands in two languages.
    """

    number: int
    questions: tuple[Turn, ...]
    answers: tuple[Turn, ...]

    @property
    def question(self) -> Turn:
        """The question, or its first turn."""
        return self.questions[0]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a reader should check: the line (from 1), what stands there, what is odd."""

    line: int
    excerpt: str
    message: str


@dataclass(frozen=True, slots=True)
class LayoutUse:
    """A way of writing labels that was recognised, and how many labels were written so."""

    layout: str
    labels: int


@dataclass(frozen=True, slots=True)
class Casting:
    """Who a speaker was taken to be, and why."""

    speaker: Speaker
    derivation: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """A published event: its exact text, and what was understood of it.

    `text` is the one truth. Header fields, narration, marks and turns are spans of it that share no
    character and together hold every character that is not blank. `marks` are signs of the layout,
    such as the end of a bold stretch or a time stamp. `certainty` lies in [0, 1]: how far the
    reader trusts what it understood.
    """

    id: str
    text: str = field(repr=False)
    header: tuple[HeaderField, ...] = field(repr=False)
    narration: tuple[Span, ...] = field(repr=False)
    turns: tuple[Turn, ...] = field(repr=False)
    exchanges: tuple[Exchange, ...] = field(repr=False)
    statements: tuple[Turn, ...] = field(repr=False)
    metadata: Metadata = Metadata()
    marks: tuple[Span, ...] = field(default=(), repr=False)
    layouts: tuple[LayoutUse, ...] = ()
    cast: tuple[Casting, ...] = field(default=(), repr=False)
    certainty: float = 0.0
    remarks: tuple[Remark, ...] = field(default=(), repr=False)

    @property
    def title(self) -> str | None:
        """The published title."""
        return _value(self.metadata.title)

    @property
    def event(self) -> str | None:
        """The event, in the source's own words."""
        return _value(self.metadata.event)

    @property
    def date(self) -> Fact | None:
        """The day of the event, as far as it is known, with how that was found out."""
        return self.metadata.date

    @property
    def url(self) -> str | None:
        """Where the transcript was published."""
        return _value(self.metadata.url)

    @property
    def publisher(self) -> str | None:
        """Who published it."""
        return _value(self.metadata.publisher)

    @property
    def is_citable(self) -> bool:
        """Whether an official speaks in it, so that there are words to cite."""
        return any(turn.role is Role.OFFICIAL for turn in self.turns)


def _value(fact: Fact | None) -> str | None:
    return fact.value if fact else None


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
class CatalogueEntry:
    """What a collection tells of one transcript without opening it.

    `date` is in EDTF, see `Fact`. `speakers` are all who speak, in the order of their first turns.
    `place` is the file it was read from. What the source does not say is None.
    """

    id: str
    title: str | None
    event: str | None
    date: str | None
    url: str | None
    publisher: str | None
    speakers: tuple[Speaker, ...]
    exchanges: int
    passages: int
    characters: int
    place: str = ""

    @property
    def outlets(self) -> tuple[str, ...]:
        """The outlets whose journalists speak, in the order of their first turns."""
        return tuple(dict.fromkeys(s.outlet for s in self.speakers if s.outlet))


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file that is left out because its text is that of another transcript, blanks aside."""

    place: str
    twin: str


@dataclass(frozen=True, slots=True)
class SameEvent:
    """Two transcripts, both kept, of one date and with mostly the same official sentences.

    `share` is how much of the shorter one's sentences stand in the other, in [0, 1].
    """

    id: str
    other: str
    share: float


@dataclass(frozen=True, slots=True)
class Report:
    """What opening or changing a collection did to it.

    `added`, `changed` and `removed` are transcript ids, in order. `embedded` counts the passages
    that were embedded. `problems` tells of every file that can't be read or used as it is.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    embedded: int = 0
    duplicates: tuple[Duplicate, ...] = ()
    same_events: tuple[SameEvent, ...] = ()
    problems: tuple[str, ...] = ()
