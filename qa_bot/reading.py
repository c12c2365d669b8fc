"""Lay out a page: whose words each of its lines are, and which are the header's, a note's or nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from qa_bot.furniture import is_furniture, is_note, is_section
from qa_bot.page import Line, Page
from qa_bot.records import Role, Span, Speaker, Turn
from qa_bot.settling import Settled, Verdict
from qa_bot.text import trimmed

#: An opening paragraph tells of the event itself, or somebody tells it of the official.
_TOLD: Final = re.compile(
    r"(?:举行|舉行|主持|召开|召開|举办|出席|参加).{0,30}(?:记者会|記者會|发布会|招待会|吹风会|见面会|茶敘|座谈会)|(?:记者会|記者會|发布会|招待会|吹风会).{0,12}(?:举行|召开)|"
    r"答记者问|回答.{0,10}提问|记者.{0,8}(?:报道|电|讯)|(?:以下|下面|如下)(?:是|为)|(?:表示|指出|强调|介绍|说|称|透露)[，,。：:]|press (?:conference|briefing)|answered questions",
    re.IGNORECASE,
)
_ENDS_A_SENTENCE: Final = re.compile(
    r"[。！？.!?；;：:，,、…”」』）)—-]\s*(?:[\[（(【][^\]）)】]*[\]）)】])?[*_]*\s*$"
)
_FIRST_PERSON: Final = re.compile(
    r"大家|各位|我们|我|下面|中方|将于|应.{2,30}邀请|受权|宣布|今天|at the invitation|announce|will|we\b|I\b|good (?:morning|afternoon|evening)",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(
    r"(?:[一二三四五六七八九十]+、|\d{1,2}[.、．]|（[一二三四五六七八九十]+）|第[一二三四五六七八九十]+[，：])"
)
_QUOTING: Final = re.compile(r".(?:回答|说|說|答道|问道|接着问|记者问|表示)$")
_THANKS: Final = re.compile(r"谢|謝|thank|再见|再見", re.IGNORECASE)
_MAX_HEADING_CHARS: Final = 30
_NOWHERE: Final = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Laid:
    """What a page was found to hold."""

    turns: tuple[Turn, ...]
    narration: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A line, the labels that begin in it, and what follows it.

    `is_last` tells that a label or the end of the text follows, `ends_page` that nothing but lines
    like it follow: short ones without a full stop.
    """

    line: Line
    labels: tuple[Settled, ...]
    is_last: bool
    before_question: bool
    ends_page: bool


def lay_out(
    page: Page, settled: Sequence[Settled], end: int, headers: frozenset[Span], opening: Speaker | None
) -> Laid:
    """Return the turns and the narration of a page.

    `headers` are the lines of the header, `end` is the number of the first line of the page's closing
    furniture. Where an official speaks before any label, `opening` is whom the words belong to.
    """
    builder = _Builder(page, opening, posts=_are_posts(page, settled))
    closing = page.lines[end].span.start if end < len(page.lines) else len(page.text)
    for row in _rows(page, settled):
        if row.line.span in headers:
            builder.pause()
        elif row.line.span.start >= closing:
            builder.end()
            builder.narration.append(row.line.span)
        else:
            builder.read(row)
    builder.end()
    return Laid(tuple(builder.turns), tuple(sorted(builder.narration)))


@dataclass(slots=True)
class _Builder:
    """The block of words that is open while a page is read: one speaker's, or nobody's.

    `punctuated` tells that all of its lines end in full stops or the like.
    """

    page: Page
    opening: Speaker | None
    posts: bool
    turns: list[Turn] = field(default_factory=list)
    narration: list[Span] = field(default_factory=list)
    speaker: Speaker | None = None
    label: Span = _NOWHERE
    words: list[Span] = field(default_factory=list)
    punctuated: bool = True
    closed: bool = False
    parted: bool = False

    def read(self, row: _Row) -> None:
        """Add one line to the block it belongs to."""
        line, labels = row.line, row.labels
        first = labels[0].label.span.start if labels else line.core.end
        before = trimmed(self.page.text, Span(line.core.start, max(line.core.start, first)))
        if len(before):
            self._unlabelled(before, row)
        elif not labels and line.stamped:
            self.pause()
        for current, following in zip_longest(labels, labels[1:]):
            stop = following.label.span.start if following else line.core.end
            self._begin(current, trimmed(self.page.text, _between(current.label.span.end, stop)))
        if self.posts and line.stamped and self.speaker is not None:
            self.closed = True

    def pause(self) -> None:
        """Note that something else stands between the words so far and those to come."""
        self.parted = bool(self.words)

    def end(self) -> None:
        """Close the block that is open; nobody's words follow."""
        self._open(None, _NOWHERE)

    def _open(self, speaker: Speaker | None, label: Span) -> None:
        if self.speaker is None:
            self.narration += self.words
        elif self.words or len(self.label):
            end = self.label.end
            words = Span(self.words[0].start, self.words[-1].end) if self.words else Span(end, end)
            self.turns.append(Turn(self.speaker, self.label, words))
        self.speaker, self.label, self.words = speaker, label, []
        self.punctuated = True
        self.closed = self.parted = False

    def _begin(self, settled: Settled, words: Span) -> None:
        """Open the block of a label."""
        self._open(settled.speaker, settled.label.span)
        if settled.verdict is not Verdict.SPEAKER:
            self.narration.append(settled.label.span)
        if len(words):
            self._append(words)
            # In a news story 他回答：“……” quotes, and the story goes on below.
            told = _QUOTING.search(settled.label.name) and words.of(self.page.text)[0] in '“「"'
            self.closed = bool(told)

    def _unlabelled(self, words: Span, row: _Row) -> None:
        """Add words that no label stands before."""
        told = words.of(self.page.text)
        whole = not row.labels
        if self.closed or (whole and self._is_heading(told, row)):
            self._narrate(words)
        elif whole and is_section(told):
            self.end()
            self.narration.append(words)
        elif whole and (is_note(told) or is_furniture(told) or row.line.heading):
            self._note(words, row)
        elif self.speaker is None and self.opening and not self.turns and _opens(told):
            self._open(self.opening, Span(words.start, words.start))
            self._append(words)
        else:
            self._add(words)

    def _add(self, words: Span) -> None:
        """Add words to the block; behind something told in between, the speaker goes on in a new turn."""
        if self.parted and self.speaker is not None:
            self._open(self.speaker, Span(words.start, words.start))
        self._append(words)

    def _append(self, words: Span) -> None:
        self.words.append(words)
        # Kept up rather than asked of all words again: a page may end in thousands of headings.
        ends = _ENDS_A_SENTENCE.search(words.of(self.page.text))
        self.punctuated = self.punctuated and bool(ends)

    def _narrate(self, words: Span) -> None:
        self.narration.append(words)
        self.pause()

    def _note(self, words: Span, row: _Row) -> None:
        """Leave a note out of the words around it; only a question is not parted by one."""
        asking = self.speaker is not None and self.speaker.role is Role.JOURNALIST
        if asking and self.words and not row.is_last:
            self._add(words)
        else:
            self._narrate(words)

    def _is_heading(self, told: str, row: _Row) -> bool:
        """Tell whether a short line without a full stop heads the questions below it, or ends the page."""
        after_words = self.speaker is not None and bool(self.words)
        short = len(told) <= _MAX_HEADING_CHARS and not _THANKS.search(told)
        # Where the speaker's other lines end in full stops, one without is not theirs.
        heads = row.before_question or (row.ends_page and self.punctuated)
        return heads and after_words and short and not _ENDS_A_SENTENCE.search(told)


def _between(start: int, stop: int) -> Span:
    return Span(start, max(start, stop))


def _opens(told: str) -> bool:
    """Tell whether a paragraph above the first label is said at the event, and not told of it."""
    sentence = bool(re.search(r"[。！？.!?；;：:”」）)]\s*$", told)) and len(told) > 8
    return (
        sentence
        and not _TOLD.search(told)
        and bool(_FIRST_PERSON.search(told) or _NUMBERED.match(told))
    )


def _rows(page: Page, settled: Sequence[Settled]) -> Iterator[_Row]:
    """Yield each line with the labels that begin in it."""
    found: list[tuple[Line, tuple[Settled, ...]]] = []
    begin = 0
    for line in page.lines:
        end = begin
        while end < len(settled) and settled[end].label.span.start < line.span.end:
            end += 1
        found.append((line, tuple(settled[begin:end])))
        begin = end
    rows: list[_Row] = []
    is_last = ends_page = True
    after: tuple[Settled, ...] = ()
    for line, labels in reversed(found):
        asked = bool(after and after[0].speaker and after[0].speaker.role is Role.JOURNALIST)
        words = page.words(line)
        ends_page = ends_page and not labels and not _ENDS_A_SENTENCE.search(words)
        rows.append(_Row(line, labels, is_last, asked, ends_page))
        passed_over = not words or is_note(words)
        is_last = bool(labels) or (is_last and passed_over)
        after = labels
    return reversed(rows)


def _are_posts(page: Page, settled: Sequence[Settled]) -> bool:
    """Tell whether most bracketed labels begin a post that ends with a time stamp."""
    marked = [each.label.span.start for each in settled if each.label.layout == "bracketed"]
    stamped = sum(page.lines[page.line_of(start)].stamped for start in marked)
    return bool(marked) and 2 * stamped > len(marked)
