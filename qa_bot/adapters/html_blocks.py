"""Cut a page into the lines that a browser would show, each with the element that holds it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final, cast

from lxml import etree

from qa_bot.adapters.typeset import Line, Run, line_of
from qa_bot.errors import TranscriptError
from qa_bot.records import Span

#: What is never shown, is no text, or is struck out.
_UNREAD: Final = frozenset(
    "script style noscript template head title iframe object svg math canvas audio video select "
    "textarea datalist rt rp del s strike".split()
)
_INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data dfn em font i img input ins kbd label mark nobr "
    "q rb rtc ruby samp small span strong sub sup time tt u var wbr".split()
)
_BOLD: Final = frozenset({"b", "strong"})
_BOLD_STYLE: Final = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.IGNORECASE)
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
#: No browser shows these.
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ENDS: Final = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_PREFORMATTED: Final = frozenset({"pre", "plaintext", "xmp", "listing"})
_MOST_TAGS: Final = 500_000
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
#: Between two of these a line break of the source is no blank (CSS Text 3, section 4.1.3).
_WIDE: Final = re.compile(
    r"[\u2e80-\u303f\u3041-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A line as a browser would show it, and where it stands in the page.

    `size` counts the characters that are not blank, `linked` those of them that are links.
    """

    line: Line
    home: etree._Element = field(repr=False, compare=False)
    size: int
    linked: int


@dataclass(slots=True)
class _Pen:
    """The line that is being written."""

    runs: list[tuple[Run, bool]] = field(default_factory=list)
    bold: int = 0
    link: int = 0
    heading: int = 0
    pre: int = 0


def parse_page(page: str) -> etree._Element:
    """Return the tree of a page; raises `TranscriptError` when it is large or nested beyond reason."""
    if page.count("<") > _MOST_TAGS:
        raise TranscriptError("the page is larger than any transcript; save its text as .txt")
    # What stands after </body> is shown by every browser, and the parser would lose it.
    source = _ENDS.sub("", _CONTROLS.sub("", page))
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        root = None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise TranscriptError("the page is nested too deeply to be read; save it as text")
    if root is None:
        raise TranscriptError("the page holds no text")
    return root


def blocks_of(
    root: etree._Element, unread: Collection[etree._Element] = frozenset()
) -> tuple[Block, ...]:
    """Return every line that an element shows, from top to bottom, without those to be left unread."""
    pen, found = _Pen(), list[Block]()
    for step, element in _steps(root, unread):
        tag = tag_of(element)
        parent = element.getparent()
        if tag not in _INLINE and tag not in _UNREAD:
            found += _flush(pen, parent if step == "start" else element)
        if tag not in _UNREAD and element not in unread:
            _press(pen, element, 1 if step == "start" else -1)
            if step == "start":
                found += _write(pen, element.text, element)
        if step == "end" and parent is not None and element is not root:
            found += _write(pen, element.tail, parent)
    return (*found, *_flush(pen, root))


def tag_of(element: etree._Element) -> str:
    """Return the name of an element."""
    return element.tag if isinstance(element.tag, str) else ""


def is_inline(element: etree._Element) -> bool:
    """Tell whether an element is a piece of a line."""
    return tag_of(element) in _INLINE


def _steps(
    root: etree._Element, unread: Collection[etree._Element]
) -> Iterator[tuple[str, etree._Element]]:
    walker = etree.iterwalk(root, events=("start", "end"))
    for step, element in walker:
        if step == "start" and (tag_of(element) in _UNREAD or element in unread):
            walker.skip_subtree()
        yield cast(str, step), element


def _press(pen: _Pen, element: etree._Element, step: int) -> None:
    tag = tag_of(element)
    pen.bold += step * (tag in _BOLD or bool(_BOLD_STYLE.search(element.get("style") or "")))
    pen.link += step * (tag == "a" and "href" in element.attrib)
    pen.heading += step * (tag in _HEADINGS)
    pen.pre += step * (tag in _PREFORMATTED)


def _write(pen: _Pen, text: str | None, home: etree._Element) -> Iterator[Block]:
    first, *others = (text or "").split("\n") if pen.pre else [text or ""]
    pen.runs.append((Run(first, pen.bold > 0), pen.link > 0))
    for other in others:
        yield from _flush(pen, home)
        pen.runs.append((Run(other, pen.bold > 0), pen.link > 0))


def _flush(pen: _Pen, home: etree._Element | None) -> Iterator[Block]:
    runs, pen.runs = pen.runs, []
    size = sum(_size(run.text) for run, _ in runs)
    if home is None or not size:
        return
    line = line_of((run for run, _ in runs), heading=pen.heading > 0)
    linked = sum(_size(run.text) for run, link in runs if link)
    yield Block(_unbroken(line) if pen.pre else _collapsed(line), home, size, linked)


def _size(text: str) -> int:
    return sum(map(len, text.split()))


def _unbroken(line: Line) -> Line:
    return Line(line.text.rstrip("\r"), line.bold, line.heading)


def _collapsed(line: Line) -> Line:
    """Collapse the blanks of the source as a browser does."""
    ends, removed, pieces, last = [0], [0], list[str](), 0
    for blank in _BLANKS.finditer(line.text):
        shown = _shown(blank)
        pieces += line.text[last : blank.start()], shown
        last = blank.end()
        ends.append(last)
        removed.append(removed[-1] + len(blank[0]) - len(shown))

    def moved(place: int) -> int:
        return place - removed[bisect_right(ends, place) - 1]

    bold = tuple(Span(moved(span.start), moved(span.end)) for span in line.bold)
    return Line("".join((*pieces, line.text[last:])), bold, line.heading)


def _shown(blank: re.Match[str]) -> str:
    text = blank.string
    if blank.start() == 0 or blank.end() == len(text):
        return ""
    between = _WIDE.match(text[blank.start() - 1]) and _WIDE.match(text[blank.end()])
    return "" if "\n" in blank[0] and between else " "
