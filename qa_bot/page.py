"""A document's lines as the reader sees them: their words, and the marks of the layout around them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qa_bot.records import Document, Span
from qa_bot.text import line_spans

#: `10:37`, `[10:37]`, `2023-01-18 10:05:32`: when something was said or posted.
_TIME: Final = r"[\[［(（【]?\s*(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*)?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?\s*[\]］)）】]?"
_STAMP: Final = re.compile(_TIME)
_BULLET: Final = r"[■□●○◎▲△▪•◆◇★☆►▶➤※]+|[-*+>](?=\s)"
_BEFORE: Final = re.compile(
    rf"(?:#{{1,6}}(?=.)|\*{{2,3}}|__|{_BULLET}|{_TIME}(?=\s*[\[【［\w\u4e00-\u9fff])|\s)+"
)
_AFTER: Final = re.compile(
    r"(?:\*{2,3}|__|#{1,6}|(?<=\s)\||(?<=\s)\d{1,2}:\d{2}:\d{2}|(?<=[。！？”」]\s)\d{1,2}:\d{2}|[\[［(（【]\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?\s*[\]］)）】]|\s)+$"
)
#: Marks at the end of a line are looked for among so many characters.
_NEAR_END: Final = 80
_RULE: Final = re.compile(r"[-—_=*·.。…＊#\s]{3,}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank: `span` is all of it, `core` leaves out the marks at its ends.

    `set_off` tells that the whole line is bold or a heading. `stamped` tells that it ends with a
    time stamp.
    """

    span: Span
    core: Span
    bold: bool
    heading: bool
    stamped: bool

    @property
    def set_off(self) -> bool:
        """Whether the typography sets the whole line off from the others."""
        return self.bold or self.heading


@dataclass(frozen=True, slots=True)
class Page:
    """A document cut into lines; a line without words has an empty core."""

    text: str
    lines: tuple[Line, ...]

    def words(self, line: Line) -> str:
        """Return the words of a line, without the marks around them."""
        return line.core.of(self.text)

    def line_of(self, position: int) -> int:
        """Return the number of the line in which a position lies."""
        return max(0, bisect_right(self.lines, position, key=lambda line: line.span.start) - 1)


def page_of(document: Document) -> Page:
    """Cut a document into lines and find the marks around their words."""
    text = document.text
    front_end = document.front_matter.end if document.front_matter else 0
    spans = [span for span in line_spans(text) if span.start >= front_end]
    return Page(text, tuple(_line(document, span) for span in spans))


def _line(document: Document, span: Span) -> Line:
    words = span.of(document.text)
    if _STAMP.fullmatch(words) or _RULE.fullmatch(words):
        return Line(span, Span(span.start, span.start), False, False, bool(_STAMP.fullmatch(words)))
    before, after = _BEFORE.match(words), _AFTER.search(words[-_NEAR_END:])
    start = span.start + (before.end() if before else 0)
    end = span.end - (len(after[0]) if after else 0)
    core = Span(start, max(start, end))
    return Line(
        span,
        core,
        bold=_covered(document.bold, core) or _is_bold(words),
        heading=_covered(document.headings, core)
        or bool(re.match(r"#{1,6}\s|\*\*\w[^*.。]{0,80}$", words)),
        stamped=bool(after and re.search(r"\d", after[0])),
    )


def _is_bold(words: str) -> bool:
    return bool(re.fullmatch(r"\s*(\*\*|__)(?:(?!\1).)+\1\s*", words))


def _covered(stretches: Sequence[Span], core: Span) -> bool:
    """Tell whether one marked stretch holds a whole line, a mark or two at its ends left out."""
    following = bisect_left(stretches, core.start + 1, key=lambda stretch: stretch.start)
    near = stretches[max(0, following - 1) : following + 2]
    return bool(len(core)) and any(
        stretch.start <= core.start + 1 and stretch.end >= core.end - 1 for stretch in near
    )
