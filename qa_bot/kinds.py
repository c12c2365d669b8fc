"""The kinds of files that are read, with the media types and endings by which they go."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Final


class Kind(Enum):
    """A kind of file, by the name that an error calls it."""

    TEXT = "text"
    HTML = "a web page"
    DOCX = "a Word file (.docx)"
    PDF = "a PDF"


#: Each media type with its kind and its endings, the usual one first.
_FORMS: Final = (
    ("text/plain", Kind.TEXT, (".txt", ".text")),
    ("text/markdown", Kind.TEXT, (".md", ".markdown")),
    ("text/html", Kind.HTML, (".html", ".htm")),
    ("application/xhtml+xml", Kind.HTML, (".xhtml",)),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Kind.DOCX,
        (".docx",),
    ),
    ("application/pdf", Kind.PDF, (".pdf",)),
)
_BY_MEDIA_TYPE: Final = {media_type: kind for media_type, kind, _ in _FORMS}
_BY_SUFFIX: Final = {suffix: kind for _, kind, suffixes in _FORMS for suffix in suffixes}
_USUAL: Final = {media_type: suffixes[0] for media_type, _, suffixes in _FORMS}
#: The media types of what is read.
MEDIA_TYPES: Final = tuple(_BY_MEDIA_TYPE)
#: The endings of the files that are read.
SUFFIXES: Final = tuple(_BY_SUFFIX)
NOT_READ: Final = f"files of this kind are not read; save it as one of {', '.join(SUFFIXES)}"


def kind_called(name: str, media_type: str | None) -> Kind | None:
    """Return what a file is by its media type, or else by its name.

    >>> kind_called("speech.pdf", None), kind_called("a.php", "text/html; charset=gbk")
    (<Kind.PDF: 'a PDF'>, <Kind.HTML: 'a web page'>)
    """
    return _BY_MEDIA_TYPE.get(bare(media_type)) or _BY_SUFFIX.get(Path(name).suffix.lower())


def suffix_for(media_type: str) -> str | None:
    """Return the usual ending of files of a media type, or None for one that is not read."""
    return _USUAL.get(bare(media_type))


def bare(media_type: str | None) -> str:
    """Return a media type without its parameters.

    >>> bare("Text/HTML; charset=gbk"), bare(None)
    ('text/html', '')
    """
    return (media_type or "").partition(";")[0].strip().lower()
