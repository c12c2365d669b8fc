"""Read the lines of a PDF's pages, each with where it stands."""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from qa_bot.adapters.typeset import Line, Run, line_of
from qa_bot.errors import TranscriptError

#: PDFium may be used by one thread at a time.
_PDFIUM: Final = threading.Lock()
_PASSWORD_ERRORS: Final = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
#: PDFium's sign for a hyphen at the end of a line.
_HYPHEN: Final = 2
_BREAKS: Final = frozenset({10, 13})
_BOLD: Final = 600
_BOLD_NAME: Final = re.compile(rb"bold|black|heavy", re.IGNORECASE)
_NAME_BYTES: Final = 128
_NO_CHARACTERS: Final = frozenset({0x7F, 0xFFFE, 0xFFFF})
_SURROGATES: Final = re.compile(r"[\ud800-\udfff]")
_WORD: Final = re.compile(r"[\u0021-\u024f\u2018-\u201f\u2026]+")


@dataclass(frozen=True, slots=True)
class _Box:
    """How far a character reaches."""

    left: float
    right: float


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line of a page: all lengths are in points, `base` is counted from below.

    `word` is the width of its first word, or of its first character where words aren't parted;
    `height` is that of the page.
    """

    line: Line
    page: int
    left: float
    right: float
    base: float
    size: float
    word: float
    height: float

    @property
    def text(self) -> str:
        """The characters of the line."""
        return self.line.text


def read_lines(content: bytes, max_chars: int) -> tuple[PdfLine, ...]:
    """Return the lines of all pages, in the order in which the file draws them.

    Raises `TranscriptError` when the file is damaged, locked, or longer than `max_chars`.
    """
    with _PDFIUM:
        try:
            return tuple(_lines(content, max_chars))
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) in _PASSWORD_ERRORS:
                raise TranscriptError("the PDF is locked; save a copy without password") from error
            raise TranscriptError("the PDF is damaged; print it to a new PDF and use that") from error


def _lines(content: bytes, max_chars: int) -> Iterator[PdfLine]:
    left = max_chars
    with closing(pypdfium2.PdfDocument(content)) as document:
        for number in range(len(document)):
            with closing(document[number]) as page, closing(page.get_textpage()) as text:
                left -= pdfium.FPDFText_CountChars(text)
                if left < 0:
                    raise TranscriptError(f"the PDF holds more than {max_chars:,} characters; split it")
                yield from _page_lines(text, number, page.get_height())


def _page_lines(text: pypdfium2.PdfTextPage, number: int, height: float) -> Iterator[PdfLine]:
    units = [pdfium.FPDFText_GetUnicode(text, i) for i in range(pdfium.FPDFText_CountChars(text))]
    start = 0
    for end in range(len(units) + 1):
        if end == len(units) or units[end] in _BREAKS:
            places = [place for place in range(start, end) if not chr(units[place]).isspace()]
            if places:
                yield _line(text, units, range(places[0], places[-1] + 1), number, height)
            start = end + 1


def _line(
    text: pypdfium2.PdfTextPage, units: list[int], places: range, number: int, height: float
) -> PdfLine:
    chars = [_character(units[place]) for place in places]
    weights = [_is_bold(text, place) for place in places]
    runs = (
        Run("".join(char for char, _ in run), bold)
        for bold, run in groupby(zip(chars, weights, strict=True), key=itemgetter(1))
    )
    first, last = _box(text, places[0]), _box(text, places[-1])
    word = _box(text, places[_first_word(chars) - 1])
    return PdfLine(
        line=_paired(line_of(runs)),
        page=number,
        left=first.left,
        right=last.right,
        base=_baseline(text, places[0]),
        size=pdfium.FPDFText_GetFontSize(text, places[0]),
        word=word.right - first.left,
        height=height,
    )


def _character(unit: int) -> str:
    """Return a character, with U+FFFD for what the font does not explain."""
    if unit == _HYPHEN:
        return "-"
    return chr(unit) if unit >= ord(" ") and unit not in _NO_CHARACTERS else "\ufffd"


def _paired(line: Line) -> Line:
    """Join surrogates, which PDFium gives one by one, to the characters that they stand for."""
    if not _SURROGATES.search(line.text):
        return line
    return Line(line.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _first_word(chars: list[str]) -> int:
    """Return how many characters the first word has; words of Chinese have one."""
    word = _WORD.match("".join(chars))
    return max(1, word.end() if word else 1)


def _is_bold(text: pypdfium2.PdfTextPage, place: int) -> bool:
    if pdfium.FPDFText_GetFontWeight(text, place) >= _BOLD:
        return True
    name, flags = ctypes.create_string_buffer(_NAME_BYTES), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text, place, name, _NAME_BYTES, ctypes.byref(flags))
    return bool(_BOLD_NAME.search(name.value))


def _box(text: pypdfium2.PdfTextPage, place: int) -> _Box:
    rect = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text, place, ctypes.byref(rect))
    return _Box(rect.left, rect.right)


def _baseline(text: pypdfium2.PdfTextPage, place: int) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text, place, ctypes.byref(x), ctypes.byref(y))
    return y.value
