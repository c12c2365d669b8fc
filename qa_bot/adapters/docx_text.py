"""Read a Word file: its paragraphs in order, wherever they stand."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from qa_bot.adapters.typeset import Line, Run, line_of, typeset
from qa_bot.errors import TranscriptError
from qa_bot.records import Document, Fact, Metadata

#: How large the parts that are read may be once unpacked.
MAX_PART_BYTES: Final = 64 * 1024 * 1024
_MOST_TAGS: Final = 1_500_000
_BODY: Final = "word/document.xml"
_BROKEN: Final = "the .docx file is damaged; open it in a word processor and save it again"
#: What reading a damaged or encrypted archive may raise.
_FAULTS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    EOFError,
    KeyError,
)
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT_W: Final = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TITLE: Final = "{http://purl.org/dc/elements/1.1/}title"
#: Deleted or moved away while changes were tracked, set above the line as a reading aid, or no text.
_UNREAD: Final = frozenset(
    _W + name
    for name in "del moveFrom instrText delText delInstrText rPr pPr sectPr rt tblPr trPr tcPr sdtPr".split()
)
_BREAKS: Final = frozenset({_W + "br", _W + "cr"})
_SIGNS: Final = {_W + "tab": "\t", _W + "noBreakHyphen": "\u2011", _W + "softHyphen": "\u00ad"}
_TEXTS: Final = frozenset({_W + "t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"})
_LEAVES: Final = _BREAKS | _SIGNS.keys() | _TEXTS
_HEADING: Final = re.compile(r"(heading|标题|標題)\s*\d|title|标题|標題", re.IGNORECASE)
#: What word processors write into a file that nobody gave a title.
_NO_TITLE: Final = re.compile(
    r"(microsoft )?word( document| 文档| 文件)?|(microsoft )?word - .*|document\d*|文档\s*\d*|"
    r"文件\s*\d*|无标题|無標題|untitled( document)?|normal|title|标题|powerpoint presentation|.*\.docx?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style says of its paragraphs or runs; None leaves it to the style that it is based on."""

    bold: bool | None = None
    heading: bool = False
    base: str | None = None


_Styles = Mapping[str, _Style]


def read_docx(content: bytes) -> Document:
    """Return the paragraphs of a Word file, one a line, with tables and text boxes in their place.

    Raises `TranscriptError` when it is damaged, encrypted, too large or empty.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            body = _part(package, _BODY)
            styles = _part(package, "word/styles.xml")
            core = _part(package, "docProps/core.xml")
    except _FAULTS as error:
        raise TranscriptError(_BROKEN) from error
    if body is None:
        raise TranscriptError(_BROKEN)
    lines = tuple(_lines(body, _styles_of(styles)))
    if not any(line.text.strip() for line in lines):
        raise TranscriptError("the .docx file holds no text; pictures of text need OCR first")
    return typeset(lines, Metadata(title=_title(core)))


def _part(package: zipfile.ZipFile, name: str) -> etree._Element | None:
    """Return one part of the file as a tree, or None when it has none of that name."""
    if name not in package.namelist():
        return None
    with package.open(name) as stream:
        source = stream.read(MAX_PART_BYTES + 1)
    if len(source) > MAX_PART_BYTES or source.count(b"<") > _MOST_TAGS:
        raise TranscriptError(
            "the .docx file unpacks to more than any transcript; save its text as .txt"
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(source.replace(_STRICT_W[1:-1].encode(), _W[1:-1].encode()), parser)
    except etree.LxmlError as error:
        raise TranscriptError(_BROKEN) from error


def _styles_of(root: etree._Element | None) -> _Styles:
    styles = root.iter(_W + "style") if root is not None else ()
    return {style.get(_W + "styleId") or "": _style(style) for style in styles}


def _style(style: etree._Element) -> _Style:
    name = _value(style, "name") or ""
    heading = bool(_HEADING.fullmatch(name)) or style.find(f"{_W}pPr/{_W}outlineLvl") is not None
    return _Style(_switch(style.find(f"{_W}rPr/{_W}b")), heading, _value(style, "basedOn"))


def _chain(name: str | None, styles: _Styles) -> Iterator[_Style]:
    """Yield a style and those that it is based on."""
    seen = set[str]()
    while name and name in styles and name not in seen:
        seen.add(name)
        yield styles[name]
        name = styles[name].base


def _value(element: etree._Element | None, path: str) -> str | None:
    """Return the value of a property, given by its name or the names on the way to it."""
    found = None if element is None else element.find("/".join(_W + step for step in path.split("/")))
    return None if found is None else found.get(_W + "val")


def _switch(element: etree._Element | None) -> bool | None:
    return None if element is None else element.get(_W + "val") not in {"0", "false", "off"}


def _lines(element: etree._Element, styles: _Styles) -> Iterator[Line]:
    for child in element:
        if child.tag == _W + "p":
            yield from _paragraph(child, styles)
        elif child.tag not in _UNREAD and child.tag != _FALLBACK:
            yield from _lines(child, styles)


def _paragraph(paragraph: etree._Element, styles: _Styles) -> Iterator[Line]:
    """Yield a paragraph's lines, then those of the text boxes that hang on it."""
    style = tuple(_chain(_value(paragraph, "pPr/pStyle"), styles))
    level = _value(paragraph, "pPr/outlineLvl")
    heading = level in set("012345678") or any(step.heading for step in style)
    runs, boxes = list[Run](), list[etree._Element]()
    for run in _runs(paragraph, boxes, styles, _first(step.bold for step in style)):
        if run is None:
            yield line_of(runs, heading=heading)
            runs.clear()
        else:
            runs.append(run)
    yield line_of(runs, heading=heading)
    for box in boxes:
        yield from _lines(box, styles)


def _runs(
    element: etree._Element, boxes: list[etree._Element], styles: _Styles, bold: bool
) -> Iterator[Run | None]:
    """Yield the runs below an element, None for a line break, and put its text boxes aside."""
    for child in element:
        if child.tag in _LEAVES:
            yield _leaf(child, bold)
        elif child.tag == _W + "txbxContent":
            boxes.append(child)
        elif child.tag == _W + "r":
            if not _switch(child.find(f"{_W}rPr/{_W}vanish")):
                yield from _runs(child, boxes, styles, _weight(child, styles, bold))
        elif child.tag not in _UNREAD and child.tag != _FALLBACK:
            yield from _runs(child, boxes, styles, bold)


def _leaf(element: etree._Element, bold: bool) -> Run | None:
    if element.tag in _BREAKS:
        return None
    return Run(_SIGNS.get(element.tag) or re.sub(r"[\r\n]+", " ", element.text or ""), bold)


def _weight(run: etree._Element, styles: _Styles, bold: bool) -> bool:
    """Return whether a run is bold: by itself, by its style, or as its paragraph is."""
    own = _switch(run.find(f"{_W}rPr/{_W}b"))
    style = (step.bold for step in _chain(_value(run, "rPr/rStyle"), styles))
    return _first((own, *style, bold))


def _first(answers: Iterable[bool | None]) -> bool:
    return next((answer for answer in answers if answer is not None), False)


def _title(core: etree._Element | None) -> Fact | None:
    """Return the title that somebody gave the file, not one that a word processor made up."""
    element = None if core is None else core.find(_TITLE)
    title = (element.text or "").strip() if element is not None else ""
    return Fact(title, "the file's title") if title and not _NO_TITLE.fullmatch(title) else None
