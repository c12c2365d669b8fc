"""Turn files into documents: the exact text, its typographic hints and what is stated of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Final

from qa_bot.errors import TranscriptError
from qa_bot.records import Document, Span
from qa_bot.sidecars import with_front_matter, with_sidecar

MAX_FILE_BYTES: Final = 32 * 1024 * 1024
MAX_CHARS: Final = 5_000_000


class _Kind(Enum):
    TEXT = "text"
    HTML = "a web page"
    DOCX = "a Word file (.docx)"
    PDF = "a PDF"


_SUFFIXES: Final = {
    **dict.fromkeys((".txt", ".text", ".md", ".markdown"), _Kind.TEXT),
    **dict.fromkeys((".html", ".htm", ".xhtml"), _Kind.HTML),
    ".docx": _Kind.DOCX,
    ".pdf": _Kind.PDF,
}
#: The endings of the files that can be read.
SUFFIXES: Final = frozenset(_SUFFIXES)
_MEDIA_TYPES: Final = {
    "text/plain": _Kind.TEXT,
    "text/markdown": _Kind.TEXT,
    "text/html": _Kind.HTML,
    "application/xhtml+xml": _Kind.HTML,
    "application/pdf": _Kind.PDF,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _Kind.DOCX,
}
#: What other files begin with, and what to do with them.
_OTHERS: Final = (
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (.doc); open it and save it as .docx"),
    (rb"\{\\rtf", "a rich text file; open it in a word processor and save it as .docx"),
    (
        rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF.{4}WEBP|II\*\x00|MM\x00\*|BM.{4}\x00{4}|.{4}ftyp(heic|avif)",
        "a picture and no text; run OCR and save the text as .txt",
    ),
    (
        rb"(From: <Saved|MIME-Version: 1|Content-Type: multipart/related)",
        "a web archive; save it as HTML",
    ),
    (rb"\x1f\x8b|7z\xbc\xaf|Rar!", "an archive; unpack it"),
)
_CHARSET: Final = re.compile(r"charset\s*=\s*\"?([\w-]+)", re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
#: No encoding takes more bytes for a character.
_WIDEST: Final = 4
_HEAD: Final = 2048
_HTML: Final = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.{0,1000}?-->\s*)?<(!doctype\s+html|html|head)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAG: Final = re.compile(rb"<[a-zA-Z!/]")
_BOLD: Final = re.compile(
    r"(?<![\\*])\*\*(?=[^\s*])(?P<stars>[^*\n]+)(?<=[^\s\\])\*\*(?!\*)"
    r"|(?<![\\\w])__(?=[^\s_])(?P<lines>[^_\n]+)(?<=[^\s\\])__(?!\w)"
)
_HEADING: Final = re.compile(r"^#{1,6}[ \t\u3000]+(?P<title>.*)$", re.MULTILINE)


def read_document(path: Path) -> Document:
    """Read a file as a document, with what its front matter and its sidecar state.

    Raises `TranscriptError`, naming the file, when it can't be read as text of any kind.
    """
    try:
        if path.exists() and not path.is_file():
            raise TranscriptError("not a file")
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
        return with_sidecar(document_of(content, path.name), path)
    except OSError as error:
        raise TranscriptError(f"{path}: can't be read ({error.strerror})") from error
    except TranscriptError as error:
        raise TranscriptError(f"{path}: {error}") from error


def document_of(content: bytes, name: str, media_type: str | None = None) -> Document:
    """Return the document that some bytes hold.

    What they are is told by themselves, else by the media type (which may state a charset), else by
    the name's ending. Raises `TranscriptError` when that is nothing that can be read, or too much.
    """
    if len(content) > MAX_FILE_BYTES:
        raise TranscriptError(f"larger than {MAX_FILE_BYTES // 2**20} MiB; split it, or save its text")
    if not content.strip():
        raise TranscriptError("the file is empty")
    document = _READERS[_kind(content, name, media_type)](content, media_type)
    _check_length(len(document.text))
    return document


def _check_length(chars: int) -> None:
    if chars > MAX_CHARS:
        raise TranscriptError(f"more than {MAX_CHARS:,} characters of text; split it")


def _kind(content: bytes, name: str, media_type: str | None) -> _Kind:
    """Return what some bytes are; raises `TranscriptError` where that can't be read."""
    shown = _shown_kind(content)
    if shown:
        return shown
    said = _said_kind(name, media_type)
    if said in (_Kind.PDF, _Kind.DOCX):
        raise TranscriptError(f"it is called {said.value} and is none; see what made it")
    return _Kind.TEXT if said is _Kind.HTML and not _TAG.search(content) else said


def _shown_kind(content: bytes) -> _Kind | None:
    """Return what some bytes show themselves to be, or None where they could be any text."""
    head = content[:_HEAD]
    if b"%PDF-" in head[:1024]:
        return _Kind.PDF
    if head.startswith(b"PK\x03\x04"):
        if b"word/document.xml" in content:
            return _Kind.DOCX
        raise TranscriptError("an archive or an Office file of another kind; save it as .docx or .txt")
    what = next((what for sign, what in _OTHERS if re.match(sign, head, re.DOTALL)), None)
    if what:
        raise TranscriptError(what)
    # Without its zeros, UTF-16 reads like UTF-8 here.
    bare = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    return _Kind.HTML if _HTML.match(bare) else None


def _said_kind(name: str, media_type: str | None) -> _Kind:
    said = _MEDIA_TYPES.get((media_type or "").partition(";")[0].strip().lower())
    said = said or _SUFFIXES.get(Path(name).suffix.lower())
    if said is None:
        raise TranscriptError(
            f"files of this kind are not read; save it as one of {', '.join(_SUFFIXES)}"
        )
    return said


def _plain_document(content: bytes, media_type: str | None) -> Document:
    # Adapters are imported where they are needed: a folder of .txt files must not load the others.
    from qa_bot.adapters.encodings import decode, read_as

    _check_length(len(content) // _WIDEST)
    try:
        text = decode(content)
    except TranscriptError:
        charset = _CHARSET.search(media_type or "")
        stated = read_as(content, charset[1]) if charset else None
        if stated is None or _CONTROL.search(stated):
            raise
        text = stated
    return with_front_matter(_hinted(text))


def _hinted(text: str) -> Document:
    """Return a text with the stretches that Markdown's marks make bold or a heading."""
    bold = (Span(*match.span(match.lastgroup or 0)) for match in _BOLD.finditer(text))
    return Document(text, bold=tuple(bold), headings=tuple(_headings(text)))


def _headings(text: str) -> Iterator[Span]:
    for match in _HEADING.finditer(text):
        title = match["title"].rstrip()
        bare = title.rstrip("#").rstrip()
        closed = bare if title.endswith("#") and title[: len(bare) + 1] != bare + "#" else title
        if closed.strip():
            yield Span(match.start("title"), match.start("title") + len(closed))


def _html_document(content: bytes, media_type: str | None) -> Document:
    from qa_bot.adapters.html_facts import page_of
    from qa_bot.adapters.html_text import read_page

    return read_page(page_of(content, media_type))


def _docx_document(content: bytes, media_type: str | None) -> Document:
    from qa_bot.adapters.docx_text import read_docx

    return read_docx(content)


def _pdf_document(content: bytes, media_type: str | None) -> Document:
    from qa_bot.adapters.pdf_text import read_pdf

    return read_pdf(content, MAX_CHARS)


_READERS: Final[dict[_Kind, Callable[[bytes, str | None], Document]]] = {
    _Kind.TEXT: _plain_document,
    _Kind.HTML: _html_document,
    _Kind.DOCX: _docx_document,
    _Kind.PDF: _pdf_document,
}
