"""Join lines and their typographic hints to a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qa_bot.records import Document, Metadata, Span


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a line in one weight."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document with the stretches of it that are bold."""

    text: str
    bold: tuple[Span, ...] = ()
    heading: bool = False


def line_of(runs: Iterable[Run], *, heading: bool = False) -> Line:
    """Join the runs of a line; bold runs that only blanks part are one stretch."""
    text, bold = "", list[Span]()
    for run in runs:
        span = _inked(run.text, len(text))
        text += run.text
        if not run.bold or not span:
            continue
        if bold and not text[bold[-1].end : span.start].strip():
            bold[-1] = Span(bold[-1].start, span.end)
        else:
            bold.append(span)
    return Line(text, tuple(bold), heading)


def typeset(lines: Iterable[Line], stated: Metadata | None = None) -> Document:
    """Return the document whose text is these lines."""
    kept = tuple(lines)
    starts = tuple(_starts(kept))
    return Document(
        "\n".join(line.text for line in kept),
        bold=tuple(
            Span(start + span.start, start + span.end)
            for start, line in zip(starts, kept, strict=True)
            for span in line.bold
        ),
        headings=tuple(
            span
            for start, line in zip(starts, kept, strict=True)
            if line.heading and (span := _inked(line.text, start))
        ),
        stated=stated or Metadata(),
    )


def _starts(lines: Iterable[Line]) -> Iterator[int]:
    start = 0
    for line in lines:
        yield start
        start += len(line.text) + 1


def _inked(text: str, offset: int) -> Span | None:
    """Return where a text stands without the blanks around it."""
    inked = text.strip()
    if not inked:
        return None
    start = offset + text.index(inked)
    return Span(start, start + len(inked))
