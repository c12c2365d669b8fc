"""Read a PDF with a text layer: its lines, joined to paragraphs again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from qa_bot.adapters.pdf_lines import PdfLine, read_lines
from qa_bot.adapters.typeset import Line, Run, line_of, typeset
from qa_bot.errors import TranscriptError
from qa_bot.records import Document

#: Running heads and page numbers stand in this share of the page at its top and its foot.
_MARGIN: Final = 0.12
#: A head is running when it stands on this many pages and on this share of them.
_FEWEST_PAGES: Final = 3
_MOST_PAGES: Final = 0.6
#: A page number alone need not stand on so many.
_FEWEST_NUMBERED: Final = 2
_DIGITS: Final = re.compile(r"\d+")
_PAGE_NUMBER: Final = re.compile(r"\W*(第\s*)?#(\s*页)?(\W*(共\s*)?#(\s*页)?)?\W*")
_LONGEST_NUMBER: Final = 20
_LABEL_END: Final = ("：", ":")
#: In multiples of the font's size: what makes an indent, and how a line's height may vary.
_INDENT: Final = 0.7
_SPACING: Final = 1.3
_SIZE: Final = 1.15
_UNEXPLAINED: Final = 0.05
_UNREADABLE: Final = re.compile(r"[\ufffd\ue000-\uf8ff]")
_SENTENCE_END: Final = re.compile(r"[。！？…!?.][”’」』）)\"']*$")
_LABEL: Final = re.compile(r"[^，。！？,!?]{1,24}[：:](?!//)")
_WIDE: Final = re.compile(
    r"[\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class _Column:
    """Where the text's edges are and how far its lines lie apart, in points.

    `indents` is true where paragraphs begin with an indent.
    """

    left: float
    right: float
    pitch: float
    indents: bool


def read_pdf(content: bytes, max_chars: int) -> Document:
    """Return the text of a PDF, one paragraph a line, without page numbers and running heads.

    Raises `TranscriptError` when it is damaged, locked, too long, or has no usable text layer.
    """
    lines = read_lines(content, max_chars)
    if not lines:
        raise TranscriptError("the PDF holds pictures of pages and no text; run OCR first")
    text = "".join(line.text for line in lines)
    if len(_UNREADABLE.findall(text)) > _UNEXPLAINED * len(text):
        raise TranscriptError("the PDF's fonts do not say which characters they show; run OCR first")
    kept = tuple(_body(lines)) or lines
    return typeset(_joined(paragraph) for paragraph in _paragraphs(kept))


def _body(lines: Sequence[PdfLine]) -> Iterator[PdfLine]:
    """Yield the lines without page numbers and running heads."""
    pages = len({line.page for line in lines})
    seen = Counter({_form(line): 0 for line in lines})
    seen.update(form for form, _ in {(_form(line), line.page) for line in lines})
    for line in lines:
        form = _form(line)
        alike = seen[form]
        numbered = alike >= _FEWEST_NUMBERED and _is_page_number(form[0])
        running = alike >= max(_FEWEST_PAGES, _MOST_PAGES * pages)
        if not (_is_marginal(line) and (numbered or running)):
            yield line


def _form(line: PdfLine) -> tuple[str, int, int]:
    """Return what the same line on another page shares with this one."""
    return _DIGITS.sub("#", line.text), round(line.base / 4), round(line.size)


def _is_page_number(form: str) -> bool:
    return len(form) <= _LONGEST_NUMBER and bool(_PAGE_NUMBER.fullmatch(form))


def _is_marginal(line: PdfLine) -> bool:
    at_edge = not _MARGIN * line.height < line.base < (1 - _MARGIN) * line.height
    return at_edge and not line.text.endswith(_LABEL_END)


def _paragraphs(lines: Sequence[PdfLine]) -> Iterator[list[PdfLine]]:
    column = _column(lines)
    paragraph = [lines[0]]
    for above, below in pairwise(lines):
        if not _goes_on(above, below, column):
            yield paragraph
            paragraph = []
        paragraph.append(below)
    yield paragraph


def _column(lines: Sequence[PdfLine]) -> _Column:
    gaps = [
        above.base - below.base
        for above, below in pairwise(lines)
        if above.page == below.page and 0 < above.base - below.base < 4 * above.size
    ]
    left = Counter(round(line.left) for line in lines).most_common(1)[0][0]
    inward = [line.left > left + _INDENT * line.size for line in lines]
    steps = Counter(pairwise(inward))
    return _Column(
        left=left,
        right=max(line.right for line in lines),
        pitch=median(gaps) if gaps else 0.0,
        # Two lines in a row that stand inward may be a quotation; then one above a flush line is rare.
        indents=steps[True, False] >= steps[True, True],
    )


def _goes_on(above: PdfLine, below: PdfLine, column: _Column) -> bool:
    """Return whether a line goes on with the paragraph of the line above it."""
    if column.right - above.right > below.word + _INDENT * above.size:
        return False
    edge = column.left if column.indents else above.left
    if below.left > edge + _INDENT * above.size:
        return False
    gap = above.base - below.base
    if above.page == below.page and not 0 < gap < _SPACING * column.pitch:
        return False
    if not 1 / _SIZE < above.size / below.size < _SIZE:
        return False
    return not (_SENTENCE_END.search(above.text) and _LABEL.match(below.text))


def _joined(paragraph: Sequence[PdfLine]) -> Line:
    """Join the lines of a paragraph; a line break between Latin words becomes a blank."""
    runs = list(_runs(paragraph[0].line))
    for above, below in pairwise(paragraph):
        if _is_parted(above.text, below.text):
            runs.append(Run(" "))
        runs += _runs(below.line)
    return line_of(runs)


def _is_parted(above: str, below: str) -> bool:
    return not (above.endswith("-") or _WIDE.match(above[-1]) or _WIDE.match(below[0]))


def _runs(line: Line) -> Iterator[Run]:
    start = 0
    for span in line.bold:
        yield Run(line.text[start : span.start])
        yield Run(span.of(line.text), bold=True)
        start = span.end
    yield Run(line.text[start:])
