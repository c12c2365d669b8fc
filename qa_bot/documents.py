"""Turn files into documents: the exact text, its typographic hints and what is stated of it."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from qa_bot.errors import TranscriptError
from qa_bot.kinds import NOT_READ, Kind, kind_called
from qa_bot.records import Document, Span
from qa_bot.sidecars import with_front_matter, with_sidecar

_log: Final = logging.getLogger("qa_bot")

MAX_FILE_BYTES: Final = 32 * 1024 * 1024
MAX_CHARS: Final = 5_000_000


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
_PDF: Final = b"%PDF-"
#: The bytes of byte order marks, and what may stand before a file's signature.
_MARKS: Final = b"\xef\xbb\xbf\xff\xfe"
_BLANKS: Final = _MARKS + b" \t\r\n\f\x00"
_CHARSET: Final = re.compile(r"charset\s*=\s*\"?([\w-]+)", re.IGNORECASE)
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
    with errors_naming(path):
        return document_in(path)


def document_in(path: Path) -> Document:
    """Read a file as `read_document` does, with errors that do not name it."""
    if path.exists() and not path.is_file():
        raise TranscriptError("not a file")
    with path.open("rb") as stream:
        content = stream.read(MAX_FILE_BYTES + 1)
    return with_sidecar(document_of(content, path.name), path)


@contextlib.contextmanager
def errors_naming(place: Path | str) -> Iterator[None]:
    """Make whatever goes wrong in reading a file a `TranscriptError` that names it."""
    try:
        yield
    except OSError as error:
        raise TranscriptError(f"{place}: can't be read ({error.strerror})") from error
    except TranscriptError as error:
        raise TranscriptError(f"{place}: {error}") from error
    except Exception as error:
        _log.exception("%s: an error in qa_bot", place)
        raise TranscriptError(
            f"{place}: could not be read: an error in qa_bot ({type(error).__name__})"
        ) from error


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


def lasting(content: bytes, name: str, media_type: str) -> bytes:
    """Return bytes that are read alike without their media type: in UTF-8 where only it told how."""
    decode = _DECODERS.get(_kind(content, name, media_type))
    if decode is None:
        return content
    text = decode(content, media_type)
    try:
        return content if decode(content, None) == text else text.encode()
    except TranscriptError:
        return text.encode()


def _check_length(chars: int) -> None:
    if chars > MAX_CHARS:
        raise TranscriptError(f"more than {MAX_CHARS:,} characters of text; split it")


def _kind(content: bytes, name: str, media_type: str | None) -> Kind:
    """Return what some bytes are; raises `TranscriptError` where that can't be read."""
    shown = _shown_kind(content)
    if shown:
        return shown
    said = kind_called(name, media_type)
    if said is None:
        raise TranscriptError(NOT_READ)
    if said is Kind.PDF and _PDF in content[:_HEAD]:
        return said
    if said in (Kind.PDF, Kind.DOCX):
        raise TranscriptError(f"it is called {said.value} and is none; see what made it")
    return Kind.TEXT if said is Kind.HTML and not _TAG.search(content) else said


def _shown_kind(content: bytes) -> Kind | None:
    """Return what some bytes show themselves to be, or None where they could be any text."""
    head = content[:_HEAD]
    if head.lstrip(_BLANKS).startswith(_PDF):
        return Kind.PDF
    if head.startswith(b"PK\x03\x04"):
        if b"word/document.xml" in content:
            return Kind.DOCX
        raise TranscriptError("an archive or an Office file of another kind; save it as .docx or .txt")
    what = next((what for sign, what in _OTHERS if re.match(sign, head, re.DOTALL)), None)
    if what:
        raise TranscriptError(what)
    # Without its zeros, UTF-16 reads like UTF-8 here.
    bare = head.replace(b"\x00", b"").lstrip(_MARKS)
    return Kind.HTML if _HTML.match(bare) else None


def _plain_document(content: bytes, media_type: str | None) -> Document:
    _check_length(len(content) // _WIDEST)
    return with_front_matter(_hinted(_plain_text(content, media_type)))


def _plain_text(content: bytes, media_type: str | None) -> str:
    # Adapters are imported where they are needed: a folder of .txt files must not load the others.
    from qa_bot.adapters.encodings import decode, holds_control, read_as

    try:
        return decode(content)
    except TranscriptError:
        charset = _CHARSET.search(media_type or "")
        stated = read_as(content, charset[1]) if charset else None
        if stated is None or holds_control(stated):
            raise
        return stated


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
    from qa_bot.adapters.html_text import read_page

    return read_page(_page_text(content, media_type))


def _page_text(content: bytes, media_type: str | None) -> str:
    from qa_bot.adapters.html_facts import page_of

    return page_of(content, media_type)


def _docx_document(content: bytes, media_type: str | None) -> Document:
    from qa_bot.adapters.docx_text import read_docx

    return read_docx(content)


def _pdf_document(content: bytes, media_type: str | None) -> Document:
    from qa_bot.adapters.pdf_text import read_pdf

    return read_pdf(content, MAX_CHARS)


_READERS: Final[dict[Kind, Callable[[bytes, str | None], Document]]] = {
    Kind.TEXT: _plain_document,
    Kind.HTML: _html_document,
    Kind.DOCX: _docx_document,
    Kind.PDF: _pdf_document,
}
_DECODERS: Final = {Kind.TEXT: _plain_text, Kind.HTML: _page_text}
